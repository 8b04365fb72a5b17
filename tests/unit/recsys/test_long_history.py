from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from tests.unit.recsys.datasets import THIRTEEN, checkerboard
from tonight.recsys.models.long_history import LongHistoryParameters, fit_long_history

EASE = LongHistoryParameters(ridge=1.5, dropout=0, beta=0, relaxation=0, side_weight=0)


def with_loops(
    parameters: LongHistoryParameters, side: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The optimum of every column by its conditions, in float64 and without an inverse.

    A column is the ridge solution; where its own entry would exceed the relaxation, the entry is
    fixed there and the others are solved for.
    """
    x = THIRTEEN.astype(np.float64)
    n_users, n = x.shape
    sizes = x.sum(axis=1)
    weight = sizes**-parameters.beta
    weight /= (weight * sizes).sum() / sizes.sum()
    gram = np.zeros((n, n))
    for user in range(n_users):
        for i in range(n):
            for j in range(n):
                gram[i, j] += weight[user] * x[user, i] * x[user, j]
    for i in range(n):
        for j in range(n):
            gram[i, j] += parameters.side_weight * float(side[i] @ side[j])
    p = parameters.dropout
    penalty = np.array([parameters.ridge + p / (1 - p) * gram[i, i] for i in range(n)])
    left = gram + np.diag(penalty)
    out = np.zeros((n, n))
    for j in range(n):
        column = np.linalg.solve(left, gram[:, j])
        if column[j] > parameters.relaxation:
            others = [i for i in range(n) if i != j]
            right = gram[others, j] - left[others, j] * parameters.relaxation
            column[others] = np.linalg.solve(left[np.ix_(others, others)], right)
            column[j] = parameters.relaxation
        popularity = max(x[:, j].sum(), 1)
        out[:, j] = column / popularity**parameters.popularity_power
    return out


@pytest.mark.parametrize(
    "parameters",
    [
        EASE,
        LongHistoryParameters(ridge=1.5, dropout=0.5, beta=0.3, relaxation=0.2, side_weight=0),
        LongHistoryParameters(ridge=0.5, dropout=0.1, beta=0.5, relaxation=0.2, side_weight=0.7),
        LongHistoryParameters(ridge=9, dropout=0.9, beta=0, popularity_power=0.4, relaxation=0.1),
    ],
)
def test_the_closed_form_is_the_constrained_optimum(parameters: LongHistoryParameters) -> None:
    side = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1], [0, 0]], dtype=np.float32)
    weights = fit_long_history(sparse.csr_array(THIRTEEN), sparse.csr_array(side), parameters)
    np.testing.assert_allclose(weights, with_loops(parameters, side), atol=2e-5)


def test_some_columns_are_bounded_by_the_relaxation_and_some_are_not() -> None:
    parameters = LongHistoryParameters(ridge=9, dropout=0.5, beta=0, relaxation=0.16)
    diagonal = fit_long_history(sparse.csr_array(THIRTEEN), None, parameters).diagonal()
    bounded = np.isclose(diagonal, 0.16, atol=1e-6)
    assert (diagonal <= 0.16 + 1e-6).all()
    assert bounded.any()
    assert not bounded.all()


def test_without_its_extensions_it_is_ease() -> None:
    gram = THIRTEEN.T.astype(np.float64) @ THIRTEEN
    inverse = np.linalg.inv(gram + 1.5 * np.eye(6))
    ease = -inverse / np.diag(inverse)
    np.fill_diagonal(ease, 0)
    weights = fit_long_history(sparse.csr_array(THIRTEEN), None, EASE)
    np.testing.assert_allclose(weights, ease, atol=1e-5)


def test_rows_are_contiguous_float32() -> None:
    weights = fit_long_history(checkerboard()[0].likes[:, :24], None, LongHistoryParameters())
    assert weights.flags.c_contiguous
    assert weights.dtype == np.float32


@pytest.mark.parametrize(
    "parameters", [LongHistoryParameters(dropout=1), LongHistoryParameters(ridge=0)]
)
def test_parameters_out_of_range_are_refused(parameters: LongHistoryParameters) -> None:
    with pytest.raises(ValueError, match="dropout"):
        fit_long_history(sparse.csr_array(THIRTEEN), None, parameters)
