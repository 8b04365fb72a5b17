"""The restore drill and the move, on both databases, by the commands that an operator runs."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.databases import PostgresDatabases, execute
from tonight.bootstrap import DATABASE
from tonight.cli.app import app
from tonight.domain.errors import StorageDamagedError, StorageError
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.storage import rows
from tonight.storage.migration import migrate
from tonight.storage.postgres_backup import move_to_postgres, verify_postgres
from tonight.storage.postgres_store import open_postgres_store
from tonight.storage.sqlite import open_engine
from tonight.storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 11, 23, 20, 15, 30, 123456, tzinfo=UTC)

pytestmark = pytest.mark.slow

Tonight = Callable[..., str]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    databases: PostgresDatabases = request.getfixturevalue("postgres")
    return databases.migrated()


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str | None
) -> Callable[..., Result]:
    monkeypatch.setenv("TONIGHT_DATA_DIR", str(tmp_path / "data"))
    if database_url is not None:
        monkeypatch.setenv("TONIGHT_DATABASE_URL", database_url)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["db", *arguments])

    return run


@pytest.fixture
def tonight(run: Callable[..., Result]) -> Tonight:
    def tonight(*arguments: str) -> str:
        done = run(*arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    return tonight


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[SqlUnitOfWork]:
    if database_url is None:
        database = tmp_path / "data" / DATABASE
        migrate(database, NOW)
        opened = SqlUnitOfWork(open_engine(database))
    else:
        opened = open_postgres_store(database_url, pool_size=2, timeout_seconds=30)
    yield opened
    opened.close()


def say(store: SqlUnitOfWork, *names: str) -> None:
    for name in names:
        with store.writing() as feedback:
            statement = Feedback(name, "amélie-2001", FeedbackKind.NOT_TONIGHT, NOW, NOW)
            feedback.add(f"viewer of {name}", statement, name)
            if name.startswith("undone"):
                feedback.undo(f"viewer of {name}", name, NOW + timedelta(seconds=1))


def said(store: SqlUnitOfWork, *names: str) -> list[str]:
    with store.reading() as feedback:
        return [
            one.feedback_id for name in names for one in feedback.everything(f"viewer of {name}")
        ]


def sha256(told: str) -> str:
    found = re.search(r"SHA-256 ([0-9a-f]+)", told)
    assert found is not None, told
    return found[1]


def backups(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "data" / "backups").glob("tonight-*.db"))


def test_what_was_said_before_a_backup_is_there_after_its_restoration(
    tonight: Tonight, store: SqlUnitOfWork, tmp_path: Path
) -> None:
    say(store, "f1", "undone", "f2")
    before = sha256(tonight("verify"))
    assert sha256(tonight("backup")) == before
    [backup] = backups(tmp_path)
    assert sha256(tonight("verify", str(backup))) == before

    say(store, "later")
    store.forget("viewer of f1")
    assert sha256(tonight("verify")) != before
    told = tonight("restore", str(backup))

    assert sha256(told) == sha256(tonight("verify")) == before
    assert said(store, "f1", "undone", "f2", "later") == ["f1", "undone", "f2"]
    say(store, "after")  # its key is free
    [kept] = (tmp_path / "data").glob("tonight-restored-*.db")
    assert str(kept) in told
    tonight("restore", str(kept))
    assert said(store, "f1", "later", "after") == ["later"]


def test_a_restoration_into_nothing_is_the_backup(
    tonight: Tonight,
    store: SqlUnitOfWork,
    tmp_path: Path,
    postgres: PostgresDatabases,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say(store, "f1", "undone")
    before = sha256(tonight("backup"))
    [backup] = backups(tmp_path)

    # Into the other engine as well as its own.
    monkeypatch.setenv("TONIGHT_DATA_DIR", str(tmp_path / "other"))
    monkeypatch.delenv("TONIGHT_DATABASE_URL", raising=False)
    assert sha256(tonight("restore", str(backup))) == before
    monkeypatch.setenv("TONIGHT_DATABASE_URL", postgres.empty())
    assert sha256(tonight("restore", str(backup))) == before


def test_the_newest_backup_is_described_and_the_oldest_go(
    tonight: Tonight, store: SqlUnitOfWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONIGHT_BACKUPS_TO_KEEP", "2")
    say(store, "f1")
    folder = tmp_path / "data" / "backups"
    folder.mkdir(parents=True)
    for day in (1, 2):
        (folder / f"tonight-2026110{day}T040000Z.db").touch()
    left = folder / ".unfinished-of-a-process-that-died"
    left.mkdir()

    tonight("backup")

    last = json.loads((folder / "last.json").read_text())
    [oldest, newest] = backups(tmp_path)
    assert oldest.name == "tonight-20261102T040000Z.db"
    assert last["file"] == newest.name
    assert last["bytes"] == newest.stat().st_size
    assert last["seconds"] >= 0
    assert abs(last["finished_timestamp_seconds"] - time.time()) < 600
    assert newest.stat().st_mode & 0o077 == 0
    assert not left.exists()


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_file_that_is_no_backup_changes_nothing(
    run: Callable[..., Result],
    tonight: Tonight,
    store: SqlUnitOfWork,
    tmp_path: Path,
    content: bytes,
) -> None:
    say(store, "f1")
    before = tonight("verify")
    file = tmp_path / "file"
    file.write_bytes(content)

    done = run("restore", str(file))

    assert done.exit_code == 1
    assert tonight("verify") == before


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A SQLite database with more rows than one batch has."""
    database = tmp_path / "data" / DATABASE
    migrate(database, NOW)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "INSERT INTO profile (profile_id, created_at_us) VALUES (?, 1)",
            [(f"p{i}",) for i in range(50)],
        )
        connection.executemany(
            "INSERT INTO feedback (profile_key, feedback_id, movie_id, kind, created_at_us)"
            " VALUES (?, ?, 'amélie-2001', 'liked', ?)",
            [(i % 50 + 1, f"f{i}", i) for i in range(240)],
        )
    return database


