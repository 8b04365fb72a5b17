"""Writes ``openapi.json`` from the application, or says that it is stale.

``python -m tools.openapi`` writes it, ``python -m tools.openapi --check`` compares.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tonight.settings import Settings
from tonight.web.app import create_app

PATH = Path(__file__).parent.parent / "openapi.json"


def document() -> str:
    """The contract as the application publishes it, in one stable form."""
    return json.dumps(create_app(Settings()).openapi(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Writes or checks the file; returns the exit status."""
    current = document()
    if "--check" not in arguments:
        PATH.write_text(current, encoding="utf-8")
        return 0
    if PATH.is_file() and PATH.read_text(encoding="utf-8") == current:
        return 0
    print(
        "openapi.json is not what the application serves: run 'make openapi' and look at the "
        "difference as a client of the API would.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
