"""The figures as they stand in ``doc/reference/capacity.md``."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from tools.bench.tables import table
from tools.load.mix import MIX
from tools.load.open_loop import Answers
from tools.load.scenario import OBJECTIVE_SECONDS, Result, Step

PAGE: Final = Path(__file__).parents[2] / "doc" / "reference" / "capacity.md"
BEGIN: Final = "<!-- The figures, by make load: change nothing between here ... -->\n"
END: Final = "<!-- ... and here. -->\n"

#: What is assumed of a million viewers; change it to what yours do.
VIEWERS: Final = 1_000_000
EVENINGS_SHARE: Final = 1 / 3
REQUESTS_AN_EVENING: Final = 12
STATEMENTS_AN_EVENING: Final = 2
BUSIEST_HOUR_SHARE: Final = 0.4
PEAK_FACTOR: Final = 2.0
USED_SHARE: Final = 0.6
BYTES_A_STATEMENT: Final = 200
CORES_A_MACHINE: Final = 4
CONNECTIONS_A_WORKER: Final = 10


def write(results: Sequence[Result], page: Path = PAGE) -> None:
    """Puts the figures into the page, in the place of the last ones."""
    text = page.read_text("utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    page.write_text(f"{head}{BEGIN}\n{figures(results)}\n{END}{tail}", "utf-8")


def figures(results: Sequence[Result]) -> str:
    """All of the figures."""
    return "\n".join(_parts(results)).rstrip() + "\n"


def cores_for_a_million(requests_a_core: float) -> tuple[float, int]:
    """The requests a second in the peak, and the cores that they need."""
    evening = VIEWERS * EVENINGS_SHARE * REQUESTS_AN_EVENING
    peak = evening * BUSIEST_HOUR_SHARE / 3600 * PEAK_FACTOR
    return peak, math.ceil(peak / (requests_a_core * USED_SHARE))


def _parts(results: Sequence[Result]) -> Iterator[str]:
    yield f"Measured on {_machine()}.\n"
    yield "### The knee\n"
    yield table(
        (
            "setup",
            "knee, requests/s",
            "p50",
            "p99",
            "CPU a request",
            "p99 one step further",
            "cause",
        ),
        [
            (
                result.setup.name,
                f"**{result.knee.rate:.0f}**",
                _ms(result.knee.answers.taken.quantile(0.5)),
                _ms(result.knee.answers.taken.quantile(0.99)),
                f"{result.knee.cpu_per_request * 1e6:.0f} µs",
                _ms(result.ramp[-1].answers.taken.quantile(0.99)),
                result.cause,
            )
            for result in results
        ],
    )
    yield "### The ramp\n"
    yield table(
        ("setup", "requests/s", "p50", "p99", "turned away", "a worker", "database", "load"),
        [_row(result, step) for result in results for step in result.ramp],
    )
    yield "### The plateau: 70 % of the knee\n"
    yield table(
        ("setup", "requests/s", "p50", "p90", "p99", "p99.9", "longest"),
        [
            (
                result.setup.name,
                f"{result.plateau.rate:.0f}",
                *(_ms(result.plateau.answers.quantile(q)) for q in (0.5, 0.9, 0.99, 0.999, 1)),
            )
            for result in results
        ],
    )
    first = results[0]
    yield f"By what was asked for, on {first.setup.name}:\n"
    answers = first.plateau.answers
    yield table(
        ("request", "of 100", "p50", "p90", "p99", "requests"),
        [
            (
                kind.name,
                str(kind.share),
                *(_ms(answers.only(answers.kind == n).quantile(q)) for q in (0.5, 0.9, 0.99)),
                f"{(answers.kind == n).sum():,}",
            )
            for n, kind in enumerate(MIX)
        ],
    )
    yield "### The spike: three times the knee\n"
    yield table(
        (
            *("setup", "requests/s", "turned away", "p50 of a film", "p99 of a film"),
            *("p99 of a statement", "p99 of the refusals", "no answer", "felt after its end"),
        ),
        [
            (
                result.setup.name,
                f"{result.spike.rate:.0f}",
                f"{len(result.spike.answers.turned_away.due) / len(result.spike.answers.due):.0%}",
                _ms(_of(result.spike, "a film").quantile(0.5)),
                _ms(_of(result.spike, "a film").quantile(0.99)),
                _ms(_of(result.spike, "a statement").quantile(0.99)),
                _ms(result.spike.answers.turned_away.quantile(0.99)),
                str(int((result.spike.answers.status == 0).sum())),
                f"{result.recovery_seconds:.1f} s",
            )
            for result in results
        ],
    )
    yield from _million(next((r for r in results if r.setup.on_postgres), first))


def _million(result: Result) -> Iterator[str]:
    knee = result.knee.rate / result.setup.n_workers
    peak, cores = cores_for_a_million(knee)
    machines = math.ceil(cores / CORES_A_MACHINE) + 1
    writes = peak * STATEMENTS_AN_EVENING / REQUESTS_AN_EVENING
    rows = VIEWERS * EVENINGS_SHARE * STATEMENTS_AN_EVENING
    connections = machines * CORES_A_MACHINE * CONNECTIONS_A_WORKER
    yield "### A million viewers\n"
    yield table(
        ("what", "how many", "why"),
        [
            ("viewers in an evening", f"{VIEWERS * EVENINGS_SHARE:,.0f}", "a third of them"),
            (
                "requests a second in the peak",
                f"{peak:,.0f}",
                (
                    f"{REQUESTS_AN_EVENING} each, {BUSIEST_HOUR_SHARE:.0%} of them in the busiest "
                    f"hour, {PEAK_FACTOR:g} times its mean"
                ),
            ),
            (
                "cores for the service",
                f"{cores}",
                f"{knee:.0f} requests/s a core ({result.setup.name}), {USED_SHARE:.0%} of it used",
            ),
            (
                f"machines of {CORES_A_MACHINE} cores",
                f"{machines}",
                "one more than needed: one may be away",
            ),
            (
                "statements saved a second in the peak",
                f"{writes:,.0f}",
                f"{STATEMENTS_AN_EVENING} of the {REQUESTS_AN_EVENING}; one row each",
            ),
            (
                "new rows a year",
                f"{rows * 365 / 1e6:,.0f} million",
                (
                    f"{rows * 365 * BYTES_A_STATEMENT / 1e9:,.0f} GB at {BYTES_A_STATEMENT} bytes "
                    "with their indexes"
                ),
            ),
            (
                "connections to PostgreSQL",
                f"{connections}",
                f"at most {CONNECTIONS_A_WORKER} a worker: more than it likes, so a pooler",
            ),
        ],
    )


def _of(step: Step, beginning: str) -> Answers:
    """The good answers to those kinds of requests whose names begin so."""
    kinds = [n for n, kind in enumerate(MIX) if kind.name.startswith(beginning)]
    taken = step.answers.taken
    return taken.only(np.isin(taken.kind, kinds))


def _row(result: Result, step: Step) -> tuple[str, ...]:
    taken = step.answers.taken
    return (
        result.setup.name,
        f"{step.rate:.0f}",
        _ms(taken.quantile(0.5)),
        _ms(taken.quantile(0.99)),
        f"{len(step.answers.turned_away.due) / len(step.answers.due):.1%}",
        *(f"{share:.0%}" for share in step.busy.values()),
    )


def _ms(seconds: float) -> str:
    if math.isnan(seconds):
        return "–"
    text = f"{seconds * 1e3:.1f}" if seconds < 0.01 else f"{seconds * 1e3:.0f}"
    return f"{text} ms"


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{len(os.sched_getaffinity(0))} cores ({model}), Python {platform.python_version()}, "
        f"load average {os.getloadavg()[1]:.1f} over the last five minutes, our own included; a "
        f"step holds when 99 of 100 are answered within {OBJECTIVE_SECONDS * 1e3:.0f} ms and at "
        "most one of a thousand is turned away"
    )
