"""A database that is away is asked now and then, and by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import FakeClock
from tonight.domain.errors import (
    StorageBusyError,
    StorageError,
    StorageTimeoutError,
    StorageUnavailableError,
)
from tonight.storage.memory import RETRY_SECONDS, Memory
from tonight.storage.migration import migrate
from tonight.storage.sqlite import open_engine
from tonight.storage.unit_of_work import SqlUnitOfWork


class Database:
    """A real database that can be taken away."""

    def __init__(self, path: Path, now: datetime) -> None:
        migrate(path, now)
        self._path = path
        self.error: StorageError | None = None
        self.n_opened = 0

    def open(self) -> SqlUnitOfWork:
        self.n_opened += 1
        if self.error is not None:
            raise self.error
        return SqlUnitOfWork(open_engine(self._path))


@pytest.fixture
def database(tmp_path: Path, clock: FakeClock) -> Database:
    return Database(tmp_path / "tonight.db", clock())


@pytest.fixture
def memory(database: Database, clock: FakeClock) -> Iterator[Memory]:
    memory = Memory(database.open, clock)
    yield memory
    memory.close()


@contextmanager
def failing(memory: Memory, error: StorageError) -> Iterator[None]:
    with pytest.raises(type(error)), memory.reading():
        raise error
    yield


def test_what_cannot_be_opened_is_tried_again_after_a_while(
    memory: Memory, database: Database, clock: FakeClock
) -> None:
    database.error = StorageUnavailableError("away")
    for _ in range(3):
        with pytest.raises(StorageUnavailableError, match="away"):
            memory.open()
    assert database.n_opened == 1

    database.error = None
    clock.advance(seconds=RETRY_SECONDS)
    with memory.reading() as store:
        assert store.history("ann") == []
    assert database.n_opened == 2


@pytest.mark.parametrize("error", [StorageUnavailableError("away"), StorageTimeoutError("slow")])
def test_after_a_use_without_an_answer_the_others_are_spared(
    memory: Memory, clock: FakeClock, error: StorageError
) -> None:
    with failing(memory, error), pytest.raises(type(error)), memory.reading():
        pass

    clock.advance(seconds=RETRY_SECONDS)
    with memory.reading() as one_that_tries:
        assert one_that_tries.history("ann") == []
        with pytest.raises(type(error)), memory.reading():
            pass
    with memory.reading(), memory.reading():
        pass


def test_a_database_that_is_busy_spares_nobody(memory: Memory) -> None:
    with failing(memory, StorageBusyError("held")), memory.reading() as store:
        assert store.history("ann") == []


def test_who_comes_while_it_is_opened_knows_what_is_wrong_without_waiting(
    database: Database, clock: FakeClock
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def open_slowly() -> SqlUnitOfWork:
        if database.n_opened:
            begun.set()
            assert may_end.wait(30)
        return database.open()

    memory = Memory(open_slowly, clock)
    database.error = StorageUnavailableError("away")
    with pytest.raises(StorageUnavailableError):
        memory.open()
    database.error = None
    clock.advance(seconds=RETRY_SECONDS)
    opening = threading.Thread(target=memory.open)
    opening.start()
    assert begun.wait(30)
    with pytest.raises(StorageUnavailableError, match="away"):
        memory.open()
    may_end.set()
    opening.join(30)
    assert memory.open().pool_state().in_use == 0
    memory.close()


def test_every_use_is_measured(memory: Memory) -> None:
    used: list[str] = []
    memory.on_use = lambda operation, seconds: used.append(f"{operation} {seconds >= 0}")

    with memory.reading():
        pass
    with memory.writing():
        pass
    memory.taste("ann", datetime(2026, 11, 23, tzinfo=UTC))
    memory.forget("ann")

    assert used == ["read True", "write True", "read True", "write True"]
