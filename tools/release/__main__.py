"""Makes a release: ``python -m tools.release prepare|publish``; see ``doc/release.md``."""

from __future__ import annotations

import argparse
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tools.release.prepare import prepare
from tools.release.publish import publish
from tools.release.repository import PUBLIC_API, RefusedError, Repository


def main(arguments: list[str]) -> int:
    """Does what the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("--api", default=PUBLIC_API, help="who says whether main is green")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare", help="make the commit of the next release")
    publishing = commands.add_parser("publish", help="release the commit at hand")
    publishing.add_argument("images", help="where images are, such as ghcr.io/you/tonight")
    options = parser.parse_args(arguments)
    repository = Repository(Path(__file__).resolve().parents[2], options.api)
    try:
        if options.command == "prepare":
            version = prepare(repository, datetime.now(UTC).date())
            print(f"The commit of v{version} is made. Push it as a change; once it is main and")
            print("green, `make publish` or the button of the workflow `release` does the rest.")
        else:
            release = publish(repository, options.images)
            print(f"v{release.version} is released: {release.image}")
            print(f"All its files: {release.folder.relative_to(repository.root)}")
    except RefusedError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"failed: {' '.join(map(str, error.cmd[:4]))}: {error.stderr}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
