"""What a viewer wants this evening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from tonight.domain.movie import Certificate


@dataclass(frozen=True, slots=True)
class Wishes:
    """The viewer's wishes for one suggestion; every one of them is optional.

    Attributes:
        like: Ids of films that the viewer likes, beside those remembered.
        dislike: Ids of films that the viewer does not like.
        exclude: Ids of films that must not be suggested.
        genre: The film has at least one of these genres.
        without_genre: The film has none of these genres.
        max_minutes: The film is at most this long.
        until: The film has ended by this time of the viewer's clock.
        minutes_left: How many minutes are left until then; set where ``until`` is.
        min_year: The film is of this year or later.
        max_year: The film is of this year or earlier.
        language: At least one of these languages is spoken in the film.
        country: At least one of these countries produced the film.
        max_certificate: The film's certificate is at most this strict.
        novelty: From 0, well known, to 1, hidden gem.
        seed: Makes the draw among equally good films repeatable.
    """

    like: tuple[str, ...] = ()
    dislike: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    genre: tuple[str, ...] = ()
    without_genre: tuple[str, ...] = ()
    max_minutes: int | None = None
    until: time | None = None
    minutes_left: int | None = None
    min_year: int | None = None
    max_year: int | None = None
    language: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    max_certificate: Certificate | None = None
    novelty: float = 0.0
    seed: int | None = None
