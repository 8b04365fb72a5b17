"""Writes ``deploy/monitoring/dashboards/``: ``python -m tools.dashboards.build [--check]``."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Final

from tools.dashboards.database import DATABASE
from tools.dashboards.overview import OVERVIEW
from tools.dashboards.panels import to_grafana
from tools.dashboards.recommender import RECOMMENDER
from tools.dashboards.request import REQUEST
from tools.monitoring.files import MONITORING, ROOT

DASHBOARDS: Final = (OVERVIEW, REQUEST, RECOMMENDER, DATABASE)
FOLDER: Final = MONITORING / "dashboards"


def rendered() -> dict[str, str]:
    """The files' names with their content."""
    return {
        f"{board.uid}.json": json.dumps(to_grafana(board), indent=2, ensure_ascii=False) + "\n"
        for board in DASHBOARDS
    }


def main() -> int:
    """Writes the files, or says which of them are stale; 1 when any is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    files = rendered()
    present = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    if parser.parse_args().check:
        stale = sorted(
            name for name in files.keys() | present.keys() if files.get(name) != present.get(name)
        )
        for name in stale:
            print(f"{(FOLDER / name).relative_to(ROOT)} is stale: run `make dashboards`")
        return int(bool(stale))
    FOLDER.mkdir(exist_ok=True)
    for name in present.keys() - files.keys():
        (FOLDER / name).unlink()
    for name, content in files.items():
        (FOLDER / name).write_text(content, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
