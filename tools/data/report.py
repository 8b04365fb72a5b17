"""The account of a build, as it stands in the manifests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from tonight.domain.movie import Movie
from tools.data.catalogue import Catalogue
from tools.data.films import Rating, Source, SourceFilm
from tools.data.join import JoinedFilm
from tools.data.our_files import OurFiles
from tools.data.titles import title_key

#: The facts whose coverage is reported.
FACTS: Final = (
    "runtime_minutes",
    "genres",
    "directors",
    "cast",
    "languages",
    "countries",
    "certificate",
    "imdb_id",
    "n_reviews",
)


def coverage(movies: Collection[Movie]) -> dict[str, int]:
    """Return in how many of the films each fact is known."""
    return {fact: sum(bool(getattr(movie, fact)) for movie in movies) for fact in FACTS}


def base_report(
    catalogue: Catalogue, joined: Iterable[JoinedFilm], our_files: OurFiles
) -> dict[str, Any]:
    """Return what became of the CC0 films and of ours.

    The CC0 films that only MovieLens brings in count as left out here: without it they are.
    """
    joined = list(joined)
    with_cc0 = [film for film in joined if film.cc0 is not None]
    with_ours = [film for film in joined if film.ours is not None]
    left_out = {source: _left_out(catalogue, source) for source in (Source.CC0, Source.OURS)}
    liked_only = sum(movie.imdb_id is not None for movie in catalogue.movielens_only)
    return {
        "cc0": {
            "films": len(with_cc0),
            "in_catalogue": sum(movie.imdb_id is not None for movie in catalogue.base),
            "only_by_a_movielens_like": liked_only,
            "left_out": left_out[Source.CC0],
        },
        "ours": {
            "films": len(with_ours),
            "in_cc0_too": sum(film.cc0 is not None for film in with_ours),
            "left_out": left_out[Source.OURS],
            "aliases": len(our_files.aliases),
            "corrections": sum(map(len, our_files.corrections.values())),
            "exclusions": len(our_files.exclusions),
            "against_cc0": _agreement(with_ours),
        },
        "coverage": coverage(catalogue.base),
        "films": len(catalogue.base),
    }


def movielens_report(
    catalogue: Catalogue,
    joined: Iterable[JoinedFilm],
    ratings: Sequence[Rating],
    kept: int,
) -> dict[str, Any]:
    """Return what became of the MovieLens entries and of their ratings.

    Args:
        catalogue: The catalogue.
        joined: Every film once.
        ratings: All ratings of the source.
        kept: How many of them are shipped.
    """
    n_ratings = Counter(rating.key for rating in ratings)
    entries = {
        "joined_with_cc0": [
            entry for film in joined if film.cc0 is not None for entry in film.movielens
        ],
        "joined_with_ours": [
            entry
            for film in joined
            if film.cc0 is None and film.ours is not None
            for entry in film.movielens
        ],
        "not_joined": [
            entry
            for film in joined
            if film.cc0 is None and film.ours is None
            for entry in film.movielens
        ],
    }
    named = [entry for group in entries.values() for entry in group]
    without_title = set(n_ratings) - {entry.key for entry in named}
    return {
        "entries": {
            "all": len(n_ratings),
            "without_title_or_year": len(without_title),
            **{name: len(group) for name, group in entries.items()},
            "in_catalogue": len(catalogue.movie_ids),
            "left_out": _left_out(catalogue, Source.MOVIELENS),
        },
        "ratings": {
            "all": len(ratings),
            "users": len({rating.user_id for rating in ratings}),
            "without_title_or_year": sum(n_ratings[key] for key in without_title),
            **{name: _ratings_of(group, n_ratings) for name, group in entries.items()},
            "shipped": kept,
            "of_films_left_out": len(ratings) - sum(n_ratings[key] for key in catalogue.movie_ids),
        },
        "coverage": coverage(catalogue.movielens_only),
        "films": len(catalogue.movielens_only),
        "additions": len(catalogue.additions),
    }


def _left_out(catalogue: Catalogue, source: Source) -> dict[str, int]:
    return {reason: count for (name, reason), count in catalogue.left_out.items() if name == source}


def _ratings_of(entries: Iterable[SourceFilm], n_ratings: Mapping[str, int]) -> int:
    return sum(n_ratings[entry.key] for entry in entries)


def _agreement(joined: Iterable[JoinedFilm]) -> dict[str, dict[str, int]]:
    """Return, by fact, how many films both have it for, and for how many of them they agree."""
    both = [(film.ours, film.cc0) for film in joined if film.ours and film.cc0]
    runtimes = [
        (ours.runtime_minutes, cc0.runtime_minutes)
        for ours, cc0 in both
        if ours.runtime_minutes and cc0.runtime_minutes
    ]
    certificates = [
        (ours.certificate, cc0.certificate)
        for ours, cc0 in both
        if ours.certificate and cc0.certificate
    ]
    directors = [
        ({title_key(name) for name in ours.directors}, {title_key(name) for name in cc0.directors})
        for ours, cc0 in both
        if ours.directors and cc0.directors
    ]
    return {
        "runtime_minutes": {
            "compared": len(runtimes),
            "within_two_minutes": sum(abs(ours - cc0) <= 2 for ours, cc0 in runtimes),
        },
        "certificate": {
            "compared": len(certificates),
            "equal": sum(ours == cc0 for ours, cc0 in certificates),
        },
        "directors": {
            "compared": len(directors),
            "common": sum(bool(ours & cc0) for ours, cc0 in directors),
        },
    }
