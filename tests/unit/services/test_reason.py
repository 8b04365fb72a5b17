from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.services.small_catalogue import LONG, MIDDLE, SHORT
from tonight.domain.movie import Movie
from tonight.domain.suggestion import Reason, Source
from tonight.recsys.recommender import Contributions
from tonight.services.reason import explain

FILM = Movie("film-2000", "Film", 2000, n_reviews=100, review_score=90)


def reason(
    *likes: float,
    base: float = 1.0,
    wishes: float = 0.0,
    source: Source = Source.PERSONAL,
    film: Movie = FILM,
) -> Reason:
    contributions = Contributions(
        base=base,
        wishes=wishes,
        likes=np.array(likes, dtype=np.float32),
        dislikes=np.array([-9.0], dtype=np.float32),
    )
    return explain(film, (SHORT, MIDDLE, LONG)[: len(likes)], contributions, source)


def test_shares_are_positive_contributions_over_their_sum_the_largest_first() -> None:
    found = reason(1.0, 2.0, base=1.0)
    assert [part.movie for part in found.because] == [MIDDLE, SHORT]
    assert [part.share for part in found.because] == pytest.approx([0.5, 0.25])
    assert found.widely_liked_share == pytest.approx(0.25)


def test_a_like_that_speaks_against_the_film_is_no_reason_for_it() -> None:
    found = reason(-1.0, 1.0)
    assert [part.movie for part in found.because] == [MIDDLE]
    assert found.widely_liked_share == pytest.approx(0.5)


def test_a_strangers_film_is_widely_liked_and_says_by_how_many() -> None:
    found = reason(source=Source.POPULAR)
    assert found.text == "Widely liked: 90% of 100 reviews are favourable."
    assert found.widely_liked_share == 1


def test_no_figure_is_quoted_that_does_not_bear_out_the_claim() -> None:
    poor = Movie("poor-2000", "Poor", 2000, n_reviews=100, review_score=40)
    assert reason(source=Source.POPULAR, film=poor).text == "Widely liked."


def test_the_liked_films_that_carry_the_score_are_named() -> None:
    assert reason(3.0, 2.0, 1.0).text == (
        "People who like Short, Middle and Long as you do like this one."
    )


def test_when_popularity_carries_the_score_the_sentence_says_so_first() -> None:
    text = reason(1.0, base=3.0).text
    assert text.startswith("Widely liked: 90% of 100 reviews are favourable, and it goes with")
    assert "Short" in text


def test_a_like_with_a_tiny_share_is_counted_and_not_named() -> None:
    found = reason(1.0, 0.01, base=0.5)
    assert "Middle" not in found.text
    assert found.because[1].movie == MIDDLE


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"directors": ("Ann",), "genres": ("War",)}, "Also by Ann, like Middle, which you liked."),
        ({"cast": ("Bob",)}, "Also with Bob, like Middle, which you liked."),
        ({"genres": ("Comedy",)}, "Comedy again, like Middle and Short, which you liked."),
        ({"genres": ("Horror",)}, "Horror again, like Middle, which you liked."),
        ({"languages": ("French",)}, "Also in French, like Middle and Short, which you liked."),
        ({"notable": True}, "A notable film of 2000."),
    ],
)
def test_a_film_without_ratings_is_explained_by_what_it_really_shares(
    facts: dict[str, object], text: str
) -> None:
    film = replace(FILM, review_score=None, **facts)  # type: ignore[arg-type]  # facts of a film
    middle = replace(MIDDLE, directors=("Ann",), cast=("Bob", "Cleo"))
    contributions = Contributions(
        0.1, 0.0, np.array([1.0, 2.0], np.float32), np.empty(0, np.float32)
    )
    assert explain(film, (SHORT, middle), contributions, Source.FEATURES).text == text


def test_a_hidden_gem_is_not_called_widely_liked() -> None:
    text = reason(base=0.5, wishes=2.0, source=Source.POPULAR).text
    assert text == "90% of 100 reviews are favourable, and few people know it, as you wished."


def test_a_wish_for_novelty_is_part_of_the_reason() -> None:
    found = reason(1.0, base=1.0, wishes=2.0)
    assert found.wishes_share == pytest.approx(0.5)
    assert found.text.endswith("Fewer people know it, as you wished.")


def test_a_score_without_anything_positive_is_popularitys() -> None:
    found = reason(-1.0, base=-1.0)
    assert (found.because, found.widely_liked_share) == ((), 1.0)
