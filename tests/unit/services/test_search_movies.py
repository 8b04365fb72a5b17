from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.domain.movie import Movie
from tonight.services.search_index import SearchIndex, index_movies
from tonight.services.search_movies import search_movies


def film(title: str, year: int, **facts: Any) -> Movie:
    movie_id = f"{title.lower().replace(' ', '-')}-{year}"
    return Movie(movie_id, title, year, **facts)


MOVIES = (
    film("Alien", 1979, directors=("Ridley Scott",), cast=("Sigourney Weaver",), n_reviews=200),
    film("Aliens", 1986, directors=("James Cameron",), cast=("Sigourney Weaver",), n_reviews=160),
    film(
        "Amélie", 2001, alternative_titles=("Le Fabuleux destin d'Amélie Poulain",), n_reviews=230
    ),
    film("E.T. the Extra-Terrestrial", 1982, n_reviews=120),
    film("Gladiator", 1992, n_reviews=13),
    film("Gladiator", 2000, directors=("Ridley Scott",), n_reviews=260),
    film("Ocean's Eleven", 2001, n_reviews=188),
    film("Parasite", 2019, original_title="기생충", notable=True),
    film("Pulp Fiction", 1994, directors=("Quentin Tarantino",), n_reviews=150),
    film("Rocky", 1976, n_reviews=70),
    film("Rocky II", 1979, n_reviews=34),
    film("Rocky III", 1982, n_reviews=44),
    film("Star Wars: Episode V – The Empire Strikes Back", 1980, n_reviews=170),
    film("The Big Lebowski", 1998, n_reviews=90),
    film("Thelma & Louise", 1991, directors=("Ridley Scott",), n_reviews=60),
)


INDEX = index_movies(MOVIES)


def found(query: str, limit: int = 8, index: SearchIndex = INDEX) -> list[tuple[str, int]]:
    return [(movie.title, movie.year) for movie in search_movies(index, query, limit)]


@pytest.mark.parametrize(
    ("query", "title", "year"),
    [
        ("ALIEN", "Alien", 1979),
        ("amelie", "Amélie", 2001),
        ("fabuleux destin", "Amélie", 2001),
        ("기생충", "Parasite", 2019),
        ("big lebowski, the", "The Big Lebowski", 1998),
        ("thelma and louise", "Thelma & Louise", 1991),
        ("rocky 2", "Rocky II", 1979),
        ("rokcy three", "Rocky III", 1982),
        ("oceans 11", "Ocean's Eleven", 2001),
        ("empire strikes", "Star Wars: Episode V – The Empire Strikes Back", 1980),
        ("star wars 5", "Star Wars: Episode V – The Empire Strikes Back", 1980),
        ("pulpfiction", "Pulp Fiction", 1994),
        ("pul", "Pulp Fiction", 1994),
        ("pulp tarantino", "Pulp Fiction", 1994),
        ("scott thelma", "Thelma & Louise", 1991),
        ("gladiator 1992", "Gladiator", 1992),
        ("et", "E.T. the Extra-Terrestrial", 1982),
        ("lebovski", "The Big Lebowski", 1998),
    ],
)
def test_the_film_that_is_meant_comes_first(query: str, title: str, year: int) -> None:
    assert found(query)[0] == (title, year)


def test_among_equals_the_better_known_film_comes_first() -> None:
    assert found("gladiator")[:2] == [("Gladiator", 2000), ("Gladiator", 1992)]


def test_what_viewers_say_decides_which_film_is_better_known() -> None:
    popularity = np.array([movie.year == 1992 for movie in MOVIES], dtype=np.float32)
    titles = found("gladiator", index=index_movies(MOVIES, popularity))
    assert titles[:2] == [("Gladiator", 1992), ("Gladiator", 2000)]


def test_films_of_a_person_come_the_best_known_first() -> None:
    assert found("ridley scott") == [
        ("Gladiator", 2000),
        ("Alien", 1979),
        ("Thelma & Louise", 1991),
    ]


def test_a_film_of_another_number_is_not_what_was_asked_for() -> None:
    assert found("roky iii")[0] == ("Rocky III", 1982)


@pytest.mark.parametrize("query", ["", "   ", "!?", "xqzvwk", "\x00", "\ud800"])
def test_nothing_is_found_where_nothing_is_near(query: str) -> None:
    assert found(query) == []


def test_at_most_as_many_films_as_asked_for_are_found() -> None:
    assert len(found("rocky", limit=2)) == 2


def test_without_films_nothing_is_found() -> None:
    assert search_movies(index_movies(()), "alien", 8) == ()


@given(query=st.text(max_size=300), limit=st.integers(1, 20))
def test_any_text_finds_some_films_or_none_each_once_and_always_the_same(
    query: str, limit: int
) -> None:
    once = search_movies(INDEX, query, limit)
    assert len(set(once)) == len(once) <= limit
    assert search_movies(INDEX, query, limit) == once


@given(st.sampled_from(MOVIES))
def test_a_title_finds_a_film_of_that_title(movie: Movie) -> None:
    assert search_movies(INDEX, movie.title, 1)[0].title == movie.title
