"""Measures the service: ``python -m tools.bench``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tonight.bootstrap import load_library
from tonight.settings import Settings
from tools.bench.growth import by_catalogue, by_likes
from tools.bench.latency import Latency, measure_latency
from tools.bench.observation import OBSERVED, measure_observation
from tools.bench.page import PAGE, Figures, write
from tools.bench.processes import cores, on_cores
from tools.bench.requests import TARGETS, Plan, measure_requests, missed
from tools.bench.service import command, serving
from tools.bench.starts import N_STARTS, measure_starts
from tools.bench.tables import cost_table, share_table

FULL = Plan(rounds=5, seconds=2.0)
QUICK = Plan(rounds=3, seconds=0.5)


def main(arguments: list[str]) -> int:
    """Measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short turns, for trying")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    parser.add_argument(
        "--write", action="store_true", help="measure all there is, and write the page"
    )
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else FULL
    n_targets = len(TARGETS) + len(OBSERVED)
    with tempfile.TemporaryDirectory() as folder:
        # Before any model is there.
        starts = measure_starts(Path(folder), cores()[0] | cores()[1]) if options.write else None
        costs, shares = measure_requests(Path(folder), plan)
        observed = measure_observation(Path(folder), plan)
        print(cost_table(costs, TARGETS))
        print(share_table(shares))
        print(cost_table(observed, OBSERVED))
        failures = [*missed(costs, TARGETS), *missed(observed, OBSERVED)]
        if starts is not None:
            library, _ = load_library(Settings(data_dir=Path(folder), timezone="UTC"))
            figures = Figures(
                costs,
                shares,
                observed,
                by_catalogue(library, plan.rounds),
                by_likes(library, plan.rounds),
                _latencies(Path(folder), plan),
                starts,
            )
            write(figures)
            failures += starts.missed()
            n_targets += N_STARTS
            print(f"{PAGE} is written")
    for failure in failures:
        print(f"missed: {failure}")
    print(f"bench: {len(failures)} of {n_targets} targets missed" if failures else "bench: ok")
    return 1 if failures and options.check else 0


def _latencies(data_dir: Path, plan: Plan) -> list[Latency]:
    for_service, for_load = cores()
    arguments = command(1, "tonight.web.app:create_app")
    with serving(data_dir, arguments, cores=for_service) as service, on_cores(for_load):
        return measure_latency(service, 3 * plan.seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
