"""``tonight db``: what an operator does with the database."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import typer

from tonight.bootstrap import DATABASE
from tonight.cli.exit_codes import WRONG_USE
from tonight.cli.messages import complain
from tonight.cli.start import read_settings
from tonight.domain.errors import StorageError
from tonight.settings import PREFIX, Settings
from tonight.storage.backup import (
    back_up_sqlite,
    fingerprint_of,
    readable,
    restore_sqlite,
    stamp,
)
from tonight.storage.integrity import check_database
from tonight.storage.migration import migrate
from tonight.storage.rows import Fingerprint

# PostgreSQL's modules are imported where they are used: the driver takes time that SQLite does not
# need.


def upgrade() -> None:
    """Brings the database to the schema of this release.

    Raises:
        StorageError: It cannot; nothing was changed.
    """
    settings = read_settings()
    if settings.database_url is None:
        copy = migrate(settings.data_dir / DATABASE, datetime.now(UTC))
        print("the schema is up to date" if copy is None else f"migrated; a copy is {copy}")
        return
    from tonight.storage import postgres_migration  # noqa: PLC0415

    before, after = postgres_migration.upgrade(settings.database_url.get_secret_value())
    if before == after:
        print(f"the schema is up to date: {after}")
    else:
        print(f"migrated from {before or 'nothing'} to {after}")


def backup() -> None:
    """Makes a backup, and removes those that are too old.

    Raises:
        StorageError: No backup was made.
    """
    settings = read_settings()
    now = datetime.now(UTC)
    if settings.database_url is None:
        made = back_up_sqlite(
            settings.data_dir / DATABASE, settings.backups, settings.backups_to_keep, now
        )
    else:
        from tonight.storage.postgres_backup import back_up_postgres  # noqa: PLC0415

        made = back_up_postgres(
            settings.database_url.get_secret_value(),
            settings.backups,
            settings.backups_to_keep,
            now,
        )
    print(f"{made.file}: {made.n_bytes:,} bytes in {made.seconds:.1f} s, {_told(made.fingerprint)}")


def restore(file: Path) -> None:
    """Puts a backup in the place of what the database holds.

    Raises:
        StorageError: The backup cannot be used, or the database cannot be written.
    """
    settings = read_settings()
    now = datetime.now(UTC)
    database = settings.data_dir / DATABASE
    if settings.database_url is None:
        before = restore_sqlite(file, database, now)
    else:
        from tonight.storage.postgres_backup import restore_postgres  # noqa: PLC0415

        kept = database.with_name(f"{database.stem}-restored-{stamp(now)}{database.suffix}")
        before = restore_postgres(file, settings.database_url.get_secret_value(), kept, now)
    if before is not None:
        print(f"what was there before is kept: {before}")
    print(f"restored: {_told(_read(settings))}")


def verify(file: Path | None) -> None:
    """Reads every row of the database, or of a backup.

    Raises:
        StorageError: Something is wrong; says what.
    """
    settings = read_settings()
    if file is None:
        print(f"whole: {_told(_read(settings))}")
        return
    with readable(file, datetime.now(UTC)) as copy:
        print(f"whole: {_told(fingerprint_of(copy))}")


def move() -> None:
    """Copies the SQLite database into PostgreSQL.

    Raises:
        StorageError: It cannot; what was copied stays, and the next try goes on from there.
        typer.Exit: The settings do not say where to.
    """
    settings = read_settings()
    database = settings.data_dir / DATABASE
    if settings.database_url is None:
        complain(f"set {PREFIX}DATABASE_URL to the PostgreSQL database to move to")
        raise typer.Exit(WRONG_USE)
    if not database.exists():
        raise StorageError(f"there is nothing to move: {database} does not exist")
    from tonight.storage.postgres_backup import move_to_postgres  # noqa: PLC0415

    moved = 0

    def progress(n_rows: int) -> None:
        nonlocal moved
        moved += n_rows
        print(f"  {moved:,} rows", file=sys.stderr, flush=True)

    migrate(database, datetime.now(UTC))
    found = move_to_postgres(database, settings.database_url.get_secret_value(), progress)
    print(f"moved, and both hold the same: {_told(found)}")


def _read(settings: Settings) -> Fingerprint:
    if settings.database_url is not None:
        from tonight.storage.postgres_backup import verify_postgres  # noqa: PLC0415

        return verify_postgres(settings.database_url.get_secret_value())
    database = settings.data_dir / DATABASE
    if not database.exists():
        raise StorageError(f"there is no database yet: {database}")
    check_database(database, busy_timeout_seconds=30)
    return fingerprint_of(database)


def _told(found: Fingerprint) -> str:
    return (
        f"{found.n_profiles:,} viewers, {found.n_statements:,} statements, "
        f"SHA-256 {found.sha256[:16]}"
    )
