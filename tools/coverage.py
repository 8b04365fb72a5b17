"""Whether the tests take nearly every branch: ``python -m tools.coverage coverage.xml``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

#: The least share of the branches that the tests take.
LEAST: Final = 0.95


def branch_share(report: str) -> float:
    """The share of the branches that were taken, of a report in Cobertura's form.

    Raises:
        ValueError: It is no such report, or was made without branches.
    """
    root = ET.fromstring(report)  # noqa: S314 - ours, made a moment ago
    n_branches = int(root.get("branches-valid", 0))
    if n_branches == 0:
        raise ValueError("the report knows of no branches")
    return int(root.get("branches-covered", 0)) / n_branches


def main(path: Path) -> int:
    """Says the share; returns the exit status."""
    share = branch_share(path.read_text("utf-8"))
    print(f"coverage: {share:.1%} of the branches, at least {LEAST:.0%}")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
