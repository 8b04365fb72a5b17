"""What it costs to see into the service: a viewer's request with and without logs, metrics, traces.

Beside ours stands what was rejected: FastAPI's stock instrumentation of OpenTelemetry; see
``doc/decisions/0018-spans-by-hand.md``.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tools.bench.processes import cores, on_cores
from tools.bench.receiver import receiving
from tools.bench.requests import VIEWER, Case, Cost, Plan, Target, cases_of, costs_of, take_turns
from tools.bench.service import Service, command, serving

OFF: Final = "everything off"
LOGS_AND_METRICS: Final = "logs and metrics"
TRACES: Final = "logs, metrics, and traces at 10 %"
STOCK: Final = "FastAPI's stock traces at 10 %, nothing else"

OBSERVED: Final = (Target(LOGS_AND_METRICS, 1.35, 1.15), Target(TRACES, 1.6, 1.25))


def measure_observation(data_dir: Path, plan: Plan) -> dict[str, Cost]:
    """What the request of a viewer with twenty likes costs, compared with everything off."""
    for_service, for_load = cores()
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving(for_load))
        nothing = {"TONIGHT_LOG_LEVEL": "ERROR", "TONIGHT_METRICS_PORT": "0"}
        logs = {"TONIGHT_LOG_FORMAT": "json"}
        traces = {"TONIGHT_TRACES_URL": receiver, "TONIGHT_TRACES_RATIO": "0.1"}
        stock = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver,
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": "0.1",
        }
        services = {
            name: stack.enter_context(
                serving(
                    data_dir,
                    command(app=f"tools.bench.app:{app}"),
                    cores=for_service,
                    environment=environment,
                )
            )
            for name, app, environment in (
                (OFF, "create_unobserved_app", nothing),
                (LOGS_AND_METRICS, "create_app", logs),
                (TRACES, "create_app", {**logs, **traces}),
                (STOCK, "create_stock_app", {**nothing, **stock}),
            )
        }
        stack.enter_context(on_cores(for_load))
        return costs_of(take_turns([_viewers(one, name) for name, one in services.items()], plan))


def _viewers(service: Service, name: str) -> Case:
    """The viewer's case of ``cases_of`` under another name."""
    case = next(case for case in cases_of(service) if case.name == VIEWER)
    return Case(name, case.port, case.request, case.cpu_clock)
