"""Readers of our own files: notable films, joins, corrections and exclusions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from tonight.domain.movie import GENRES, Certificate
from tools.data.films import SourceFilm
from tools.data.vocabularies import Vocabularies, read_rows

Identity: TypeAlias = tuple[str, int]


def _number(cell: str) -> int:
    return int(cell)


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in cell.split("|") if name))


#: The facts that a correction may state, and how its cell is read.
_CORRECTABLE: Final[Mapping[str, Callable[[str], Any]]] = {
    "title": str,
    "year": _number,
    "original_title": str,
    "runtime_minutes": _number,
    "directors": _names,
    "cast": _names,
    "languages": _names,
    "countries": _names,
    "certificate": str,
    "imdb_id": str,
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A fact of ours that replaces a missing or wrong one of a source.

    Attributes:
        fact: A field of ``SourceFilm``.
        value: What it is; "" and () mean that it is unknown.
        reason: What is wrong with the source's.
    """

    fact: str
    value: Any
    reason: str

    def applied_to(self, film: SourceFilm) -> SourceFilm:
        """Return the film with this fact put right."""
        facts: dict[str, Any] = {self.fact: None if self.value == "" else self.value}
        return replace(film, **facts)


@dataclass(frozen=True, slots=True)
class OurFiles:
    """Everything written in the project about films.

    Attributes:
        films: The rows of ``supplement.csv`` and ``modern.csv``.
        aliases: (MovieLens title, year) to the film that it is: the IMDb id of a CC0 film, or the
            title and year of one of ours ("Ninja Scroll (1993)"); "" when it is none.
        corrections: By the title and year of the source's film.
        exclusions: (title, year) of a source's film to the reason why it is none for us.
    """

    films: tuple[SourceFilm, ...]
    aliases: Mapping[Identity, str]
    corrections: Mapping[Identity, tuple[Correction, ...]]
    exclusions: Mapping[Identity, str]

    @classmethod
    def read(cls, folder: Path, vocabularies: Vocabularies) -> OurFiles:
        """Return what the files in ``folder`` state.

        Raises:
            ValueError: A cell is not what its column holds, or a film is named twice.
        """
        corrections: dict[Identity, tuple[Correction, ...]] = {}
        for row in read_rows(folder / "corrections.csv"):
            identity = _identity(row)
            correction = Correction(
                row["fact"], _CORRECTABLE[row["fact"]](row["value"]), row["reason"]
            )
            corrections[identity] = (*corrections.get(identity, ()), correction)
        films = (
            *read_films(folder / "supplement.csv", vocabularies),
            *read_films(folder / "modern.csv", vocabularies),
        )
        if twice := {film.key for film in films if sum(f.key == film.key for f in films) > 1}:
            message = f"in our files twice: {', '.join(sorted(twice))}"
            raise ValueError(message)
        return cls(
            films=films,
            aliases={
                (row["movielens_title"], int(row["year"])): row["same_as"]
                for row in read_rows(folder / "aliases.csv")
            },
            corrections=corrections,
            exclusions={
                _identity(row): row["reason"] for row in read_rows(folder / "exclusions.csv")
            },
        )


def _identity(row: Mapping[str, str]) -> Identity:
    return row["title"], int(row["year"])


def read_films(path: Path, vocabularies: Vocabularies) -> list[SourceFilm]:
    """Return the films of one of our CSV files.

    Cells with several values are separated by "|"; an empty cell is an unknown fact.

    Raises:
        ValueError: A genre or certificate is not in our tables, or a number is none.
    """
    return [_our_film(path.name, row, vocabularies) for row in read_rows(path)]


def _our_film(file_name: str, row: Mapping[str, str], vocabularies: Vocabularies) -> SourceFilm:
    genres = _names(row["genres"])
    unknown = set(genres) - set(GENRES) | {row["certificate"]} - {"", *Certificate}
    if unknown or not row["title"]:
        message = f"{file_name}, {row['title']} ({row['year']}): {', '.join(sorted(unknown))}"
        raise ValueError(message)
    return SourceFilm(
        key=f"tonight:{row['title']} ({row['year']})",
        title=row["title"],
        year=int(row["year"]),
        original_title=row["original_title"] or None,
        runtime_minutes=int(row["runtime_minutes"]) if row["runtime_minutes"] else None,
        genres=tuple(genre for genre in GENRES if genre in genres),
        directors=_names(row["directors"]),
        cast=_names(row["cast"]),
        languages=vocabularies.our_languages(_names(row["languages"])),
        countries=vocabularies.our_countries(_names(row["countries"])),
        certificate=row["certificate"] or None,
    )
