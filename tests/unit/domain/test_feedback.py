from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tonight.domain import feedback
from tonight.domain.feedback import Feedback, FeedbackKind, Taste, standing

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


def said(movie_id: str, kind: FeedbackKind, **changes: datetime | None) -> Feedback:
    return replace(Feedback(f"{movie_id}-{kind}", movie_id, kind, NOW), **changes)  # type: ignore[arg-type]  # the keywords are datetimes all


def taste_of(statements: list[Feedback], now: datetime) -> Taste:
    return feedback.taste_of(standing(statements), now)


def test_nothing_said_is_an_empty_taste() -> None:
    taste = taste_of([], NOW)
    assert (taste.liked, taste.disliked, taste.excluded) == ((), (), frozenset())


def test_the_newest_opinion_of_a_film_counts() -> None:
    taste = taste_of([said("a", FeedbackKind.LIKED), said("a", FeedbackKind.DISLIKED)], NOW)
    assert (taste.liked, taste.disliked) == ((), ("a",))


def test_liked_films_come_in_the_order_of_their_newest_statement() -> None:
    statements = [said(movie, FeedbackKind.LIKED) for movie in ("a", "b", "a")]
    assert taste_of(statements, NOW).liked == ("b", "a")


@pytest.mark.parametrize("kind", FeedbackKind)
def test_a_film_of_which_anything_was_said_is_not_suggested(kind: FeedbackKind) -> None:
    assert taste_of([said("a", kind)], NOW).excluded == {"a"}


@pytest.mark.parametrize("kind", FeedbackKind)
def test_what_was_taken_back_does_not_count(kind: FeedbackKind) -> None:
    assert taste_of([said("a", kind, undone_at=NOW)], NOW).excluded == frozenset()


def test_not_tonight_stops_counting_at_its_end() -> None:
    put_off = said("a", FeedbackKind.NOT_TONIGHT, expires_at=NOW + timedelta(hours=1))
    assert taste_of([put_off], NOW).excluded == {"a"}
    assert taste_of([put_off], NOW + timedelta(hours=1)).excluded == frozenset()


def test_not_tonight_does_not_take_a_like_back() -> None:
    put_off = said("a", FeedbackKind.NOT_TONIGHT, expires_at=NOW + timedelta(hours=1))
    assert taste_of([said("a", FeedbackKind.LIKED), put_off], NOW).liked == ("a",)
