"""Backing up, restoring and filling a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, select, text

from tonight.domain.errors import StorageDamagedError, StorageError, StorageSchemaError
from tonight.storage.backup import (
    Backup,
    back_up_rows,
    fingerprint_of,
    opened,
    readable,
    write_rows,
)
from tonight.storage.migration import newest_revision
from tonight.storage.postgres import open_postgres, without_password
from tonight.storage.postgres_migration import STEP_SECONDS, alone_on, check_schema, upgrade
from tonight.storage.rows import Fingerprint, copy_rows, fingerprint, newest_keys, number_on
from tonight.storage.schema import feedback, profile
from tonight.storage.sqlite import WRITES, storage_errors

#: How long one of these may take, in seconds.
_PATIENCE_SECONDS = 6 * STEP_SECONDS


def back_up_postgres(url: str, folder: Path, keep: int, now: datetime) -> Backup:
    """Backs up a PostgreSQL database as it is at one moment, while the service runs.

    Raises:
        StorageError: No backup was made; those that are there stay.
    """
    with _opened(url) as engine, _one_moment(engine, url) as source:
        return back_up_rows(source, folder, keep, now)


def restore_postgres(file: Path, url: str, kept: Path, now: datetime) -> Path | None:
    """Puts a backup in the place of what a PostgreSQL database holds, in one transaction.

    Args:
        file: The backup.
        url: The database; its schema is brought up to date.
        kept: Where what is there is written before, as a backup; not when there is nothing.
        now: The present moment.

    Returns:
        Where what was there before is now; ``None`` when there was nothing.

    Raises:
        StorageError: Nothing was changed.
    """
    with readable(file, now) as copy:
        expected = fingerprint_of(copy)
        upgrade(url)
        with _opened(url) as engine, alone_on(engine, 60):
            with _one_moment(engine, url) as present:
                was_there = any(newest_keys(present).values())
                if was_there:
                    write_rows(present, kept, now)
            with opened(copy) as source, source.connect() as reading, _writing(engine) as target:
                # Writers wait for the end, readers see what was there before.
                target.execute(text("LOCK TABLE profile, feedback IN EXCLUSIVE MODE"))
                target.execute(delete(feedback))
                target.execute(delete(profile))
                copy_rows(reading, target)
                number_on(target)
                if fingerprint(target) != expected:
                    raise StorageError(f"{file} could not be restored; nothing was changed")
                target.commit()
    return kept if was_there else None


def move_to_postgres(database: Path, url: str, progress: Callable[[int], None]) -> Fingerprint:
    """Copies a SQLite database into PostgreSQL; goes on where an earlier try was interrupted.

    Args:
        database: The file; the service does not run, and its schema is this release's.
        url: The PostgreSQL database; its schema is brought up to date.
        progress: Is told how many rows have come since it was told last.

    Returns:
        What both hold.

    Raises:
        StorageError: PostgreSQL holds something else, or cannot be used; what was copied stays.
    """
    upgrade(url)
    with (
        opened(database) as source,
        source.connect() as reading,
        _opened(url) as engine,
        alone_on(engine, 60),
        _writing(engine) as target,
    ):
        there = newest_keys(target)
        if fingerprint(target) != fingerprint(reading, up_to=there):
            raise StorageError(
                f"{without_password(url)} holds something else than the beginning of {database}; "
                "choose an empty database, or run: tonight db restore"
            )

        def after_batch(n_rows: int) -> None:
            # The keys are set before they are committed: an interrupted move can be used.
            number_on(target)
            target.commit()
            progress(n_rows)

        number_on(target)
        copy_rows(reading, target, after_batch)
        target.commit()
        expected, found = fingerprint(reading), fingerprint(target)
    if found != expected:
        raise StorageError(
            f"{without_password(url)} holds {found}, and {database} holds {expected}; was the "
            "service running? Stop it, choose an empty database and move again"
        )
    return found


def verify_postgres(url: str) -> Fingerprint:
    """Reads every row of a PostgreSQL database, and tries that none refers to nothing.

    Raises:
        StorageError: Something is wrong; says what.
    """
    with _opened(url) as engine, _one_moment(engine, url) as connection:
        orphans = connection.execute(
            select(feedback.c.id)
            .outerjoin(profile, profile.c.id == feedback.c.profile_key)
            .where(profile.c.id.is_(None))
        ).all()
        if orphans:
            raise StorageDamagedError(
                f"{len(orphans)} statements belong to nobody; restore a backup"
            )
        for table in (profile, feedback):
            # Looked at without changing it.
            last = connection.execute(
                text(
                    "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(:t, 'id')), 0)"
                ),
                {"t": table.name},
            ).scalar_one()
            if last < newest_keys(connection)[table.name]:
                raise StorageDamagedError(
                    f"the next key of {table.name} is taken already; restore a backup"
                )
        return fingerprint(connection)


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = open_postgres(url, pool_size=3, timeout_seconds=_PATIENCE_SECONDS)
    try:
        with storage_errors():
            yield engine
    finally:
        engine.dispose()


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        yield connection


@contextmanager
def _one_moment(engine: Engine, url: str) -> Iterator[Connection]:
    """A transaction that sees the database as it is when it begins to read."""
    with engine.connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        revision = check_schema(connection, url)
        if revision != newest_revision():
            raise StorageSchemaError(
                f"{without_password(url)} has the schema {revision!r} of a newer release, which "
                "may hold what this one does not know; use that release"
            )
        yield connection
