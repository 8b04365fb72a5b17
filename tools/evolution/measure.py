"""What a request for a film costs in each stage: all of them in one run, taking turns."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examples.processes import command_of
from tools.bench.connection import encode
from tools.bench.processes import cores, memory, on_cores
from tools.bench.requests import Case, Plan, costs_of, take_turns
from tools.bench.service import LIKED, Service, serving, viewer
from tools.evolution.stages import stages

STRANGER: Final = "tonight"
VIEWER: Final = "tonight-known"
REQUEST: Final = encode("/movie")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a stage costs while it runs.

    Attributes:
        cpu_microseconds: CPU time of a request.
        ratio: Times that of the first stage, median over the rounds.
        lowest: The lowest of these.
        highest: The highest.
        megabytes: Memory that is used after the run, shared pages by their share.
    """

    cpu_microseconds: float
    ratio: float
    lowest: float
    highest: float
    megabytes: float


def measure(folder: Path, plan: Plan) -> dict[str, Measured]:
    """Measures all stages, and this service for a stranger and for somebody with twenty likes."""
    for_services, for_load = cores()
    cases: list[Case] = []
    services: dict[str, Service] = {}
    with ExitStack() as stack:
        for stage in stages():
            own = folder / stage.name
            (own / "metrics").mkdir(parents=True)
            environment = {"RATINGS": str(own / "ratings.db")}
            if "--workers" in command_of(stage.name):
                environment["PROMETHEUS_MULTIPROC_DIR"] = str(own / "metrics")
            services[stage.name] = stack.enter_context(
                serving(
                    own,
                    [sys.executable, "-m", *command_of(stage.name), *_quiet(stage.name)],
                    cores=for_services,
                    environment=environment,
                    first=REQUEST,
                )
            )
        own = folder / STRANGER
        own.mkdir()
        command = [
            *(sys.executable, "-m", "uvicorn", "--factory", "tonight.web.app:create_app"),
            *("--http", "tonight.web.http_protocol:BoundedHttpProtocol"),
            *("--no-proxy-headers", "--no-access-log"),
        ]
        tonight = stack.enter_context(serving(own, command, cores=for_services))
        stack.enter_context(on_cores(for_load))
        known = viewer(tonight.port, LIKED)
        cookies = {name: value for name, value in known.items() if name == "tonight_viewer"}
        services |= {STRANGER: tonight, VIEWER: tonight}
        requests = {VIEWER: encode("/movie", cookies=cookies)}
        cases = [
            Case(name, service.port, requests.get(name, REQUEST), service.cpu_clock)
            for name, service in services.items()
        ]
        costs = costs_of(take_turns(cases, plan))
        held = {
            name: sum(memory(pid).proportional for pid in service.workers()) / 1e6
            for name, service in services.items()
        }
    return {
        name: Measured(cost.cpu_seconds * 1e6, cost.ratio, cost.lowest, cost.highest, held[name])
        for name, cost in costs.items()
    }


def _quiet(stage: str) -> list[str]:
    """Without the server's own access log, where a stage has it: the others have theirs."""
    return [] if "--no-access-log" in command_of(stage) else ["--no-access-log"]