def test_an_interrupted_move_goes_on_and_ends_with_the_same(
    database: Path, postgres: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BATCH", 20)
    url = postgres.empty()
    seen: list[int] = []

    def interrupt(n_rows: int) -> None:
        seen.append(n_rows)
        if len(seen) == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_to_postgres(database, url, interrupt)
    n_before = sum(seen)
    assert n_before < 290

    seen.clear()
    found = move_to_postgres(database, url, seen.append)

    assert sum(seen) == 290 - n_before
    assert (found.n_profiles, found.n_statements) == (50, 240)
    assert verify_postgres(url) == found
    assert move_to_postgres(database, url, seen.append) == found
    store = open_postgres_store(url, pool_size=1, timeout_seconds=30)
    say(store, "new")  # its key is free
    store.close()


def test_a_database_that_holds_something_else_is_not_moved_into(
    database: Path, postgres: PostgresDatabases
) -> None:
    url = postgres.migrated()
    store = open_postgres_store(url, pool_size=1, timeout_seconds=30)
    say(store, "mine")
    store.close()
    before = verify_postgres(url)

    with pytest.raises(StorageError, match="holds something else"):
        move_to_postgres(database, url, lambda _: None)
    assert verify_postgres(url) == before


def test_move_is_a_command(
    database: Path, tmp_path: Path, postgres: PostgresDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONIGHT_DATA_DIR", str(tmp_path / "data"))
    assert CliRunner().invoke(app, ["db", "move"]).exit_code == 2
    monkeypatch.setenv("TONIGHT_DATABASE_URL", postgres.empty())

    done = CliRunner().invoke(app, ["db", "move"])

    assert done.exit_code == 0, done.output
    assert "50 viewers, 240 statements" in done.stdout


def test_statements_of_nobody_and_keys_that_are_taken_are_damage(
    postgres: PostgresDatabases,
) -> None:
    url = postgres.migrated()
    store = open_postgres_store(url, pool_size=1, timeout_seconds=30)
    say(store, "f1")
    store.close()
    verify_postgres(url)
    execute(url, "SELECT setval(pg_get_serial_sequence('feedback', 'id'), 1, false)")
    with pytest.raises(StorageDamagedError, match="the next key of feedback is taken already"):
        verify_postgres(url)
    execute(
        url,
        "ALTER TABLE feedback DROP CONSTRAINT fk_feedback_profile_key; DELETE FROM profile",
    )
    with pytest.raises(StorageDamagedError, match="1 statements belong to nobody"):
        verify_postgres(url)


def test_an_upgrade_of_a_postgresql_says_from_where_to_where(
    postgres: PostgresDatabases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TONIGHT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TONIGHT_DATABASE_URL", postgres.empty())
    first = CliRunner().invoke(app, ["db", "upgrade"])
    assert first.stdout.startswith("migrated from nothing to ")
    second = CliRunner().invoke(app, ["db", "upgrade"])
    assert second.stdout == f"the schema is up to date: {first.stdout.split()[-1]}\n"
