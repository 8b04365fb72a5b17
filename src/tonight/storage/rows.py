"""All rows of a database: their fingerprint, and the way into another one, whatever its engine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table, func, insert, select, text

from tonight.storage.schema import feedback, metadata, profile

#: Rows that are read, written and committed together.
BATCH: Final = 5_000

#: In the order in which rows refer to earlier ones.
_TABLES: Final[tuple[Table, ...]] = tuple(metadata.sorted_tables)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What two databases have in common that hold the same.

    Attributes:
        n_profiles: How many viewers have said something.
        n_statements: How many statements there are, with those that were taken back.
        sha256: Of every column of every row, in the order of the keys; hexadecimal.
    """

    n_profiles: int
    n_statements: int
    sha256: str


def newest_keys(connection: Connection) -> dict[str, int]:
    """The greatest key of each table; 0 for an empty one."""
    return {
        table.name: connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        for table in _TABLES
    }


def fingerprint(connection: Connection, up_to: dict[str, int] | None = None) -> Fingerprint:
    """Reads every row; the same on every engine.

    Args:
        connection: In a transaction that sees one moment.
        up_to: The greatest key of each table that counts; all by default.
    """
    digest = hashlib.sha256()
    counts: dict[str, int] = {}
    for table in _TABLES:
        statement = select(table).order_by(table.c.id)
        if up_to is not None:
            statement = statement.where(table.c.id <= up_to[table.name])
        counts[table.name] = 0
        # By name, so that a column that a later migration puts elsewhere changes nothing.
        digest.update(f"{table.name}:{','.join(table.c.keys())}\n".encode())
        for row in connection.execute(statement, execution_options={"yield_per": BATCH}):
            digest.update(f"{tuple(row)!r}\n".encode())
            counts[table.name] += 1
    return Fingerprint(counts[profile.name], counts[feedback.name], digest.hexdigest())


def copy_rows(
    source: Connection, target: Connection, after_batch: Callable[[int], None] = lambda _: None
) -> None:
    """Copies the rows with keys beyond those that the target has, with their keys.

    Args:
        source: In a transaction that sees one moment.
        target: In a transaction that writes.
        after_batch: Is told of each batch how many rows it had, and may commit it.
    """
    for table in _TABLES:
        newest = newest_keys(target)[table.name]
        following = select(table).order_by(table.c.id).limit(BATCH)
        while found := source.execute(following.where(table.c.id > newest)).mappings().all():
            target.execute(insert(table), [dict(row) for row in found])
            newest = found[-1]["id"]
            after_batch(len(found))


def number_on(connection: Connection) -> None:
    """Lets PostgreSQL give new rows keys beyond those that were copied; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in _TABLES:
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - a name of ours
                f"greatest(max(id), 1), max(id) IS NOT NULL) FROM {table.name}"
            )
        )
