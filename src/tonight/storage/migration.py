"""Brings a database to the schema of this release, safely."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from tonight.domain.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageReadOnlyError,
    StorageSchemaError,
)
from tonight.storage.durable_files import sync_folder
from tonight.storage.schema import metadata
from tonight.storage.sqlite import WRITES, open_engine, storage_errors, translated

#: How many copies from before a migration stay.
KEEP_COPIES: Final = 3

#: The folder of the migrations.
SCRIPTS: Final = Path(__file__).with_name("migrations")


def migrate(
    database: Path,
    now: datetime,
    *,
    scripts: Path = SCRIPTS,
    lock_timeout_seconds: float = 60.0,
    newer_will_do: bool = False,
) -> Path | None:
    """Creates the database, or brings it to the newest schema; to be called at every start.

    Processes that start together wait for each other. All migrations run in one transaction:
    when one fails, or the process dies, the database is what it was. Before anything changes an
    existing database is copied beside itself as ``tonight-<revision>-<time>.db``.

    Args:
        database: The file; it and its folder are made when missing, readable by their owner only.
        now: The moment that the copy is named after, with a time zone.
        scripts: The folder of the migrations.
        lock_timeout_seconds: How long to wait for another process that migrates.
        newer_will_do: Whether a newer schema is left as it is when this release can work on it:
            for the service after a rollback. Whatever copies rows would lose what it does not know.

    Returns:
        The copy, when one was needed.

    Raises:
        StorageSchemaError: The schema is newer than this release or not ours, or a migration
            failed.
        StorageDamagedError: The file is damaged or is not a database.
        StorageReadOnlyError: The file or its folder cannot be written.
        StorageError: Anything else that keeps it from being used.
    """
    with alone(database, lock_timeout_seconds), storage_errors():
        _create_file(database)
        engine = open_engine(database)
        try:
            with engine.connect().execution_options(**{WRITES: True}) as connection:
                driver = connection.connection.driver_connection
                assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - tells mypy
                (mode,) = driver.execute("PRAGMA journal_mode = WAL").fetchone()
                if mode != "wal":
                    raise StorageError(
                        f"{database} lies on a file system that SQLite's write-ahead log cannot "
                        "use (a network drive?); put the data folder on a local disk"
                    )
                if newer_will_do and _is_newer_and_will_do(connection, scripts):
                    return None
                return _upgrade(database, connection, driver, scripts, now)
        finally:
            engine.dispose()


def _upgrade(
    database: Path,
    connection: Connection,
    driver: sqlite3.Connection,
    scripts: Path,
    now: datetime,
) -> Path | None:
    config = alembic_config(scripts)
    directory = ScriptDirectory.from_config(config)
    revision = _revision(database, connection, directory)
    if revision == directory.get_current_head():
        return None
    copy = None if revision is None else _copy(database, driver, revision, now)
    # A migration may have to rebuild a table, and dropping the old one would take the rows that
    # refer to it along. The pragma has no effect inside a transaction, so it comes before.
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_references(driver)
    except Exception as error:
        if isinstance(error, DBAPIError) and type(translated(error)) is not StorageError:
            raise  # no fault of the migration: the disk is full, say
        kept = "nothing was changed" if copy is None else f"nothing was changed; a copy is {copy}"
        raise StorageSchemaError(
            f"{database} could not be brought from the schema {revision!r} to "
            f"{directory.get_current_head()!r} ({error}); {kept}"
        ) from error
    return copy


def needs_migration(database: Path, connection: Connection, *, scripts: Path = SCRIPTS) -> bool:
    """Whether the next start will change the schema of an open database.

    Raises:
        StorageSchemaError: The schema is newer than this release or not ours.
    """
    directory = ScriptDirectory.from_config(alembic_config(scripts))
    return _revision(database, connection, directory) != directory.get_current_head()


def is_newer_and_will_do(database: Path) -> bool:
    """Whether a newer release wrote a database on which this one can work nevertheless.

    Raises:
        StorageError: It cannot be read.
    """
    engine = open_engine(database)
    try:
        with storage_errors(), engine.connect() as connection:
            return _is_newer_and_will_do(connection, SCRIPTS)
    finally:
        engine.dispose()


def _is_newer_and_will_do(connection: Connection, scripts: Path) -> bool:
    """Whether the schema is unknown, has all that this release uses, and asks for nothing more."""
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    directory = ScriptDirectory.from_config(alembic_config(scripts))
    if revision is None or revision in {script.revision for script in directory.walk_revisions()}:
        return False
    inspector = inspect(connection)
    there = {
        name: {column["name"]: column for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
    }
    connection.rollback()
    return all(
        there.get(table.name, {}).keys() >= set(table.columns.keys())
        and all(
            column["nullable"] or column["default"] is not None
            for name, column in there[table.name].items()
            if name not in table.columns
        )
        for table in metadata.sorted_tables
    )


def newest_revision() -> str | None:
    """The schema of this release."""
    return ScriptDirectory.from_config(alembic_config(SCRIPTS)).get_current_head()


def alembic_config(scripts: Path) -> Config:
    """What Alembic needs to know."""
    config = Config()
    # Alembic reads a percent sign as the beginning of a variable.
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config


def _revision(database: Path, connection: Connection, directory: ScriptDirectory) -> str | None:
    """The revision of a database that can be migrated; ``None`` for an empty one."""
    revision = MigrationContext.configure(connection).get_current_revision()
    tables = inspect(connection).get_table_names()
    connection.rollback()
    if revision is None and tables:
        raise StorageSchemaError(
            f"{database} is a database of something else (it has the tables "
            f"{', '.join(sorted(tables))}); move it away, or choose another data folder"
        )
    if revision is not None and revision not in {s.revision for s in directory.walk_revisions()}:
        raise StorageSchemaError(
            f"{database} has the schema {revision!r}, which this release does not know: a newer "
            "release wrote it. Update Tonight, or put back a copy that this release made"
        )
    return revision


def _check_references(driver: sqlite3.Connection) -> None:
    dangling = driver.execute("PRAGMA foreign_key_check").fetchall()
    if dangling:
        raise StorageSchemaError(f"{len(dangling)} rows would refer to nothing")


def copies_of(database: Path) -> list[Path]:
    """The copies from before migrations, the oldest first."""
    return sorted(
        database.parent.glob(f"{database.stem}-*-*{database.suffix}"),
        key=lambda path: path.stem.rpartition("-")[2],
    )


@contextmanager
def alone(database: Path, timeout_seconds: float = 60.0) -> Iterator[None]:
    """Keeps all other processes from migrating and copying a database inside the block.

    Raises:
        StorageBusyError: Another process has not finished in time.
        StorageReadOnlyError: The folder cannot be written.
    """
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(database.with_name(f"{database.name}.lock"), timeout=timeout_seconds)
        lock.acquire()
    except Timeout as error:
        raise StorageBusyError(
            f"another process has been migrating {database} for {timeout_seconds:g} seconds"
        ) from error
    except OSError as error:
        raise StorageReadOnlyError(
            f"the folder {database.parent} cannot be written: {error.strerror}"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _create_file(database: Path) -> None:
    """Makes an empty file that only its owner can read; SQLite's own would follow the umask."""
    try:
        os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
        sync_folder(database.parent)
    except OSError as error:
        raise StorageReadOnlyError(f"{database} cannot be written: {error.strerror}") from error


def _copy(database: Path, driver: sqlite3.Connection, revision: str, now: datetime) -> Path:
    """Copies a database; the copy is one file, complete on the disk when it has its name."""
    (verdict,) = driver.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StorageDamagedError(
            f"{database} is damaged ({verdict}) and was not migrated; put a copy in its place, "
            "or move it away to begin anew"
        )
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    copy = database.with_name(f"{database.stem}-{revision}-{stamp}{database.suffix}")
    copy_online(driver, copy)
    for old in copies_of(database)[:-KEEP_COPIES]:
        old.unlink()
    return copy


def copy_online(driver: sqlite3.Connection, copy: Path) -> None:
    """Copies a database as it is at one moment, while others write to it.

    The copy is one file, complete on the disk when it has its name, for its owner only.
    """
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as target:
        driver.backup(target)
        # The pages were taken over with their write-ahead mode, which needs files beside it.
        target.execute("PRAGMA journal_mode = DELETE")
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(copy)
    sync_folder(copy.parent)
