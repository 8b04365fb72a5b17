"""Opens the store on PostgreSQL, when its schema fits."""

from __future__ import annotations

from pathlib import Path

from tonight.storage.postgres import open_postgres
from tonight.storage.postgres_migration import check_schema, upgrade
from tonight.storage.sqlite import storage_errors
from tonight.storage.unit_of_work import SqlUnitOfWork


def open_postgres_store(
    url: str,
    *,
    pool_size: int,
    timeout_seconds: float,
    migrates: bool = False,
    copies_beside: Path | None = None,
) -> SqlUnitOfWork:
    """The units of work on PostgreSQL.

    Args:
        url: As for ``open_postgres``.
        pool_size: At most so many connections.
        timeout_seconds: How long a transaction may take.
        migrates: Whether to bring the schema up to date first.
        copies_beside: What the copies from before a restoration are named after.

    Raises:
        StorageSchemaError: The schema is missing or old; says which command mends it.
        StorageError: The database cannot be used now.
    """
    if migrates:
        upgrade(url)
    engine = open_postgres(url, pool_size, timeout_seconds)
    try:
        with storage_errors(), engine.connect() as connection:
            check_schema(connection, url)
    except BaseException:
        engine.dispose()
        raise
    return SqlUnitOfWork(engine, copies_beside=copies_beside)
