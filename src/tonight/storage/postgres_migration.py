"""Brings a PostgreSQL database to the schema of this release, while others work with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tonight.domain.errors import StorageBusyError, StorageSchemaError
from tonight.storage.migration import SCRIPTS, alembic_config
from tonight.storage.postgres import open_postgres, without_password
from tonight.storage.postgres_errors import UPGRADE_ADVICE
from tonight.storage.sqlite import WRITES, storage_errors, translated

logger = logging.getLogger(__name__)

#: Whoever migrates holds this advisory lock. Any number, as long as nobody else takes it.
ADVISORY_LOCK: Final = 7_040_915_311

#: How long a step may take altogether, in seconds.
STEP_SECONDS: Final = 600.0

#: How long a step waits for a lock of a table before it lets those behind it pass, in seconds.
LOCK_SECONDS: Final = 2.0

_ATTEMPTS: Final = 10


def upgrade(
    url: str,
    *,
    scripts: Path = SCRIPTS,
    wait_seconds: float = 60.0,
    lock_seconds: float = LOCK_SECONDS,
    attempts: int = _ATTEMPTS,
) -> tuple[str | None, str | None]:
    """Migrates the database; safe under load, and when several try at once.

    One migrates at a time, held apart by an advisory lock. All steps run in one transaction. A step
    that does not get the lock of a table within ``lock_seconds`` is taken back and tried again
    later: whoever waits for a lock also stops all those who come after.

    Args:
        url: As for ``open_postgres``.
        scripts: The folder of the migrations.
        wait_seconds: How long to wait for another process that migrates.
        lock_seconds: How long to wait for the lock of a table.
        attempts: How often a step that got no lock is tried.

    Returns:
        The revision before, ``None`` for an empty database, and the one after.

    Raises:
        StorageSchemaError: The schema is newer than this release or not ours, or a migration
            failed; nothing was changed.
        StorageBusyError: Another process migrates, or a table could not be locked.
        StorageError: Anything else that keeps it from being used.
    """
    engine = open_postgres(url, pool_size=2, timeout_seconds=STEP_SECONDS)
    try:
        with storage_errors(), alone_on(engine, wait_seconds):
            for attempt in range(attempts):
                try:
                    return _upgrade_once(engine, url, scripts, lock_seconds)
                except DBAPIError as error:
                    if not isinstance(translated(error), StorageBusyError):
                        raise
                    if attempt + 1 == attempts:
                        raise
                    logger.info("a table is in use; the migration tries again")
                    time.sleep(min(5.0, 0.5 * 2**attempt) if lock_seconds >= 1 else lock_seconds)
            raise AssertionError("there is at least one attempt")
    finally:
        engine.dispose()


def check_schema(connection: Connection, url: str, *, scripts: Path = SCRIPTS) -> str:
    """Whether this release can work with the schema.

    A schema that this release does not know was made by a newer one, which runs beside it or is
    about to: what it added does not disturb, and it takes nothing away that this one needs (see
    doc/database.md).

    Returns:
        The revision of the database.

    Raises:
        StorageSchemaError: The schema is missing, or older than this release.
    """
    revision = _revision(connection, url)
    directory = ScriptDirectory.from_config(alembic_config(scripts))
    head = directory.get_current_head()
    if revision is None:
        raise StorageSchemaError(f"{without_password(url)} is empty; {UPGRADE_ADVICE}")
    known = {script.revision for script in directory.walk_revisions()}
    if revision != head and revision in known:
        raise StorageSchemaError(
            f"{without_password(url)} has the schema {revision}, and this release needs {head}; "
            f"{UPGRADE_ADVICE}"
        )
    return revision


def _upgrade_once(
    engine: Engine, url: str, scripts: Path, lock_seconds: float
) -> tuple[str | None, str | None]:
    config = alembic_config(scripts)
    directory = ScriptDirectory.from_config(config)
    head = directory.get_current_head()
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        revision = _revision(connection, url)
        if revision == head:
            return revision, head
        known = {script.revision for script in directory.walk_revisions()}
        if revision is not None and revision not in known:
            raise StorageSchemaError(
                f"{without_password(url)} has the schema {revision!r}, which this release does not "
                "know: a newer release made it. Update Tonight"
            )
        connection.execute(text(f"SET LOCAL lock_timeout = {int(lock_seconds * 1000)}"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
            connection.commit()
        except Exception as error:
            if isinstance(error, DBAPIError) and translated(error).kind not in {"other", "schema"}:
                raise  # no fault of the migration: a table is in use, say
            raise StorageSchemaError(
                f"{without_password(url)} could not be brought from the schema {revision!r} to "
                f"{head!r} ({error}); nothing was changed"
            ) from error
    return revision, head


def _revision(connection: Connection, url: str) -> str | None:
    """The revision of a database of ours; ``None`` for an empty one."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        ours = {"profile", "feedback"} & set(inspect(connection).get_table_names())
        if ours:
            raise StorageSchemaError(
                f"{without_password(url)} has the tables {', '.join(sorted(ours))} of something "
                "else; choose another database or schema"
            )
    return revision


@contextmanager
def alone_on(engine: Engine, wait_seconds: float) -> Iterator[None]:
    """Keeps all other processes from migrating, restoring and moving inside the block.

    The lock belongs to a transaction, not to a session: a pooler in transaction mode would hand the
    session to somebody else.
    """
    deadline = time.monotonic() + wait_seconds
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        question = text("SELECT pg_try_advisory_xact_lock(:number)")
        while not connection.execute(question, {"number": ADVISORY_LOCK}).scalar_one():
            if time.monotonic() > deadline:
                raise StorageBusyError(
                    f"another process has been migrating or restoring for {wait_seconds:g} seconds"
                )
            time.sleep(0.1)
        yield
