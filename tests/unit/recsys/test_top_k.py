from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.recsys.top_k import draw, nearly_best, top_k

scores_of_few_values = st.lists(st.integers(-3, 3), min_size=1, max_size=600)


def slowly(scores: list[float], candidates: list[int], k: int) -> list[int]:
    return sorted(candidates, key=lambda index: (-scores[index], index))[:k]


@given(scores_of_few_values, st.integers(0, 40))
def test_top_k_is_what_sorting_everything_gives(values: list[int], k: int) -> None:
    rng = np.random.default_rng(len(values) + k)
    scores = np.array(values, dtype=np.float32)
    candidates = np.flatnonzero(rng.random(len(scores)) < 0.7)
    assert top_k(scores, candidates, k).tolist() == slowly(scores.tolist(), candidates.tolist(), k)


@pytest.mark.parametrize("k", [1, 3, 10, 100, 1000, 20_000])
def test_top_k_is_exact_where_the_sampled_threshold_is_used(k: int) -> None:
    rng = np.random.default_rng(k)
    scores = rng.standard_normal(12_500).astype(np.float32)
    scores[::7] = scores[3]
    candidates = np.arange(12_500)
    assert top_k(scores, candidates, k).tolist() == slowly(scores.tolist(), candidates.tolist(), k)


def test_equal_scores_come_in_ascending_order_of_index() -> None:
    scores = np.zeros(5000, dtype=np.float32)
    assert top_k(scores, np.arange(10, 5000), 4).tolist() == [10, 11, 12, 13]


def test_no_candidates_give_an_empty_selection() -> None:
    assert top_k(np.ones(3, dtype=np.float32), np.arange(0), 2).size == 0


def test_a_negative_k_is_refused() -> None:
    with pytest.raises(ValueError, match="k must not be negative"):
        top_k(np.ones(3, dtype=np.float32), np.arange(3), -1)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([1.0, 0.96, 0.94, 0.0], [0, 1]),
        ([-1.0, -1.04, -1.06], [0, 1]),
        ([0.0, -0.01, 0.0], [0, 2]),
    ],
)
def test_nearly_best_are_within_a_twentieth_of_the_best(
    scores: list[float], expected: list[int]
) -> None:
    values = np.array(scores, dtype=np.float32)
    assert nearly_best(values, np.arange(len(scores))).tolist() == expected


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=50), st.integers(0, 2**32))
def test_a_draw_is_a_candidate_nearly_as_good_as_the_best(values: list[float], seed: int) -> None:
    scores = np.array(values, dtype=np.float32)
    candidates = np.arange(len(values))
    drawn = draw(scores, candidates, np.random.default_rng(seed))
    best = float(scores.max())
    assert scores[drawn] >= best - 0.05 * abs(best) - 1e-3
    assert drawn == draw(scores, candidates, np.random.default_rng(seed))


def test_every_nearly_best_candidate_is_drawn_sooner_or_later() -> None:
    scores = np.array([1.0, 0.5, 0.99, 0.98], dtype=np.float32)
    drawn = {draw(scores, np.arange(4), np.random.default_rng(seed)) for seed in range(60)}
    assert drawn == {0, 2, 3}


def test_a_draw_without_candidates_is_refused() -> None:
    with pytest.raises(ValueError, match="no candidate"):
        draw(np.ones(2, dtype=np.float32), np.arange(0), np.random.default_rng(1))


@pytest.mark.parametrize("share", [0.0, 1.01])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="at_least"):
        nearly_best(np.ones(2, dtype=np.float32), np.arange(2), share)
