"""Draws how the service is built: ``python -m tools.architecture``, or ``--check``.

From the imports, the tables, compose.yaml and the spans of a request. The last one needs a model
and has measured figures in it, so that ``--check`` leaves it to ``tests/tooling``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from tonight.settings import Settings
from tonight.storage.schema import metadata
from tools.architecture.deployment import deployment_picture
from tools.architecture.packages import imports_picture, layers_picture, packages
from tools.architecture.request import request_picture, traced
from tools.architecture.tables import tables_picture

ROOT: Final = Path(__file__).resolve().parents[2]
IMAGES: Final = ROOT / "doc" / "images"
REQUEST: Final = "architecture-request.svg"


def pictures(root: Path = ROOT) -> dict[str, str]:
    """The pictures that follow from the files alone, by name."""
    found = packages(root)
    return {
        "architecture-packages.svg": layers_picture(found),
        "architecture-imports.svg": imports_picture(found),
        "architecture-tables.svg": tables_picture(metadata),
        "architecture-deployment.svg": deployment_picture(root / "compose.yaml"),
    }


def stale(folder: Path = IMAGES) -> list[str]:
    """The pictures that are not what the files say now."""
    return [
        name
        for name, drawn in pictures().items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != drawn
    ]


def main(arguments: list[str]) -> int:
    """Does what the command line says; returns the exit status."""
    if arguments == ["--check"]:
        old = stale()
        if old:
            print(f"Stale: {', '.join(old)}. `make architecture` draws them.", file=sys.stderr)
        return 1 if old else 0
    drawn = pictures()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), log_level="ERROR", metrics_port=0)
        drawn[REQUEST] = request_picture(traced(settings))
    for name, content in drawn.items():
        (IMAGES / name).write_text(content, "utf-8")
    print(f"Drew {', '.join(drawn)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
