"""A suggestion, its reason, and what to relax when nothing can be suggested."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

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
