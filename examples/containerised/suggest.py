"""The idea itself, without the web: a film from a list, by what was said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from pydantic import BaseModel


class Film(BaseModel):
    title: str
    year: int
    minutes: int


FILMS = (
    Film(title="Metropolis", year=1927, minutes=153),
    Film(title="Casablanca", year=1942, minutes=102),
    Film(title="Alien", year=1979, minutes=117),
)


def suggest(
    films: Sequence[Film], max_minutes: int, stars: Mapping[str, int], chance: Random
) -> Film | None:
    """A film that is short enough and was not disliked, the loved ones more often."""
    fitting = [
        film for film in films if film.minutes <= max_minutes and stars.get(film.title, 3) > 2
    ]
    weights = [stars.get(film.title, 3) for film in fitting]
    return chance.choices(fitting, weights)[0] if fitting else None
