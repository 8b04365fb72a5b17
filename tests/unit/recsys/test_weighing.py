"""Viewers count beside the raters, as much as is measured to be good for viewers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.recsys.datasets import checkerboard, items_with_genres
from tonight.recsys.interactions import Interactions, Viewers, from_ratings
from tonight.recsys.training import train
from tonight.recsys.weighing import MIN_VIEWERS, weigh


def strangers(n_users: int, n_items: int) -> Interactions:
    """Raters who like anything at all."""
    rng = np.random.default_rng(8)
    users = np.repeat(np.arange(n_users), 8)
    items = np.concatenate([rng.permutation(24)[:8] for _ in range(n_users)])
    ratings = np.full(len(users), 5, dtype=np.float32)
    return from_ratings(users, items, ratings, n_users=n_users, n_items=n_items)


def test_viewers_who_know_more_than_the_raters_get_a_weight() -> None:
    viewers, _ = checkerboard(150)
    # Nothing but what the viewers like tells the films apart.
    items = items_with_genres([0] * viewers.n_items, 1)
    said: list[str] = []
    raters = strangers(60, items.n_items)
    found = weigh(raters, items, viewers, weights=(0.0, 0.5, 2.0), progress=said.append)
    assert found.weight > 0
    assert found.validation[found.weight] == max(found.validation.values())
    assert set(found.test) == {0.0, found.weight}
    assert found.test[found.weight] > found.test[0.0] + 0.05
    assert [line.partition(":")[0] for line in said] == ["weight 0", "weight 0.5", "weight 2"]
    assert weigh(raters, items, viewers, weights=(0.0, 0.5, 2.0)) == found


def test_viewers_who_like_anything_get_none() -> None:
    raters, items = checkerboard(150)
    # They are measured on what they like at random, which no weight of theirs can help to find.
    noise = strangers(MIN_VIEWERS, items.n_items)
    found = weigh(raters, items, noise, weights=(0.0, 0.0))
    assert (found.weight, found.test) == (0.0, {0.0: found.test[0.0]})


def test_with_too_few_viewers_nothing_is_measured() -> None:
    viewers, items = checkerboard(MIN_VIEWERS - 1)
    with pytest.raises(ValueError, match="100 are needed"):
        weigh(viewers, items, viewers)


def test_a_viewer_of_weight_one_is_a_rater() -> None:
    interactions, items = checkerboard(60)
    first, second = np.arange(40), np.arange(40, 60)
    viewers = Viewers(interactions.users(second), 1.0)
    together = train(interactions, items).to_arrays()
    apart = train(interactions.users(first), items, viewers=viewers).to_arrays()
    for name, array in together.items():
        np.testing.assert_allclose(apart[name], array, rtol=1e-4, atol=1e-5, err_msg=name)


def test_a_heavier_viewer_pulls_more() -> None:
    raters, items = checkerboard(60)
    # Items 0 and 1 are liked together by viewers alone: raters are of one parity.
    users = np.repeat(np.arange(30), 4)
    films = np.tile([0, 1, 2, 3], 30)
    likes = np.full(120, 5, dtype=np.float32)
    viewers = from_ratings(users, films, likes, n_users=30, n_items=items.n_items)

    def pull(weight: float) -> float:
        model = train(raters, items, viewers=Viewers(viewers, weight))
        return float(model.long_history[model.place[0], model.place[1]])

    assert pull(0.1) < pull(1) < pull(4)
