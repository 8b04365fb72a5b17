"""All that is special about SQLite: how connections are opened, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy import exc as sqlalchemy_errors
from sqlalchemy.pool import ConnectionPoolEntry

from tonight.domain.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
)
from tonight.storage.postgres_errors import translated_postgres

#: The execution option of an engine or connection whose transactions may write.
WRITES: Final = "tonight_writes"

# As many as a server's worker has threads; those beyond the pool's size are closed after use.
_POOL_SIZE: Final = 4
_MAX_OVERFLOW: Final = 36

_ERRORS: Final[dict[int, tuple[type[StorageError], str]]] = {
    sqlite3.SQLITE_BUSY: (
        StorageBusyError,
        "another process holds the database; try again in a moment",
    ),
    sqlite3.SQLITE_LOCKED: (
        StorageBusyError,
        "another request holds the database; try again in a moment",
    ),
    sqlite3.SQLITE_FULL: (
        StorageFullError,
        "there is no room left for the database; free some space on its disk",
    ),
    sqlite3.SQLITE_READONLY: (
        StorageReadOnlyError,
        "the database cannot be written; check the permissions of its file and folder",
    ),
    sqlite3.SQLITE_PERM: (
        StorageReadOnlyError,
        "the database may not be used; check the permissions of its file and folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StorageReadOnlyError,
        "the database cannot be opened; check that its file and folder are there and writable",
    ),
    sqlite3.SQLITE_CORRUPT: (
        StorageDamagedError,
        "the database is damaged; put a copy in its place, or move it away to begin anew",
    ),
    sqlite3.SQLITE_NOTADB: (
        StorageDamagedError,
        "the file is not a database; put a copy in its place, or move it away to begin anew",
    ),
}


def open_engine(database: Path, busy_timeout_seconds: float = 5.0) -> Engine:
    """Opens an existing database file; it connects when first used.

    Transactions begin with ``BEGIN``, or with ``BEGIN IMMEDIATE`` under the execution option
    ``WRITES``: a writer waits for its turn at its beginning, and never fails half-way because
    another one was faster. What is committed is on the disk (``synchronous=FULL``).

    The engine may be shared by threads. In a forked child it starts with new connections, since
    SQLite's cannot be carried across a fork.

    Args:
        database: The file, as ``migration.migrate`` leaves it; it is never created here, or a
            removed file would silently come back empty.
        busy_timeout_seconds: How long to wait for another writer.
    """

    def connect() -> sqlite3.Connection:
        return _connect(database, busy_timeout_seconds)

    engine = create_engine(
        "sqlite+pysqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=_POOL_SIZE,
        max_overflow=_MAX_OVERFLOW,
        pool_timeout=busy_timeout_seconds,
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", _begin)
    _miss_what_was_removed(engine, database)
    start_anew_after_fork(engine)
    return engine


T = TypeVar("T")

#: Of how many viewers it is kept what they have said.
_MAX_KEPT: Final = 1_024


class QuickReader:
    """One connection for single statements that read, without the layers above the driver.

    A statement of its own is a transaction of its own. The layers (a pool, an execution, a result)
    cost ten times as much as the database does. What was read is kept until somebody, in whatever
    process, commits anything: SQLite's ``data_version`` tells, for less.

    Args:
        database: The file; see ``open_engine``.
        busy_timeout_seconds: How long to wait for another process.
    """

    def __init__(self, database: Path, busy_timeout_seconds: float) -> None:
        self._database = database
        self._busy_timeout_seconds = busy_timeout_seconds
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int, int] | None = None
        self._version: int | None = None
        self._kept: dict[tuple[str, str], Any] = {}
        # A connection cannot be carried across a fork, nor closed there: kept, and not used.
        self._inherited: list[sqlite3.Connection] = []

    def ask(self, sql: str, parameter: str, made: Callable[[list[Any]], T]) -> T:
        """What is made of the rows of a statement; for the same rows it may be the same object.

        Args:
            sql: Selects; always with the same ``made``.
            parameter: Its only one.
            made: Makes something of the rows that nobody changes.

        Raises:
            sqlite3.Error: Whatever is wrong; see ``storage_errors``.
        """
        with self._lock:
            connection = self._current()
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if version != self._version or len(self._kept) >= _MAX_KEPT:
                self._kept.clear()
                self._version = version
            key = (sql, parameter)
            if key not in self._kept:
                # What is committed in between changes the version that the next one compares.
                self._kept[key] = made(connection.execute(sql, (parameter,)).fetchall())
            found: T = self._kept[key]
            return found

    def close(self) -> None:
        """Closes the connection."""
        with self._lock:
            self._leave()

    def _current(self) -> sqlite3.Connection:
        found = _identity(self._database)
        here = None if found is None else (os.getpid(), *found)
        if self._connection is None or here != self._opened:
            self._leave()
            self._connection = _connect(self._database, self._busy_timeout_seconds)
            self._opened = here
            self._kept.clear()
        return self._connection

    def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._opened is not None and self._opened[0] == os.getpid():
            connection.close()
        else:
            self._inherited.append(connection)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns errors of the driver inside the block into the product's own.

    Raises:
        StorageError: With what to do, and the driver's error as its cause.
    """
    try:
        yield
    except (sqlite3.Error, sqlalchemy_errors.DBAPIError) as error:
        raise translated(error) from error
    except sqlalchemy_errors.TimeoutError as error:
        raise StorageBusyError("too many requests wait for the database; try again") from error


