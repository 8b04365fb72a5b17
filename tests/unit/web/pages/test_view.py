from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.domain.movie import Certificate, Movie
from tonight.web.pages.view import (
    MOMENTARY,
    MoviePage,
    Reason,
    Share,
    Wishes,
    film_of,
    hours_and_minutes,
    url_of,
    wish_in_words,
)

names = st.sampled_from(["genre", "without_genre", "max_minutes", "like", "seed", "now", "novelty"])
queries = st.lists(st.tuples(names, st.text(max_size=12))).map(tuple)


@pytest.mark.parametrize(
    ("minutes", "text"), [(58, "58 min"), (60, "1 h"), (120, "2 h"), (131, "2 h 11 min")]
)
def test_a_length_is_said_in_hours_and_minutes(minutes: int, text: str) -> None:
    assert hours_and_minutes(minutes) == text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("genre", "Sci-Fi", "Sci-Fi"),
        ("without_genre", "Horror", "No Horror"),
        ("max_minutes", "100", "At most 1 h 40 min"),
        ("max_minutes", "a while", "a while"),
        ("until", "22:30", "Over by 22:30"),
        ("min_year", "1999", "From 1999 on"),
        ("max_year", "1999", "Up to 1999"),
        ("language", "French", "In French"),
        ("country", "Iran", "From Iran"),
        ("max_certificate", "PG", "PG or milder"),
        ("novelty", "0.2", "A little off the beaten track"),
        ("novelty", "0.5", "Less known"),
        ("novelty", "1", "Hidden gems"),
    ],
)
def test_a_wish_is_said_in_words(name: str, value: str, words: str) -> None:
    assert wish_in_words(name, value) == words


@pytest.mark.parametrize(
    ("name", "value"),
    [("novelty", "0"), ("genre", ""), ("like", "heat-1995"), ("seed", "7"), ("novelty", "nan")],
)
def test_what_is_no_wish_has_no_words(name: str, value: str) -> None:
    assert wish_in_words(name, value) is None


@given(queries)
def test_a_chip_takes_away_its_own_wish_and_nothing_else(
    query: tuple[tuple[str, str], ...],
) -> None:
    lasting = [pair for pair in query if pair[0] not in MOMENTARY and pair[1]]
    wishes = Wishes(query)
    removed = [
        pair for pair in dict.fromkeys(query) if pair[1] and wish_in_words(*pair) is not None
    ]
    assert len(wishes.chips) == len(removed)
    for chip, pair in zip(wishes.chips, removed, strict=True):
        left = parse_qsl(urlsplit(chip.remove_url).query, keep_blank_values=True)
        assert left == [other for other in lasting if other != pair]


def test_the_form_carries_along_what_it_does_not_show() -> None:
    query = (("like", "heat-1995"), ("genre", "War"), ("seed", "3"), ("exclude", "up-2009"))
    assert Wishes(query).unseen == (("like", "heat-1995"), ("exclude", "up-2009"))
    assert Wishes(query).clear_url == "/movie?like=heat-1995&exclude=up-2009"


def test_the_last_of_a_doubled_single_wish_counts() -> None:
    wishes = Wishes((("language", "French"), ("language", "Danish")))
    assert wishes.one("language") == "Danish"
    assert wishes.one("country") == ""


def test_a_link_back_forgets_the_moment() -> None:
    assert url_of((("seed", "4"), ("now", "2026-11-23T19:00:00+00:00"))) == "/movie"
    assert url_of((("genre", "Sci-Fi"), ("until", "22:30"))) == "/movie?genre=Sci-Fi&until=22%3A30"


def test_segments_stand_side_by_side() -> None:
    shares = (
        Share("Heat", 0.5, "liked"),
        Share("Widely liked", 0.3, "base"),
        Share("Alien", 0.2, "liked"),
    )
    segments = Reason("Because.", shares).segments
    assert [(part.start, part.width, part.percent) for part in segments] == [
        (0, 50, 50),
        (50, 30, 30),
        (80, 20, 20),
    ]
    assert [part.tone for part in segments] == ["liked-0", "base", "liked-1"]


def test_there_are_as_many_tones_as_the_style_sheet_has() -> None:
    shares = tuple(Share(f"Film {i}", 0.1, "liked") for i in range(8))
    tones = [part.tone for part in Reason("Because.", shares).segments]
    assert tones == [f"liked-{i}" for i in (0, 1, 2, 3, 4, 5, 0, 1)]


def test_a_film_of_the_catalogue_becomes_a_film_of_the_page() -> None:
    movie = Movie(
        "up-2009", "Up", 2009, runtime_minutes=96, certificate=Certificate.PG, genres=("Family",)
    )
    film = film_of(movie)
    assert (film.title, film.length, film.certificate) == ("Up", "1 h 36 min", "PG")
    assert film.poster_url == "/posters/up-2009.svg"
    assert film_of(Movie("x-1999", "X", 1999)).length is None


def test_the_page_knows_its_way_back() -> None:
    film = film_of(Movie("up-2009", "Up", 2009))
    page = MoviePage(film, Reason("Because."), query=(("genre", "War"), ("seed", "1")))
    assert page.back == "/movie?genre=War"
