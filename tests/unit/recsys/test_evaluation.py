from __future__ import annotations

import numpy as np
import pytest

from tonight.recsys.evaluation import measure, pool
from tonight.recsys.recommender import FloatArray, History
from tonight.recsys.splitting import HeldOutUser

NOBODY = np.array([], dtype=np.intp)


def user(known: list[int], targets: list[int]) -> HeldOutUser:
    return HeldOutUser(History.of(known), np.array(targets, dtype=np.intp), NOBODY)


def descending(_: History) -> FloatArray:
    return np.arange(6, 0, -1).astype(np.float32)


def everything_known(held_out: HeldOutUser) -> History:
    return held_out.known


def test_known_items_are_not_ranked() -> None:
    found = measure(descending, [user([0, 1], [2])], everything_known, np.ones(6, dtype=np.bool_))
    assert found.ndcg_at_100.tolist() == [1]
    assert found.rankings[0].tolist() == [2, 3, 4, 5]


def test_known_items_are_not_ranked_even_when_they_are_not_told() -> None:
    def nothing(_: HeldOutUser) -> History:
        return History.of()

    found = measure(descending, [user([0, 1], [2])], nothing, np.ones(6, dtype=np.bool_))
    assert found.rankings[0].tolist() == [2, 3, 4, 5]


def test_only_eligible_items_are_ranked_and_looked_for() -> None:
    eligible = np.array([True, True, False, True, True, True])
    users = [user([0], [2, 3]), user([0], [2])]
    found = measure(descending, users, everything_known, eligible)
    assert len(found.ndcg_at_100) == 1
    assert found.ndcg_at_100[0] == pytest.approx(1 / np.log2(3))
    assert found.recall_at_20.tolist() == [1]


def test_folds_are_pooled_user_by_user() -> None:
    eligible = np.ones(6, dtype=np.bool_)
    one = measure(descending, [user([0], [1])], everything_known, eligible)
    two = measure(descending, [user([0], [5]), user([1], [0])], everything_known, eligible)
    together = pool([one, two])
    assert together.ndcg_at_100.tolist() == [*one.ndcg_at_100, *two.ndcg_at_100]
    assert len(together.rankings) == 3
