"""Floors that the recommender must not fall below, on the embedded ratings.

Five user folds of one seed, pooled. A comparison holds when the lower bound of the paired
bootstrap's 95 % interval does. Where a floor breaks, the model is worse: mend it, not the floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tonight.embedded import has_movielens
from tonight.recsys.evaluation import Measurement
from tools.evaluate.accuracy import Measured, difference, measure_levels, pooled, separation
from tools.evaluate.cold import measure_cold
from tools.evaluate.embedded import Dataset, load_dataset
from tools.evaluate.folds import ease, folds, popularity, product
from tools.evaluate.freshness import (
    first_picks,
    modern_among_20,
    modern_share,
    strangers_draws,
    without_recency,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not has_movielens(), reason="this package comes without ratings"),
]

SEED = 2016
LEVELS = (1, 3, 5, 10, None)


@dataclass(frozen=True, slots=True)
class Measurements:
    """What one pass over the folds gives; every test looks at a part of it."""

    data: Dataset
    accuracy: Measured
    cold: Measured
    picks: list[int]
    modern: list[float]
    with_dislikes: list[float]
    without_dislikes: list[float]
    drawn: list[int]

    def gain(self, better: str, other: str, level: int | None) -> tuple[float, float]:
        """The mean and the lower bound of the difference in nDCG@100."""
        found = difference(self._ndcg(better, level), self._ndcg(other, level))
        return found.mean, found.lower

    def _ndcg(self, name: str, level: int | None) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        measurement: Measurement = self.accuracy[name, level]
        return measurement.ndcg_at_100


@pytest.fixture(scope="module")
def measured() -> Measurements:
    data = load_dataset()
    accuracy, cold, picks, modern = [], [], [], []
    told: list[float] = []
    untold: list[float] = []
    drawn: list[int] = []
    for fold in folds(data.interactions, SEED):
        model = product(fold, data.items)
        scorers = {
            "popularity": popularity(fold),
            "EASE": ease(fold),
            "product": model.score,
            "without recency": without_recency(model).score,
        }
        accuracy.append(measure_levels(scorers, fold, fold.warm, LEVELS))
        cold.append(measure_cold(fold, data.items))
        picks += first_picks(model, fold.users[:40], data.known, None)
        modern += modern_among_20(model, data.items, data.known, 20, fold.seed)
        told += separation(model, fold.users, dislikes=True)
        untold += separation(model, fold.users, dislikes=False)
        drawn = strangers_draws(model, data.known)
    return Measurements(data, pooled(accuracy), pooled(cold), picks, modern, told, untold, drawn)


@pytest.mark.parametrize("n_likes", [1, 3, 5, 10])
def test_few_likes_are_enough_to_beat_popularity(measured: Measurements, n_likes: int) -> None:
    assert measured.gain("product", "popularity", n_likes)[1] > 0


def test_full_histories_beat_ease(measured: Measurements) -> None:
    assert measured.gain("product", "EASE", None)[1] > 0


@pytest.mark.parametrize("n_likes", [5, 10])
def test_some_likes_are_not_worse_than_with_ease(measured: Measurements, n_likes: int) -> None:
    assert measured.gain("product", "EASE", n_likes)[1] > -0.005


def test_the_baselines_are_at_full_strength(measured: Measurements) -> None:
    """A floor over a broken baseline would say nothing."""
    popular = measured.accuracy["popularity", None].ndcg_at_100.mean()
    by_ease = measured.accuracy["EASE", None].ndcg_at_100.mean()
    assert popular > 0.18
    assert by_ease > 0.34


@pytest.mark.parametrize("baseline", ["random", "genre popularity"])
@pytest.mark.parametrize("model", ["features alone", "features and reviews (the product)"])
@pytest.mark.parametrize("n_likes", [3, 10, None])
def test_films_without_ratings_are_found_by_their_features(
    measured: Measurements, model: str, baseline: str, n_likes: int | None
) -> None:
    found = difference(
        measured.cold[model, n_likes].ndcg_at_100, measured.cold[baseline, n_likes].ndcg_at_100
    )
    assert found.lower > 0


def test_a_fifth_of_the_first_picks_are_new(measured: Measurements) -> None:
    assert len(measured.picks) == 200
    assert modern_share(measured.picks, measured.data.items) >= 0.2


@pytest.mark.parametrize("n_likes", LEVELS)
def test_recency_costs_at_most_a_hundredth(measured: Measurements, n_likes: int | None) -> None:
    assert measured.gain("product", "without recency", n_likes)[1] > -0.01


def test_five_new_likes_give_at_least_half_new_films(measured: Measurements) -> None:
    assert len(measured.modern) == 100
    assert min(measured.modern) >= 0.5


def test_dislikes_tell_liked_and_disliked_films_apart(measured: Measurements) -> None:
    found = difference(np.array(measured.with_dislikes), np.array(measured.without_dislikes))
    assert found.lower > 0


def test_fifty_strangers_see_at_least_twenty_films(measured: Measurements) -> None:
    assert len(measured.drawn) == 50
    assert len(set(measured.drawn)) >= 20


def test_strangers_see_more_than_one_era_and_audience(measured: Measurements) -> None:
    shown = [measured.data.movies[item] for item in set(measured.drawn)]
    assert len({movie.year // 10 for movie in shown}) >= 4
    assert sum("Family" in movie.genres for movie in shown) <= len(shown) / 4
