"""The tables that bring each source's words for genres, languages and countries to ours."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tonight.domain.movie import GENRES, Certificate


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file with a header, every cell stripped.

    Raises:
        ValueError: A row has more or fewer cells than the header.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        for row in reader:
            if None in row or None in row.values():
                message = f"{path.name}, line {reader.line_num}: not as many cells as the header"
                raise ValueError(message)
            yield {name: cell.strip() for name, cell in row.items()}


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """The mapping tables.

    Attributes:
        genres: (vocabulary, name) to a genre of ours, or to "" where it is none.
        certificates: A historical name to a current certificate.
        languages: A variant to the name we use, or to ""; what is absent stays as it is.
        countries: The same for countries.
    """

    genres: Mapping[tuple[str, str], str]
    certificates: Mapping[str, str]
    languages: Mapping[str, str]
    countries: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return the tables of ``folder``.

        Raises:
            ValueError: A table maps to a genre or certificate that does not exist.
        """
        genres = {
            (row["vocabulary"], row["name"]): row["genre"]
            for row in read_rows(folder / "genres.csv")
        }
        certificates = {
            row["name"]: row["certificate"] for row in read_rows(folder / "certificates.csv")
        }
        unknown = (set(genres.values()) - {"", *GENRES}) | (
            set(certificates.values()) - set(Certificate)
        )
        if unknown:
            message = f"not in our tables: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return cls(
            genres=genres,
            certificates=certificates,
            languages={row["name"]: row["language"] for row in read_rows(folder / "languages.csv")},
            countries={row["name"]: row["country"] for row in read_rows(folder / "countries.csv")},
        )

    def our_genres(self, vocabulary: str, names: Iterable[str]) -> tuple[str, ...]:
        """Return our genres for the names of one vocabulary, in the order of our table.

        Raises:
            KeyError: The vocabulary has no such name: the table needs a row.
        """
        return in_table_order(self.genres[vocabulary, name] for name in names if name)

    def our_languages(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the languages under our names, each once, in the source's order."""
        return _renamed(self.languages, names)

    def our_countries(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the countries under our names, each once, in the source's order."""
        return _renamed(self.countries, names)


def in_table_order(genres: Iterable[str]) -> tuple[str, ...]:
    """Return the given genres of ours, each once, in the order of the table."""
    given = set(genres)
    return tuple(genre for genre in GENRES if genre in given)


def _renamed(table: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(table.get(name, name) for name in names) if name)
