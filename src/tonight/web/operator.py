"""What one worker tells its operator: its gauges, its loop's lag, and its part of the listener."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import platform
import random
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from anyio import to_thread

from tonight.artifacts.trainings import failed_trainings
from tonight.bootstrap import ALGORITHM, Application
from tonight.domain.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
    StorageSchemaError,
    StorageTimeoutError,
    StorageUnavailableError,
)
from tonight.observability import metrics
from tonight.observability.listener import Listener
from tonight.observability.request import current_trace, sampled_trace_id
from tonight.observability.traces import Traces
from tonight.observability.workers import Worker, meeting_place
from tonight.settings import Settings
from tonight.storage.memory import Memory
from tonight.web.new_models import take_new_models

logger = logging.getLogger(__name__)

_ERROR_KINDS: Final[dict[type[StorageError], str]] = {
    StorageBusyError: "busy",
    StorageFullError: "full",
    StorageReadOnlyError: "read_only",
    StorageDamagedError: "damaged",
    StorageSchemaError: "schema",
    StorageUnavailableError: "unavailable",
    StorageTimeoutError: "timeout",
}

#: Without a state that others share or set.
_CHANCE: Final = random.SystemRandom()

_LAG_SECONDS: Final = 0.5


@asynccontextmanager
async def watched(
    application: Application, settings: Settings, traces: Traces
) -> AsyncIterator[None]:
    """Counts what happens below the front door, and answers the operator, inside the block."""
    application.on_storage_error = _note_error
    if isinstance(application.unit_of_work, Memory):
        system = "postgresql" if settings.database_url else "sqlite"
        application.unit_of_work.on_use = partial(_note_use, system)
    metrics.start_at_zero()
    traces.start()
    limiter = to_thread.current_default_thread_limiter()

    def refresh() -> None:
        _read(application, settings)
        statistics = limiter.statistics()
        metrics.WORKER_THREADS.put(statistics.borrowed_tokens, "busy")
        metrics.WORKER_THREADS.put(statistics.tasks_waiting, "waiting")

    lag = asyncio.create_task(_measure_lag())
    models = asyncio.create_task(take_new_models(application, settings))
    worker = listener = None
    if settings.metrics_port:
        try:
            # Where nothing at all can be written, there is no place to meet either.
            worker = Worker(meeting_place(settings.data_dir, settings.metrics_port), refresh)
            worker.start()
        except OSError as error:
            logger.warning("there are no metrics: %s", error)
            worker = None
        else:
            listener = Listener(worker, settings.metrics_host, settings.metrics_port)
            listener.start()
    try:
        yield
    finally:
        lag.cancel()
        models.cancel()
        if listener is not None:
            await to_thread.run_sync(listener.stop)
        if worker is not None:
            await to_thread.run_sync(worker.stop)
        await to_thread.run_sync(traces.stop)


def _note_error(error: StorageError) -> None:
    kind = _ERROR_KINDS.get(type(error), "other")
    metrics.DATABASE_ERRORS.add(kind)
    trace = current_trace()
    if trace is not None:
        trace.failed(f"database {kind}")


def _note_use(system: str, operation: str, seconds: float) -> None:
    metrics.DATABASE_SECONDS.observe(seconds, operation, trace_id=sampled_trace_id())
    trace = current_trace()
    if trace is not None:
        trace.database_used(system, operation, seconds)


async def _measure_lag() -> None:
    loop = asyncio.get_running_loop()
    while True:
        # Never in step with what stops a worker now and then: it would be looked at between stops.
        seconds = _LAG_SECONDS * _CHANCE.uniform(0.5, 1.5)
        due = loop.time() + seconds
        await asyncio.sleep(seconds)
        metrics.LOOP_LAG.observe(max(0.0, loop.time() - due))


def _read(application: Application, settings: Settings) -> None:
    """Sets the gauges; called at each scrape, in the listener's thread."""
    metrics.BUILD_INFO.clear()
    commit = settings.commit or "unknown"
    metrics.BUILD_INFO.put(1, application.version, commit, platform.python_version())
    _read_model(application, settings.data_dir)
    metrics.DATABASE_UP.put(int(application.is_saving))
    pool = application.pool_state()
    metrics.POOL_CONNECTIONS.put(pool.in_use, "in_use")
    metrics.POOL_CONNECTIONS.put(pool.idle, "idle")
    metrics.POOL_LIMIT.put(pool.limit)
    with contextlib.suppress(OSError):
        disk = shutil.disk_usage(settings.data_dir)
        metrics.DISK_FREE.put(disk.free)
        metrics.DISK_SIZE.put(disk.total)
    with contextlib.suppress(OSError, IndexError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        metrics.WORKER_RESIDENT.put(pages * 4096.0, "")
    _read_backup(settings.backups / "last.json")
    _read_trainings(settings.data_dir)
    metrics.TIME.put(time.time())


def _read_model(application: Application, data_dir: Path) -> None:
    version = application.model_version
    metrics.MODEL_IS_FALLBACK.put(int(version is None))
    metrics.MODEL_INFO.clear()
    metrics.MODEL_INFO.put(1, version or "fallback", ALGORITHM)
    if version is None:
        return
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        manifest = json.loads((data_dir / "models" / version / "manifest.json").read_text("utf-8"))
        trained = datetime.fromisoformat(str(manifest["created_at"])).timestamp()
        metrics.MODEL_TRAINED.put(trained)
        metrics.TRAINING_FINISHED.put(trained)
        measured = manifest["metrics"]
        for metric, name in (
            (metrics.TRAINING_SECONDS, "training_seconds"),
            (metrics.MODEL_COVERAGE, "coverage"),
        ):
            if name in measured:
                metric.put(float(measured[name]))


def _read_trainings(data_dir: Path) -> None:
    with contextlib.suppress(OSError):
        # A counter never falls, whatever becomes of the file.
        known = metrics.TRAINING_FAILURES.value()
        metrics.TRAINING_FAILURES.put(max(known, failed_trainings(data_dir)))


def _read_backup(path: Path) -> None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        last = json.loads(path.read_text("utf-8"))
        metrics.BACKUP_FINISHED.put(float(last["finished_timestamp_seconds"]))
        metrics.BACKUP_SECONDS.put(float(last["seconds"]))
        metrics.BACKUP_BYTES.put(float(last["bytes"]))
