"""A film and the facts that are known of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: Every genre of the catalogue. Both source vocabularies are mapped onto this table
#: (the mapping itself is data: ``data/genres.csv``).
GENRES: Final = (
    "Action",
    "Adventure",
    "Animation",
    "Biography",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Fantasy",
    "Film-Noir",
    "History",
    "Horror",
    "Music",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Sport",
    "Thriller",
    "War",
    "Western",
)


class Certificate(StrEnum):
    """A certificate of the United States, from the mildest to the strictest."""

    G = "G"
    PG = "PG"
    PG_13 = "PG-13"
    R = "R"
    NC_17 = "NC-17"

    @property
    def severity(self) -> int:
        """The rank of the certificate: 0 for G up to 4 for NC-17."""
        return list(Certificate).index(self)


@dataclass(frozen=True, slots=True)
class Movie:
    """A film of the catalogue.

    A fact that nobody is sure of is ``None`` or an empty tuple, never a guess: filters leave
    such a film out and say so.

    Attributes:
        movie_id: Our own immutable slug (``the-matrix-1999``).
        title: The title as it is shown.
        year: The year of first release.
        original_title: The title in the film's own language, where it differs and is known.
        alternative_titles: Other titles that people know it by.
        imdb_id: An accepted alias of ``movie_id`` (``tt0133093``), where a source has it.
        runtime_minutes: Minutes, at least 60.
        genres: Members of ``GENRES``, in their order.
        directors: Names, in the source's order.
        cast: At most five names, the best known first.
        languages: English names of languages, the main one first where the source orders them.
        countries: English names of countries.
        certificate: The certificate of the United States.
        n_reviews: How many professional reviews the source counted; 0 when unknown.
        review_score: The share of favourable reviews, 0 to 100.
        notable: Whether it stands in the project's own lists of notable films.
    """

    movie_id: str
    title: str
    year: int
    original_title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    imdb_id: str | None = None
    runtime_minutes: int | None = None
    genres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    certificate: Certificate | None = None
    n_reviews: int = 0
    review_score: int | None = None
    notable: bool = False
