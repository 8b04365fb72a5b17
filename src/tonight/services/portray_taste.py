"""A viewer's taste at a glance: when his films were made, what they are, what they are near to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tonight.domain.feedback import FeedbackKind
from tonight.domain.movie import Movie
from tonight.recsys.layout import embed_in_plane
from tonight.recsys.recommender import FloatArray
from tonight.recsys.reranking import mmr
from tonight.services.list_my_films import MyFilm
from tonight.services.suggest_movie import Library

#: More liked films than this are not compared with each other; the newest are.
MAX_COMPARED = 300

#: How much the choice of the films on a map weighs their variety against how typical they are.
VARIETY = 0.6


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the viewer's films have something in common.

    Attributes:
        name: A decade (``1990s``) or a genre.
        n_liked: Films that he liked.
        n_okay: Films that were okay, or of which he only said that he has seen them.
        n_disliked: Films that were not for him.
    """

    name: str
    n_liked: int
    n_okay: int
    n_disliked: int

    @property
    def n_films(self) -> int:
        """All of them."""
        return self.n_liked + self.n_okay + self.n_disliked


@dataclass(frozen=True, slots=True)
class Place:
    """A film on the map.

    Attributes:
        movie: The film.
        x: To the right, without unit; only distances mean something.
        y: Downwards, in the same unit.
        is_liked: Whether the viewer likes it; otherwise it is a neighbour.
        near: The position, in the map, of the liked film that it is most alike to.
    """

    movie: Movie
    x: float
    y: float
    is_liked: bool
    near: int


def by_decade(films: Iterable[MyFilm]) -> tuple[Tally, ...]:
    """How many films of each decade the viewer has judged, without gaps, the oldest first."""
    counts = _count((f"{film.movie.year // 10 * 10}s", film) for film in films if film.movie)
    if not counts:
        return ()
    decades = sorted(int(name[:-1]) for name in counts)
    names = [f"{decade}s" for decade in range(decades[0], decades[-1] + 10, 10)]
    return tuple(_tally(name, counts.get(name, Counter())) for name in names)


def by_genre(films: Iterable[MyFilm]) -> tuple[Tally, ...]:
    """How many films of each genre the viewer has judged, the most liked first."""
    counts = _count((genre, film) for film in films if film.movie for genre in film.movie.genres)
    tallies = [_tally(name, count) for name, count in counts.items()]
    return tuple(sorted(tallies, key=lambda tally: (-tally.n_liked, -tally.n_films, tally.name)))


def map_of_taste(
    library: Library, films: Sequence[MyFilm], n_liked: int, n_neighbours: int
) -> tuple[Place, ...]:
    """The films that the viewer liked, among the well-known films that they resemble most.

    Args:
        library: The films and the model.
        films: The viewer's films, the newest first.
        n_liked: At most how many liked films; of more, typical and different ones are taken.
        n_neighbours: At most how many neighbours, in turns for each of the liked films.

    Returns:
        The liked films, then their neighbours; none with fewer than two liked films.
    """
    catalogue, model = library.catalogue, library.model
    liked = catalogue.indices(
        film.movie_id
        for film in films
        if film.opinion is not None and film.opinion.kind is FeedbackKind.LIKED
    )[:MAX_COMPARED]
    if len(liked) < 2:
        return ()
    likeness = model.similarity(liked, liked)
    chosen = liked[mmr(likeness.mean(axis=1), likeness, n_liked, diversity=VARIETY)]

    allowed = library.well_known.copy()
    allowed[catalogue.indices(film.movie_id for film in films)] = False
    others = np.flatnonzero(allowed)
    neighbours, near = _in_turns(model.similarity(chosen, others), n_neighbours)

    shown = np.concatenate([chosen, others[neighbours]])
    places = embed_in_plane(model.similarity(shown, shown))
    own = np.arange(len(chosen)).tolist()
    return tuple(
        Place(catalogue.movies[item], float(x), float(y), position < len(chosen), near_to)
        for position, (item, (x, y), near_to) in enumerate(
            zip(shown, places, [*own, *near], strict=True)
        )
    )


def _in_turns(likeness: FloatArray, n: int) -> tuple[list[int], list[int]]:
    """The columns that the rows, each in its turn, find most alike; each column once.

    Args:
        likeness: Shape (rows, columns).
        n: How many at most.

    Returns:
        The columns, and for each the row whose turn it was.
    """
    n = min(n, likeness.shape[1])
    left = likeness.copy()
    columns: list[int] = []
    rows: list[int] = []
    while len(columns) < n:
        row = len(columns) % len(left)
        column = int(np.argmax(left[row]))
        left[:, column] = -np.inf
        columns.append(column)
        rows.append(row)
    return columns, rows


def _count(named: Iterable[tuple[str, MyFilm]]) -> dict[str, Counter[FeedbackKind]]:
    counts: dict[str, Counter[FeedbackKind]] = {}
    for name, film in named:
        if film.opinion is not None:
            counts.setdefault(name, Counter())[film.opinion.kind] += 1
    return counts


def _tally(name: str, count: Counter[FeedbackKind]) -> Tally:
    return Tally(
        name,
        n_liked=count[FeedbackKind.LIKED],
        n_okay=count[FeedbackKind.OKAY] + count[FeedbackKind.SEEN],
        n_disliked=count[FeedbackKind.DISLIKED],
    )
