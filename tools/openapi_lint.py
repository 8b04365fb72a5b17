"""Lints ``openapi.json`` with Spectral by the rules of ``.spectral.yaml``; needs npm in PATH.

``python -m tools.openapi_lint`` lints the contract, with a file as its argument another one.
Spectral is installed under ``build/spectral``, without the scripts of the packages it needs.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

SPECTRAL: Final = ("@stoplight/spectral-cli", "6.16.3")
ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "build" / "spectral"


def installed() -> Path:
    """The program, of just this version.

    Raises:
        SystemExit: There is no npm, or it failed; says so.
    """
    name, version = SPECTRAL
    notes = FOLDER / "node_modules" / name / "package.json"
    if not notes.is_file() or json.loads(notes.read_text("utf-8"))["version"] != version:
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("npm has to be in PATH (`make test-setup`).")
        FOLDER.mkdir(parents=True, exist_ok=True)
        quietly = ("--no-audit", "--no-fund", "--silent", "--ignore-scripts")
        command = [npm, "install", f"--prefix={FOLDER}", *quietly, f"{name}@{version}"]
        subprocess.run(command, check=True)
    return FOLDER / "node_modules" / ".bin" / "spectral"


def main(arguments: list[str]) -> int:
    """Lints; returns Spectral's own exit status: 1 when it has found something."""
    document = arguments[0] if arguments else str(ROOT / "openapi.json")
    rules = f"--ruleset={ROOT / '.spectral.yaml'}"
    command = [str(installed()), "lint", rules, "--fail-severity=warn", document]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
