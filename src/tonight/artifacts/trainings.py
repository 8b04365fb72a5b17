"""How many trainings of a data folder have failed: written by those that train, read by a service.

A training is a process of its own that needs more memory than any other: it may be killed without
a word. So it says that it begins, and whoever finds that it runs no more counts it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

_STATE: Final = "trainings.json"
_LOCK: Final = ".trainings.lock"


@contextmanager
def counted_training(data_dir: Path) -> Iterator[None]:
    """Trains inside the block; counted as failed if the block raises, or its process dies.

    Trainings of one data folder wait for each other. One that somebody interrupts is no failure.

    Raises:
        OSError: The data folder cannot be written.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(data_dir / _LOCK):
        failures, left_running = _read(data_dir)
        failures += left_running
        _write(data_dir, failures, running=True)
        try:
            yield
        except Exception:
            _write(data_dir, failures + 1, running=False)
            raise
        except BaseException:
            _write(data_dir, failures, running=False)
            raise
        _write(data_dir, failures, running=False)


def failed_trainings(data_dir: Path) -> int:
    """How many trainings have failed, were refused or died, since the data folder was made.

    Raises:
        OSError: The data folder cannot be read.
    """
    failures, running = _read(data_dir)
    if not running:
        return failures
    try:
        with FileLock(data_dir / _LOCK, timeout=0):
            failures, left_running = _read(data_dir)
            return failures + left_running
    except Timeout:
        return failures


def _read(data_dir: Path) -> tuple[int, bool]:
    try:
        state = json.loads((data_dir / _STATE).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return 0, False
    match state:
        case {"failures": int(failures), "running": bool(running)}:
            return failures, running
    return 0, False


def _write(data_dir: Path, failures: int, *, running: bool) -> None:
    unfinished = data_dir / f"{_STATE}.unfinished"
    unfinished.write_text(f"{json.dumps({'failures': failures, 'running': running})}\n", "utf-8")
    unfinished.replace(data_dir / _STATE)
