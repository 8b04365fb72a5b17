"""Measures what the service carries: ``python -m tools.load``."""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tonight.bootstrap import MODELS, load_library
from tonight.settings import Settings
from tools.load.report import figures, write
from tools.load.scenario import Plan, Result, Setup, measure
from tools.postgres import find_programs

SETUPS: Final = tuple(
    Setup(n_workers, on_postgres) for on_postgres in (False, True) for n_workers in (1, 2)
)
FULL: Final = Plan(
    step_seconds=3, plateau_seconds=10, spike_seconds=4, n_viewers=50, first_rate=150
)
QUICK: Final = Plan(step_seconds=1, plateau_seconds=2, spike_seconds=2, n_viewers=5)


def main(arguments: list[str]) -> int:
    """Measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.load", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one worker on SQLite, for trying")
    parser.add_argument("--write", action="store_true", help="put them into the page")
    options = parser.parse_args(arguments)
    setups = SETUPS[:1] if options.quick else SETUPS
    if not options.quick and find_programs() is None:
        print("PostgreSQL's programs are not installed; `make test-setup` installs them")
        return 1
    # A connection for each of many viewers.
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    begin = time.monotonic()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="tonight-load-models-") as folder:
        load_library(Settings(data_dir=Path(folder), timezone="UTC"))
        for setup in setups:
            result = measure(setup, QUICK if options.quick else FULL, Path(folder) / MODELS)
            results.append(result)
            print(f"{setup.name}: {result.knee.rate:.0f} requests/s; {result.cause}", flush=True)
    print(f"\n{figures(results)}")
    if options.write:
        write(results)
    lost = sum(int((step.answers.status == 0).sum()) for r in results for step in r.ramp)
    print(f"load: {len(results)} setups in {time.monotonic() - begin:.0f} s, {lost} without answer")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
