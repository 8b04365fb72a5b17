"""Several processes share one data folder, and any of them may be killed at any moment."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import pytest

import tonight.storage
from tonight.domain.errors import StorageError
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.storage.migration import migrate
from tonight.storage.signing_keys import load_or_create_keys
from tonight.storage.sqlite import open_engine
from tonight.storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
SPAWN = multiprocessing.get_context("spawn")

pytestmark = pytest.mark.slow


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tonight.db"


@contextmanager
def opened(database: Path) -> Iterator[SqlUnitOfWork]:
    unit_of_work = SqlUnitOfWork(open_engine(database))
    try:
        yield unit_of_work
    finally:
        unit_of_work.close()


def save(unit_of_work: SqlUnitOfWork, name: str) -> None:
    with unit_of_work.writing() as store:
        store.add("ann", Feedback(name, "alien-1979", FeedbackKind.LIKED, NOW), name)


def saved(database: Path) -> list[str]:
    with opened(database) as unit_of_work, unit_of_work.reading() as store:
        return [statement.feedback_id for statement in store.history("ann")]


def start(target: Any, *args: object) -> SpawnProcess:
    process = SPAWN.Process(target=target, args=args, daemon=True)
    process.start()
    return process


def finish(processes: list[SpawnProcess]) -> list[int | None]:
    codes = []
    for process in processes:
        process.join(60)
        codes.append(process.exitcode)
        process.close()
    return codes


def write_and_acknowledge(database: Path, prefix: str, acknowledged: Connection) -> None:
    with opened(database) as unit_of_work:
        for i in range(1_000_000):
            save(unit_of_work, f"{prefix}-{i}")
            acknowledged.send(f"{prefix}-{i}")


def test_what_was_acknowledged_survives_sigkill_and_nothing_is_doubled(database: Path) -> None:
    migrate(database, NOW)
    chance = random.Random(20261123)
    acknowledged: list[str] = []
    n_killed = 4
    for round_number in range(n_killed):
        receiver, sender = SPAWN.Pipe(duplex=False)
        writer = start(write_and_acknowledge, database, str(round_number), sender)
        sender.close()
        acknowledged.append(receiver.recv())  # it is under way
        time.sleep(chance.uniform(0.0, 0.25))
        writer.kill()
        with receiver:
            while True:
                try:
                    acknowledged.append(receiver.recv())
                except EOFError:
                    break
        assert finish([writer]) == [-signal.SIGKILL]
        assert migrate(database, NOW) is None  # the next start

    found = saved(database)
    assert len(acknowledged) > n_killed
    assert len(set(found)) == len(found)
    assert set(acknowledged) <= set(found)
    # The one write that each killed process may have committed without being able to say so.
    assert len(found) - len(acknowledged) <= n_killed
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def write_many(database: Path, prefix: str, n: int) -> None:
    with opened(database) as unit_of_work:
        for i in range(n):
            save(unit_of_work, f"{prefix}-{i}")


def test_two_processes_that_write_at_once_lose_nothing(database: Path) -> None:
    migrate(database, NOW)

    assert finish([start(write_many, database, prefix, 60) for prefix in "ab"]) == [0, 0]

    found = saved(database)
    assert sorted(found) == sorted(f"{prefix}-{i}" for prefix in "ab" for i in range(60))
    for prefix in "ab":  # each one's own statements stay in their order
        mine = [name for name in found if name.startswith(prefix)]
        assert mine == [f"{prefix}-{i}" for i in range(60)]


def migrate_at_once(database: Path, prefix: str, barrier: Any) -> None:
    barrier.wait(60)
    migrate(database, NOW)
    load_or_create_keys(database.with_name("signing-keys"))
    write_many(database, prefix, 1)


def test_workers_that_start_together_make_one_database(database: Path) -> None:
    barrier = SPAWN.Barrier(4)

    assert finish([start(migrate_at_once, database, name, barrier) for name in "abcd"]) == [0] * 4
    assert sorted(saved(database)) == ["a-0", "b-0", "c-0", "d-0"]


def make_keys_at_once(path: Path, barrier: Any, told: Connection) -> None:
    barrier.wait(60)
    told.send(load_or_create_keys(path))


def test_workers_that_start_together_make_one_key(tmp_path: Path) -> None:
    path = tmp_path / "data" / "signing-keys"
    barrier = SPAWN.Barrier(3)
    receiver, sender = SPAWN.Pipe(duplex=False)
    processes = [start(make_keys_at_once, path, barrier, sender) for _ in range(3)]
    sender.close()  # so that the receiver notices when all of them have died
    with receiver:
        keys = {receiver.recv() for _ in processes}
        assert finish(processes) == [0, 0, 0]

    assert keys == {load_or_create_keys(path)}


def next_release(folder: Path, step: str) -> Path:
    scripts = folder / "migrations"
    shutil.copytree(Path(tonight.storage.__file__).parent / "migrations", scripts)
    newest = max(path.name[:4] for path in (scripts / "versions").glob("[0-9]*.py"))
    (scripts / "versions" / "9999_next.py").write_text(
        "import pathlib, time\nimport sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "9999"\ndown_revision = "{newest}"\n'
        f"def upgrade():\n    {step}\n"
    )
    return scripts


def migrate_to(database: Path, scripts: Path, now: datetime) -> None:
    migrate(database, now, scripts=scripts)


def test_a_process_killed_amid_a_migration_leaves_the_data_as_it_was(
    database: Path, tmp_path: Path
) -> None:
    migrate(database, NOW)
    with opened(database) as unit_of_work:
        save(unit_of_work, "f1")
    under_way = tmp_path / "under way"
    # More than SQLite's cache holds, so that unfinished pages have reached the log.
    step = f"""op.execute("DELETE FROM feedback")
    op.execute("CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
               " FROM n WHERE i < 4000) SELECT i, randomblob(1000) AS filling FROM n")
    pathlib.Path({str(under_way)!r}).touch()
    time.sleep(60)"""
    process = start(migrate_to, database, next_release(tmp_path, step), NOW)
    patience = time.monotonic() + 30
    while not under_way.exists():
        assert time.monotonic() < patience
        assert process.is_alive()
        time.sleep(0.01)
    assert database.with_name("tonight.db-wal").stat().st_size > 1_000_000
    process.kill()
    assert finish([process]) == [-signal.SIGKILL]

    assert migrate(database, NOW) is None  # this release, after the failed update
    assert saved(database) == ["f1"]
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall()
    assert tables == []
    [copy] = database.parent.glob("tonight-*.db")
    assert saved(copy) == ["f1"]


def test_one_of_several_starting_processes_migrates_and_copies(
    database: Path, tmp_path: Path
) -> None:
    migrate(database, NOW)
    with opened(database) as unit_of_work:
        save(unit_of_work, "f1")
    step = """op.add_column("profile", sa.Column("theme", sa.Text))
    time.sleep(0.5)  # long enough for the others to come"""
    scripts = next_release(tmp_path, step)
    moments = [NOW + timedelta(seconds=i) for i in range(3)]

    assert finish([start(migrate_to, database, scripts, now) for now in moments]) == [0, 0, 0]

    assert saved(database) == ["f1"]
    assert len(list(database.parent.glob("tonight-*.db"))) == 1


def write_on_both_sides_of_a_fork(database: Path) -> None:
    engine = open_engine(database)
    unit_of_work = SqlUnitOfWork(engine)
    save(unit_of_work, "before")
    with engine.connect() as connection:
        inherited = connection.connection.driver_connection
    child = os.fork()
    if child == 0:
        try:
            save(unit_of_work, "child")
            with engine.connect() as connection:
                own = connection.connection.driver_connection is not inherited
            os._exit(0 if own else 1)
        except StorageError:
            os._exit(2)
    save(unit_of_work, "parent")
    _, status = os.waitpid(child, 0)
    save(unit_of_work, "after")
    unit_of_work.close()
    raise SystemExit(os.waitstatus_to_exitcode(status))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_writes_through_connections_of_its_own(database: Path) -> None:
    migrate(database, NOW)

    assert finish([start(write_on_both_sides_of_a_fork, database)]) == [0]
    found = saved(database)
    assert found[0] == "before"
    assert found[-1] == "after"
    assert set(found[1:-1]) == {"child", "parent"}
