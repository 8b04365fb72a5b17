"""Lists everything that a viewer has said, film by film."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tonight.domain.feedback import WATCHED, Feedback, FeedbackKind
from tonight.domain.movie import Movie
from tonight.services.catalogue import Catalogue

_ARTICLES: Final = ("the ", "a ", "an ")


@dataclass(frozen=True, slots=True)
class MyFilm:
    """A film and all that a viewer has said about it.

    Attributes:
        movie_id: The film.
        movie: Its facts; ``None`` when it has left the catalogue.
        opinion: What counts of *liked*, *okay*, *disliked* and *seen*.
        bar: What counts of *never* and *not tonight*.
        earlier: What was taken back, has run out or was replaced, the newest first.
        said_at: When something was last said about it.
    """

    movie_id: str
    movie: Movie | None
    opinion: Feedback | None
    bar: Feedback | None
    earlier: tuple[Feedback, ...]
    said_at: datetime

    @property
    def title(self) -> str:
        """The film's title, or its id when it has left the catalogue."""
        return self.movie_id if self.movie is None else self.movie.title

    @property
    def counts(self) -> bool:
        """Whether anything that was said of it still counts."""
        return self.opinion is not None or self.bar is not None


class Order(StrEnum):
    """The orders in which a viewer can have his films."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    YEAR = "year"


#: What is chosen where nothing counts any more.
OVER: Final = "over"

#: What can be chosen by what was said.
VERDICTS: Final = (*(kind.value for kind in FeedbackKind), OVER)


def list_my_films(
    catalogue: Catalogue, statements: Iterable[Feedback], now: datetime
) -> tuple[MyFilm, ...]:
    """Every film of which the viewer has said something, the newest first.

    Args:
        catalogue: The films.
        statements: All statements, also those taken back, oldest first.
        now: The moment, with a time zone.
    """
    by_film: dict[str, list[Feedback]] = {}
    for statement in statements:
        # Re-inserted, so that the order is that of the newest statement.
        said = by_film.pop(statement.movie_id, [])
        said.append(statement)
        by_film[statement.movie_id] = said
    return tuple(_my_film(catalogue, said, now) for said in reversed(by_film.values()))


def choose(
    films: Iterable[MyFilm], *, verdict: str | None = None, text: str = ""
) -> tuple[MyFilm, ...]:
    """The films that somebody looks for, in their order.

    Args:
        films: From ``list_my_films``.
        verdict: One of ``VERDICTS``; without one all films of which something counts.
        text: Part of a title or of a director's or an actor's name, in any case and without
            regard to accents.
    """
    wanted = folded(text)
    return tuple(
        film
        for film in films
        if _has_verdict(film, verdict) and (not wanted or wanted in _searchable(film))
    )


def in_order(films: Sequence[MyFilm], order: Order) -> tuple[MyFilm, ...]:
    """The films in another order; equal ones stay as they are.

    Args:
        films: From ``list_my_films``, the newest first.
        order: The order.
    """
    if order is Order.NEWEST:
        return tuple(films)
    if order is Order.OLDEST:
        return tuple(reversed(films))
    keys: dict[Order, Callable[[MyFilm], object]] = {
        Order.TITLE: _title_key,
        Order.YEAR: lambda film: (-(film.movie.year if film.movie else 0), _title_key(film)),
    }
    return tuple(sorted(films, key=keys[order]))  # type: ignore[arg-type] # all keys of one order


def folded(text: str) -> str:
    """A text without case and accents, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.split())


def _my_film(catalogue: Catalogue, said: Sequence[Feedback], now: datetime) -> MyFilm:
    opinion: Feedback | None = None
    bar: Feedback | None = None
    for statement in said:
        if statement.undone_at is not None:
            continue
        if statement.kind in WATCHED:
            opinion = statement
        elif statement.expires_at is None or statement.expires_at > now:
            bar = statement
    newest = said[-1]
    index = catalogue.find(newest.movie_id)
    return MyFilm(
        movie_id=newest.movie_id,
        movie=None if index is None else catalogue.movies[index],
        opinion=opinion,
        bar=bar,
        earlier=tuple(s for s in reversed(said) if s is not opinion and s is not bar),
        said_at=newest.created_at,
    )


def _has_verdict(film: MyFilm, verdict: str | None) -> bool:
    if verdict is None:
        return film.counts
    if verdict == OVER:
        return not film.counts
    return any(said is not None and said.kind == verdict for said in (film.opinion, film.bar))


def _searchable(film: MyFilm) -> str:
    movie = film.movie
    if movie is None:
        return folded(film.movie_id)
    names = (
        movie.title,
        movie.original_title or "",
        *movie.alternative_titles,
        *movie.directors,
        *movie.cast,
        str(movie.year),
    )
    return folded(" | ".join(names))


def _title_key(film: MyFilm) -> str:
    title = folded(film.title)
    article = next((article for article in _ARTICLES if title.startswith(article)), "")
    return title.removeprefix(article)
