from __future__ import annotations

import numpy as np

from tests.unit.recsys.datasets import checkerboard
from tonight.recsys.items import freshness, unit_rows, weighted_features
from tonight.recsys.models.features import (
    FeatureParameters,
    features_alone,
    fit_features,
    low_rank,
)
from tonight.recsys.models.long_history import LongHistoryParameters, fit_long_history

PARAMETERS = FeatureParameters(rank=4, ridge=0.5, weights=(("genre", 1.0),))


def test_a_matrix_of_low_rank_is_found_again() -> None:
    rng = np.random.default_rng(2)
    matrix = (rng.standard_normal((40, 3)) @ rng.standard_normal((3, 30))).astype(np.float32)
    left, right = low_rank(matrix, 3, rng)
    np.testing.assert_allclose(left @ right.T, matrix, atol=1e-4)


def test_the_rank_is_at_most_that_of_the_matrix() -> None:
    left, right = low_rank(np.eye(3, dtype=np.float32), 10, np.random.default_rng(1))
    assert left.shape == right.shape == (3, 3)


def test_an_item_without_ratings_is_taken_for_those_of_its_genre() -> None:
    interactions, items = checkerboard()
    warm = np.arange(24)
    weights = fit_long_history(
        interactions.items(warm).likes, None, LongHistoryParameters(ridge=5, side_weight=0)
    )
    features = weighted_features(items, dict(PARAMETERS.weights))
    model = fit_features(weights, warm, features, np.ones(28, dtype=np.float32), PARAMETERS)
    even, odd = 24, 25
    relation = model.inputs @ model.outputs.T
    assert relation[0, even] > 0.01 > relation[0, odd]
    assert relation[odd, 1] > 0.01 > relation[even, 1]


def test_without_any_rating_like_features_attract() -> None:
    _, items = checkerboard()
    features = weighted_features(items, {"genre": 1.0, "era": 0.5})
    model = features_alone(features, FeatureParameters(rank=1))
    relation = model.inputs @ model.outputs.T
    assert (relation[0, 2::2] > 0).all()
    assert (relation[0, 1::2] < 0).all()


def test_features_of_an_item_have_length_1() -> None:
    _, items = checkerboard()
    features = weighted_features(items, {"genre": 1.0, "era": 0.3})
    lengths = np.sqrt(features.multiply(features).sum(axis=1))
    np.testing.assert_allclose(lengths, 1, atol=1e-6)


def test_a_row_without_features_stays_empty() -> None:
    _, items = checkerboard()
    groups = items.groups["genre"].copy()
    groups.data[0] = 0
    assert unit_rows(groups)[[0]].sum() == 0


def test_freshness_rises_from_0_to_1() -> None:
    years = np.array([1950, 2012, 2013, 2014, 2025])
    assert freshness(years, 2012, 2014).tolist() == [0, 0, 0.5, 1, 1]
