"""A suggestion, its reason, and what to relax when nothing can be suggested."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from tonight.domain.movie import Movie
from tonight.domain.wishes import Wishes


class Source(StrEnum):
    """Which part of the recommender a suggestion comes from."""

    PERSONAL = "personal"
    FEW_LIKES = "few-likes"
    FEATURES = "features"
    POPULAR = "popular"


class Because(NamedTuple):
    """A film that the viewer liked and what it adds to the suggestion's score.

    Attributes:
        movie: The liked film.
        share: Its positive contribution over the sum of all positive ones, 0 to 1.
    """

    movie: Movie
    share: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a film is suggested: the true shares of its score.

    ``sum(because.share) + wishes_share + widely_liked_share`` is 1.

    Attributes:
        text: The reason in a sentence.
        because: The liked films that count for it, the largest share first.
        wishes_share: What the viewer's wish for novelty adds.
        widely_liked_share: What the film's popularity adds.
    """

    text: str
    because: tuple[Because, ...]
    wishes_share: float
    widely_liked_share: float


#: More liked films than this are not told apart in a picture; the rest is one part.
MAX_FILMS_SHOWN: Final = 6


class Part(NamedTuple):
    """One part of a reason as it is shown.

    Attributes:
        kind: A film of the viewer's, several of them, a wish of the evening, or popularity.
        share: Its part of the whole, 0 to 1.
        movie: The film, where it is one.
        n_movies: How many films, where it is several.
    """

    kind: Literal["liked", "more", "wish", "base"]
    share: float
    movie: Movie | None = None
    n_movies: int = 0


def parts_of(reason: Reason) -> list[Part]:
    """The parts of a reason, the largest share first, the smallest ones of films taken together."""
    films = [Part("liked", because.share, because.movie) for because in reason.because]
    n_named = len(films) if len(films) <= MAX_FILMS_SHOWN else MAX_FILMS_SHOWN - 1
    named, rest = films[:n_named], films[n_named:]
    parts = list(named)
    if reason.wishes_share > 0:
        parts.append(Part("wish", reason.wishes_share))
    if reason.widely_liked_share > 0:
        parts.append(Part("base", reason.widely_liked_share))
    parts.sort(key=lambda part: -part.share)
    if rest:
        # More than the named ones, so after the last of them, however large it is.
        more = Part("more", sum(part.share for part in rest), n_movies=len(rest))
        parts.insert(parts.index(named[-1]) + 1, more)
    return parts


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One film for tonight.

    Attributes:
        movie: The film.
        reason: Why this one.
        source: Which part of the recommender it comes from.
        alternatives: Up to three films that fit as well and differ from it and each other.
        n_fitting: How many films fitted the wishes.
        n_unknown: How many more might have fitted, but a fact that was asked for is unknown.
        wishes: What was understood.
        repeated: Whether every film that fits has been shown this evening already.
        remembered: Whether the viewer's own history could be read.
    """

    movie: Movie
    reason: Reason
    source: Source
    alternatives: tuple[Movie, ...]
    n_fitting: int
    n_unknown: int
    wishes: Wishes
    repeated: bool = False
    remembered: bool = True


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One wish whose relaxing alone leads to films.

    Attributes:
        parameter: The wish, by its public name.
        text: What to change and what it gives: "20 minutes more gives 4 films".
        value: The new value; ``None`` where the wish has to be dropped.
        by: By how much it has to be relaxed, in the wish's own unit; ``None`` where dropped.
        n_films: How many films fit then.
    """

    parameter: str
    text: str
    value: int | str | None
    by: int | None
    n_films: int


@dataclass(frozen=True, slots=True)
class NothingFitsReport:
    """Why no film fits.

    Attributes:
        relaxations: The wishes whose relaxing alone helps, the most fruitful first.
        n_unknown: How many films might fit, but a fact that was asked for is unknown.
        wishes: What was understood.
    """

    relaxations: tuple[Relaxation, ...]
    n_unknown: int
    wishes: Wishes
