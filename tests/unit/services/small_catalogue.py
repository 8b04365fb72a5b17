"""A handful of films whose facts can be worked with by hand."""

from __future__ import annotations

from tonight.domain.movie import Certificate, Movie
from tonight.services.catalogue import Catalogue

SHORT = Movie(
    "short-1990",
    "Short",
    1990,
    imdb_id="tt0000001",
    runtime_minutes=80,
    genres=("Comedy",),
    languages=("French",),
    countries=("France", "Belgium"),
    certificate=Certificate.PG,
)
LONG = Movie(
    "long-2000",
    "Long",
    2000,
    runtime_minutes=180,
    genres=("Drama", "War"),
    languages=("English",),
    countries=("United States",),
    certificate=Certificate.R,
)
MIDDLE = Movie(
    "middle-2010",
    "Middle",
    2010,
    runtime_minutes=100,
    genres=("Comedy", "Horror"),
    languages=("English", "French"),
    countries=("United States",),
    certificate=Certificate.PG_13,
)
UNKNOWN = Movie("unknown-2020", "Unknown", 2020)


def small_catalogue() -> Catalogue:
    return Catalogue([LONG, MIDDLE, SHORT, UNKNOWN])
