"""One service under load: a ramp to its knee, a plateau below it, a spike far above it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tools.bench.processes import cores, cpu_seconds, descendants, on_cores
from tools.bench.service import LIKED, Service, command, serving, viewer
from tools.load.mix import Cookies, draw
from tools.load.open_loop import Answers, arrivals, send
from tools.ports import free_port
from tools.postgres import PostgreSQL

#: The objective of the runbook: 99 of 100 are answered within it.
OBJECTIVE_SECONDS: Final = 0.25

#: A step holds with fewer requests that are turned away, failed or without an answer.
MAX_FAILED_SHARE: Final = 0.001

FIRST_RATE: Final = 100.0
RAMP_FACTOR: Final = 1.3
PLATEAU_SHARE: Final = 0.7
SPIKE_FACTOR: Final = 3.0
BUSY: Final = 0.85


@dataclass(frozen=True, slots=True)
class Setup:
    """What is measured: how many workers on which database."""

    n_workers: int
    on_postgres: bool

    @property
    def name(self) -> str:
        """What the report calls it."""
        database = "PostgreSQL" if self.on_postgres else "SQLite"
        return f"{database}, {self.n_workers} worker{'s' * (self.n_workers > 1)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long is measured.

    Attributes:
        step_seconds: Each step of the ramp.
        plateau_seconds: The plateau.
        spike_seconds: The spike; before and after it as long at the plateau's rate.
        n_viewers: How many viewers with twenty likes there are.
        first_rate: Where the ramp begins, in requests a second.
    """

    step_seconds: float
    plateau_seconds: float
    spike_seconds: float
    n_viewers: int
    first_rate: float = FIRST_RATE


