"""k-shot regression: what someone likes who is known by only a few likes.

Every user's *other* likes are regressed on a random k-subset of his likes and an intercept. The
expectation over all subsets is taken in closed form, so nothing is sampled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tonight.recsys.linear_algebra import invert_positive_definite, weighted_gram
from tonight.recsys.recommender import FloatArray

#: Rows that are worked on at once, so that products need no second matrix.
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class FewLikesParameters:
    """The parameters of the k-shot regression.

    Attributes:
        k: How many likes the input has.
        beta: A user of N likes weighs N ** -beta.
        ridge: The ridge on every item, as a multiple of the items' mean diagonal.
        intercept_ridge: The ridge on the intercept, as a share of its own diagonal.
    """

    k: int = 3
    beta: float = 0.5
    ridge: float = 3.0
    intercept_ridge: float = 1e-4


@dataclass(frozen=True, slots=True)
class FewLikes:
    """The fitted regression.

    Attributes:
        weights: ``weights[i, j]`` is what a like of item i adds to the score of item j;
            shape (n, n), float32, rows contiguous, zero diagonal.
        intercept: The score of every item without any like, shape (n,), float32.
    """

    weights: FloatArray
    intercept: FloatArray


def fit_few_likes(
    likes: sparse.csr_array,
    parameters: FewLikesParameters,
    user_weights: NDArray[np.float64] | None = None,
) -> FewLikes:
    """Fits the k-shot regression.

    For a user of N > k likes and weight v, a uniformly random k-subset as the input S and the
    other likes as the target, the expected normal equations hold v k (k-1) / (N (N-1)) for a
    pair of inputs, v k / N for an input with itself and with the intercept, and
    v k (N-k) / (N (N-1)) for an input and a target, v (1 - k/N) for the intercept and a target.
    Then no item may predict itself: the zero-diagonal correction of EASE.

    Args:
        likes: Shape (n_users, n), binary.
        parameters: The parameters.
        user_weights: How much each user counts, shape (n_users,); 1 by default.

    Returns:
        The fitted model. Time O(n^3 + n * number of likes); memory two (n, n) float32 matrices.

    Raises:
        ValueError: ``k`` is below 1, a ridge is not positive, or no user has more than ``k``
            likes.

    Source:
        The expectation is our own; the correction is Steck 2019, "Embarrassingly shallow
        autoencoders for sparse data", equation 8.
    """
    k = parameters.k
    if k < 1 or parameters.ridge <= 0 or parameters.intercept_ridge <= 0:
        raise ValueError("k has to be at least 1 and the ridges positive")
    n = int(likes.shape[1])
    n_likes = np.diff(likes.indptr)
    chosen = n_likes > k
    if not chosen.any():
        raise ValueError(f"no user has more than {k} likes")
    x = sparse.csr_array(likes[np.flatnonzero(chosen)])
    size = n_likes[chosen].astype(np.float64)
    weight = size**-parameters.beta
    if user_weights is not None:
        weight *= user_weights[chosen]
    pair_in = weight * k * (k - 1) / (size * (size - 1))
    pair_out = weight * k * (size - k) / (size * (size - 1))
    alone = x.T @ (weight * k / size)

    # The last row and column belong to the intercept.
    normal = np.empty((n + 1, n + 1), dtype=np.float32, order="F")
    normal[:n, :n] = weighted_gram(x, pair_in)
    diagonal = np.arange(n)
    ridge = parameters.ridge * float(alone.mean())
    normal[diagonal, diagonal] = alone + ridge
    normal[n, :n] = normal[:n, n] = alone
    normal[n, n] = weight.sum() * (1 + parameters.intercept_ridge)
    inverse = invert_positive_definite(normal)

    # The right-hand side is X' diag(pair_out) X and the intercept's row. Its diagonal does not
    # matter: the correction takes out whatever an item says of itself.
    weights = _times_gram(inverse, x, pair_out, n)
    intercept_target = (x.T @ (weight * (1 - k / size))).astype(np.float32)
    of_intercept = inverse[:, n].copy()
    itself = weights[diagonal, diagonal] + of_intercept[:n] * intercept_target
    excess = itself / inverse[diagonal, diagonal]
    for start in range(0, n + 1, _BLOCK):
        rows = slice(start, start + _BLOCK)
        weights[rows] += of_intercept[rows, np.newaxis] * intercept_target[np.newaxis, :]
        # The inverse is symmetric; its transpose is in C order.
        weights[rows] -= inverse.T[rows, :n] * excess[np.newaxis, :]
    intercept = weights[n].copy()
    square = weights[:n]
    square[diagonal, diagonal] = 0
    return FewLikes(weights=square, intercept=intercept)


def _times_gram(
    inverse: FloatArray, x: sparse.csr_array, pair_out: NDArray[np.float64], n: int
) -> FloatArray:
    """``inverse[:, :n] @ X' diag(pair_out) X`` without forming the Gram matrix."""
    weighted = sparse.csr_array(x.multiply(pair_out[:, np.newaxis])).astype(np.float32)
    by_user = (weighted @ inverse[:n]).T
    return np.ascontiguousarray(by_user @ x, dtype=np.float32)
