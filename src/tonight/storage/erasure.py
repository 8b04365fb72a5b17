"""Takes the bytes of deleted rows out of the files; a DELETE leaves them where they were.

They stay in unused parts of pages, where rows have been moved, and in the write-ahead log. A
rebuilt database (VACUUM) holds none, and the log is cut off once its pages have reached the
database.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from tonight.domain.errors import StorageBusyError, StorageError
from tonight.storage.migration import alone, copies_of
from tonight.storage.sqlite import translated


def erase_deleted(engine: Engine) -> Path:
    """Rebuilds the database without what was deleted, and empties its write-ahead log.

    Args:
        engine: From ``sqlite.open_engine``.

    Returns:
        The database's file.

    Raises:
        StorageBusyError: A transaction of another connection takes too long.
        sqlite3.Error: It could not be rebuilt.
    """
    pooled = engine.raw_connection()
    try:
        driver = pooled.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - tells mypy
        driver.execute("VACUUM")
        (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StorageBusyError("a reader keeps the write-ahead log; try again in a moment")
        (_, _, file) = driver.execute("PRAGMA database_list").fetchone()
        return Path(file)
    finally:
        pooled.close()


def erase_in_copies(database: Path, profile_id: str) -> None:
    """Deletes a viewer from the copies that were made before migrations, bytes and all.

    Raises:
        StorageError: A copy still holds him: it cannot be written, or is damaged.
    """
    if not copies_of(database):
        return
    with alone(database):
        # A copy without its name is left of a process that died: nobody will miss it.
        for unfinished in database.parent.glob(f"{database.stem}-*.unfinished"):
            unfinished.unlink()
        for copy in copies_of(database):
            try:
                with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
                    _erase_in_copy(connection, profile_id)
            except sqlite3.Error as error:
                reason = translated(error)
                raise StorageError(f"{copy} still holds a deleted viewer: {reason}") from error


def _erase_in_copy(connection: sqlite3.Connection, profile_id: str) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    # Every schema that there has been has this table, and what refers to it follows it.
    connection.execute("DELETE FROM profile WHERE profile_id = ?", (profile_id,))
    connection.execute("VACUUM")
