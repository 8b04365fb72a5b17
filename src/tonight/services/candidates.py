"""Which films fit the wishes, and which wish to relax when none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tonight.domain.evening import end_of
from tonight.domain.movie import Certificate
from tonight.domain.suggestion import Relaxation
from tonight.domain.wishes import Wishes
from tonight.services.catalogue import Catalogue, Mask

#: A shorter step would be pedantry: nobody plans an evening to the minute.
STEP_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Condition:
    """One wish, applied to every film.

    Attributes:
        parameter: The wish's public name.
        fits: Which films are known to fulfil it: bool of shape (n_items,).
        unknown: Of which films nobody knows whether they do; ``None`` where all is known.
    """

    parameter: str
    fits: Mask
    unknown: Mask | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """The films that fulfil every wish.

    Attributes:
        fits: bool of shape (n_items,).
        unknown: The films that fulfil every wish that can be judged, while a fact that another
            wish asks for is unknown: likewise.
    """

    fits: Mask
    unknown: Mask


def conditions(catalogue: Catalogue, wishes: Wishes) -> list[Condition]:
    """The wishes that restrict the choice, each applied to every film."""
    found: list[Condition] = []
    minutes = catalogue.runtime_minutes
    for parameter, limit in (
        ("max_minutes", wishes.max_minutes),
        ("until", wishes.minutes_left),
    ):
        if limit is not None:
            unknown = catalogue.runtime_unknown
            found.append(Condition(parameter, (minutes <= limit) & ~unknown, unknown))
    if wishes.min_year is not None:
        found.append(Condition("min_year", catalogue.year >= wishes.min_year))
    if wishes.max_year is not None:
        found.append(Condition("max_year", catalogue.year <= wishes.max_year))
    if wishes.max_certificate is not None:
        unknown = catalogue.severity_unknown
        fits = (catalogue.severity <= wishes.max_certificate.severity) & ~unknown
        found.append(Condition("max_certificate", fits, unknown))
    if wishes.genre:
        found.append(Condition("genre", catalogue.has_genre(wishes.genre), catalogue.genre_unknown))
    if wishes.without_genre:
        unknown = catalogue.genre_unknown
        fits = ~(unknown | catalogue.has_genre(wishes.without_genre))
        found.append(Condition("without_genre", fits, unknown))
    if wishes.language:
        fits = catalogue.speaks(wishes.language)
        found.append(Condition("language", fits, catalogue.language_unknown))
    if wishes.country:
        fits = catalogue.comes_from(wishes.country)
        found.append(Condition("country", fits, catalogue.country_unknown))
    return found


def find_candidates(wanted: Sequence[Condition], available: Mask) -> Candidates:
    """Which of the available films fulfil every condition.

    Args:
        wanted: What ``conditions`` made of the wishes.
        available: The films that may be suggested at all: bool of shape (n_items,).
    """
    fits = available.copy()
    may_fit = available.copy()
    for condition in wanted:
        fits &= condition.fits
        may_fit &= (
            condition.fits if condition.unknown is None else condition.fits | condition.unknown
        )
    return Candidates(fits, may_fit & ~fits)


def relaxations(
    catalogue: Catalogue,
    wishes: Wishes,
    wanted: Sequence[Condition],
    excluded: Mask,
    remembered: Mask,
    now: datetime,
) -> tuple[Relaxation, ...]:
    """The wishes whose relaxing alone leads to films, the most fruitful first.

    Args:
        catalogue: The films.
        wishes: What the viewer asked for; no film fulfils it.
        wanted: What ``conditions`` made of the wishes.
        excluded: The films that the request excludes: bool of shape (n_items,).
        remembered: The films that the viewer's history excludes: bool of shape (n_items,).
        now: The viewer's time, for the time of day of a later end.
    """
    everything = np.ones(len(catalogue), dtype=np.bool_)
    found: list[Relaxation] = []
    for condition in wanted:
        others = [other for other in wanted if other is not condition]
        reachable = find_candidates(others, ~(excluded | remembered)).fits
        missed = reachable & ~condition.fits
        if condition.unknown is not None:
            # A film whose fact is unknown is not reached by asking for less of that fact.
            missed &= ~condition.unknown
        if missed.any():
            found.append(_relax(catalogue, wishes, condition.parameter, missed, now))
    for parameter, blocked, rest, text in (
        ("exclude", excluded, remembered, "Allowing the films you excluded gives {films}"),
        (
            "history",
            remembered,
            excluded,
            "You have already seen or put off {films} that would fit",
        ),
    ):
        n_films = int(np.count_nonzero(find_candidates(wanted, everything & ~rest).fits & blocked))
        if n_films:
            found.append(
                Relaxation(parameter, text.format(films=_films(n_films)), None, None, n_films)
            )
    return tuple(sorted(found, key=lambda relaxation: -relaxation.n_films))


def _relax(
    catalogue: Catalogue, wishes: Wishes, parameter: str, missed: Mask, now: datetime
) -> Relaxation:
    match parameter:
        case "max_minutes" | "until":
            return _relax_minutes(catalogue, wishes, parameter, missed, now)
        case "min_year" | "max_year":
            return _relax_year(catalogue, wishes, parameter, missed)
        case "max_certificate":
            severities = catalogue.severity[missed]
            mildest = int(severities.min())
            certificate = list(Certificate)[mildest]
            assert wishes.max_certificate is not None  # noqa: S101 - it made the condition
            n_films = int(np.count_nonzero(severities == mildest))
            text = f"Films rated {certificate} as well gives {_films(n_films)}"
            return Relaxation(
                parameter, text, certificate, mildest - wishes.max_certificate.severity, n_films
            )
        case _:
            n_films = int(np.count_nonzero(missed))
            names = {
                "genre": "Any genre",
                "without_genre": "Allowing every genre",
                "language": "Any language",
                "country": "Any country",
            }
            text = f"{names[parameter]} gives {_films(n_films)}"
            return Relaxation(parameter, text, None, None, n_films)


def _relax_minutes(
    catalogue: Catalogue, wishes: Wishes, parameter: str, missed: Mask, now: datetime
) -> Relaxation:
    limit = wishes.max_minutes if parameter == "max_minutes" else wishes.minutes_left
    assert limit is not None  # noqa: S101 - it made the condition
    minutes = catalogue.runtime_minutes[missed]
    by = -(-(int(minutes.min()) - limit) // STEP_MINUTES) * STEP_MINUTES
    n_films = int(np.count_nonzero(minutes <= limit + by))
    text = f"{by} minutes more gives {_films(n_films)}"
    value: int | str = limit + by
    if parameter == "until":
        value = f"{end_of(now, limit + by):%H:%M}"
    return Relaxation(parameter, text, value, by, n_films)


def _relax_year(catalogue: Catalogue, wishes: Wishes, parameter: str, missed: Mask) -> Relaxation:
    years = catalogue.year[missed]
    if parameter == "min_year":
        assert wishes.min_year is not None  # noqa: S101 - it made the condition
        value = int(years.max())
        by, text = wishes.min_year - value, f"Films from {value} on"
    else:
        assert wishes.max_year is not None  # noqa: S101 - it made the condition
        value = int(years.min())
        by, text = value - wishes.max_year, f"Films up to {value}"
    n_films = int(np.count_nonzero(years == value))
    return Relaxation(parameter, f"{text} gives {_films(n_films)}", value, by, n_films)


def _films(n_films: int) -> str:
    return "1 film" if n_films == 1 else f"{n_films} films"
