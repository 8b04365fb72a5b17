"""How long one suggestion takes while many are asked for: at shares of what a worker carries."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tools.bench.connection import encode
from tools.bench.requests import FILTERS
from tools.bench.service import LIKED, Service, viewer
from tools.load.open_loop import Answers, arrivals, send
from tools.load.scenario import OBJECTIVE_SECONDS

SHARES: Final = (0.5, 0.8, 0.95)
N_VIEWERS: Final = 20
FACTOR: Final = 1.25


@dataclass(frozen=True, slots=True)
class Latency:
    """What viewers wait at a rate.

    Attributes:
        share: Of the knee.
        rate: Suggestions a second.
        p50: The median in seconds.
        p99: 99 of 100 are faster, in seconds.
        n_failed: How many got no film.
    """

    share: float
    rate: float
    p50: float
    p99: float
    n_failed: int


def measure_latency(service: Service, seconds: float) -> list[Latency]:
    """Finds the knee of suggestions alone, and measures at shares of it.

    The knee is the highest rate at which 99 of 100 are answered within the objective.

    Args:
        service: One worker; the load must have another core.
        seconds: How long each rate is held.
    """
    cookies = [viewer(service.port, LIKED) for _ in range(N_VIEWERS)]
    requests = [
        encode(f"/movie?{FILTERS}", cookies={"tonight_viewer": one["tonight_viewer"]})
        for one in cookies
    ]
    rng = np.random.default_rng(7)
    rate, knee = 200.0, 0.0
    while _holds(_hold(service, requests, rate, seconds / 2, rng)):
        knee, rate = rate, rate * FACTOR
    middle = (knee + rate) / 2
    if _holds(_hold(service, requests, middle, seconds, rng)):
        knee = middle
    found = []
    for share in SHARES:
        time.sleep(0.5)  # what waited at the last rate is gone
        answers = _hold(service, requests, share * knee, seconds, rng)
        taken = answers.taken
        n_failed = len(answers.due) - len(taken.due)
        found.append(
            Latency(share, share * knee, taken.quantile(0.5), taken.quantile(0.99), n_failed)
        )
    return found


def _holds(answers: Answers) -> bool:
    return (
        len(answers.taken.due) == len(answers.due)
        and answers.taken.quantile(0.99) <= OBJECTIVE_SECONDS
    )


def _hold(
    service: Service,
    requests: Sequence[bytes],
    rate: float,
    seconds: float,
    rng: np.random.Generator,
) -> Answers:
    due = arrivals([(rate, seconds)], rng)
    chosen = [requests[index] for index in rng.integers(0, len(requests), len(due))]
    return send(service.port, due, chosen, np.zeros(len(due), dtype=np.int64))
