"""From joined films to the catalogue: what is left out, and which source's fact stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tonight.domain.movie import Certificate, Movie
from tools.data.films import Rating, SourceFilm
from tools.data.join import JoinedFilm
from tools.data.movie_ids import MovieIds
from tools.data.our_files import OurFiles
from tools.data.people import cast_prominence, common_spellings, with_spellings
from tools.data.titles import title_key
from tools.data.vocabularies import in_table_order

MIN_RUNTIME_MINUTES: Final = 60
MIN_REVIEWS: Final = 20
LIKED: Final = 4.0
CAST_SIZE: Final = 5

#: Genres for which MovieLens has no word, or one that means something narrower (Children).
UNKNOWN_TO_MOVIELENS: Final = frozenset({"Biography", "Family", "History", "Music", "Sport"})


@dataclass(frozen=True, slots=True)
class Addition:
    """What MovieLens knows better of a film that stands in the catalogue without it.

    Attributes:
        movie_id: The film.
        alternative_titles: Titles to add to the film's.
        genres: All genres of the film; empty where the film's own stand.
    """

    movie_id: str
    alternative_titles: tuple[str, ...]
    genres: tuple[str, ...]


@dataclass(slots=True)
class Catalogue:
    """The catalogue in its two parts, and the account of what was left out.

    Attributes:
        base: Films that are there without MovieLens: by their reviews or in our own files.
        movielens_only: Films that are there because a user of MovieLens liked them.
        additions: What MovieLens adds to films of ``base``.
        movie_ids: The identifier of each MovieLens entry that is in the catalogue, by its key.
        left_out: Counts by (source, reason).
    """

    base: list[Movie] = field(default_factory=list)
    movielens_only: list[Movie] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    movie_ids: dict[str, str] = field(default_factory=dict)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)


def build_catalogue(
    joined: Iterable[JoinedFilm],
    our_files: OurFiles,
    likes: Mapping[str, int],
    movie_ids: MovieIds,
) -> Catalogue:
    """Return the catalogue of the joined films.

    Args:
        joined: Every film once.
        our_files: For the corrections and exclusions.
        likes: How many users rated a MovieLens entry ``LIKED`` or better, by its key.
        movie_ids: The registry of identifiers; new films are entered.

    Raises:
        ValueError: A correction or exclusion names a film that no source has.
    """
    joined = list(joined)
    _check_named(joined, our_files)
    cc0 = [film.cc0 for film in joined if film.cc0 is not None]
    spellings = common_spellings((*cc0, *our_files.films))
    prominence = cast_prominence((with_spellings(film, spellings) for film in cc0), MIN_REVIEWS)
    catalogue = Catalogue()
    for film in sorted(joined, key=_best_known_first):
        source = film.entries[0].source.value
        facts = merged_facts(film, prominence, spellings)
        facts = _corrected(facts, film, our_files)
        if reason := _reason_against(film, facts, our_files, likes):
            catalogue.left_out[source, reason] += 1
            continue
        movie = _movie(facts, movie_ids.of(film.entries, facts.title, facts.year), film)
        catalogue.movie_ids |= {entry.key: movie.movie_id for entry in film.movielens}
        addition = _addition(movie, film)
        if _stands_without_movielens(film):
            catalogue.base.append(movie)
            if addition.alternative_titles or addition.genres:
                catalogue.additions.append(addition)
        else:
            catalogue.movielens_only.append(with_addition(movie, addition))
    for part in (catalogue.base, catalogue.movielens_only, catalogue.additions):
        part.sort(key=lambda entry: entry.movie_id)
    return catalogue


def merged_facts(
    film: JoinedFilm, prominence: Mapping[str, float], spellings: Mapping[str, str]
) -> SourceFilm:
    """Return the facts of a film from the sources that it rests on.

    The CC0 source comes first and our files fill its gaps; but their cast stands in billing order,
    and their languages and countries with the main one first, so there they come first. The cast
    of the CC0 source is in alphabetical order: its most prominent names are taken.
    """
    cc0, ours = (
        None if entry is None else with_spellings(entry, spellings)
        for entry in (film.cc0, film.ours)
    )
    if cc0 is None:
        entry = ours or film.movielens[0]
        return replace(entry, cast=entry.cast[:CAST_SIZE])
    cc0 = replace(cc0, genres=_plausible(cc0.genres))
    cast = sorted(cc0.cast, key=lambda name: (-prominence.get(name, 0), name))[:CAST_SIZE]
    if ours is None:
        return replace(cc0, cast=tuple(cast))
    return replace(
        cc0,
        original_title=ours.original_title,
        runtime_minutes=cc0.runtime_minutes or ours.runtime_minutes,
        genres=in_table_order((*cc0.genres, *ours.genres)),
        directors=cc0.directors or ours.directors,
        cast=ours.cast[:CAST_SIZE] or tuple(cast),
        languages=ours.languages or cc0.languages,
        countries=ours.countries or cc0.countries,
        certificate=cc0.certificate or ours.certificate,
    )


def _plausible(genres: tuple[str, ...]) -> tuple[str, ...]:
    """Return the genres of a film of the CC0 source without a history that stands alone.

    The source calls every film "History" that touches on the past, Avatar and Heat among them; of
    those that are also about a war or a life, or documentaries, it is mostly true.
    """
    if {"Biography", "Documentary", "War"}.intersection(genres):
        return genres
    return tuple(genre for genre in genres if genre != "History")


def _corrected(facts: SourceFilm, film: JoinedFilm, our_files: OurFiles) -> SourceFilm:
    for entry in film.entries:
        for correction in our_files.corrections.get((entry.title, entry.year), ()):
            facts = correction.applied_to(facts)
    return facts


def _reason_against(
    film: JoinedFilm, facts: SourceFilm, our_files: OurFiles, likes: Mapping[str, int]
) -> str | None:
    """Return why the film is left out of the catalogue, if it is."""
    for entry in film.entries:
        if reason := our_files.exclusions.get((entry.title, entry.year)):
            return f"excluded by name: {reason}"
    if facts.runtime_minutes is not None and facts.runtime_minutes < MIN_RUNTIME_MINUTES:
        return f"shorter than {MIN_RUNTIME_MINUTES} minutes"
    liked = any(likes.get(entry.key, 0) for entry in film.movielens)
    if not (_stands_without_movielens(film) or liked):
        return f"fewer than {MIN_REVIEWS} reviews and liked by nobody"
    return None


def _stands_without_movielens(film: JoinedFilm) -> bool:
    return film.ours is not None or (film.cc0 is not None and film.cc0.n_reviews >= MIN_REVIEWS)


def _movie(facts: SourceFilm, movie_id: str, film: JoinedFilm) -> Movie:
    return Movie(
        movie_id=movie_id,
        title=facts.title,
        year=facts.year,
        original_title=facts.original_title,
        imdb_id=facts.imdb_id,
        runtime_minutes=facts.runtime_minutes,
        genres=facts.genres,
        directors=facts.directors,
        cast=facts.cast,
        languages=facts.languages,
        countries=facts.countries,
        certificate=Certificate(facts.certificate) if facts.certificate else None,
        n_reviews=facts.n_reviews,
        review_score=facts.review_score,
        notable=film.ours is not None,
    )


def _addition(movie: Movie, film: JoinedFilm) -> Addition:
    known = {title_key(title) for title in (movie.title, movie.original_title) if title}
    titles: dict[str, str] = {}
    for entry in film.movielens:
        for title in (entry.title, *entry.alternative_titles):
            if (key := title_key(title)) and key not in known:
                titles.setdefault(key, title)
    return Addition(
        movie_id=movie.movie_id,
        alternative_titles=tuple(titles.values()),
        genres=_better_genres(movie, film),
    )


def _better_genres(movie: Movie, film: JoinedFilm) -> tuple[str, ...]:
    """Return all genres of the film where MovieLens changes them, else nothing.

    People chose the genres of MovieLens film by film; the CC0 source derives them, and calls
    Terminator 2 a comedy. So where both have a word for a genre MovieLens decides, and our own
    files are never overruled.
    """
    chosen = {genre for entry in film.movielens for genre in entry.genres}
    if not chosen:
        return ()
    ours = () if film.ours is None else film.ours.genres
    kept = [genre for genre in movie.genres if genre in UNKNOWN_TO_MOVIELENS or genre in ours]
    genres = in_table_order((*kept, *chosen))
    return genres if genres != movie.genres else ()


def with_addition(movie: Movie, addition: Addition) -> Movie:
    """Return the film with what MovieLens adds to it."""
    return replace(
        movie,
        alternative_titles=(*movie.alternative_titles, *addition.alternative_titles),
        genres=addition.genres or movie.genres,
    )


def catalogue_ratings(
    ratings: Iterable[Rating], movie_ids: Mapping[str, str]
) -> dict[tuple[str, int], float]:
    """Return the ratings of films of the catalogue by (identifier, user).

    Where a user rated two entries of MovieLens that are one film the later rating stands.
    """
    kept: dict[tuple[str, int], float] = {}
    for rating in sorted(ratings, key=lambda rating: (rating.timestamp, rating.key)):
        if rating.key in movie_ids:
            kept[movie_ids[rating.key], rating.user_id] = rating.value
    return kept


def _best_known_first(film: JoinedFilm) -> tuple[int, str]:
    """Order the films so that of two with one slug the better known gets it without a number."""
    return -film.entries[0].n_reviews, film.entries[0].key


def _check_named(joined: Iterable[JoinedFilm], our_files: OurFiles) -> None:
    there = {(entry.title, entry.year) for film in joined for entry in film.entries}
    named = {*our_files.corrections, *our_files.exclusions}
    if unknown := named - there:
        message = f"corrections or exclusions of films that no source has: {sorted(unknown)}"
        raise ValueError(message)
