"""The facts of the catalogue's films as the recommender takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy import sparse

from tonight.domain.movie import GENRES, Movie
from tonight.recsys.items import Items

#: What each group of features takes from a film.
_GROUPS: dict[str, Callable[[Movie], Iterable[str]]] = {
    "genre": lambda movie: movie.genres,
    "era": lambda movie: _eras(movie.year),
    "director": lambda movie: movie.directors,
    "cast": lambda movie: movie.cast,
    "language": lambda movie: movie.languages,
    "country": lambda movie: movie.countries,
    "certificate": lambda movie: () if movie.certificate is None else (movie.certificate.value,),
}
#: A feature that fewer films have says nothing about another film.
_MIN_FILMS = 2


def item_features(movies: Sequence[Movie]) -> Items:
    """The items of a catalogue; the item index is the film's position.

    Args:
        movies: The catalogue's films, in its order.

    Returns:
        The facts. Genres are in the order of ``GENRES``; other features are sorted by name.
    """
    return Items(
        groups={
            name: _binary([tuple(take(m)) for m in movies], name) for name, take in _GROUPS.items()
        },
        year=np.array([movie.year for movie in movies], dtype=np.int64),
        n_reviews=np.array([movie.n_reviews for movie in movies], dtype=np.int64),
        review_score=np.array(
            [np.nan if m.review_score is None else m.review_score / 100 for m in movies],
            dtype=np.float64,
        ),
        notable=np.array([movie.notable for movie in movies], dtype=np.bool_),
    )


def _eras(year: int) -> tuple[str, ...]:
    """The decade, and the one whose middle is nearer: neighbours across a border share one."""
    return (f"{year // 10}0s", f"{(year + 5) // 10}0s-around")


def _binary(values: list[tuple[str, ...]], group: str) -> sparse.csr_array:
    if group == "genre":
        names: Sequence[str] = GENRES
    else:
        counts = Counter(value for item in values for value in set(item))
        names = sorted(name for name, count in counts.items() if count >= _MIN_FILMS)
    column = {name: index for index, name in enumerate(names)}
    pairs = [
        (row, column[value])
        for row, item in enumerate(values)
        for value in sorted(set(item))
        if value in column
    ]
    rows = np.array([row for row, _ in pairs], dtype=np.int32)
    columns = np.array([col for _, col in pairs], dtype=np.int32)
    ones = np.ones(len(pairs), dtype=np.float32)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(values), len(names)))
