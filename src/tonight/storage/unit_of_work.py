"""Units of work: one transaction a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from tonight.storage.erasure import erase_deleted, erase_in_copies
from tonight.storage.feedback_store import SqlFeedbackStore
from tonight.storage.sqlite import WRITES, storage_errors


class SqlUnitOfWork:
    """The port ``UnitOfWork`` on a database.

    Args:
        engine: From ``sqlite.open_engine``; ``close`` gives it up.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing_engine = engine.execution_options(**{WRITES: True})

    @contextmanager
    def writing(self) -> Iterator[SqlFeedbackStore]:
        """A transaction that may change something; see ``tonight.services.ports.UnitOfWork``."""
        with storage_errors(), self._writing_engine.begin() as connection:
            yield SqlFeedbackStore(connection)

    @contextmanager
    def reading(self) -> Iterator[SqlFeedbackStore]:
        """A transaction that only reads; see ``tonight.services.ports.UnitOfWork``."""
        with storage_errors(), self._engine.connect() as connection:
            yield SqlFeedbackStore(connection)

    def forget(self, profile_id: str) -> int:
        """See ``tonight.services.ports.UnitOfWork.forget``.

        The database is rebuilt, which keeps other writers waiting for as long as copying it takes.
        """
        with self.writing() as store:
            n_statements = store.delete_everything(profile_id)
        with storage_errors():
            database = erase_deleted(self._engine)
            erase_in_copies(database, profile_id)
        return n_statements

    def close(self) -> None:
        """Closes the connections, once no unit of work is open any more."""
        self._engine.dispose()
