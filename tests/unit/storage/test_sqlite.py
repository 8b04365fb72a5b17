"""Connections are durable and safe to share, and every error of SQLite has a name of ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tonight.domain.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
)
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.storage import feedback_store
from tonight.storage.migration import migrate
from tonight.storage.sqlite import QuickReader, open_engine, storage_errors
from tonight.storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


def liked(feedback_id: str, movie_id: str = "alien-1979") -> Feedback:
    return Feedback(feedback_id, movie_id, FeedbackKind.LIKED, NOW)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "100% mine? #1" / "tonight.db"
    migrate(path, NOW)
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_engine(database, busy_timeout_seconds=0.05)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 50)],
)
def test_every_connection_is_durable_and_checks_references(
    engine: Engine, pragma: str, value: object
) -> None:
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value


def test_a_history_is_read_along_one_index(engine: Engine) -> None:
    with engine.connect() as connection:
        sql = str(feedback_store._HISTORY.compile(engine))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("ann",)).all()
    steps = [row[3] for row in plan]

    assert len(steps) == 2
    assert "profile USING COVERING INDEX" in steps[0]
    assert "feedback USING INDEX ix_feedback_profile_key_id (profile_key=?)" in steps[1]


def test_a_second_writer_waits_and_is_told_who_is_in_the_way(engine: Engine) -> None:
    unit_of_work = SqlUnitOfWork(engine)
    with unit_of_work.writing() as store:
        store.add("ann", liked("f1"))
        with pytest.raises(StorageBusyError, match="try again"), unit_of_work.writing():
            pytest.fail("two writers at once")

    with unit_of_work.reading() as store:
        assert store.history("ann") == [liked("f1")]


def test_readers_do_not_wait_for_a_writer(engine: Engine) -> None:
    unit_of_work = SqlUnitOfWork(engine)
    with unit_of_work.writing() as writer:
        writer.add("ann", liked("f1"))
        with unit_of_work.reading() as reader:
            assert reader.history("ann") == []


def test_a_reader_sees_one_state_until_it_ends(engine: Engine) -> None:
    unit_of_work = SqlUnitOfWork(engine)
    with unit_of_work.reading() as reader:
        before = reader.history("ann")
        with unit_of_work.writing() as writer:
            writer.add("ann", liked("f1"))
        assert reader.history("ann") == before == []


def test_more_requests_than_connections_are_told_to_come_back(engine: Engine) -> None:
    with pytest.raises(StorageBusyError, match="too many"), storage_errors():
        take_connections(engine, 41)


def take_connections(engine: Engine, n: int) -> None:
    taken = []
    try:
        for _ in range(n):
            taken.append(engine.connect())  # noqa: PERF401 - those taken are given back
    finally:
        for connection in taken:
            connection.close()


def test_a_full_disk_is_told_and_what_was_saved_can_be_read(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def leave_no_room(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite rounds up to what it has

    unit_of_work = SqlUnitOfWork(engine)
    with unit_of_work.writing() as store:
        store.add("ann", liked("f1"))

    with pytest.raises(StorageFullError, match="free some space"), unit_of_work.writing() as store:
        store.add("ann", liked("f2", movie_id="x" * 100_000))
    with unit_of_work.reading() as store:
        assert store.history("ann") == [liked("f1")]


def test_a_removed_database_is_missed_and_not_made_anew(engine: Engine, database: Path) -> None:
    database.unlink()

    with pytest.raises(StorageReadOnlyError, match="cannot be opened"), storage_errors():
        engine.connect()
    assert not database.exists()


LIKED_SQL = """
    SELECT movie_id FROM feedback JOIN profile ON profile.id = profile_key WHERE profile_id = ?