@dataclass(frozen=True, slots=True)
class Step:
    """A load that was held for some time.

    Attributes:
        rate: Requests a second that came.
        seconds: For how long.
        answers: What became of them.
        busy: The share of the time that each was at work, by name: a worker, the database, the
            load itself; 1 is one whole core.
        cpu_per_request: CPU time of all workers for each request that was answered, in seconds.
    """

    rate: float
    seconds: float
    answers: Answers
    busy: dict[str, float]
    cpu_per_request: float

    @property
    def failed_share(self) -> float:
        """The share of the requests that got no good answer."""
        return 1 - len(self.answers.taken.due) / max(1, len(self.answers.due))

    @property
    def holds(self) -> bool:
        """Whether the objective is kept."""
        return (
            self.failed_share <= MAX_FAILED_SHARE
            and self.answers.taken.quantile(0.99) <= OBJECTIVE_SECONDS
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What one service carried.

    Attributes:
        setup: What it was.
        ramp: The steps, by their rate.
        knee: The last of them that holds.
        plateau: At ``PLATEAU_SHARE`` of the knee.
        spike: At ``SPIKE_FACTOR`` times the knee; without the plateau around it.
        recovery_seconds: After the spike, until the objective is kept again.
    """

    setup: Setup
    ramp: tuple[Step, ...]
    knee: Step
    plateau: Step
    spike: Step
    recovery_seconds: float

    @property
    def cause(self) -> str:
        """What ended the ramp: what had no time left in its last step."""
        last = self.ramp[-1]
        at = {name: f"{share:.0%}" for name, share in last.busy.items()}
        n_cores = len(os.sched_getaffinity(0))
        if last.busy["a worker"] >= BUSY:
            return f"the worker's CPU ({at['a worker']} of a core each)"
        if last.busy["the load"] >= BUSY:
            return f"the load generator ({at['the load']} of a core)"
        total = last.busy["a worker"] * self.setup.n_workers + sum(
            share for name, share in last.busy.items() if name != "a worker"
        )
        said = ", ".join(f"{name} {share}" for name, share in at.items())
        if total >= BUSY * n_cores:
            return f"all {n_cores} cores are busy ({said})"
        return f"waiting, for the disk or each other ({said})"


class Load:
    """Sends load to one service, and measures who works how much."""

    def __init__(
        self, service: Service, viewers: Sequence[Cookies], database: Callable[[], float]
    ) -> None:
        self._service = service
        self._viewers = viewers
        self._database = database
        self._rng = np.random.default_rng(7)

    def hold(self, *phases: tuple[float, float]) -> Step:
        """Holds a load: requests a second, for so many seconds, one phase after the other."""
        due = arrivals(phases, self._rng)
        requests, kinds = draw(len(due), self._viewers, self._rng)
        before = (self._service.cpu_clock(), self._database(), time.process_time())
        begin = time.perf_counter()
        answers = send(self._service.port, due, requests, kinds)
        elapsed = time.perf_counter() - begin
        after = (self._service.cpu_clock(), self._database(), time.process_time())
        workers, database, load = (b - a for a, b in zip(before, after, strict=True))
        seconds = sum(each for _, each in phases)
        busy = {
            "a worker": workers / elapsed / len(self._service.workers()),
            "the database": database / elapsed,
            "the load": load / elapsed,
        }
        n_taken = max(1, len(answers.taken.due))
        return Step(len(due) / seconds, seconds, answers, busy, workers / n_taken)


def measure(setup: Setup, plan: Plan, models: Path) -> Result:
    """Measures one setup.

    Args:
        setup: Workers and database.
        plan: For how long.
        models: A folder of models, where the model is trained already.

    Raises:
        FileNotFoundError: PostgreSQL is asked for and not installed.
    """
    with ExitStack() as undo:
        folder = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="tonight-load-")))
        folder.chmod(0o755)
        database, environment = undo.enter_context(_database(setup, folder))
        data_dir = folder / "data"
        data_dir.mkdir(mode=0o700)
        (data_dir / "models").symlink_to(models)
        environment |= {"TONIGHT_METRICS_PORT": str(free_port())}
        all_cores = os.sched_getaffinity(0)
        one, other = cores()
        for_service, for_load = (one, other) if setup.n_workers == 1 else (all_cores, all_cores)
        # As `tonight serve` starts it.
        arguments = [*command(setup.n_workers, "tonight.web.app:create_app"), "--loop=asyncio"]
        service = undo.enter_context(
            serving(data_dir, arguments, cores=for_service, environment=environment)
        )
        undo.enter_context(on_cores(for_load))
        viewers = [viewer(service.port, LIKED) for _ in range(plan.n_viewers)]
        known = [{"tonight_viewer": cookies["tonight_viewer"]} for cookies in viewers]
        load = Load(service, known, database)
        load.hold((plan.first_rate, 1.0))  # the first of each kind makes what it needs
        ramp = _ramp(load, plan)
        good = [step for step in ramp if step.holds]
        knee = good[-1] if good else ramp[0]
        usual = knee.rate * PLATEAU_SHARE
        plateau = load.hold((usual, plan.plateau_seconds))
        s = plan.spike_seconds
        spike = load.hold((usual, s), (knee.rate * SPIKE_FACTOR, s), (usual, s))
        return Result(setup, tuple(ramp), knee, plateau, *_apart(spike, knee, s))


def _ramp(load: Load, plan: Plan) -> list[Step]:
    steps = [load.hold((plan.first_rate, plan.step_seconds))]
    while steps[-1].holds:
        steps.append(load.hold((steps[-1].rate * RAMP_FACTOR, plan.step_seconds)))
    if len(steps) > 1:
        # Once more in the middle: the knee lies between the last two.
        middle = (steps[-2].rate + steps[-1].rate) / 2
        steps.insert(-1, load.hold((middle, plan.step_seconds)))
        if not steps[-2].holds:
            steps.pop()
    return steps


def _apart(whole: Step, knee: Step, seconds: float) -> tuple[Step, float]:
    """The spike alone, and how long it was felt after its end."""
    answers = whole.answers
    during = answers.only((answers.due >= seconds) & (answers.due < 2 * seconds))
    after = answers.only(answers.due >= 2 * seconds)
    felt = after.due[(after.status >= 400) | ~(after.seconds <= OBJECTIVE_SECONDS)]
    recovery = float(felt.max()) - 2 * seconds if len(felt) else 0.0
    rate = knee.rate * SPIKE_FACTOR
    return Step(rate, seconds, during, whole.busy, whole.cpu_per_request), recovery


@contextmanager
def _database(setup: Setup, folder: Path) -> Iterator[tuple[Callable[[], float], dict[str, str]]]:
    """The clock of the database's CPU time in seconds, and the variables that lead to it."""
    if not setup.on_postgres:
        yield (lambda: 0.0), {}
        return
    server = PostgreSQL.create(folder / "postgres")
    server.start()
    try:
        main = int((server.folder / "postmaster.pid").read_text().split("\n", 1)[0])

        def clock() -> float:
            spent = 0.0
            for process in (main, *descendants(main)):
                try:
                    spent += cpu_seconds(process)
                except ProcessLookupError:
                    continue  # a helper that has ended meanwhile
            return spent

        yield (
            clock,
            {"TONIGHT_DATABASE_URL": server.url, "TONIGHT_MIGRATE_AT_START": "true"},
        )
    finally:
        server.stop("immediate")
        shutil.rmtree(server.folder, ignore_errors=True)
