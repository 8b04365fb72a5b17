from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.unit.recsys.datasets import items_with_genres
from tonight.recsys.interactions import Interactions, from_ratings
from tonight.recsys.models.popularity import PopularityParameters, fit_popularity


def rated(likes: list[int], dislikes: list[int]) -> Interactions:
    """Interactions with so many likes and dislikes of each item."""
    users, items, ratings = [], [], []
    for item, (liked, disliked) in enumerate(zip(likes, dislikes, strict=True)):
        for user in range(liked + disliked):
            users.append(user)
            items.append(item)
            ratings.append(5.0 if user < liked else 1.0)
    n_users = max(users) + 1
    return from_ratings(
        np.array(users),
        np.array(items),
        np.array(ratings, dtype=np.float32),
        n_users=n_users,
        n_items=len(likes),
    )


def test_of_equally_many_likes_the_better_liked_appeals_more() -> None:
    items = items_with_genres([0, 0, 0, 0], 1)
    found = fit_popularity(rated([40, 40, 2, 0], [1, 30, 0, 0]), items, PopularityParameters())
    assert found.appeal[0] > found.appeal[1]


def test_two_likes_do_not_beat_forty() -> None:
    items = items_with_genres([0, 0, 0], 1)
    found = fit_popularity(rated([40, 2, 5], [2, 0, 4]), items, PopularityParameters())
    assert found.appeal[0] == found.appeal.max()


def test_a_rated_item_keeps_its_own_number_of_likes() -> None:
    items = items_with_genres([0, 0, 0], 1)
    found = fit_popularity(rated([30, 12, 2], [0, 0, 0]), items, PopularityParameters())
    assert found.expected_likes.tolist() == [30, 12, 2]


def test_more_reviews_let_expect_more_likes() -> None:
    n = 12
    items = items_with_genres([0] * n, 1)
    reviews = np.array([10, 20, 40, 80, 160, 10, 20, 40, 80, 160, 15, 150])
    items = replace(items, n_reviews=reviews)
    likes = [1, 3, 6, 11, 24, 2, 2, 7, 13, 20, 0, 0]
    found = fit_popularity(rated(likes, [0] * n), items, PopularityParameters())
    assert found.expected_likes[11] > 4 * found.expected_likes[10] > 0


def test_a_notable_item_that_came_too_late_counts_as_known() -> None:
    items = replace(
        items_with_genres([0] * 4, 1, years=[1990, 1990, 1990, 2022]),
        notable=np.array([False, False, False, True]),
    )
    parameters = PopularityParameters(notable_quantile=0.5)
    found = fit_popularity(rated([40, 20, 10, 0], [0, 0, 0, 0]), items, parameters)
    assert found.expected_likes[3] == 20


def test_a_hidden_gem_is_good_and_little_known() -> None:
    items = replace(
        items_with_genres([0] * 4, 1),
        review_score=np.array([0.9, 0.9, 0.2, 0.6]),
        n_reviews=np.array([200, 60, 60, 60]),
    )
    famous, good, bad, _ = fit_popularity(
        rated([60, 2, 2, 20], [3, 0, 0, 9]), items, PopularityParameters()
    ).gem
    assert good > bad
    assert good > 0 > famous


def test_without_any_rating_reviews_decide() -> None:
    items = replace(
        items_with_genres([0] * 3, 1),
        n_reviews=np.array([20, 200, 200]),
        review_score=np.array([0.9, 0.9, 0.3]),
    )
    nobody = from_ratings(
        np.array([], dtype=np.int64),
        np.array([], dtype=np.int64),
        np.array([], dtype=np.float32),
        n_users=0,
        n_items=3,
    )
    found = fit_popularity(nobody, items, PopularityParameters())
    assert int(found.appeal.argmax()) == 1
    assert np.isfinite(found.appeal).all()
