"""Units of work: one transaction a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, QueuePool
from sqlalchemy.exc import DBAPIError

from tonight.domain.feedback import Standing, Taste, standing, taste_of
from tonight.storage.erasure import erase_deleted, erase_in_copies
from tonight.storage.feedback_store import STANDING_SQL, SqlFeedbackStore, standing_of
from tonight.storage.sqlite import WRITES, QuickReader, storage_errors

_ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PoolState:
    """The connections of one process.

    Attributes:
        in_use: Lent to a request.
        idle: Open and waiting.
        limit: How many there can be in use.
    """

    in_use: int
    idle: int
    limit: int


class SqlUnitOfWork:
    """The port ``UnitOfWork`` on a database.

    Args:
        engine: From ``sqlite.open_engine`` or ``postgres.open_postgres``; ``close`` gives it up.
        quick: Reads from the same database without waiting; likewise. Without it nothing is read
            at once.
        copies_beside: What copies of a PostgreSQL are named after that lie in the data folder.
    """

    def __init__(
        self, engine: Engine, quick: QuickReader | None = None, copies_beside: Path | None = None
    ) -> None:
        self._engine = engine
        self._copies_beside = copies_beside
        self._quick = quick
        self._writing_engine = engine.execution_options(**{WRITES: True})

    @property
    def reads_at_once(self) -> bool:
        """See ``tonight.services.ports.UnitOfWork.reads_at_once``."""
        return self._quick is not None

    def taste(self, profile_id: str, now: datetime) -> Taste:
        """See ``tonight.services.ports.UnitOfWork.taste``."""
        if self._quick is None:
            with self.reading() as store:
                return taste_of(standing(store.history(profile_id)), now)
        with storage_errors():
            statements, lasting = self._quick.ask(STANDING_SQL, profile_id, _said)
        return lasting or taste_of(statements, now)

    @contextmanager
    def writing(self) -> Iterator[SqlFeedbackStore]:
        """A transaction that may change something; see ``tonight.services.ports.UnitOfWork``."""
        with storage_errors(), _begun(self._writing_engine) as connection:
            yield SqlFeedbackStore(connection)
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[SqlFeedbackStore]:
        """A transaction that only reads; see ``tonight.services.ports.UnitOfWork``."""
        with storage_errors(), _begun(self._engine) as connection:
            yield SqlFeedbackStore(connection)

    def forget(self, profile_id: str) -> int:
        """See ``tonight.services.ports.UnitOfWork.forget``.

        SQLite's file is rebuilt, which keeps other writers waiting for as long as copying it takes.
        """
        with self.writing() as store:
            n_statements = store.delete_everything(profile_id)
        copied = self._copies_beside
        with storage_errors():
            if self._engine.dialect.name == "sqlite":
                copied = erase_deleted(self._engine)
            if copied is not None:
                erase_in_copies(copied, profile_id)
        return n_statements

    def pool_state(self) -> PoolState:
        """How many connections there are."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)  # noqa: S101 - tells mypy
        return PoolState(pool.checkedout(), pool.checkedin(), pool.size() + pool._max_overflow)  # noqa: SLF001 - it has no name for it

    def close(self) -> None:
        """Closes the connections, once no unit of work is open any more."""
        self._engine.dispose()
        if self._quick is not None:
            self._quick.close()


def _said(found: list[tuple[str, str, int | None]]) -> tuple[list[Standing], Taste | None]:
    """What a viewer has said, and his taste where no moment changes it."""
    statements = standing_of(found)
    if any(statement.expires_at is not None for statement in statements):
        return statements, None
    return statements, taste_of(statements, _ANY_MOMENT)


@contextmanager
def _begun(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction, which is rolled back unless it is committed.

    A server that was restarted meanwhile has closed the connections of the pool, which is noticed
    when one is used. Nothing has been asked then, so another one is tried, once.
    """
    connection = engine.connect()
    try:
        try:
            connection.begin()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            connection.close()
            connection = engine.connect()
            connection.begin()
        yield connection
    finally:
        connection.close()
