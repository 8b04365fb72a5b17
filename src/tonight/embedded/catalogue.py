"""The embedded films."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any, Final

from tonight.domain.errors import EmbeddedDataError
from tonight.domain.movie import Certificate, Movie
from tonight.embedded.files import MANIFEST, base_folder, movielens_folder, read_text

CATALOGUE: Final = "catalogue.jsonl.gz"
ADDITIONS: Final = "additions.jsonl.gz"
FILMS: Final = "films.jsonl.gz"


def load_catalogue(*, with_movielens: bool) -> tuple[Movie, ...]:
    """Return the films of the embedded catalogue in the order of their ``movie_id``.

    Args:
        with_movielens: Whether to add what MovieLens has: its films, and its titles and genres
            for the others. Without its folder there is nothing to add, and that is no error.

    Raises:
        EmbeddedDataError: A file is missing, damaged, or not the one in its manifest.
    """
    return read_catalogue(base_folder(), movielens_folder() if with_movielens else None)


def read_catalogue(base: Traversable, movielens: Traversable | None) -> tuple[Movie, ...]:
    """Return the films of the given folders in the order of their ``movie_id``.

    Args:
        base: The folder of the catalogue.
        movielens: The folder of the MovieLens part; it need not exist.

    Raises:
        EmbeddedDataError: A file is missing, damaged, or not the one in its manifest.
    """
    facts = {entry["movie_id"]: entry for entry in _entries(base, CATALOGUE)}
    if movielens is not None and (movielens / MANIFEST).is_file():
        for addition in _entries(movielens, ADDITIONS):
            if addition["movie_id"] not in facts:
                message = "embedded data: the MovieLens part belongs to another catalogue"
                raise EmbeddedDataError(message)
            _add(facts[addition["movie_id"]], addition)
        facts |= {entry["movie_id"]: entry for entry in _entries(movielens, FILMS)}
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    return tuple(_movie(facts[movie_id], shared) for movie_id in sorted(facts))


def _entries(folder: Traversable, name: str) -> Iterator[dict[str, Any]]:
    try:
        # Not splitlines: it would also split at the rarer line ends that a title may contain.
        for line in read_text(folder, name).split("\n")[:-1]:
            yield json.loads(line)
    except ValueError as error:
        message = f"embedded data: {name} is not JSON lines"
        raise EmbeddedDataError(message) from error


def _add(facts: dict[str, Any], addition: Mapping[str, Any]) -> None:
    facts["alternative_titles"] = [
        *facts.get("alternative_titles", ()),
        *addition.get("alternative_titles", ()),
    ]
    facts["genres"] = addition.get("genres") or facts.get("genres", ())


def _movie(facts: Mapping[str, Any], shared: dict[tuple[str, ...], tuple[str, ...]]) -> Movie:
    def names(fact: str) -> tuple[str, ...]:
        # Most films have their genres, countries and people in common with others: one copy of
        # each saves every worker megabytes.
        found = tuple(map(sys.intern, facts.get(fact, ())))
        return shared.setdefault(found, found)

    certificate = facts.get("certificate")
    return Movie(
        movie_id=facts["movie_id"],
        title=facts["title"],
        year=facts["year"],
        original_title=facts.get("original_title"),
        alternative_titles=tuple(facts.get("alternative_titles", ())),
        imdb_id=facts.get("imdb_id"),
        runtime_minutes=facts.get("runtime_minutes"),
        genres=names("genres"),
        directors=names("directors"),
        cast=names("cast"),
        languages=names("languages"),
        countries=names("countries"),
        certificate=Certificate(certificate) if certificate else None,
        n_reviews=facts.get("n_reviews", 0),
        review_score=facts.get("review_score"),
        notable=facts.get("notable", False),
    )
