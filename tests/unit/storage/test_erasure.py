"""What is deleted is gone from the files, byte by byte."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tonight.domain.errors import StorageBusyError, StorageError
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.storage.migration import migrate
from tonight.storage.sqlite import open_engine
from tonight.storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
ANN = "AnnAnnAnnAnnAnnAnnAnnA"
BOB = "BobBobBobBobBobBobBobB"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "tonight.db"
    migrate(path, NOW)
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_engine(database, busy_timeout_seconds=0.2)
    yield engine
    engine.dispose()


@pytest.fixture
def unit_of_work(engine: Engine, database: Path) -> SqlUnitOfWork:
    """A store in which Ann and Bob have said much, in turns, and taken back some of it."""
    unit_of_work = SqlUnitOfWork(engine)
    order = random.Random(5)
    for round_ in range(10):
        with unit_of_work.writing() as store:
            for number in range(40):
                for name, profile_id in order.sample([("ann", ANN), ("bob", BOB)], k=2):
                    feedback_id = f"{name}-said-{order.random()}"
                    movie_id = f"{name}-film-{round_}-{number}-1999"
                    said = Feedback(feedback_id, movie_id, FeedbackKind.LIKED, NOW)
                    store.add(profile_id, said, f"{name}-key-{order.random()}")
                    if order.random() < 0.2:
                        store.undo(profile_id, feedback_id, NOW + timedelta(seconds=1))
        if round_ == 5:
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return unit_of_work


def traces(folder: Path, *marks: str) -> list[str]:
    return [
        f"{mark} in {file.name}"
        for file in sorted(folder.iterdir())
        for mark in marks
        if mark.encode() in file.read_bytes()
    ]


def copy_of(database: Path) -> Path:
    copy = database.with_name("tonight-0001-20261123T200000Z.db")
    with (
        closing(sqlite3.connect(database)) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    return copy


def test_no_byte_of_a_forgotten_viewer_is_left(unit_of_work: SqlUnitOfWork, database: Path) -> None:
    copy = copy_of(database)
    marks = (ANN, "ann-film", "ann-said", "ann-key")
    touched = {trace.split(" in ")[1] for trace in traces(database.parent, *marks)}
    assert touched >= {database.name, f"{database.name}-wal", copy.name}

    assert unit_of_work.forget(ANN) == 400

    # The connections are still open, as they are in a running service.
    assert traces(database.parent, *marks) == []
    with unit_of_work.reading() as store:
        assert len(store.everything(BOB)) == 400


def test_a_delete_alone_would_leave_traces(unit_of_work: SqlUnitOfWork, database: Path) -> None:
    with unit_of_work.writing() as store:
        assert store.delete_everything(ANN) == 400

    assert traces(database.parent, "ann-film") != []


def test_the_copies_keep_everybody_else(unit_of_work: SqlUnitOfWork, database: Path) -> None:
    copy = copy_of(database)
    unit_of_work.forget(ANN)

    with closing(sqlite3.connect(copy)) as connection:
        found = connection.execute(
            "SELECT profile_id, count(*) FROM feedback JOIN profile ON profile.id = profile_key"
        ).fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert found == [(BOB, 400)]


def test_what_is_left_of_an_unfinished_copy_goes_too(
    unit_of_work: SqlUnitOfWork, database: Path
) -> None:
    copy = copy_of(database)
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.write_bytes(copy.read_bytes()[:9000])

    unit_of_work.forget(ANN)

    assert not unfinished.exists()


def test_a_reader_that_does_not_end_is_told_of_and_a_second_try_cleans(
    unit_of_work: SqlUnitOfWork, database: Path
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM feedback").fetchone()
        with pytest.raises(StorageBusyError):
            unit_of_work.forget(ANN)

    unit_of_work.forget(ANN)
    assert traces(database.parent, ANN, "ann-film") == []


def test_a_copy_that_cannot_be_cleaned_is_named(
    unit_of_work: SqlUnitOfWork, database: Path
) -> None:
    copy = copy_of(database)
    copy.write_bytes(b"not a database, but in the way" * 100)

    with pytest.raises(StorageError, match=copy.name):
        unit_of_work.forget(ANN)