def translated(error: sqlite3.Error | sqlalchemy_errors.DBAPIError) -> StorageError:
    """The product's name for an error of the driver."""
    original = error.orig if isinstance(error, sqlalchemy_errors.DBAPIError) else error
    if original is not None and not isinstance(original, sqlite3.Error):
        return translated_postgres(original)
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        # The low byte is the kind; the others say where it happened.
        known = _ERRORS.get(code & 0xFF)
        if known is not None:
            kind, advice = known
            return kind(f"{advice} ({original})")
    return StorageError(f"the database does not work: {original}")


def _connect(database: Path, busy_timeout_seconds: float) -> sqlite3.Connection:
    uri = f"{database.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=busy_timeout_seconds,
        isolation_level=None,  # no hidden BEGIN and COMMIT: ours are below
        check_same_thread=False,  # the pool lends a connection to one thread at a time
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: through the drive's own cache
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _identity(database: Path) -> tuple[int, int] | None:
    """What tells the file from another one that takes its name; ``None`` when there is none."""
    try:
        found = os.stat(database)  # noqa: PTH116 - costs half of Path.stat
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    driver_connection = connection.connection.driver_connection
    assert isinstance(driver_connection, sqlite3.Connection)  # noqa: S101 - tells mypy
    driver_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _miss_what_was_removed(engine: Engine, database: Path) -> None:
    """Lends only connections to the file that has the database's name now.

    An open connection goes on in a file that was removed or replaced: what it acknowledges would
    be gone with the process.
    """

    def remember(_: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(database)

    def compare(_: sqlite3.Connection, record: ConnectionPoolEntry, __: object) -> None:
        if record.info["file"] != _identity(database):
            # The pool opens another one, or fails to, which says what is wrong.
            raise sqlalchemy_errors.DisconnectionError

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def start_anew_after_fork(engine: Engine) -> None:
    """Lets a forked child open connections of its own; the parent's stay the parent's."""
    if sys.platform == "win32":
        return
    reference = weakref.ref(engine)
    # Not closed either: that would touch the parent's files.
    inherited: list[object] = []

    def leave_behind() -> None:
        here = reference()
        if here is not None:
            inherited.append(here.pool)
            here.dispose(close=False)

    register: Callable[..., None] = os.register_at_fork
    register(after_in_child=leave_behind)
