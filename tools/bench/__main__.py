"""Measures the service: ``python -m tools.bench``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tools.bench.observation import OBSERVED, measure_observation
from tools.bench.requests import TARGETS, Plan, measure_requests, missed
from tools.bench.tables import cost_table, share_table

FULL = Plan(rounds=5, seconds=2.0)
QUICK = Plan(rounds=3, seconds=0.5)


def main(arguments: list[str]) -> int:
    """Measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short turns, for trying")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory() as folder:
        costs, shares = measure_requests(Path(folder), plan)
        observed = measure_observation(Path(folder), plan)
    print(cost_table(costs, TARGETS))
    print(share_table(shares))
    print(cost_table(observed, OBSERVED))
    failures = [*missed(costs, TARGETS), *missed(observed, OBSERVED)]
    for failure in failures:
        print(f"missed: {failure}")
    print(
        f"bench: {len(failures)} of {len(TARGETS) + len(OBSERVED)} targets missed"
        if failures
        else "bench: ok"
    )
    return 1 if failures and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
