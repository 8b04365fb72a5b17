"""What was said of the films, in a file that survives the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class Store:
    """Stars by title in SQLite, which any number of processes share.

    Each process remembers what it has read, and asks the file, which costs microseconds, only
    whether anybody has written since: no process ever answers from what another has changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._writing() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS rating (title PRIMARY KEY, stars)")
        self._reading = sqlite3.connect(path, timeout=5, check_same_thread=False)
        self._version = -1
        self._stars: dict[str, int] = {}

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
            connection.execute("PRAGMA synchronous=FULL")
            yield connection

    def rate(self, title: str, stars: int) -> None:
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO rating VALUES (?, ?)", (title, stars))

    def stars(self) -> dict[str, int]:
        ((version,),) = self._reading.execute("PRAGMA data_version")
        if version != self._version:
            self._stars = dict(self._reading.execute("SELECT title, stars FROM rating"))
            self._version = version
        return self._stars
