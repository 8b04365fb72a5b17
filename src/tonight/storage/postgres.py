"""All that is special about PostgreSQL: how connections are opened, and when they give up."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import errors as driver_errors
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, QueuePool, create_engine, event

from tonight.storage.sqlite import WRITES, start_anew_after_fork

if TYPE_CHECKING:
    from psycopg.abc import RV, PQGen

#: How long a request waits for another one to give a connection back, in seconds.
_POOL_WAIT_SECONDS: Final = 1.0

#: After so long an idle connection is opened anew, so that a failover is followed, in seconds.
_RECYCLE_SECONDS: Final = 1800

#: How long connecting takes at most, however long a transaction may take.
_CONNECT_SECONDS: Final = 10.0

_POLL_SECONDS: Final = 0.1


class NoAnswerError(psycopg.OperationalError):
    """The server has not answered in time; the connection is closed."""

    sqlstate = "57014"


class TimedConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that never waits beyond its deadline.

    The server's own ``statement_timeout`` is of no use when the server is stopped or the network
    swallows its answer.

    Attributes:
        deadline: The moment of ``time.monotonic`` at which to give up.
    """

    deadline: float = math.inf

    def wait(
        self, gen: PQGen[RV], interval: float = _POLL_SECONDS, timeout: float | None = None
    ) -> RV:
        """Waits for the server.

        Raises:
            NoAnswerError: The deadline has come.
        """
        remaining = self.deadline - time.monotonic()
        if timeout is None and remaining < math.inf:
            timeout = max(0.0, remaining)
        try:
            return super().wait(gen, interval, timeout)
        except driver_errors._WaitTimeout as error:  # noqa: SLF001 - meant to be translated
            # Whatever comes now belongs to a question that nobody asks any more.
            self.close()
            raise NoAnswerError("no answer within the time allowed") from error


def open_postgres(url: str, pool_size: int = 10, timeout_seconds: float = 3.0) -> Engine:
    """An engine that connects when it is first used, and may be shared by threads.

    Works behind pgbouncer in transaction mode: nothing is prepared, and what is set is set for one
    transaction. A transaction begins with the execution option ``WRITES``, or reads only.

    Args:
        url: ``postgresql://user:password@host:port/database?sslmode=...``, as libpq takes it.
        pool_size: At most so many connections at a time.
        timeout_seconds: How long a transaction may take, and how long connecting may (at least 2:
            the driver's own lower limit).
    """
    engine = create_engine(
        "postgresql+psycopg://",
        creator=partial(_connect, driver_url(url), timeout_seconds),
        use_native_hstore=False,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=min(_POOL_WAIT_SECONDS, timeout_seconds),
        pool_recycle=_RECYCLE_SECONDS,
        pool_use_lifo=True,
    )
    event.listen(engine, "begin", partial(_begin, timeout_seconds))
    start_anew_after_fork(engine)
    return engine


def driver_url(url: str) -> str:
    """The URL as libpq reads it, from one that may name SQLAlchemy's driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def without_password(url: str) -> str:
    """The server, port and database of a URL, for messages."""
    return (
        f"postgresql://{driver_url(url).partition('://')[2].rpartition('@')[2].partition('?')[0]}"
    )


def _connect(url: str, timeout_seconds: float) -> TimedConnection:
    connection = TimedConnection.connect(
        url,
        autocommit=True,  # no hidden BEGIN: ours is below, and brings its settings along
        prepare_threshold=None,  # a pooler would send the next execution to another server process
        connect_timeout=math.ceil(min(timeout_seconds, _CONNECT_SECONDS)),
        application_name="tonight",
    )
    connection.deadline = time.monotonic() + timeout_seconds
    return connection


def _begin(timeout_seconds: float, connection: SqlConnection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, TimedConnection)  # noqa: S101 - tells mypy
    driver.deadline = time.monotonic() + timeout_seconds
    writes = connection.get_execution_options().get(WRITES, False)
    milliseconds = max(1, int(timeout_seconds * 1000))
    # In one message, so that it costs one round trip. A lock is given up earlier than the
    # statement, so that the reason is known; a client that stands still keeps no lock for long.
    connection.exec_driver_sql(
        f"BEGIN READ {'WRITE' if writes else 'ONLY'};"
        f"SET LOCAL statement_timeout = {milliseconds};"
        f"SET LOCAL lock_timeout = {max(1, milliseconds * 2 // 3)};"
        f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds * 4}"
    )
