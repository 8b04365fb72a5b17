"""Measures the stages and writes doc/evolution.md: ``python -m tools.evolution``."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tools.bench.requests import Plan
from tools.evolution.measure import STRANGER, Measured, measure
from tools.evolution.page import CHART, chart, page, rows_of
from tools.evolution.stages import EXAMPLES, ROOT, Size, size_of, size_of_tonight, stages

PAGE: Final = ROOT / "doc" / "evolution.md"
FIGURES: Final = EXAMPLES / "measured.json"
FULL: Final = Plan(rounds=7, seconds=1.5)
QUICK: Final = Plan(rounds=2, seconds=0.3)


def measured_now(plan: Plan) -> dict[str, Any]:
    """The figures of a run, as they are kept."""
    with tempfile.TemporaryDirectory() as folder:
        costs = measure(Path(folder), plan)
    return {
        "when": f"{datetime.now(UTC):%Y-%m-%d}",
        "python": platform.python_version(),
        "costs": {name: asdict(cost) for name, cost in costs.items()},
        "installed": {stage.name: size_of(stage.name).installed for stage in stages()},
        "tonight": asdict(size_of_tonight()),
    }


def written(figures: dict[str, Any]) -> tuple[str, str]:
    """The page and the chart; the lines of the stages are counted now.

    What packages bring along differs between versions of Python, so it is that of the run.
    """
    installed = figures["installed"]
    sizes = {
        stage.name: replace(size_of(stage.name), installed=installed[stage.name])
        for stage in stages()
    }
    sizes[STRANGER] = Size(**figures["tonight"])
    costs = {name: Measured(**cost) for name, cost in figures["costs"].items()}
    rows = rows_of(stages(), sizes, costs)
    machine = f"Measured on {figures['when']} with Python {figures['python']}."
    return page(stages(), rows, machine), chart(rows)


def main(arguments: list[str]) -> int:
    """Measures and writes, or only says whether the page is stale; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.evolution", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short turns; nothing is written")
    parser.add_argument("--check", action="store_true", help="whether the page is stale")
    parser.add_argument("--no-run", action="store_true", help="with the figures of the last run")
    options = parser.parse_args(arguments)
    if options.quick:
        print(json.dumps(measured_now(QUICK), indent=2))
        return 0
    if not (options.check or options.no_run):
        FIGURES.write_text(json.dumps(measured_now(FULL), indent=2) + "\n", "utf-8")
    texts = written(json.loads(FIGURES.read_text("utf-8")))
    files = (PAGE, PAGE.parent / CHART)
    if options.check:
        if all(file.read_text("utf-8") == text for file, text in zip(files, texts, strict=True)):
            return 0
        print("doc/evolution.md is stale: run 'make evolution ARGS=--no-run'.", file=sys.stderr)
        return 1
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
