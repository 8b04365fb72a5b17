"""The commands of ``tonight db`` with their options and their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

db: Final = typer.Typer(
    help="Look after the database: migrate, back up, restore, verify, move.",
    no_args_is_help=True,
)


@db.command(
    help="Bring the database to the schema of this release.\n\n"
    "PostgreSQL is migrated by this command only, unless TONIGHT_MIGRATE_AT_START is set; it is "
    "safe while the service runs. SQLite is migrated at every start, after a copy.",
    epilog="Example:\n\ntonight db upgrade",
)
def upgrade() -> None:
    """Migrates the database."""
    from tonight.cli import db as command  # noqa: PLC0415

    command.upgrade()


@db.command(
    help="Back up the database while the service runs.\n\n"
    "The backup is a SQLite file in TONIGHT_BACKUP_DIR, whichever database the service uses, and "
    "can be restored into either. It has been read back when the command ends well. Beyond "
    "TONIGHT_BACKUPS_TO_KEEP the oldest are removed.",
    epilog="Example:\n\ntonight db backup",
)
def backup() -> None:
    """Makes a backup."""
    from tonight.cli import db as command  # noqa: PLC0415

    command.backup()


@db.command(
    help="Put a backup in the place of what the database holds.\n\n"
    "Stop the service first, or what is said meanwhile is lost. What the database holds now is "
    "kept in the data folder as tonight-restored-....db, and can be restored in turn.",
    epilog="Example:\n\ntonight db restore /srv/tonight/backups/tonight-20261127T041700Z.db",
)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
) -> None:
    """Restores a backup."""
    from tonight.cli import db as command  # noqa: PLC0415

    command.restore(file)


@db.command(
    help="Read every row of the database, or of a backup, and say what it holds.\n\n"
    "Two databases that hold the same have the same SHA-256, whatever their engine.",
    epilog="Examples:\n\ntonight db verify\n"
    "tonight db verify /srv/tonight/backups/tonight-20261127T041700Z.db",
)
def verify(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A backup; the database when left out.")
    ] = None,
) -> None:
    """Verifies the database."""
    from tonight.cli import db as command  # noqa: PLC0415

    command.verify(file)


@db.command(
    help="Copy the SQLite database of the data folder into PostgreSQL.\n\n"
    "Stop the service first, and set TONIGHT_DATABASE_URL. When it is interrupted, run it again: "
    "it goes on from there. At its end both are compared, row by row; the SQLite file stays "
    "as it is.",
    epilog="Example:\n\n"
    "export TONIGHT_DATABASE_URL=postgresql://tonight:secret@db/tonight\n"
    "tonight db move",
)
def move() -> None:
    """Moves to PostgreSQL."""
    from tonight.cli import db as command  # noqa: PLC0415

    command.move()
