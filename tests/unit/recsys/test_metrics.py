from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.recsys.metrics import (
    bootstrap_interval,
    coverage,
    ndcg_at_k,
    novelty,
    recall_at_k,
)

rankings = st.permutations(range(12)).map(np.array)
targets = st.sets(st.integers(0, 11), min_size=1).map(lambda found: np.array(sorted(found)))


def test_recall_divides_by_the_smaller_of_k_and_the_number_of_targets() -> None:
    ranking, wanted = np.array([4, 2, 9]), np.array([2, 5, 9])
    assert recall_at_k(ranking, wanted, 2) == pytest.approx(1 / 2)
    assert recall_at_k(ranking, wanted, 3) == pytest.approx(2 / 3)
    assert recall_at_k(ranking, wanted, 100) == pytest.approx(2 / 3)


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    found = 1 / np.log2(3)
    ideal = 1 / np.log2(2) + 1 / np.log2(3)
    assert ndcg_at_k(np.array([7, 2, 3]), np.array([2, 5]), 3) == pytest.approx(found / ideal)


@given(rankings, targets, st.integers(1, 12))
def test_metrics_lie_between_0_and_1(
    ranking: np.ndarray[tuple[int], np.dtype[np.int64]],
    wanted: np.ndarray[tuple[int], np.dtype[np.int64]],
    k: int,
) -> None:
    assert 0 <= recall_at_k(ranking, wanted, k) <= 1
    assert 0 <= ndcg_at_k(ranking, wanted, k) <= 1 + 1e-12


@given(targets, st.integers(1, 12))
def test_a_ranking_with_the_targets_first_is_perfect(
    wanted: np.ndarray[tuple[int], np.dtype[np.int64]], k: int
) -> None:
    ranking = np.concatenate([wanted, np.setdiff1d(np.arange(12), wanted)])
    assert ndcg_at_k(ranking, wanted, k) == pytest.approx(1)
    assert recall_at_k(ranking, wanted, k) == pytest.approx(1)


@given(rankings, targets, st.integers(0, 10))
def test_moving_a_target_up_never_lowers_ndcg(
    ranking: np.ndarray[tuple[int], np.dtype[np.int64]],
    wanted: np.ndarray[tuple[int], np.dtype[np.int64]],
    place: int,
) -> None:
    above, below = ranking[place], ranking[place + 1]
    if above in wanted or below not in wanted:
        return
    better = ranking.copy()
    better[[place, place + 1]] = below, above
    assert ndcg_at_k(better, wanted, 12) > ndcg_at_k(ranking, wanted, 12)


@pytest.mark.parametrize("metric", [recall_at_k, ndcg_at_k])
def test_no_target_and_no_cut_off_are_refused(metric: object) -> None:
    assert callable(metric)
    with pytest.raises(ValueError, match="no targets"):
        metric(np.arange(3), np.arange(0), 3)
    with pytest.raises(ValueError, match="at least 1"):
        metric(np.arange(3), np.arange(1), 0)


def test_coverage_counts_each_item_once() -> None:
    assert coverage([np.array([1, 2]), np.array([2, 3])], 12) == 3 / 12
    assert coverage([], 12) == 0


def test_novelty_is_the_mean_information_of_what_is_shown() -> None:
    likes = np.array([8, 4, 0])
    assert novelty([np.array([0, 1])], likes, 8) == pytest.approx((0 + 1) / 2)
    assert novelty([np.array([2])], likes, 8) == pytest.approx(4)
    assert novelty([], likes, 8) == 0


def test_an_interval_holds_the_mean_and_narrows_with_more_values() -> None:
    rng = np.random.default_rng(3)
    few, many = rng.normal(1, 1, 50), rng.normal(1, 1, 5000)
    low, high = bootstrap_interval(few, np.random.default_rng(1))
    lower, upper = bootstrap_interval(many, np.random.default_rng(1))
    assert low < few.mean() < high
    assert lower < many.mean() < upper
    assert upper - lower < (high - low) / 5


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval(np.array([]), np.random.default_rng(1))
