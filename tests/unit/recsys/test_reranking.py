from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.recsys.reranking import mmr

TWINS = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]], dtype=np.float32)


def test_the_twin_of_the_first_pick_comes_after_what_differs() -> None:
    scores = np.array([1.0, 0.9, 0.7], dtype=np.float32)
    assert mmr(scores, TWINS, 3, diversity=0.5) == [0, 2, 1]


def test_without_diversity_scores_decide() -> None:
    scores = np.array([0.2, 0.9, 0.7], dtype=np.float32)
    assert mmr(scores, TWINS, 3, diversity=0.0) == [1, 2, 0]


def test_the_first_can_be_given() -> None:
    scores = np.array([0.2, 0.9, 0.7], dtype=np.float32)
    assert mmr(scores, TWINS, 2, first=0)[0] == 0


@given(st.lists(st.floats(-5, 5, width=32), max_size=12), st.integers(0, 15), st.floats(0, 1))
def test_a_choice_holds_each_position_at_most_once(
    values: list[float], k: int, diversity: float
) -> None:
    n = len(values)
    chosen = mmr(
        np.array(values, dtype=np.float32), np.eye(n, dtype=np.float32), k, diversity=diversity
    )
    assert len(chosen) == len(set(chosen)) == min(k, n)


def test_shapes_and_diversity_are_checked() -> None:
    with pytest.raises(ValueError, match="row and a column"):
        mmr(np.ones(2, dtype=np.float32), TWINS, 2)
    with pytest.raises(ValueError, match="diversity"):
        mmr(np.ones(3, dtype=np.float32), TWINS, 2, diversity=1.5)
