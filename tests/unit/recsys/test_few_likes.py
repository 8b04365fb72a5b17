from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from tests.unit.recsys.datasets import THIRTEEN, checkerboard
from tonight.recsys.models.few_likes import FewLikesParameters, fit_few_likes


def by_enumeration(
    likes: np.ndarray[tuple[int, ...], np.dtype[np.float32]], parameters: FewLikesParameters
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[float]]:
    """The regression over all k-subsets one by one, solved column by column in float64.

    Column j leaves item j out of the inputs altogether: that is what the zero-diagonal
    correction stands for.
    """
    k, n = parameters.k, likes.shape[1]
    rows, targets, weights = [], [], []
    for user in likes:
        liked = np.flatnonzero(user)
        if len(liked) <= k:
            continue
        subsets = list(combinations(liked, k))
        for subset in subsets:
            row = np.zeros(n + 1)
            row[list(subset)] = 1
            row[n] = 1
            rows.append(row)
            target = user.astype(np.float64)
            target[list(subset)] = 0
            targets.append(target)
            weights.append(len(liked) ** -parameters.beta / len(subsets))
    x, y, v = np.array(rows), np.array(targets), np.array(weights)
    gram = x.T @ (v[:, np.newaxis] * x)
    penalty = np.full(n + 1, parameters.ridge * np.diag(gram)[:n].mean())
    penalty[n] = parameters.intercept_ridge * gram[n, n]
    solution = np.zeros((n, n))
    intercept = []
    for j in range(n):
        keep = np.array([i for i in range(n + 1) if i != j])
        left = gram[np.ix_(keep, keep)] + np.diag(penalty[keep])
        right = x.T @ (v * y[:, j])
        found = np.zeros(n + 1)
        found[keep] = np.linalg.solve(left, right[keep])
        solution[:, j] = found[:n]
        intercept.append(float(found[n]))
    return solution, intercept


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("beta", [0.0, 0.5])
def test_the_closed_form_is_the_regression_over_all_subsets(k: int, beta: float) -> None:
    parameters = FewLikesParameters(k=k, beta=beta, ridge=0.3)
    model = fit_few_likes(sparse.csr_array(THIRTEEN), parameters)
    weights, intercept = by_enumeration(THIRTEEN, parameters)
    np.testing.assert_allclose(model.weights, weights, atol=2e-4)
    np.testing.assert_allclose(model.intercept, intercept, atol=2e-4)


def test_the_closed_form_holds_for_three_likes_of_eight() -> None:
    likes = checkerboard()[0].likes[:6, :14]
    parameters = FewLikesParameters(k=3, ridge=1.0)
    model = fit_few_likes(sparse.csr_array(likes), parameters)
    weights, intercept = by_enumeration(likes.toarray(), parameters)
    np.testing.assert_allclose(model.weights, weights, atol=2e-4)
    np.testing.assert_allclose(model.intercept, intercept, atol=2e-4)


def test_no_item_speaks_for_itself() -> None:
    model = fit_few_likes(checkerboard()[0].likes, FewLikesParameters())
    assert not model.weights.diagonal().any()
    assert model.weights.flags.c_contiguous
    assert model.weights.dtype == np.float32


@pytest.mark.parametrize(
    "parameters",
    [FewLikesParameters(k=0), FewLikesParameters(ridge=0), FewLikesParameters(intercept_ridge=0)],
)
def test_parameters_out_of_range_are_refused(parameters: FewLikesParameters) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        fit_few_likes(sparse.csr_array(THIRTEEN), parameters)


def test_users_with_too_few_likes_alone_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 3 likes"):
        fit_few_likes(sparse.csr_array(THIRTEEN), FewLikesParameters(k=3))
