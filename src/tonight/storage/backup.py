"""Backups: one SQLite file each, whichever engine it is of, that any engine can be restored from.

Why not ``pg_dump``: see doc/decisions/0015.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine

from tonight.domain.errors import (
    StorageBusyError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
)
from tonight.storage.durable_files import replace_privately, sync_folder
from tonight.storage.integrity import check_database
from tonight.storage.migration import copy_online, migrate
from tonight.storage.rows import Fingerprint, copy_rows, fingerprint
from tonight.storage.sqlite import WRITES, open_engine, storage_errors

#: Beside the backups: when the newest was made, how long it took, and what it holds.
LAST: Final = "last.json"

_UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup.

    Attributes:
        file: Where it is.
        fingerprint: What it holds.
        seconds: How long it took.
        n_bytes: Its size.
    """

    file: Path
    fingerprint: Fingerprint
    seconds: float
    n_bytes: int


def back_up_sqlite(database: Path, folder: Path, keep: int, now: datetime) -> Backup:
    """Backs up a SQLite database while the service runs.

    Args:
        database: The file.
        folder: Where the backups are; made when it is missing.
        keep: How many backups stay.
        now: The moment that the backup is named after.

    Raises:
        StorageError: No backup was made; those that are there stay.
    """
    if not database.exists():
        raise StorageError(f"there is no database yet: {database}")
    with _making(folder, keep, now) as making:
        with _driver(database) as driver:
            copy_online(driver, making.unfinished)
        making.finish()
    return making.backup


def back_up_rows(source: Connection, folder: Path, keep: int, now: datetime) -> Backup:
    """Backs up a database of another engine, row by row, while the service runs.

    Args:
        source: In a transaction that sees one moment, on this release's schema.
        folder: As for ``back_up_sqlite``; likewise the others.
        keep: How many backups stay.
        now: The moment that the backup is named after.

    Raises:
        StorageError: No backup was made; those that are there stay.
    """
    with _making(folder, keep, now) as making:
        write_rows(source, making.unfinished, now)
        making.finish()
    return making.backup


def write_rows(source: Connection, file: Path, now: datetime) -> None:
    """Writes all rows into a new SQLite file with this release's schema."""
    migrate(file, now)
    with (
        opened(file) as engine,
        engine.connect().execution_options(**{WRITES: True}) as target,
    ):
        copy_rows(source, target)
        target.commit()
    with _driver(file) as driver:
        # One file, without a write-ahead log beside it.
        driver.execute("PRAGMA journal_mode = DELETE")
    file.with_name(f"{file.name}.lock").unlink(missing_ok=True)


@contextmanager
def readable(file: Path, now: datetime) -> Iterator[Path]:
    """A copy of a backup that is whole and has this release's schema; the backup stays untouched.

    Raises:
        StorageError: The file is damaged, of something else, or of a newer release.
    """
    if not file.is_file():
        raise StorageError(f"there is no such backup: {file}")
    with tempfile.TemporaryDirectory(prefix="tonight-restore-") as folder:
        copy = Path(folder) / "backup.db"
        shutil.copyfile(file, copy)
        check_database(copy)
        with _driver(copy) as driver:
            # An empty file is an empty database to SQLite, and would be migrated to one of ours.
            if not driver.execute("PRAGMA table_list(profile)").fetchall():
                raise StorageError(f"{file} is empty; it is no backup")
        migrate(copy, now)
        yield copy


@contextmanager
def opened(database: Path) -> Iterator[Engine]:
    """An engine on a SQLite file, closed at the end."""
    engine = open_engine(database)
    try:
        with storage_errors():
            yield engine
    finally:
        engine.dispose()


def fingerprint_of(database: Path) -> Fingerprint:
    """What a SQLite file holds.

    Raises:
        StorageError: It cannot be read.
    """
    with opened(database) as engine, engine.connect() as connection:
        return fingerprint(connection)


