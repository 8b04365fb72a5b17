"""Builds the documentation as a site: ``python -m tools.site build|serve``.

``build`` is strict: a link, an anchor or a file that is not there, a page that the navigation does
not have, and anything that a page would load from another host, fail it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tools.site import check
from tools.site.generated import generated
from tools.site.pages import Staged, site_of, stage, write

ROOT: Final = Path(__file__).resolve().parents[2]
#: Where mkdocs.yml says that the pages are, and the site is to be.
PAGES: Final = Path("build", "docs")
BUILT: Final = Path("site")

_LOOK_AGAIN_SECONDS: Final = 0.5


def build(root: Path = ROOT) -> list[str]:
    """Builds the site of a project; returns what is wrong with it."""
    staged = put_together(root)
    done = subprocess.run(
        [*generator(), "build", "--clean", "--strict"],
        cwd=root,
        env=environment(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    problems = [*staged.problems, *check.problems(root / BUILT)]
    if done.returncode and not problems:
        problems.append(done.stdout.strip() or f"{generator()[0]} ended with {done.returncode}")
    return problems


def serve(address: str) -> None:
    """Shows the site while its pages are written, until it is interrupted."""
    put_together(ROOT)
    command = [*generator(), "serve", "--dev-addr", address]
    with subprocess.Popen(command, cwd=ROOT, env=environment(ROOT)) as process:
        said: list[str] = []
        try:
            while process.poll() is None:
                time.sleep(_LOOK_AGAIN_SECONDS)
                staged = put_together(ROOT)
                if staged.problems != said:
                    said = staged.problems
                    print("\n".join(said) or "All links to files are right again.", flush=True)
        except KeyboardInterrupt:
            process.terminate()


def put_together(root: Path) -> Staged:
    """Writes the pages of a project where the generator reads them."""
    made = generated(root) if (root / "openapi.json").is_file() else {}
    staged = stage(site_of(root, made))
    own = Path(__file__).parent
    staged.files["assets/site.css"] = own / "site.css"
    staged.files["assets/icon.svg"] = ROOT / "src/tonight/web/pages/static/icon.svg"
    write(staged, root / PAGES)
    return staged


def generator() -> list[str]:
    """The command of what makes HTML of Markdown."""
    return [str(ROOT / ".venvs" / "docs" / "bin" / "zensical")]


def environment(root: Path) -> dict[str, str]:
    """The shell's variables, and which commit the pages are those of."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return {
        **os.environ,
        "NO_COLOR": "1",
        "DOCS_COMMIT": f"Commit {done.stdout.strip() or 'unknown'}",
    }


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser(description="Build the documentation as a site.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build")
    serving = commands.add_parser("serve")
    serving.add_argument("--address", default="127.0.0.1:8001")
    chosen = parser.parse_args()
    if chosen.command == "serve":
        serve(chosen.address)
        return
    problems = build()
    if problems:
        sys.exit("\n".join(problems))
    n_pages = sum(1 for _ in (ROOT / BUILT).rglob("*.html"))
    print(f"Built {BUILT}/: {n_pages} pages, every link and anchor leads somewhere.")


if __name__ == "__main__":
    main()
