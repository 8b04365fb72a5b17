"""PostgreSQL is migrated while others work with it, by one process at a time."""

from __future__ import annotations

import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import tonight.storage
from tests.databases import PostgresDatabases, execute, is_compared
from tonight.domain.errors import StorageBusyError, StorageSchemaError
from tonight.domain.feedback import Feedback, FeedbackKind
from tonight.storage.migration import newest_revision
from tonight.storage.postgres import open_postgres
from tonight.storage.postgres_migration import ADVISORY_LOCK, upgrade
from tonight.storage.postgres_store import open_postgres_store
from tonight.storage.schema import metadata

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)

pytestmark = pytest.mark.slow


def releases(folder: Path, *steps: str) -> Path:
    """The migrations of later releases: this one's, and one more for each step."""
    scripts = folder / "migrations"
    shutil.copytree(Path(tonight.storage.__file__).parent / "migrations", scripts)
    down = newest_revision()
    for number, step in enumerate(steps, start=9001):
        (scripts / "versions" / f"{number}_next.py").write_text(
            "import time\nimport sqlalchemy as sa\nfrom alembic import op\n"
            f'revision = "{number}"\ndown_revision = "{down}"\n'
            f"def upgrade():\n    {step}\n"
        )
        down = str(number)
    return scripts


def use_everything(url: str, name: str) -> None:
    """All that this release does with a database."""
    store = open_postgres_store(url, pool_size=1, timeout_seconds=30)
    try:
        statement = Feedback(name, "alien-1979", FeedbackKind.LIKED, NOW)
        with store.writing() as feedback:
            assert feedback.add(f"viewer of {name}", statement, name) == statement
            assert feedback.add(f"viewer of {name}", statement, name) == statement
        with store.reading() as feedback:
            assert feedback.history(f"viewer of {name}") == [statement]
        with store.writing() as feedback:
            feedback.undo(f"viewer of {name}", name, NOW)
        with store.reading() as feedback:
            assert feedback.history(f"viewer of {name}") == []
            assert len(feedback.everything(f"viewer of {name}")) == 1
        assert store.forget(f"viewer of {name}") == 1
    finally:
        store.close()


def test_the_migrations_build_the_tables_of_the_code(postgres: PostgresDatabases) -> None:
    engine = open_postgres(postgres.migrated(), timeout_seconds=30)
    with engine.connect() as connection:
        options = {"compare_server_default": True, "include_name": is_compared}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_an_upgrade_says_from_where_to_where(postgres: PostgresDatabases) -> None:
    url = postgres.empty()

    assert upgrade(url) == (None, newest_revision())
    assert upgrade(url) == (newest_revision(), newest_revision())


def test_this_release_works_on_the_schema_that_the_next_one_has_expanded(
    postgres: PostgresDatabases, tmp_path: Path
) -> None:
    url = postgres.migrated()
    expand = """op.add_column("feedback", sa.Column("note", sa.Text))
    op.add_column("feedback", sa.Column("weight", sa.Integer, server_default="1", nullable=False))
    op.create_index("ix_feedback_movie_id", "feedback", ["movie_id"])"""

    assert upgrade(url, scripts=releases(tmp_path, expand))[1] == "9001"

    use_everything(url, "f1")


def test_what_is_taken_away_a_release_too_early_is_found(
    postgres: PostgresDatabases, tmp_path: Path
) -> None:
    url = postgres.migrated()
    contract = 'op.drop_column("feedback", "expires_at_us")'
    upgrade(url, scripts=releases(tmp_path, contract))

    with pytest.raises(StorageSchemaError, match="tonight db upgrade"):
        use_everything(url, "f1")


def test_a_schema_of_a_newer_release_is_not_migrated(
    postgres: PostgresDatabases, tmp_path: Path
) -> None:
    url = postgres.migrated()
    upgrade(url, scripts=releases(tmp_path, 'op.execute("SELECT 1")'))

    with pytest.raises(StorageSchemaError, match="newer release"):
        upgrade(url)


def test_a_database_that_this_release_must_migrate_first_is_refused(
    postgres: PostgresDatabases,
) -> None:
    url = postgres.empty()
    execute(url, "CREATE TABLE profile (id bigint)")

    with pytest.raises(StorageSchemaError, match="something else"):
        upgrade(url)


def test_processes_that_migrate_at_once_do_it_once(
    postgres: PostgresDatabases, tmp_path: Path
) -> None:
    url = postgres.migrated()
    scripts = releases(
        tmp_path, 'op.create_table("once", sa.Column("id", sa.Integer)); time.sleep(0.3)'
    )
    results: list[tuple[str | None, str | None]] = []
    threads = [
        threading.Thread(target=lambda: results.append(upgrade(url, scripts=scripts)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results, key=str) == sorted(
        [(newest_revision(), "9001"), ("9001", "9001"), ("9001", "9001")], key=str
    )


def test_a_process_that_migrates_for_too_long_is_named(postgres: PostgresDatabases) -> None:
    url = postgres.empty()
    with psycopg.connect(url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
        with pytest.raises(StorageBusyError, match="another process"):
            upgrade(url, wait_seconds=0.2)


def test_a_step_that_waits_for_a_table_lets_others_pass_and_comes_later(
    postgres: PostgresDatabases, tmp_path: Path
) -> None:
    url = postgres.migrated()
    scripts = releases(tmp_path, 'op.add_column("feedback", sa.Column("note", sa.Text))')
    done: list[tuple[str | None, str | None]] = []
    with psycopg.connect(url) as long_reader:
        long_reader.execute("SELECT count(*) FROM feedback")
        migrating = threading.Thread(
            target=lambda: done.append(
                upgrade(url, scripts=scripts, lock_seconds=0.2, attempts=300)
            )
        )
        migrating.start()
        for number in range(3):
            begin = time.monotonic()
            use_everything(url, f"f{number}")
            # Far less than the reader keeps the migration waiting.
            assert time.monotonic() - begin < 15
        assert migrating.is_alive()
    migrating.join(60)
    assert done == [(newest_revision(), "9001")]


def test_a_table_that_stays_locked_fails_the_migration_and_changes_nothing(
    postgres: PostgresDatabases, tmp_path: Path
) -> None:
    url = postgres.migrated()
    step = """op.create_table("half", sa.Column("id", sa.Integer))
    op.add_column("feedback", sa.Column("note", sa.Text))"""
    with psycopg.connect(url) as holder:
        holder.execute("SELECT count(*) FROM feedback")
        with pytest.raises(StorageBusyError):
            upgrade(url, scripts=releases(tmp_path, step), lock_seconds=0.1, attempts=2)
        found = holder.execute("SELECT to_regclass('half')").fetchone()
    assert found == (None,)
    assert upgrade(url) == (newest_revision(), newest_revision())


def test_a_step_that_fails_changes_nothing(postgres: PostgresDatabases, tmp_path: Path) -> None:
    url = postgres.migrated()
    step = """op.create_table("half", sa.Column("id", sa.Integer))
    op.execute("SELECT 1 / 0")"""

    with pytest.raises(StorageSchemaError, match="nothing was changed"):
        upgrade(url, scripts=releases(tmp_path, step))
    assert upgrade(url) == (newest_revision(), newest_revision())
