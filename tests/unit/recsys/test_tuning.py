from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.recsys.datasets import checkerboard
from tonight.recsys.models.few_likes import FewLikesParameters
from tonight.recsys.models.long_history import LongHistoryParameters
from tonight.recsys.training import STAGES, TrainingParameters
from tonight.recsys.tuning import tune

BAD = TrainingParameters(
    few_likes=FewLikesParameters(ridge=1e6),
    long_history=LongHistoryParameters(ridge=1e6, side_weight=0.0),
    # Without kinship, which tells the two halves of the board apart whatever the ridges are.
    stages=tuple(replace(stage, kinship=0.0) for stage in STAGES),
)
GRID = (("long_history", "ridge", (5.0, 1e6)), ("few_likes", "ridge", (0.2, 1e7)))


def test_a_bad_value_is_replaced_by_a_better_one() -> None:
    interactions, items = checkerboard()
    said: list[str] = []
    tuned = tune(
        interactions, items, np.random.default_rng(1), start=BAD, grid=GRID, progress=said.append
    )
    assert tuned.parameters.long_history.ridge == 5
    assert tuned.ndcg_at_100 > tuned.before
    assert tuned.n_trials == 4
    assert len(said) == 3
    assert tuned.parameters.features == BAD.features


def test_the_search_is_determined_by_the_seed() -> None:
    interactions, items = checkerboard()
    first = tune(interactions, items, np.random.default_rng(4), start=BAD, grid=GRID)
    second = tune(interactions, items, np.random.default_rng(4), start=BAD, grid=GRID)
    assert first == second


def test_the_start_stands_where_nothing_is_better() -> None:
    interactions, items = checkerboard()
    tuned = tune(interactions, items, np.random.default_rng(1), start=BAD, grid=())
    assert tuned.parameters == BAD
    assert tuned.ndcg_at_100 == tuned.before


def test_users_without_enough_likes_are_refused() -> None:
    interactions, items = checkerboard()
    nobody = replace(interactions, likes=interactions.likes * np.float32(0))
    nobody.likes.eliminate_zeros()
    with pytest.raises(ValueError, match="no validation user"):
        tune(nobody, items, np.random.default_rng(1), grid=())
