"""What was said of the films, in a file that survives the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class Store:
    """Stars by title in SQLite; what ``rate`` has returned from is on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS rating (title PRIMARY KEY, stars)")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
            connection.execute("PRAGMA synchronous=FULL")
            yield connection

    def rate(self, title: str, stars: int) -> None:
        with self._connection() as connection:
            connection.execute("INSERT OR REPLACE INTO rating VALUES (?, ?)", (title, stars))

    def stars(self) -> dict[str, int]:
        with self._connection() as connection:
            return dict(connection.execute("SELECT title, stars FROM rating"))
