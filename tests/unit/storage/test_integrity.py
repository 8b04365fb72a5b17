"""Looking at a database finds what is wrong with it, and changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tonight.domain.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageSchemaError,
)
from tonight.storage.integrity import check_database
from tonight.storage.migration import migrate


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "tonight.db"
    migrate(path, datetime(2026, 11, 23, tzinfo=UTC))
    return path


def execute(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_database_of_this_release_needs_no_migration_and_stays_as_it_is(database: Path) -> None:
    before = database.read_bytes()
    assert not check_database(database)
    assert database.read_bytes() == before


def test_an_empty_database_will_be_migrated(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    assert check_database(tmp_path / "empty.db")


def test_a_newer_schema_is_told(database: Path) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageSchemaError, match="newer release wrote it"):
        check_database(database)


def test_a_database_of_something_else_is_told(tmp_path: Path) -> None:
    execute(tmp_path / "other.db", "CREATE TABLE recipe (name)")
    with pytest.raises(StorageSchemaError, match="recipe"):
        check_database(tmp_path / "other.db")


def test_damaged_pages_are_told(database: Path) -> None:
    execute(database, "PRAGMA journal_mode = DELETE")
    content = bytearray(database.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    database.write_bytes(content)
    with pytest.raises(StorageDamagedError, match="damaged"):
        check_database(database)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "tonight.db").write_text("a shopping list\n" * 1000)
    with pytest.raises(StorageDamagedError, match="not a database"):
        check_database(tmp_path / "tonight.db")


def test_a_database_that_another_process_holds_is_told(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusyError):
            check_database(database, busy_timeout_seconds=0.05)


def test_a_missing_database_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        check_database(tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()
