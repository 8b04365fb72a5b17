from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.services.small_catalogue import LONG, MIDDLE, SHORT, small_catalogue
from tonight.domain.feedback import Feedback, FeedbackKind, standing, taste_of
from tonight.domain.movie import Movie
from tonight.services.catalogue import Catalogue
from tonight.services.list_my_films import (
    OVER,
    VERDICTS,
    MyFilm,
    Order,
    choose,
    folded,
    in_order,
    list_my_films,
)

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def said(
    number: int, movie: Movie | str, kind: FeedbackKind, *, undone: bool = False, hours: int = 9
) -> Feedback:
    moment = NOW - timedelta(days=30 - number)
    return Feedback(
        f"f{number}",
        movie if isinstance(movie, str) else movie.movie_id,
        kind,
        moment,
        NOW + timedelta(hours=hours) if kind is FeedbackKind.NOT_TONIGHT else None,
        moment if undone else None,
    )


def films(*statements: Feedback) -> tuple[MyFilm, ...]:
    return list_my_films(small_catalogue(), statements, NOW)


def titles(found: tuple[MyFilm, ...]) -> list[str]:
    return [film.title for film in found]


def test_a_film_stands_once_with_its_newest_opinion_and_the_rest_behind_it() -> None:
    first, second = said(1, SHORT, FeedbackKind.SEEN), said(2, SHORT, FeedbackKind.LIKED)
    [film] = films(first, second)
    assert (film.movie, film.opinion, film.bar) == (SHORT, second, None)
    assert film.earlier == (first,)
    assert film.said_at == second.created_at


def test_a_film_can_be_liked_and_not_for_tonight() -> None:
    liked, barred = said(1, SHORT, FeedbackKind.LIKED), said(2, SHORT, FeedbackKind.NOT_TONIGHT)
    [film] = films(liked, barred)
    assert (film.opinion, film.bar, film.earlier) == (liked, barred, ())


def test_what_was_taken_back_gives_way_to_what_was_said_before() -> None:
    before, undone = (
        said(1, SHORT, FeedbackKind.OKAY),
        said(2, SHORT, FeedbackKind.LIKED, undone=True),
    )
    [film] = films(before, undone)
    assert (film.opinion, film.earlier) == (before, (undone,))


def test_what_is_over_counts_no_more_and_is_still_listed() -> None:
    [film] = films(said(1, SHORT, FeedbackKind.NOT_TONIGHT, hours=-1))
    assert not film.counts
    assert len(film.earlier) == 1
    assert choose([film]) == ()
    assert choose([film], verdict=OVER) == (film,)


def test_a_film_that_has_left_the_catalogue_is_listed_by_its_id() -> None:
    [film] = films(said(1, "gone-1950", FeedbackKind.LIKED))
    assert (film.movie, film.title) == (None, "gone-1950")
    assert choose([film], text="gone") == (film,)


def test_the_newest_come_first() -> None:
    found = films(
        said(1, SHORT, FeedbackKind.LIKED),
        said(2, LONG, FeedbackKind.NEVER),
        said(3, SHORT, FeedbackKind.NEVER),
    )
    assert titles(found) == ["Short", "Long"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.NEWEST, ["Middle", "Long", "Short"]),
        (Order.OLDEST, ["Short", "Long", "Middle"]),
        (Order.TITLE, ["Long", "Middle", "Short"]),
        (Order.YEAR, ["Middle", "Long", "Short"]),
    ],
)
def test_every_order_is_the_one_it_says(order: Order, expected: list[str]) -> None:
    found = films(
        said(1, SHORT, FeedbackKind.LIKED),
        said(2, LONG, FeedbackKind.LIKED),
        said(3, MIDDLE, FeedbackKind.LIKED),
    )
    assert titles(in_order(found, order)) == expected


def test_an_article_does_not_count_in_the_order_of_titles() -> None:
    catalogue = Catalogue([Movie("a-1", "The Apartment", 1960), Movie("b-1", "Beetlejuice", 1988)])
    found = list_my_films(
        catalogue,
        [said(1, "a-1", FeedbackKind.LIKED), said(2, "b-1", FeedbackKind.LIKED)],
        NOW,
    )
    assert titles(in_order(found, Order.TITLE)) == ["The Apartment", "Beetlejuice"]


def test_a_verdict_chooses_what_it_says() -> None:
    found = films(
        said(1, SHORT, FeedbackKind.LIKED),
        said(2, LONG, FeedbackKind.DISLIKED),
        said(3, MIDDLE, FeedbackKind.LIKED),
        said(4, MIDDLE, FeedbackKind.NEVER),
    )
    assert titles(choose(found, verdict="liked")) == ["Middle", "Short"]
    assert titles(choose(found, verdict="never")) == ["Middle"]
    assert titles(choose(found, verdict="okay")) == []
    assert set(VERDICTS) == {*FeedbackKind, OVER}


@pytest.mark.parametrize("text", ["amelie", "AMÉLIE", "poulain", "jeunet", "tautou", "2001", " "])
def test_a_film_is_found_by_any_of_its_names(text: str) -> None:
    amelie = Movie(
        "amelie-2001",
        "Amélie",
        2001,
        original_title="Le Fabuleux Destin d'Amélie Poulain",
        directors=("Jean-Pierre Jeunet",),
        cast=("Audrey Tautou",),
    )
    catalogue = Catalogue([amelie, SHORT])
    statements = [said(1, amelie, FeedbackKind.LIKED), said(2, SHORT, FeedbackKind.LIKED)]
    found = list_my_films(catalogue, statements, NOW)
    assert "Amélie" in titles(choose(found, text=text))
    assert titles(choose(found, text=f"{text} nothing")) == []


def test_a_text_is_folded_in_any_script() -> None:
    assert folded("  Ｌéon \n ÇA ") == "leon ca"
    assert folded("Сталкер") == "сталкер"


def test_the_list_and_the_recommender_mean_the_same_by_what_counts() -> None:
    statements = [
        said(1, SHORT, FeedbackKind.LIKED),
        said(2, SHORT, FeedbackKind.NOT_TONIGHT, hours=-1),
        said(3, LONG, FeedbackKind.DISLIKED),
        said(4, LONG, FeedbackKind.SEEN, undone=True),
        said(5, MIDDLE, FeedbackKind.NOT_TONIGHT),
    ]
    taste = taste_of(standing(statements), NOW)
    found = films(*statements)
    assert {film.movie_id for film in found if film.counts} == taste.excluded
    assert tuple(f.movie_id for f in choose(found, verdict="liked")) == taste.liked
    assert tuple(f.movie_id for f in choose(found, verdict="disliked")) == taste.disliked
