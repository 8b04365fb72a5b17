"""Backups of SQLite where something is in the way: nothing that is there is lost."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from tonight.domain.errors import StorageBusyError, StorageError, StorageReadOnlyError
from tonight.storage.backup import back_up_sqlite, fingerprint_of, restore_sqlite
from tonight.storage.migration import migrate

NOW = datetime(2026, 11, 28, 20, 15, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "tonight.db"
    migrate(file, NOW)
    return file


def test_what_is_no_database_any_more_is_moved_away_by_a_restoration(
    database: Path, tmp_path: Path
) -> None:
    made = back_up_sqlite(database, tmp_path / "backups", 3, NOW)
    database.write_bytes(b"not a database at all" * 100)
    kept = restore_sqlite(made.file, database, NOW)
    assert kept is not None
    assert kept.read_bytes().startswith(b"not a database")
    assert fingerprint_of(database) == made.fingerprint


def test_an_empty_file_in_the_databases_place_is_not_kept(database: Path, tmp_path: Path) -> None:
    made = back_up_sqlite(database, tmp_path / "backups", 3, NOW)
    fresh = tmp_path / "fresh.db"
    fresh.touch()
    assert restore_sqlite(made.file, fresh, NOW) is None
    assert fingerprint_of(fresh) == made.fingerprint


def test_an_empty_file_is_no_backup(database: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(StorageError, match="is no backup"):
        restore_sqlite(empty, database, NOW)


def test_two_backups_at_once_are_refused(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with FileLock(folder / ".lock"), pytest.raises(StorageBusyError, match="another backup"):
        back_up_sqlite(database, folder, 3, NOW)


def test_a_folder_that_cannot_be_made_is_named(database: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageReadOnlyError, match=os.fspath(tmp_path / "file" / "backups")):
        back_up_sqlite(database, tmp_path / "file" / "backups", 3, NOW)
