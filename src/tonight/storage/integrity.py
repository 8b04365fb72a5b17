"""Looks at a database without changing it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tonight.domain.errors import StorageDamagedError
from tonight.storage.migration import needs_migration
from tonight.storage.sqlite import WRITES, open_engine, storage_errors


def check_database(database: Path, busy_timeout_seconds: float = 1.0) -> bool:
    """Reads every page of a database, and tries whether it could be written now.

    Args:
        database: The file; it is there.
        busy_timeout_seconds: How long to wait for another writer.

    Returns:
        Whether the next start will migrate it.

    Raises:
        StorageDamagedError: The file is damaged or is not a database.
        StorageSchemaError: A newer release wrote it, or it is a database of something else.
        StorageBusyError: Another process holds it.
        StorageReadOnlyError: The file or its folder cannot be written.
        StorageError: Anything else that keeps it from being used.
    """
    engine = open_engine(database, busy_timeout_seconds)
    try:
        with (
            storage_errors(),
            engine.connect().execution_options(**{WRITES: True}) as connection,
        ):
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - tells mypy
            (verdict,) = driver.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise StorageDamagedError(
                    f"{database} is damaged ({verdict}); put a copy in its place, or move it away "
                    "to begin anew"
                )
            # Its transaction is a writer's, which waits for its turn.
            return needs_migration(database, connection)
    finally:
        engine.dispose()
