"""``doc/reference/benchmarks.md``: what was measured, in tables and plots."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bench.growth import Growth
from tools.bench.latency import Latency
from tools.bench.observation import OBSERVED
from tools.bench.requests import TARGETS, Cost
from tools.bench.starts import (
    FIRST_SECONDS,
    LATER_SECONDS,
    MEGABYTE,
    PRIVATE_BYTES,
    PROPORTIONAL_BYTES,
    Starts,
)
from tools.bench.tables import cost_table, share_table, table
from tools.evaluate.plot import line_chart

DOC: Final = Path(__file__).parents[2] / "doc"
PAGE: Final = "reference/benchmarks.md"
BY_CATALOGUE: Final = "images/bench-catalogue.svg"
BY_LIKES: Final = "images/bench-likes.svg"


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was measured in one run."""

    costs: Mapping[str, Cost]
    shares: Mapping[str, float]
    observed: Mapping[str, Cost]
    by_catalogue: Sequence[Growth]
    by_likes: Sequence[Growth]
    latencies: Sequence[Latency]
    starts: Starts


def write(figures: Figures, doc: Path = DOC) -> None:
    """Writes the page and its plots."""
    (doc / PAGE).write_text(page(figures), "utf-8")
    for name, grown, title in (
        (BY_CATALOGUE, figures.by_catalogue, "films in the catalogue"),
        (BY_LIKES, figures.by_likes, "likes"),
    ):
        (doc / name).write_text(_chart(grown, title), "utf-8")


def page(figures: Figures) -> str:
    """The page's text."""
    n_cores = len(os.sched_getaffinity(0))
    return f"""# Benchmarks

*Written by `make bench ARGS=--write`: change the measuring, not the page. Measured on {n_cores}
cores, Python {platform.python_version()}. Machines differ, and the same machine from one minute
to the next: believe the ratios, which are of one run, and measure the rest on yours.*

## What a request costs

CPU time of the service for each request, the median of alternating turns: the service has one
core, the load another. The first row is an empty FastAPI route with a response model in the same
application behind the same middleware, logs and metrics on. The ratio is to that row in the same
round; in brackets the lowest and highest round.

{cost_table(figures.costs, TARGETS)}
Of a viewer who asks the same again his suggestions are kept until a film has been shown to him,
and then still his scores (decision 0020). In the last row nothing is: there are more viewers than
are kept, each with likes of his own in the query, so that every request computes its scores.

{share_table(figures.shares)}
The shares are of the viewer's request, by samples of what the worker is doing.

## What looking at it costs

The same request of a viewer with twenty likes without and with logs, metrics and traces.

{cost_table(figures.observed, OBSERVED)}
## How the cost grows

A suggestion for a viewer with likes and three filters, in the process, without HTTP: CPU time,
medians. Films beyond the embedded ones are copies of films without ratings, as new films are.

![CPU time by the size of the catalogue](../{BY_CATALOGUE})

{_growth_table("films", figures.by_catalogue)}
![CPU time by the number of likes](../{BY_LIKES})

{_growth_table("likes", figures.by_likes)}
## What viewers wait

One worker on one core, SQLite, viewers with twenty likes and three filters who ask at random
moments. The knee is the highest rate at which 99 of 100 are answered within 250 ms; the mix of a
whole evening, two workers and PostgreSQL are in [capacity.md](capacity.md).

{_latency_table(figures.latencies)}
## Starts and memory

{_starts_table(figures.starts)}"""


def _growth_table(what: str, grown: Sequence[Growth]) -> str:
    return table(
        (what, "for the first time", "another film"),
        [
            (f"{one.at:,}", f"{one.first * 1e6:,.0f} µs", f"{one.another * 1e6:,.0f} µs")
            for one in grown
        ],
    )


def _latency_table(latencies: Sequence[Latency]) -> str:
    return table(
        ("of the knee", "suggestions a second", "p50", "p99", "without a film"),
        [
            (
                f"{one.share:.0%}",
                f"{one.rate:.0f}",
                f"{one.p50 * 1e3:.1f} ms",
                f"{one.p99 * 1e3:.1f} ms",
                str(one.n_failed),
            )
            for one in latencies
        ],
    )


def _starts_table(starts: Starts) -> str:
    def megabytes(n_bytes: int) -> str:
        return f"{n_bytes / MEGABYTE:.0f} MB"

    return table(
        ("", "measured", "at most"),
        [
            (
                "first start to the first suggestion, training included",
                f"{starts.first:.1f} s",
                f"{FIRST_SECONDS:g} s",
            ),
            (
                "a later start to the first suggestion",
                f"{starts.later:.1f} s",
                f"{LATER_SECONDS:g} s",
            ),
            (
                "what each of two workers holds alone (USS)",
                megabytes(starts.private),
                megabytes(PRIVATE_BYTES),
            ),
            (
                "the same with its share of what both use (PSS)",
                megabytes(starts.proportional),
                megabytes(PROPORTIONAL_BYTES),
            ),
            ("the training process at its peak (RSS)", megabytes(starts.training_peak), ""),
        ],
    )


def _chart(grown: Sequence[Growth], title: str) -> str:
    values = {
        "for the first time": [one.first * 1e3 for one in grown],
        "another film": [one.another * 1e3 for one in grown],
    }
    highest = max(max(each) for each in values.values())
    step = next(size for size in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 50) if highest / size <= 8)
    labels = [f"{one.at:,}" for one in grown]
    return line_chart(values, labels, title, "CPU time in ms", step=step)
