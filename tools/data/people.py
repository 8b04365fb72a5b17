"""The names of directors and actors: one spelling each, and how prominent each actor is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tonight.domain.titles import words
from tools.data.films import SourceFilm


def person_key(name: str) -> str:
    """Return the form in which two spellings of one name are equal: "Bong Joon-ho"."""
    return "".join(words(name))


def common_spellings(films: Iterable[SourceFilm]) -> Mapping[str, str]:
    """Return the most frequent spelling of each name, by its key.

    Where two are equally frequent the alphabet decides.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for film in films:
        for name in (*film.directors, *film.cast):
            counts[person_key(name)][name] += 1
    return {
        key: min(spellings, key=lambda name: (-spellings[name], name))
        for key, spellings in counts.items()
    }


def with_spellings(film: SourceFilm, spellings: Mapping[str, str]) -> SourceFilm:
    """Return the film with its people spelt as in ``spellings``, each once."""
    return replace(
        film,
        directors=_respelt(film.directors, spellings),
        cast=_respelt(film.cast, spellings),
    )


def _respelt(names: Iterable[str], spellings: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spellings.get(person_key(name), name) for name in names))


def cast_prominence(films: Iterable[SourceFilm], min_reviews: int) -> Mapping[str, float]:
    """Return how prominent each actor is, by name.

    An actor's prominence is the sum over his films of their reviews, each film's shared among its
    cast: a leading part is more often one of few, a small one one of many.

    Args:
        films: The films.
        min_reviews: Films with fewer do not count.
    """
    prominence: defaultdict[str, float] = defaultdict(float)
    for film in films:
        if film.n_reviews >= min_reviews:
            for name in film.cast:
                prominence[name] += film.n_reviews / len(film.cast)
    return prominence
