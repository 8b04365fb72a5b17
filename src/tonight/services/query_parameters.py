"""What can be asked of a suggestion: one table that both front doors read and document.

FastAPI's own query models cost more than the whole suggestion (they validate every declared
field on each request, given or not), so this table is read directly: only what a request
carries is looked at. The OpenAPI document and the options of the command line are made from the
same rows.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from tonight.domain.movie import GENRES, Certificate

if TYPE_CHECKING:
    # The command line makes its options of this table: its help must not wait for NumPy.
    from tonight.services.catalogue import Catalogue

MAX_IDS: Final = 500
MAX_CHOICES: Final = 50
FIRST_YEAR: Final = 1870
LAST_YEAR: Final = 2100
MAX_MINUTES: Final = 1_440
MAX_SEED: Final = 2**53 - 1

#: Older certificates of the United States, and the ones that replaced them.
OLD_CERTIFICATES: Final = {
    "GP": Certificate.PG,
    "M": Certificate.PG,
    "M/PG": Certificate.PG,
    "X": Certificate.NC_17,
}

_MINUTE: Final = timedelta(minutes=1)

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]*\.?[0-9]+|[0-9]+\.")
_CLOCK_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SLUG = re.compile(r"[a-z0-9-]{1,200}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        name: Its public name.
        description: What it asks for.
        schema: The JSON schema of one value.
        read: Makes the value of the text; raises ``ValueError`` with what is allowed.
        example: An example for the document.
        repeatable: Whether it may be given several times.
        max_values: How many values a repeatable one may have.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    read: Callable[[str, Catalogue], Any]
    example: Any
    repeatable: bool = False
    max_values: int = 1


def _integer(low: int, high: int) -> Callable[[str, Catalogue], int]:
    def read(text: str, _: Catalogue) -> int:
        if _INTEGER.fullmatch(text) and low <= int(text) <= high:
            return int(text)
        raise ValueError(f"must be a whole number from {low} to {high}")

    return read


def _movie_id(text: str, catalogue: Catalogue) -> str:
    index = catalogue.find(text)
    if index is not None:
        return catalogue.movies[index].movie_id
    if _SLUG.fullmatch(text):
        raise ValueError(f"there is no film {text!r}")
    raise ValueError("must be a film's id, such as the-matrix-1999 or tt0133093")


@lru_cache(maxsize=8)
def _folded(choices: tuple[str, ...]) -> dict[str, str]:
    return {choice.casefold(): choice for choice in choices}


def _choice(
    choices: Callable[[Catalogue], tuple[str, ...]], what: str
) -> Callable[[str, Catalogue], str]:
    def read(text: str, catalogue: Catalogue) -> str:
        allowed = choices(catalogue)
        folded = _folded(allowed)
        found = folded.get(text.casefold())
        if found is not None:
            return found
        near = difflib.get_close_matches(text.casefold()[:100], folded, n=3, cutoff=0.6)
        hint = " or ".join(folded[name] for name in near)
        if hint:
            raise ValueError(f"no {what} of that name; did you mean {hint}?")
        some = (
            ", ".join(allowed) if len(allowed) <= len(GENRES) else ", ".join(allowed[:5]) + " ..."
        )
        raise ValueError(f"no {what} of that name; there are {some}")

    return read


def _certificate(text: str, _: Catalogue) -> Certificate:
    name = text.upper()
    if name in OLD_CERTIFICATES:
        return OLD_CERTIFICATES[name]
    try:
        return Certificate(name)
    except ValueError:
        raise ValueError(f"must be one of {', '.join(Certificate)}") from None


def _clock_time(text: str, _: Catalogue) -> time:
    match = _CLOCK_TIME.fullmatch(text)
    if match is None:
        raise ValueError("must be a time of day as HH:MM, such as 22:30")
    return time(int(match[1]), int(match[2]))


def read_moment(text: str) -> datetime:
    """Reads a viewer's time.

    Raises:
        ValueError: It is not ISO 8601 with an offset.
    """
    # A "+" that was not escaped arrives as a space: "...T20:00:00 02:00".
    text = re.sub(r" (?=[0-9]{2}:?[0-9]{2}$)", "+", text)
    try:
        moment = datetime.fromisoformat(text)
        offset = moment.utcoffset()
        # An offset finer than a minute could not be written back (RFC 3339).
        if offset is not None and not offset % _MINUTE and 2000 <= moment.year <= 2200:
            return moment
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be an ISO 8601 time with its offset, such as 2026-11-23T20:15:00+01:00")


def _novelty(text: str, _: Catalogue) -> float:
    if _NUMBER.fullmatch(text) and 0 <= float(text) <= 1 and math.isfinite(float(text)):
        return float(text)
    raise ValueError("must be a number from 0 (well known) to 1 (hidden gem)")


def _format(text: str, _: Catalogue) -> str:
    if text in ("json", "html"):
        return text
    raise ValueError("must be json or html")


def _ids(name: str, description: str, example: str) -> Parameter:
    schema = {"type": "string", "minLength": 1, "maxLength": 200}
    return Parameter(name, description, schema, _movie_id, [example], True, MAX_IDS)


def _choices(
    name: str,
    description: str,
    what: str,
    choices: Callable[[Catalogue], tuple[str, ...]],
    example: str,
) -> Parameter:
    schema: dict[str, Any] = {"type": "string", "minLength": 1}
    if what == "genre":
        schema["enum"] = list(GENRES)
    return Parameter(
        name, description, schema, _choice(choices, what), [example], True, MAX_CHOICES
    )


def _year(name: str, description: str, example: int) -> Parameter:
    schema = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
    return Parameter(name, description, schema, _integer(FIRST_YEAR, LAST_YEAR), example)


#: Every parameter, in the order of the document.
PARAMETERS: Final = (
    _ids(
        "like",
        "A film that you like, by its id or IMDb id. The suggestion builds on it; it is not "
        "suggested itself, and nothing is saved.",
        "the-matrix-1999",
    ),
    _ids("dislike", "A film that you did not like. Nothing is saved.", "grease-1978"),
    _ids("exclude", "A film that must not be suggested.", "titanic-1997"),
    _choices(
        "genre",
        "The film has this genre, or one of these.",
        "genre",
        lambda _: GENRES,
        "Comedy",
    ),
    _choices(
        "without_genre",
        "The film has none of these genres.",
        "genre",
        lambda _: GENRES,
        "Horror",
    ),
    Parameter(
        "max_minutes",
        "The film is at most this long, in minutes.",
        {"type": "integer", "minimum": 1, "maximum": MAX_MINUTES},
        _integer(1, MAX_MINUTES),
        120,
    ),
    Parameter(
        "until",
        "The film, started now, has ended by this time of the viewer's clock (HH:MM; past "
        "midnight works).",
        {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):([0-5][0-9])$"},
        _clock_time,
        "22:30",
    ),
    Parameter(
        "now",
        "The viewer's time as ISO 8601 with its offset. Without it the service takes its own "
        "clock in the time zone that its operator has set.",
        {"type": "string", "format": "date-time"},
        lambda text, _: read_moment(text),
        "2026-11-23T20:15:00+01:00",
    ),
    _year("min_year", "The film is of this year or later.", 1990),
    _year("max_year", "The film is of this year or earlier.", 2020),
    _choices(
        "language",
        "This language, or one of these, is spoken in the film (its English name).",
        "language",
        lambda catalogue: catalogue.languages,
        "French",
    ),
    _choices(
        "country",
        "The film comes from this country, or one of these (its English name).",
        "country",
        lambda catalogue: catalogue.countries,
        "Italy",
    ),
    Parameter(
        "max_certificate",
        "The film's certificate in the United States is at most this strict: G < PG < PG-13 < R "
        "< NC-17. The older GP, M and M/PG count as PG, X as NC-17.",
        {"type": "string", "enum": [*Certificate, *OLD_CERTIFICATES]},
        _certificate,
        "PG-13",
    ),
    Parameter(
        "novelty",
        "From 0, well known, to 1, a hidden gem.",
        {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
        _novelty,
        0.3,
    ),
    Parameter(
        "seed",
        "Makes the draw among equally good films repeatable.",
        {"type": "integer", "minimum": 0, "maximum": MAX_SEED},
        _integer(0, MAX_SEED),
        7,
    ),
    Parameter(
        "format",
        "Overrides the Accept header.",
        {"type": "string", "enum": ["json", "html"]},
        _format,
        "json",
    ),
)