def restore_sqlite(file: Path, database: Path, now: datetime) -> Path | None:
    """Puts a backup in the place of a SQLite database, which is copied beside itself before.

    The pages go through SQLite's own locks in one transaction: a process that still has the
    database open sees the old state or the new one. A file that is no database any more is moved
    away.

    Args:
        file: The backup; any file that the service could start from.
        database: What is replaced; made when missing.
        now: The moment that the copy is named after.

    Returns:
        Where what was there before is now; ``None`` when there was nothing.

    Raises:
        StorageError: The backup cannot be used, or the database cannot be written.
    """
    with readable(file, now) as copy, storage_errors():
        before = _set_aside(database, now)
        migrate(database, now)
        with _driver(copy) as source, _driver(database) as target:
            source.execute("PRAGMA journal_mode = DELETE")
            source.backup(target)
            target.execute("PRAGMA journal_mode = WAL")
        expected = fingerprint_of(copy)
    if fingerprint_of(database) != expected:
        raise StorageError(f"{database} does not hold what {file} holds; restore it again")
    return before


def _set_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists() or database.stat().st_size == 0:
        return None
    kept = database.with_name(f"{database.stem}-restored-{stamp(now)}{database.suffix}")
    try:
        check_database(database)
    except StorageBusyError:
        raise
    except StorageError:
        # Whatever it is, nothing of it is lost.
        for end in ("", "-wal", "-shm"):
            part = database.with_name(database.name + end)
            if part.exists():
                part.replace(kept.with_name(kept.name + end))
        return kept
    with _driver(database) as driver:
        copy_online(driver, kept)
    return kept


@contextmanager
def _driver(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection of SQLite's own, outside of any transaction."""
    with opened(database) as engine, engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - tells mypy
        yield driver


class _Making:
    """A backup that is being made."""

    def __init__(self, folder: Path, unfinished: Path, keep: int, now: datetime) -> None:
        self._folder = folder
        self._keep = keep
        self._now = now
        self._begin = time.perf_counter()
        self.unfinished = unfinished
        self.backup: Backup

    def finish(self) -> None:
        """Gives the backup its name, once every row of it has been read back."""
        found = fingerprint_of(self.unfinished)
        check_database(self.unfinished)
        with self.unfinished.open("rb") as file:
            os.fsync(file.fileno())
        finished = self._folder / f"tonight-{stamp(self._now)}.db"
        self.unfinished.replace(finished)
        sync_folder(self._folder)
        seconds = time.perf_counter() - self._begin
        self.backup = Backup(finished, found, seconds, finished.stat().st_size)
        last = {
            "finished_timestamp_seconds": time.time(),
            "seconds": round(seconds, 3),
            "bytes": self.backup.n_bytes,
            "file": finished.name,
            "profiles": found.n_profiles,
            "statements": found.n_statements,
            "sha256": found.sha256,
        }
        replace_privately(self._folder / LAST, f"{json.dumps(last, indent=2)}\n".encode())
        for old in backups_in(self._folder)[: -self._keep]:
            old.unlink()


@contextmanager
def _making(folder: Path, keep: int, now: datetime) -> Iterator[_Making]:
    """One at a time; what a process that died has left is removed.

    Raises:
        StorageError: Another one is being made, or the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0), storage_errors():
            for left in folder.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=folder) as inside:
                yield _Making(folder, Path(inside) / "backup.db", keep, now)
    except Timeout as error:
        raise StorageBusyError("another backup is being made") from error
    except OSError as error:
        kind = StorageFullError if error.errno == errno.ENOSPC else StorageReadOnlyError
        raise kind(f"{folder} cannot be written: {error.strerror}") from error


def backups_in(folder: Path) -> list[Path]:
    """The backups, the oldest first."""
    return sorted(folder.glob("tonight-*Z.db"))


def stamp(now: datetime) -> str:
    """A moment as the names of files have it."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
