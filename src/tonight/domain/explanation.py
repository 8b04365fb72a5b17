"""How well a film would suit a viewer, and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass

from tonight.domain.movie import Movie


@dataclass(frozen=True, slots=True)
class Influence:
    """A film that the viewer has judged, and what it says about another one.

    Attributes:
        movie: The judged film.
        liked: Whether the viewer liked it; otherwise it was not for him.
        share: Its contribution over the sum of the sizes of all; below 0 it speaks against.
    """

    movie: Movie
    liked: bool
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a film would suit a viewer, or would not.

    The sizes of all shares, ``widely_liked_share`` among them, add up to 1.

    Attributes:
        text: The explanation in a sentence or two.
        influences: The judged films that bear on it, the largest share first.
        widely_liked_share: What the film's popularity adds; below 0 what it takes away.
        n_better: How many of the compared films suit the viewer better.
        n_compared: How many films were compared: all that the viewer has said nothing about.
    """

    text: str
    influences: tuple[Influence, ...]
    widely_liked_share: float
    n_better: int
    n_compared: int
