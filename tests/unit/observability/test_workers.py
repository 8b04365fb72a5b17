"""Workers of one service answer for themselves, whatever goes wrong with one answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tonight.observability import metrics
from tonight.observability.workers import Worker


@pytest.fixture
def stopped() -> Iterator[ExitStack]:
    with ExitStack() as undo:
        yield undo


def started(folder: Path, undo: ExitStack, refresh: object = lambda: None) -> Worker:
    assert callable(refresh)
    worker = Worker(folder, refresh)
    worker.start()
    undo.callback(worker.stop)
    return worker


def test_two_workers_take_two_numbers_and_each_tells_of_both(
    tmp_path: Path, stopped: ExitStack
) -> None:
    one, other = started(tmp_path / "meet", stopped), started(tmp_path / "meet", stopped)
    assert (one.number, other.number) == (0, 1)
    for worker in (one, other):
        assert worker.merged()[metrics.WORKERS.name].value() == 2


def test_a_worker_whose_answer_fails_once_gives_the_next_one(
    tmp_path: Path, stopped: ExitStack
) -> None:
    troubles = [RuntimeError("a gauge cannot be read"), RuntimeError("again")]

    def refresh() -> None:
        if troubles:
            raise troubles.pop()

    one = started(tmp_path / "meet", stopped)
    started(tmp_path / "meet", stopped, refresh)
    assert [one.merged()[metrics.WORKERS.name].value() for _ in range(3)] == [1, 1, 2]


def test_a_worker_that_has_stopped_is_asked_no_more(tmp_path: Path, stopped: ExitStack) -> None:
    one = started(tmp_path / "meet", stopped)
    other = Worker(tmp_path / "meet", lambda: None)
    other.start()
    other.stop()
    other.stop()
    assert one.merged()[metrics.WORKERS.name].value() == 1
