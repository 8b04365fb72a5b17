"""What a request costs: cases that take turns in one run, compared by the CPU time they take."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tonight.bootstrap import load_library
from tonight.services.suggest_movie import N_KNOWN, N_SCORED
from tonight.settings import Settings
from tools.bench.app import BASELINE, PROFILE
from tools.bench.closed_loop import Run, run
from tools.bench.connection import ask, encode
from tools.bench.processes import cores, on_cores
from tools.bench.sampler import STAGES
from tools.bench.service import LIKED, Service, command, serving, viewer

#: Three filters as somebody may have them.
FILTERS: Final = "max_minutes=130&min_year=1980&genre=Drama"

EMPTY: Final = "an empty route"
STRANGER: Final = "/movie, a stranger"
VIEWER: Final = "/movie, 20 likes and 3 filters"
ANOTHER: Final = "/movie, the same, and a fourth film"
FIRST_TIME: Final = "/movie, 20 other likes each time"

WARM_UP_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly is measured.

    Attributes:
        rounds: How often each case has its turn.
        seconds: How long a turn takes.
    """

    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request.

    Attributes:
        name: What the report calls it.
        port: Where it is sent.
        request: Its bytes; several are sent in turn.
        cpu_clock: The CPU time of the service that answers it, in seconds.
    """

    name: str
    port: int
    request: bytes | Sequence[bytes]
    cpu_clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a case has cost.

    Attributes:
        cpu_seconds: CPU time of a request, the median of the turns.
        ratio: The median of the ratios to the first case in the same round.
        lowest: The lowest of these ratios.
        highest: The highest.
        p50: The median latency in seconds.
        p99: 99 of 100 requests are faster, in seconds.
        n_requests: How many requests that rests on.
    """

    cpu_seconds: float
    ratio: float
    lowest: float
    highest: float
    p50: float
    p99: float
    n_requests: int


@dataclass(frozen=True, slots=True)
class Target:
    """The most that a case may cost.

    Attributes:
        name: The case.
        at_most: Times the first case.
        moonshot: What would be even better.
    """

    name: str
    at_most: float
    moonshot: float


TARGETS: Final = (Target(STRANGER, 1.5, 1.3), Target(VIEWER, 3.0, 2.0))


def take_turns(cases: Sequence[Case], plan: Plan) -> dict[str, list[Run]]:
    """Measures the cases one after the other, over and over: A, B, C, A, B, C, ...

    What the machine does besides then touches all of them alike.
    """
    for case in cases:
        run(case.port, case.request, seconds=WARM_UP_SECONDS, cpu_clock=case.cpu_clock)
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for _ in range(plan.rounds):
        for case in cases:
            runs[case.name].append(
                run(case.port, case.request, seconds=plan.seconds, cpu_clock=case.cpu_clock)
            )
    return runs


def costs_of(runs: Mapping[str, Sequence[Run]]) -> dict[str, Cost]:
    """The costs of each case, compared with the first one."""
    first = next(iter(runs.values()))
    costs = {}
    for name, turns in runs.items():
        ratios = [
            turn.cpu_per_request / base.cpu_per_request
            for turn, base in zip(turns, first, strict=True)
        ]
        latencies = np.concatenate([turn.latencies for turn in turns])
        costs[name] = Cost(
            cpu_seconds=statistics.median(turn.cpu_per_request for turn in turns),
            ratio=statistics.median(ratios),
            lowest=min(ratios),
            highest=max(ratios),
            p50=float(np.percentile(latencies, 50)),
            p99=float(np.percentile(latencies, 99)),
            n_requests=sum(turn.n_requests for turn in turns),
        )
    return costs


def missed(costs: Mapping[str, Cost], targets: Iterable[Target]) -> list[str]:
    """The targets that are missed, in words."""
    return [
        f"{target.name}: {costs[target.name].ratio:.2f} times, at most {target.at_most:g}"
        for target in targets
        if target.name in costs and costs[target.name].ratio > target.at_most
    ]


def cases_of(service: Service, movie_ids: Sequence[str] = ()) -> list[Case]:
    """The baseline, a stranger, a viewer with twenty saved likes and three filters, and more.

    Args:
        service: Answers them.
        movie_ids: With these there is a case of many viewers, each with likes of his own.
    """
    known = viewer(service.port, LIKED)
    # What was shown is left out: it is the first request of the evening.
    cookies = {name: value for name, value in known.items() if name == "tonight_viewer"}
    requests: dict[str, bytes | Sequence[bytes]] = {
        EMPTY: encode(BASELINE),
        STRANGER: encode("/movie"),
        VIEWER: encode(f"/movie?{FILTERS}", cookies=cookies),
        ANOTHER: encode(f"/movie?{FILTERS}", cookies=_later(service.port, cookies)),
        **({FIRST_TIME: _of_many(movie_ids)} if movie_ids else {}),
    }
    return [
        Case(name, service.port, request, service.cpu_clock) for name, request in requests.items()
    ]


def _later(port: int, cookies: Mapping[str, str]) -> dict[str, str]:
    """The cookies of a viewer to whom three films have been shown."""
    later = dict(cookies)
    for _ in range(3):
        answer = ask(port, encode(f"/movie?{FILTERS}", cookies=later))
        later |= answer.cookies()
    return later


def _of_many(movie_ids: Sequence[str]) -> list[bytes]:
    """Requests of more viewers than anything is kept of, each with twenty likes of his own."""
    rng = np.random.default_rng(7)
    return [
        encode("&like=".join([f"/movie?{FILTERS}", *rng.choice(movie_ids, 20, replace=False)]))
        for _ in range(max(N_KNOWN, N_SCORED) + 50)
    ]


def measure_requests(data_dir: Path, plan: Plan) -> tuple[dict[str, Cost], dict[str, float]]:
    """What the cases cost, and the share of each stage in a viewer's request."""
    for_service, for_load = cores()
    with serving(data_dir, command(), cores=for_service) as service, on_cores(for_load):
        library, _ = load_library(Settings(data_dir=data_dir, timezone="UTC"))
        movies = library.catalogue.movies
        known = [movies[item].movie_id for item in np.flatnonzero(library.well_known).tolist()]
        cases = cases_of(service, known)
        costs = costs_of(take_turns(cases, plan))
        viewers = next(case for case in cases if case.name == VIEWER)
        return costs, _shares(viewers, plan)


def _shares(case: Case, plan: Plan) -> dict[str, float]:
    """The share of each stage in the CPU time of a request, by samples."""
    ask(case.port, encode(PROFILE, method="POST"))
    run(case.port, case.request, seconds=plan.rounds * plan.seconds * 2, cpu_clock=case.cpu_clock)
    samples = json.loads(ask(case.port, encode(PROFILE, method="DELETE")).body)
    total = sum(samples.values())
    return {stage: samples.get(stage, 0) / total for stage in STAGES}
