"""Brings ``poetry.lock`` and the exports up to date, or says that they are stale (``--check``).

Poetry manages the dependencies; everything is installed with pip from the exports. Run it
through ``make lock`` and ``make check-lock``, which put the pinned Poetry in place.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

#: Each export: the options of ``poetry export`` and the lines put behind them. Hashes and an
#: editable project exclude each other, and a plain ``.`` would install a copy, which
#: ``uvicorn --reload`` never sees change.
EXPORTS: Final = {
    "requirements.txt": (("--without-hashes",), "-e .\n"),
    "requirements-dev.txt": (("--without-hashes", "--with", "dev,data"), "-e .\n"),
    "requirements.lock": ((), ""),
}


def poetry(*arguments: str) -> str:
    """Runs the pinned Poetry in the root of the project and returns what it printed.

    Raises:
        SystemExit: Poetry failed; its own message has been printed.
    """
    command = [str(ROOT / ".venvs/poetry/bin/poetry"), "--no-interaction", *arguments]
    variables = {**os.environ, "POETRY_VIRTUALENVS_CREATE": "false"}
    done = subprocess.run(
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        print(done.stdout, end="")
        sys.exit("poetry.lock does not fit pyproject.toml: run `make lock` and commit the result.")
    return done.stdout


def exported(name: str) -> str:
    """The text that an export should have, from the lock as it is."""
    options, closing = EXPORTS[name]
    return poetry("export", "--format", "requirements.txt", *options) + closing


def main() -> None:
    """Does what the command line says; ends with 1 when a file is stale."""
    parser = argparse.ArgumentParser(description="Lock the dependencies and export the lock.")
    parser.add_argument("--check", action="store_true", help="change nothing, only say")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    options = parser.parse_args()
    if options.check:
        poetry("check", "--lock")
        stale = [name for name in EXPORTS if (ROOT / name).read_text("utf-8") != exported(name)]
        if stale:
            sys.exit(f"Stale: {', '.join(stale)}. Run `make lock` and commit the result.")
        return
    poetry("lock", *(["--regenerate"] if options.upgrade else []))
    for name in EXPORTS:
        (ROOT / name).write_text(exported(name), "utf-8")


if __name__ == "__main__":
    main()
