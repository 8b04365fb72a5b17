"""The facts of one film as one source states them, before sources are joined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a film's facts come from; the value is the prefix of its key."""

    CC0 = "wikidata"
    OURS = "tonight"
    MOVIELENS = "movielens"


@dataclass(frozen=True, slots=True)
class SourceFilm:
    """A film of one source, its facts in our vocabularies; unknown is ``None`` or empty.

    Attributes:
        key: What the source calls the film, with the source's prefix (``wikidata:Q83495``).
        title: The title, articles in front.
        year: The year of first release.
        original_title: The title in the film's own language, where it differs.
        alternative_titles: Other titles.
        imdb_id: As the source has it.
        runtime_minutes: Whole minutes.
        genres: Members of the genre table.
        directors: Names in the source's order.
        cast: All names in the source's order.
        languages: Names of the language table.
        countries: Names of the country table.
        certificate: A current certificate of the United States.
        n_reviews: Reviews that the source counted.
        review_score: The share of favourable reviews, 0 to 100.
    """

    key: str
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
    certificate: str | None = None
    n_reviews: int = 0
    review_score: int | None = None

    @property
    def source(self) -> Source:
        """The source that states these facts."""
        return Source(self.key.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating of one MovieLens film.

    Attributes:
        user_id: The anonymous number of the user.
        key: The key of the film (``movielens:1``).
        value: Half stars from 0.5 to 5.
        timestamp: Seconds since 1970, UTC.
    """

    user_id: int
    key: str
    value: float
    timestamp: int
