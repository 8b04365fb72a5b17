from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.recsys.datasets import checkerboard
from tonight.recsys.splitting import hold_out, user_folds


@given(st.integers(2, 60), st.integers(2, 7), st.integers(0, 1000))
def test_every_user_is_in_exactly_one_fold(n_users: int, n_folds: int, seed: int) -> None:
    if n_folds > n_users:
        with pytest.raises(ValueError, match="at least 2 folds"):
            user_folds(n_users, n_folds, np.random.default_rng(seed))
        return
    folds = user_folds(n_users, n_folds, np.random.default_rng(seed))
    assert sorted(np.concatenate(folds).tolist()) == list(range(n_users))
    assert max(map(len, folds)) - min(map(len, folds)) <= 1


def test_known_likes_and_targets_are_a_user_s_likes_and_disjoint() -> None:
    interactions, _ = checkerboard()
    for index, user in enumerate(hold_out(interactions, np.random.default_rng(1))):
        together = np.concatenate([user.known.likes, user.targets])
        assert sorted(together.tolist()) == interactions.history(index).likes.tolist()
        assert len(user.targets) == 2


def test_a_split_is_the_same_for_the_same_seed() -> None:
    interactions, _ = checkerboard()
    first = hold_out(interactions, np.random.default_rng(7))
    second = hold_out(interactions, np.random.default_rng(7))
    other = hold_out(interactions, np.random.default_rng(8))
    assert all(np.array_equal(a.targets, b.targets) for a, b in zip(first, second, strict=True))
    assert not all(np.array_equal(a.targets, b.targets) for a, b in zip(first, other, strict=True))


def test_the_first_likes_are_the_head_of_the_known_ones() -> None:
    interactions, _ = checkerboard()
    user = hold_out(interactions, np.random.default_rng(1))[0]
    assert user.first_likes(3).likes.tolist() == user.known.likes[:3].tolist()
    assert user.first_likes(None).likes.tolist() == user.known.likes.tolist()
    assert user.first_likes(3).dislikes.size == 0


def test_users_with_few_likes_are_left_out() -> None:
    interactions, _ = checkerboard()
    assert hold_out(interactions, np.random.default_rng(1), min_likes=9) == []
    with pytest.raises(ValueError, match="two likes"):
        hold_out(interactions, np.random.default_rng(1), min_likes=1)
