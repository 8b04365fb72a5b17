"""A database that may be away for a while, and is used again when it is back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Literal

from tonight.domain.errors import StorageError, StorageTimeoutError, StorageUnavailableError
from tonight.domain.feedback import Taste
from tonight.services.ports import FeedbackStore
from tonight.storage.unit_of_work import PoolState, SqlUnitOfWork

#: How long a database that is away is left alone before somebody asks again, in seconds.
RETRY_SECONDS: Final = 2.0

Operation = Literal["read", "write"]


class Memory:
    """The units of work on a database that may come back later.

    A database that cannot be opened must not prevent the start, and its return must not need
    one: every use tries again, at most once in a few seconds. In between all uses fail at once, so
    that nobody waits for a server that does not answer.

    Args:
        open_store: Opens the database; fails with a ``StorageError``.
        clock: Tells the present moment.

    Attributes:
        on_use: Is told of each use that has ended, well or not: whether it read or wrote, and how
            many seconds it took. For metrics.
    """

    def __init__(
        self, open_store: Callable[[], SqlUnitOfWork], clock: Callable[[], datetime]
    ) -> None:
        self._open_store = open_store
        self._clock = clock
        self._lock = threading.Lock()
        self._store: SqlUnitOfWork | None = None
        self._failed: tuple[datetime, StorageError] | None = None
        self.on_use: Callable[[Operation, float], None] = lambda *_: None

    def open(self) -> SqlUnitOfWork:
        """The opened store.

        Raises:
            StorageError: It cannot be opened now, or has just failed to answer.
        """
        store = self._store
        if store is not None and self._failed is None:
            return store
        # While one tries, those who know what is wrong need not wait for him.
        if not self._lock.acquire(blocking=self._failed is None):
            self._raise_failed()
            self._lock.acquire()
        try:
            return self._open()
        finally:
            self._lock.release()

    def _open(self) -> SqlUnitOfWork:
        if self._failed is not None:
            now = self._clock()
            failed_at, error = self._failed
            if abs((now - failed_at).total_seconds()) < RETRY_SECONDS:
                self._raise_failed()
            # This one tries; the others fail at once until it is known what comes of it.
            self._failed = (now, error)
        if self._store is None:
            try:
                self._store = self._open_store()
            except StorageError as error:
                self._failed = (self._clock(), error)
                raise
            self._failed = None
        return self._store

    @property
    def reads_at_once(self) -> bool:
        """Whether it is open, and reads without waiting; opening it can take a while."""
        return self._store is not None and self._store.reads_at_once

    def taste(self, profile_id: str, now: datetime) -> Taste:
        """What counts of all that a viewer has said."""
        with self._used("read") as store:
            return store.taste(profile_id, now)

    @contextmanager
    def writing(self) -> Iterator[FeedbackStore]:
        """A transaction that may change something."""
        with self._used("write") as store, store.writing() as feedback:
            yield feedback

    @contextmanager
    def reading(self) -> Iterator[FeedbackStore]:
        """A transaction that only reads."""
        with self._used("read") as store, store.reading() as feedback:
            yield feedback

    def forget(self, profile_id: str) -> int:
        """Deletes a viewer's profile and everything that he has said."""
        with self._used("write") as store:
            return store.forget(profile_id)

    def pool_state(self) -> PoolState:
        """The connections; none while the database has not been opened."""
        store = self._store
        return PoolState(0, 0, 0) if store is None else store.pool_state()

    def close(self) -> None:
        """Closes the connections."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None

    @contextmanager
    def _used(self, operation: Operation) -> Iterator[SqlUnitOfWork]:
        store = self.open()
        begin = time.perf_counter()
        try:
            yield store
        except (StorageUnavailableError, StorageTimeoutError) as error:
            self._failed = (self._clock(), error)
            raise
        else:
            self._failed = None
        finally:
            self.on_use(operation, time.perf_counter() - begin)

    def _raise_failed(self) -> None:
        failed = self._failed
        if failed is None:
            return
        _, error = failed
        # Not the same object: each raise would add to its traceback.
        raise type(error)(str(error))
