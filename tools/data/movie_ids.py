"""The registry that makes a film's identifier immutable."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from tools.data.films import SourceFilm
from tools.data.titles import slug
from tools.data.vocabularies import read_rows


class MovieIds:
    """Identifiers by the keys of the sources: read from a file, only ever added to.

    A film keeps its identifier as long as one of its sources still has it, whatever becomes of its
    title, its year or its other sources.
    """

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        """Start with the given pairs of key and identifier."""
        self._ids = dict(known)
        self._taken = set(self._ids.values())

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the registry in ``path``."""
        return cls((row["key"], row["movie_id"]) for row in read_rows(path))

    def write(self, path: Path) -> None:
        """Write the registry to ``path``, sorted by identifier."""
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(("key", "movie_id"))
            by_id = sorted((movie_id, key) for key, movie_id in self._ids.items())
            writer.writerows((key, movie_id) for movie_id, key in by_id)

    def of(self, entries: Iterable[SourceFilm], title: str, year: int) -> str:
        """Return the identifier of the film that ``entries`` speak of, a new one if need be.

        A new one is the slug of title and year; where another film has it already a number is
        added: ``-2``, ``-3``.
        """
        keys = [entry.key for entry in entries]
        registered = [self._ids[key] for key in keys if key in self._ids]
        movie_id = registered[0] if registered else self._free(slug(title, year))
        self._ids.setdefault(keys[0], movie_id)
        self._taken.add(movie_id)
        return movie_id

    def _free(self, wanted: str) -> str:
        movie_id, number = wanted, 1
        while movie_id in self._taken:
            number += 1
            movie_id = f"{wanted}-{number}"
        return movie_id
