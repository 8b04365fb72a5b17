"""The idea itself, without the web: a film from a list, by a given source of chance."""

from __future__ import annotations

from collections.abc import Sequence
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


def suggest(films: Sequence[Film], max_minutes: int, chance: Random) -> Film | None:
    """A film that is short enough, or ``None`` when there is none."""
    fitting = [film for film in films if film.minutes <= max_minutes]
    return chance.choice(fitting) if fitting else None
