"""Everything that all viewers have said of films, without saying who they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select

from tonight.domain.feedback import WATCHED, FeedbackKind
from tonight.storage.backup import opened
from tonight.storage.postgres import open_postgres
from tonight.storage.postgres_migration import STEP_SECONDS, check_schema
from tonight.storage.rows import BATCH
from tonight.storage.schema import feedback as rows
from tonight.storage.sqlite import storage_errors

#: Viewer, film, what was said. The viewer is the number of a row: it leads back to no cookie.
Opinion = tuple[int, str, FeedbackKind]

_OPINIONS: Final = (
    select(rows.c.profile_key, rows.c.movie_id, rows.c.kind)
    .where(rows.c.undone_at_us.is_(None), rows.c.kind.in_(sorted(WATCHED)))
    .order_by(rows.c.id)
)


@contextmanager
def opinions_in_sqlite(database: Path) -> Iterator[Iterator[Opinion]]:
    """The opinions in a SQLite database, oldest first; none where there is no file yet.

    Raises:
        StorageError: They cannot be read.
    """
    if not database.exists():
        yield iter(())
        return
    with opened(database) as engine:
        yield _opinions(engine)


@contextmanager
def opinions_in_postgres(url: str) -> Iterator[Iterator[Opinion]]:
    """The opinions in a PostgreSQL database, oldest first.

    Raises:
        StorageError: They cannot be read.
    """
    engine = open_postgres(url, pool_size=1, timeout_seconds=STEP_SECONDS)
    try:
        with storage_errors():
            with engine.connect() as connection:
                check_schema(connection, url)
            yield _opinions(engine)
    finally:
        engine.dispose()


def _opinions(engine: Engine) -> Iterator[Opinion]:
    with engine.connect() as connection:
        found = connection.execute(_OPINIONS, execution_options={"yield_per": BATCH})
        for viewer, movie_id, kind in found:
            yield viewer, movie_id, FeedbackKind(kind)
