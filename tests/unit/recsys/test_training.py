from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.recsys.datasets import checkerboard, items_with_genres
from tonight.recsys.interactions import from_ratings
from tonight.recsys.recommender import History
from tonight.recsys.training import DEFAULT_PARAMETERS, train, warm_items


@pytest.mark.parametrize(
    ("n_users", "n_items", "n_ratings"),
    [
        (0, 1, 0),
        (0, 2, 0),
        (1, 3, 2),
        (2, 5, 10),
        (5, 30, 60),
        (3, 50, 40),
        (1, 50, 45),
        (8, 12, 90),
    ],
)
def test_any_small_data_set_gives_a_model(n_users: int, n_items: int, n_ratings: int) -> None:
    rng = np.random.default_rng(n_ratings)
    interactions = from_ratings(
        rng.integers(0, max(n_users, 1), n_ratings),
        rng.integers(0, n_items, n_ratings),
        rng.choice([1.0, 4.0, 5.0], n_ratings).astype(np.float32),
        n_users=n_users,
        n_items=n_items,
    )
    model = train(interactions, items_with_genres([i % 3 for i in range(n_items)], 3))
    assert np.isfinite(model.score(History.of([0]), 0.3)).all()
    assert len(model.similar(0, n_items)) == n_items - 1


def test_a_catalogue_of_new_films_only_gives_a_model() -> None:
    interactions, items = checkerboard()
    new = replace(items, year=np.full(28, 2022), notable=np.ones(28, dtype=np.bool_))
    assert np.isfinite(train(interactions, new).score(History.of([0, 24], [3]))).all()


def test_two_likes_make_an_item_warm() -> None:
    interactions, _ = checkerboard()
    counts = interactions.likes_per_item()
    assert (
        warm_items(interactions, DEFAULT_PARAMETERS).tolist()
        == np.flatnonzero(counts >= 2).tolist()
    )


def test_nothing_is_warm_where_nobody_has_likes_enough_to_learn_from() -> None:
    interactions, items = checkerboard()
    chosen = interactions.items(np.arange(3))
    few = interactions.without_items(np.arange(3, 24))
    assert chosen.likes.nnz == few.likes.nnz > 0
    assert warm_items(few, DEFAULT_PARAMETERS).size == 0
    assert train(few, items).n_warm == 0
