"""Compares a request's CPU time with another commit's: ``python -m tools.bench.against main``.

Both are served at the same time on the same core, from environments of their own, and take turns:
the ratio holds on a noisy machine, where two runs one after the other would not.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tools.bench.connection import encode
from tools.bench.processes import cores, on_cores
from tools.bench.requests import FILTERS, Case, Plan, take_turns
from tools.bench.service import LIKED, ROOT, Service, command, serving, viewer
from tools.bench.tables import table

APP: Final = "tonight.web.app:create_app"

#: A change that makes a request dearer than this has to say why.
AT_MOST: Final = 1.15

FULL: Final = Plan(rounds=9, seconds=1.5)
QUICK: Final = Plan(rounds=3, seconds=0.5)


def main(arguments: list[str]) -> int:
    """Measures and prints; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.against", description=__doc__)
    parser.add_argument("commit", help="a branch, tag or commit")
    parser.add_argument("--at-most", type=float, default=AT_MOST, help="fail above this ratio")
    parser.add_argument("--quick", action="store_true", help="short turns, for trying")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else FULL
    with (
        tempfile.TemporaryDirectory(prefix="tonight-against-") as folder,
        _checked_out(options.commit, Path(folder) / "before") as before,
    ):
        found = measure(before, ROOT, Path(folder), plan)
    rows = [
        (name, f"**{middle:.2f}** ({low:.2f} to {high:.2f})")
        for name, (middle, low, high) in found.items()
    ]
    print(table(("request", f"CPU time, times that of {options.commit}"), rows))
    dearer = [name for name, (middle, _, _) in found.items() if middle > options.at_most]
    for name in dearer:
        print(f"dearer: {name}: {found[name][0]:.2f} times, at most {options.at_most:g}")
    print("bench-against: " + ("ok" if not dearer else f"{len(dearer)} of {len(found)} are dearer"))
    return 1 if dearer else 0


def measure(
    before: Path, after: Path, folder: Path, plan: Plan
) -> dict[str, tuple[float, float, float]]:
    """The ratios of the CPU time, after to before: the median, the lowest and the highest.

    Args:
        before: The root of a project with its environment in place.
        after: Another one.
        folder: Where data may be written.
        plan: How thoroughly.
    """
    for_service, for_load = cores()
    with (
        _served(before, folder / "b", for_service) as old,
        _served(after, folder / "a", for_service) as new,
        on_cores(for_load),
    ):
        cases = [*_cases(old), *_cases(new)]
        runs = take_turns(cases, plan)
    found = {}
    for name in _requests({}):
        pairs = zip(runs[f"{name} {old.port}"], runs[f"{name} {new.port}"], strict=True)
        ratios = [b.cpu_per_request / a.cpu_per_request for a, b in pairs]
        found[name] = (statistics.median(ratios), min(ratios), max(ratios))
    return found


def _requests(cookies: dict[str, str]) -> dict[str, bytes]:
    return {
        "/movie, a stranger": encode("/movie"),
        "/movie, 20 likes and 3 filters": encode(f"/movie?{FILTERS}", cookies=cookies),
        "/api/v1/search": encode("/api/v1/search?q=matrix"),
    }


def _cases(service: Service) -> list[Case]:
    cookies = viewer(service.port, LIKED)
    known = {"tonight_viewer": cookies["tonight_viewer"]}
    return [
        Case(f"{name} {service.port}", service.port, request, service.cpu_clock)
        for name, request in _requests(known).items()
    ]


@contextmanager
def _served(root: Path, data_dir: Path, for_service: set[int]) -> Iterator[Service]:
    data_dir.mkdir()
    arguments = [str(root / ".venv" / "bin" / "python"), *command(1, APP)[1:]]
    with serving(data_dir, arguments, cores=for_service, root=root) as service:
        yield service


@contextmanager
def _checked_out(commit: str, folder: Path) -> Iterator[Path]:
    """Another commit of this repository in a folder of its own, with its environment."""
    git = ["git", "-C", str(ROOT)]
    subprocess.run(
        [*git, "worktree", "add", "--quiet", "--detach", str(folder), commit], check=True
    )
    try:
        subprocess.run(["make", "--no-print-directory", "env-run"], cwd=folder, check=True)
        yield folder
    finally:
        subprocess.run([*git, "worktree", "remove", "--force", str(folder)], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