"""


def test_a_quick_reader_reads_what_was_written_meanwhile(engine: Engine, database: Path) -> None:
    reader = QuickReader(database, 0.05)
    assert reader.ask(LIKED_SQL, "ann", list) == []
    with SqlUnitOfWork(engine).writing() as store:
        store.add("ann", liked("f1"))
    first = reader.ask(LIKED_SQL, "ann", list)
    assert first == [("alien-1979",)]
    # Nobody has written: it is the very same. Somebody has, whoever it was about: read anew.
    assert reader.ask(LIKED_SQL, "ann", list) is first
    with SqlUnitOfWork(engine).writing() as store:
        store.add("bob", liked("f2"))
    assert reader.ask(LIKED_SQL, "ann", list) is not first
    reader.close()
    assert len(reader.ask(LIKED_SQL, "bob", list)) == 1
    reader.close()


def test_a_quick_reader_goes_on_in_the_file_that_has_the_name_now(
    database: Path, tmp_path: Path
) -> None:
    reader = QuickReader(database, 0.05)
    assert reader.ask(LIKED_SQL, "ann", list) == []
    database.unlink()
    with pytest.raises(StorageReadOnlyError, match="cannot be opened"), storage_errors():
        reader.ask(LIKED_SQL, "ann", list)
    assert not database.exists()
    other = tmp_path / "other.db"
    migrate(other, NOW)
    engine = open_engine(other)
    with SqlUnitOfWork(engine).writing() as store:
        store.add("ann", liked("f1"))
    engine.dispose()
    other.replace(database)
    assert reader.ask(LIKED_SQL, "ann", list) == [("alien-1979",)]
    reader.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_forked_child_reads_through_a_connection_of_its_own(database: Path) -> None:
    reader = QuickReader(database, 0.05)
    reader.ask(LIKED_SQL, "ann", list)
    parents = reader._connection
    child = os.fork()
    if child == 0:
        is_right = reader.ask(LIKED_SQL, "ann", list) == [] and reader._connection is not parents
        os._exit(0 if is_right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert reader.ask(LIKED_SQL, "ann", list) == []
    assert reader._connection is parents
    reader.close()


def test_a_database_that_cannot_be_written_says_so(database: Path) -> None:
    with (
        closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection,
        pytest.raises(StorageReadOnlyError, match="permissions"),
        storage_errors(),
    ):
        connection.execute("DELETE FROM profile")


def test_damaged_pages_are_told_when_they_are_read(engine: Engine, database: Path) -> None:
    unit_of_work = SqlUnitOfWork(engine)
    with unit_of_work.writing() as store:
        store.add("ann", liked("f1"))
    unit_of_work.close()
    content = database.read_bytes()
    database.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))

    with pytest.raises(StorageDamagedError, match="damaged"), unit_of_work.reading() as store:
        store.history("ann")


def test_something_else_in_the_databases_place_is_told(engine: Engine, database: Path) -> None:
    database.write_bytes(b"not a database, and long enough to look like one" * 100)

    with (
        pytest.raises(StorageDamagedError, match="not a database"),
        SqlUnitOfWork(engine).reading() as store,
    ):
        store.history("ann")


def test_any_other_error_keeps_its_own_words(engine: Engine) -> None:
    with pytest.raises(StorageError, match="no such table: nowhere"), storage_errors():
        run(engine, "SELECT * FROM nowhere")


def run(engine: Engine, sql: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(sql)


@pytest.mark.parametrize(
    ("table", "values", "reason"),
    [
        ("profile (profile_id, created_at_us)", "(NULL, 0)", "NOT NULL"),
        ("profile (profile_id, created_at_us)", "('ann', 0), ('ann', 0)", "UNIQUE"),
        (
            "feedback (profile_key, feedback_id, movie_id, kind, created_at_us)",
            "(99, 'f', 'm', 'liked', 0)",
            "FOREIGN KEY",
        ),
        (
            "feedback (profile_key, feedback_id, movie_id, kind, created_at_us)",
            "(99, 'f', 'm', 'adored', 0)",
            "CHECK",
        ),
    ],
)
def test_rows_that_break_a_rule_are_refused_by_the_database(
    engine: Engine, table: str, values: str, reason: str
) -> None:
    with pytest.raises(StorageError, match=f"{reason} constraint failed"), storage_errors():
        run(engine, f"INSERT INTO {table} VALUES {values}")


def test_removing_a_profile_removes_what_it_said(engine: Engine) -> None:
    unit_of_work = SqlUnitOfWork(engine)
    with unit_of_work.writing() as store:
        store.add("ann", liked("f1"))
        store.add("bob", liked("f2"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM profile WHERE profile_id = 'ann'")

    with engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT feedback_id FROM feedback").scalars().all()
    assert left == ["f2"]
