"""A database comes to the newest schema whole, or stays as it was."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from filelock import FileLock

import tonight.storage
from tests import databases
from tests.databases import is_compared
from tonight.domain.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageReadOnlyError,
    StorageSchemaError,
)
from tonight.storage.migration import is_newer_and_will_do, migrate
from tonight.storage.schema import metadata
from tonight.storage.sqlite import open_engine

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
MIGRATIONS = Path(tonight.storage.__file__).parent / "migrations"

ADD_A_COLUMN = 'op.add_column("profile", sa.Column("theme", sa.Text))'
FAIL_MIDWAY = f"""{ADD_A_COLUMN}
    op.execute("DELETE FROM feedback")
    op.create_table("half", sa.Column("id", sa.Integer))
    raise RuntimeError("midway")"""
REBUILD_A_TABLE = """with op.batch_alter_table("profile", recreate="always") as batch:
        batch.add_column(sa.Column("theme", sa.Text, nullable=False, server_default="dark"))"""
ORPHAN_ROWS = 'op.execute("DELETE FROM profile")'

NextRelease = Callable[[str], Path]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tonight.db"


@pytest.fixture
def next_release(tmp_path: Path) -> NextRelease:
    """Makes the migrations of a release that has one step more than this one."""

    def make(step: str) -> Path:
        scripts = tmp_path / "50% of migrations"
        shutil.copytree(MIGRATIONS, scripts)
        (scripts / "versions" / "9999_next.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            'revision = "9999"\n'
            f'down_revision = "{revision_of_this_release()}"\n'
            f"def upgrade():\n    {step}\n"
        )
        return scripts

    return make


def revision_of_this_release() -> str:
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def query(database: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(sql).fetchall()
        connection.commit()
        return rows


def populate(database: Path) -> None:
    migrate(database, NOW)
    query(database, "INSERT INTO profile VALUES (1, 'ann', 0)")
    query(
        database,
        "INSERT INTO feedback (profile_key, feedback_id, movie_id, kind, created_at_us)"
        " VALUES (1, 'f1', 'alien-1979', 'liked', 0)",
    )


def tables(database: Path) -> set[str]:
    return {
        str(name) for (name,) in query(database, "SELECT name FROM sqlite_master WHERE sql <> ''")
    }


def revision(database: Path) -> str:
    [(found,)] = query(database, "SELECT version_num FROM alembic_version")
    return str(found)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_database_has_exactly_the_tables_of_the_schema(database: Path) -> None:
    assert migrate(database, NOW) is None

    engine = open_engine(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_compared})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    assert revision(database) == revision_of_this_release()


@pytest.mark.parametrize("left", [frozenset(), frozenset({"profile.old", "shelf"})])
def test_only_what_is_said_to_be_left_may_be_in_the_database_alone(
    database: Path, monkeypatch: pytest.MonkeyPatch, left: frozenset[str]
) -> None:
    migrate(database, NOW)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE profile ADD COLUMN old TEXT")
        connection.execute("CREATE TABLE shelf (id INTEGER)")
    monkeypatch.setattr(databases, "LEFT", left)

    engine = open_engine(database)
    with engine.connect() as opened:
        context = MigrationContext.configure(opened, opts={"include_name": is_compared})
        assert bool(compare_metadata(context, metadata)) == (not left)
    engine.dispose()


def test_only_the_owner_can_read_the_database_and_its_log(database: Path) -> None:
    migrate(database, NOW)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("INSERT INTO profile VALUES (1, 'ann', 0)")
        connection.commit()
        files = list(database.parent.glob("tonight.db*"))
        assert len(files) == 4  # the database, its log, the log's index, the lock
        for path in files:
            if path.suffix != ".lock":
                assert mode(path) == 0o600
    assert mode(database.parent) == 0o700


def test_a_database_of_this_release_is_left_alone(database: Path) -> None:
    populate(database)
    before = database.read_bytes()

    assert migrate(database, NOW) is None
    assert database.read_bytes() == before
    assert {path.name for path in database.parent.iterdir()} == {"tonight.db", "tonight.db.lock"}


@pytest.mark.parametrize("step", [ADD_A_COLUMN, REBUILD_A_TABLE])
def test_a_migration_keeps_what_was_said(
    database: Path, next_release: NextRelease, step: str
) -> None:
    populate(database)

    migrate(database, NOW, scripts=next_release(step))

    assert revision(database) == "9999"
    assert query(database, "SELECT profile_id FROM profile WHERE theme IS NOT 1") == [("ann",)]
    assert query(database, "SELECT feedback_id, profile_key FROM feedback") == [("f1", 1)]


def test_before_a_migration_the_database_is_copied_whole(
    database: Path, next_release: NextRelease
) -> None:
    populate(database)

    copy = migrate(database, NOW, scripts=next_release(ADD_A_COLUMN))

    assert copy is not None
    assert copy.name == f"tonight-{revision_of_this_release()}-20261123T201500Z.db"
    assert copy.parent == database.parent
    assert mode(copy) == 0o600
    assert query(copy, "PRAGMA journal_mode") == [("delete",)]
    alone = database.parent / "elsewhere.db"
    shutil.copyfile(copy, alone)  # one file is all of it
    assert revision(alone) == revision_of_this_release()
    assert query(alone, "SELECT feedback_id FROM feedback") == [("f1",)]
    assert migrate(alone, NOW) is None


def test_only_the_newest_three_copies_stay(database: Path, next_release: NextRelease) -> None:
    scripts = next_release(ADD_A_COLUMN)
    populate(database)
    original = database.read_bytes()
    copies = []
    for minutes in range(5):
        database.write_bytes(original)
        copies.append(migrate(database, NOW + timedelta(minutes=minutes), scripts=scripts))

    assert sorted(database.parent.glob("tonight-*.db")) == copies[2:]


@pytest.mark.parametrize(
    ("step", "reason"), [(FAIL_MIDWAY, "midway"), (ORPHAN_ROWS, "refer to nothing")]
)
def test_a_migration_that_fails_leaves_everything_as_it_was(
    database: Path, next_release: NextRelease, step: str, reason: str
) -> None:
    populate(database)
    tables_before = tables(database)

    with pytest.raises(StorageSchemaError, match=f"{reason}.*nothing was changed; a copy is"):
        migrate(database, NOW, scripts=next_release(step))

    assert revision(database) == revision_of_this_release()
    assert tables(database) == tables_before
    assert query(database, "SELECT feedback_id FROM feedback") == [("f1",)]
    assert query(database, "SELECT * FROM profile") == [(1, "ann", 0)]
    assert migrate(database, NOW) is None


def test_a_first_migration_that_fails_leaves_an_empty_database(
    database: Path, next_release: NextRelease
) -> None:
    with pytest.raises(StorageSchemaError, match="nothing was changed"):
        migrate(database, NOW, scripts=next_release(FAIL_MIDWAY))

    assert tables(database) == set()
    assert migrate(database, NOW) is None
    assert revision(database) == revision_of_this_release()


def test_a_disk_that_fills_during_a_migration_is_not_the_migrations_fault(
    database: Path, next_release: NextRelease
) -> None:
    populate(database)
    step = """op.execute("PRAGMA max_page_count = 1")
    op.execute("CREATE TABLE large AS SELECT zeroblob(1000000)")"""

    with pytest.raises(Exception, match="free some space") as caught:
        migrate(database, NOW, scripts=next_release(step))

    assert type(caught.value).__name__ == "StorageFullError"
    assert revision(database) == revision_of_this_release()


def test_a_newer_schema_is_refused_and_not_touched(
    database: Path, next_release: NextRelease
) -> None:
    populate(database)
    migrate(database, NOW, scripts=next_release(ADD_A_COLUMN))
    before = database.read_bytes()

    with pytest.raises(StorageSchemaError, match=r"'9999'.*newer release.*Update"):
        migrate(database, NOW)
    assert database.read_bytes() == before


def test_a_newer_schema_that_has_only_more_will_do_for_the_service_and_is_not_touched(
    database: Path, next_release: NextRelease
) -> None:
    populate(database)
    migrate(database, NOW, scripts=next_release(ADD_A_COLUMN))
    before = database.read_bytes()

    assert is_newer_and_will_do(database)
    assert migrate(database, NOW, newer_will_do=True) is None
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "step",
    [
        'op.drop_table("feedback")',
        'op.execute("ALTER TABLE feedback RENAME COLUMN idempotency_key TO said_once")',
        """op.execute("ALTER TABLE feedback RENAME TO old")
    op.execute("CREATE TABLE feedback AS SELECT * FROM old")
    op.execute("DROP TABLE old")
    op.execute("DROP TABLE profile")""",
        """op.drop_table("feedback")
    op.execute("CREATE TABLE feedback (id, profile_key, feedback_id, movie_id, kind, "
        "created_at_us, expires_at_us, undone_at_us, idempotency_key, mood TEXT NOT NULL)")""",
    ],
    ids=["a table less", "a column less", "another table less", "a column that must be filled"],
)
def test_a_newer_schema_that_takes_away_or_asks_for_more_is_refused(
    database: Path, next_release: NextRelease, step: str
) -> None:
    migrate(database, NOW, scripts=next_release(step))
    before = database.read_bytes()

    assert not is_newer_and_will_do(database)
    with pytest.raises(StorageSchemaError, match=r"'9999'.*newer release.*Update"):
        migrate(database, NOW, newer_will_do=True)
    assert database.read_bytes() == before


def test_a_schema_of_this_release_is_not_newer(database: Path) -> None:
    populate(database)
    assert not is_newer_and_will_do(database)


def test_a_database_of_something_else_is_refused_and_not_touched(tmp_path: Path) -> None:
    database = tmp_path / "tonight.db"
    query(database, "CREATE TABLE recipes (id INTEGER)")

    with pytest.raises(StorageSchemaError, match="recipes"):
        migrate(database, NOW)
    assert tables(database) == {"recipes"}


def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    database = tmp_path / "tonight.db"
    content = b"my diary, page one" * 300
    database.write_bytes(content)

    with pytest.raises(StorageDamagedError, match="not a database"):
        migrate(database, NOW)
    assert database.read_bytes() == content


def test_a_damaged_database_is_not_migrated(database: Path, next_release: NextRelease) -> None:
    populate(database)
    scripts = next_release(ADD_A_COLUMN)
    [(root,)] = query(database, "SELECT rootpage FROM sqlite_master WHERE name = 'feedback'")
    assert isinstance(root, int)
    content = bytearray(database.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    database.write_bytes(content)

    with pytest.raises(StorageDamagedError, match="damaged"):
        migrate(database, NOW, scripts=scripts)
    assert list(database.parent.glob("tonight-*")) == []


def test_whoever_waits_too_long_for_another_migration_is_told(database: Path) -> None:
    migrate(database, NOW)

    with (
        FileLock(database.with_name("tonight.db.lock")),
        pytest.raises(StorageBusyError, match="another process"),
    ):
        migrate(database, NOW, lock_timeout_seconds=0.05)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the folder's place")

    with pytest.raises(StorageReadOnlyError, match="cannot be written"):
        migrate(tmp_path / "data" / "tonight.db", NOW)


def test_a_folder_in_the_databases_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "tonight.db").mkdir()

    with pytest.raises(StorageReadOnlyError, match="cannot be written"):
        migrate(tmp_path / "tonight.db", NOW)
