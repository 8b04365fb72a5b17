"""What comes into the catalogue, and which source's fact stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.data.films import cc0, movielens, ours
from tonight.domain.movie import GENRES, Movie
from tools.data.catalogue import (
    UNKNOWN_TO_MOVIELENS,
    Addition,
    Catalogue,
    build_catalogue,
    catalogue_ratings,
)
from tools.data.films import Rating
from tools.data.join import JoinedFilm
from tools.data.movie_ids import MovieIds
from tools.data.our_files import Correction, OurFiles
from tools.data.vocabularies import Vocabularies

OUR_FILES = Path(__file__).parents[2] / "data"
NOTHING = OurFiles(films=(), aliases={}, corrections={}, exclusions={})


def built(
    *films: JoinedFilm, likes: Mapping[str, int] | None = None, our_files: OurFiles = NOTHING
) -> Catalogue:
    return build_catalogue(films, our_files, likes or {}, MovieIds())


def only_film(*films: JoinedFilm, **options: Any) -> Movie:
    (movie,) = built(*films, **options).base
    return movie


def test_a_film_comes_in_by_twenty_reviews_or_by_our_files() -> None:
    enough = JoinedFilm(cc0=cc0("Enough", 2000, 1, n_reviews=20))
    too_few = JoinedFilm(cc0=cc0("Too Few", 2000, 2, n_reviews=19))
    own = JoinedFilm(ours=ours("Own", 2000))
    catalogue = built(enough, too_few, own)
    assert [movie.title for movie in catalogue.base] == ["Enough", "Own"]
    reason = "fewer than 20 reviews and liked by nobody"
    assert catalogue.left_out == {("wikidata", reason): 1}


@pytest.mark.parametrize("with_cc0", [True, False])
def test_a_film_that_comes_in_by_a_like_alone_lies_in_the_movielens_part(with_cc0: bool) -> None:
    film = cc0("Rare", 2000, n_reviews=3) if with_cc0 else None
    entry = movielens("Rare", 2000, 7)
    catalogue = built(JoinedFilm(cc0=film, movielens=(entry,)), likes={entry.key: 1})
    assert catalogue.base == []
    assert [movie.movie_id for movie in catalogue.movielens_only] == ["rare-2000"]
    assert catalogue.movie_ids == {"movielens:7": "rare-2000"}


@pytest.mark.parametrize(("minutes", "kept"), [(59, False), (60, True), (None, True)])
def test_only_a_known_running_time_under_an_hour_keeps_a_film_out(
    minutes: int | None, kept: bool
) -> None:
    film = JoinedFilm(cc0=cc0("Film", 2000, runtime_minutes=minutes))
    assert bool(built(film).base) is kept


def test_an_exclusion_keeps_a_film_out_and_gives_its_reason() -> None:
    our_files = OurFiles((), {}, {}, {("Series", 2000): "television series"})
    catalogue = built(JoinedFilm(cc0=cc0("Series", 2000)), our_files=our_files)
    assert catalogue.base == []
    assert catalogue.left_out == {("wikidata", "excluded by name: television series"): 1}


def test_a_correction_replaces_a_fact_before_the_film_is_judged() -> None:
    correction = Correction("runtime_minutes", 121, "the source has 1 minute")
    our_files = OurFiles((), {}, {("Machuca", 2004): (correction,)}, {})
    film = JoinedFilm(cc0=cc0("Machuca", 2004, runtime_minutes=1))
    assert only_film(film, our_files=our_files).runtime_minutes == 121


@pytest.mark.parametrize(
    "our_files",
    [
        OurFiles((), {}, {}, {("Nothing", 1900): "short film"}),
        OurFiles((), {}, {("Nothing", 1900): (Correction("title", "Something", "x"),)}, {}),
    ],
)
def test_a_row_about_a_film_that_no_source_has_is_an_error(our_files: OurFiles) -> None:
    with pytest.raises(ValueError, match="Nothing"):
        built(JoinedFilm(cc0=cc0("Film", 2000)), our_files=our_files)


def test_our_files_fill_the_gaps_of_the_cc0_source_and_order_its_lists() -> None:
    film = JoinedFilm(
        cc0=cc0(
            "Film",
            2000,
            runtime_minutes=100,
            genres=("Drama",),
            directors=("Ann",),
            countries=("Australia", "United States"),
            cast=("Abe", "Zoe"),
        ),
        ours=ours(
            "Film",
            2000,
            runtime_minutes=90,
            genres=("Comedy",),
            certificate="PG",
            countries=("United States",),
            cast=("Zoe", "Abe"),
            original_title="Il Film",
        ),
    )
    movie = only_film(film)
    assert movie.runtime_minutes == 100
    assert movie.genres == ("Comedy", "Drama")
    assert movie.directors == ("Ann",)
    assert movie.countries == ("United States",)
    assert movie.cast == ("Zoe", "Abe")
    assert movie.certificate == "PG"
    assert movie.original_title == "Il Film"
    assert movie.notable


def test_the_five_most_prominent_actors_are_shown_most_prominent_first() -> None:
    crowd = ("Abe", "Bea", "Cid", "Dan", "Eve", "Star", "Lead")
    films = [
        JoinedFilm(cc0=cc0("Crowd", 2000, 1, cast=crowd, n_reviews=70)),
        JoinedFilm(cc0=cc0("Two", 2001, 2, cast=("Star", "Lead"), n_reviews=60)),
        JoinedFilm(cc0=cc0("One", 2002, 3, cast=("Star",), n_reviews=40)),
        JoinedFilm(cc0=cc0("Unseen", 2003, 4, cast=("Eve",), n_reviews=19)),
    ]
    shown = {movie.title: movie.cast for movie in built(*films).base}
    assert shown["Crowd"] == ("Star", "Lead", "Abe", "Bea", "Cid")


def test_a_person_is_spelt_as_most_films_spell_him() -> None:
    films = [
        JoinedFilm(cc0=cc0("Memories of Murder", 2003, 1, directors=("Bong Joon-ho",))),
        JoinedFilm(cc0=cc0("The Host", 2006, 2, directors=("Bong Joon-ho",))),
        JoinedFilm(ours=ours("Parasite", 2019, directors=("Bong Joon Ho",))),
    ]
    assert {movie.directors for movie in built(*films).base} == {("Bong Joon-ho",)}


def test_where_both_have_a_word_for_a_genre_movielens_decides() -> None:
    entry = movielens("Seven", 1995, genres=("Crime", "Thriller"))
    film = JoinedFilm(
        cc0=cc0("Seven", 1995, genres=("Comedy", "Crime", "Sport")), movielens=(entry,)
    )
    (addition,) = built(film).additions
    assert addition.genres == ("Crime", "Sport", "Thriller")


@pytest.mark.parametrize(
    ("genres", "expected"),
    [
        (("Crime", "History"), ("Crime",)),
        (("History", "War"), ("History", "War")),
        (("Biography", "History"), ("Biography", "History")),
    ],
)
def test_the_sources_history_stands_only_beside_a_war_or_a_life(
    genres: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert only_film(JoinedFilm(cc0=cc0("Past", 1995, genres=genres))).genres == expected


def test_a_genre_of_our_own_files_is_never_overruled() -> None:
    entry = movielens("Seven", 1995, genres=("Crime",))
    film = JoinedFilm(ours=ours("Seven", 1995, genres=("Comedy",)), movielens=(entry,))
    (addition,) = built(film).additions
    assert addition.genres == ("Comedy", "Crime")


def test_every_genre_of_ours_is_movielens_or_unknown_to_it() -> None:
    table = Vocabularies.read(OUR_FILES).genres
    known = {genre for (name, _), genre in table.items() if name == "movielens"}
    assert set(GENRES) - known <= UNKNOWN_TO_MOVIELENS <= set(GENRES) - known | {"Family"}


def test_movielens_adds_titles_and_genres_that_the_film_lacks() -> None:
    entry = movielens(
        "Seven", 1995, genres=("Crime", "Thriller"), alternative_titles=("Se7en", "SEVEN!")
    )
    film = JoinedFilm(cc0=cc0("Seven", 1995, genres=("Crime",)), movielens=(entry,))
    catalogue = built(film)
    assert catalogue.base[0].alternative_titles == ()
    assert catalogue.base[0].genres == ("Crime",)
    assert catalogue.additions == [Addition("seven-1995", ("Se7en",), ("Crime", "Thriller"))]


def test_of_two_films_with_one_slug_the_better_known_has_no_number() -> None:
    films = [
        JoinedFilm(cc0=cc0("Hamlet", 2000, 1, n_reviews=30)),
        JoinedFilm(cc0=cc0("Hamlet", 2000, 2, n_reviews=90)),
    ]
    ids = {movie.imdb_id: movie.movie_id for movie in built(*films).base}
    assert ids == {"tt0000002": "hamlet-2000", "tt0000001": "hamlet-2000-2"}


def test_ratings_of_films_outside_of_the_catalogue_are_dropped() -> None:
    ratings = [Rating(1, "movielens:1", 4.0, 0), Rating(1, "movielens:2", 3.0, 0)]
    assert catalogue_ratings(ratings, {"movielens:1": "film-2000"}) == {("film-2000", 1): 4.0}


def test_of_two_ratings_of_one_film_the_later_one_stands() -> None:
    ids = {"movielens:1": "film-2000", "movielens:2": "film-2000"}
    ratings = [Rating(1, "movielens:2", 5.0, 20), Rating(1, "movielens:1", 2.0, 10)]
    assert catalogue_ratings(ratings, ids) == {("film-2000", 1): 5.0}
