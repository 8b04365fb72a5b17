"""What is learnt from viewers: nothing that few have said, and what each has said last."""

from __future__ import annotations

from itertools import chain

import pytest

from tonight.domain.feedback import FeedbackKind
from tonight.domain.movie import Movie
from tonight.services.catalogue import Catalogue
from tonight.services.own_feedback import (
    MIN_LIKES,
    MIN_VIEWERS,
    MIN_VIEWERS_OF_FILM,
    NEWEST,
    own_feedback,
)

LIKED, DISLIKED = FeedbackKind.LIKED, FeedbackKind.DISLIKED
Opinions = list[tuple[int, str, FeedbackKind]]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([Movie(film(n), f"Film {n}", 1990) for n in range(NEWEST + 100)])


def film(number: int) -> str:
    return f"film-{number:03d}"


def crowd(n_viewers: int, n_films: int = MIN_LIKES, first: int = 1) -> Opinions:
    """Viewers who all like the same films."""
    return [
        (viewer, film(n), LIKED)
        for viewer in range(first, first + n_viewers)
        for n in range(n_films)
    ]


def test_one_viewer_alone_teaches_nothing_however_much_he_says(catalogue: Catalogue) -> None:
    assert (
        own_feedback([(1, movie.movie_id, LIKED) for movie in catalogue.movies], catalogue) is None
    )


def test_viewers_count_from_their_minimum_on(catalogue: Catalogue) -> None:
    assert own_feedback(crowd(MIN_VIEWERS - 1), catalogue) is None
    found = own_feedback(crowd(MIN_VIEWERS), catalogue)
    assert found is not None
    assert found.interactions.n_users == MIN_VIEWERS
    assert found.n_opinions == MIN_VIEWERS * MIN_LIKES
    # With one like less each there are none who count.
    assert own_feedback(crowd(100, MIN_LIKES - 1), catalogue) is None


def test_a_film_of_which_few_have_spoken_is_not_learnt(catalogue: Catalogue) -> None:
    rare, common = film(50), film(51)
    found = own_feedback(
        [
            *crowd(MIN_VIEWERS),
            *((viewer, rare, LIKED) for viewer in range(1, MIN_VIEWERS_OF_FILM)),
            *((viewer, common, DISLIKED) for viewer in range(1, MIN_VIEWERS_OF_FILM + 1)),
        ],
        catalogue,
    )
    assert found is not None
    assert found.interactions.likes_per_item()[50] == 0
    assert found.interactions.dislikes_per_item()[51] == MIN_VIEWERS_OF_FILM


def test_a_viewer_who_is_left_with_too_little_takes_his_films_with_him(
    catalogue: Catalogue,
) -> None:
    # Four share films 10 to 14, of which one film more would make a fifth.
    strangers = list(
        chain.from_iterable(
            ((viewer, film(n), LIKED) for n in range(10, 10 + MIN_LIKES))
            for viewer in range(200, 200 + MIN_VIEWERS_OF_FILM - 1)
        )
    )
    found = own_feedback([*crowd(MIN_VIEWERS), *strangers], catalogue)
    assert found is not None
    assert found.interactions.n_users == MIN_VIEWERS
    assert not found.interactions.likes_per_item()[10:].any()


@pytest.mark.parametrize("later", [FeedbackKind.OKAY, FeedbackKind.SEEN, DISLIKED])
def test_the_newest_opinion_of_a_film_counts(catalogue: Catalogue, later: FeedbackKind) -> None:
    begin = crowd(MIN_VIEWERS, MIN_LIKES + 1)
    found = own_feedback([*begin, (1, film(0), later)], catalogue)
    assert found is not None
    assert found.interactions.likes_per_item()[0] == MIN_VIEWERS - 1
    assert found.interactions.dislikes_per_item()[0] == int(later is DISLIKED)


def test_of_a_viewer_with_very_many_opinions_the_newest_count(catalogue: Catalogue) -> None:
    found = own_feedback(crowd(MIN_VIEWERS, NEWEST + 40), catalogue)
    assert found is not None
    assert set(found.interactions.likes_per_user()) == {NEWEST}
    assert not found.interactions.likes_per_item()[:40].any()


def test_films_that_have_left_the_catalogue_are_passed_over(catalogue: Catalogue) -> None:
    gone = [(viewer, "gone-1900", LIKED) for viewer in range(1, 30)]
    with_gone, without = (
        own_feedback([*gone, *crowd(30)], catalogue),
        own_feedback(crowd(30), catalogue),
    )
    assert with_gone is not None
    assert without is not None
    assert with_gone.sha256 == without.sha256


def test_the_digest_says_what_was_said_and_not_by_which_row(catalogue: Catalogue) -> None:
    first, moved = own_feedback(crowd(30), catalogue), own_feedback(crowd(30, first=900), catalogue)
    more = own_feedback([*crowd(30), (1, film(0), DISLIKED)], catalogue)
    assert first is not None
    assert moved is not None
    assert more is not None
    assert first.sha256 == moved.sha256 != more.sha256
