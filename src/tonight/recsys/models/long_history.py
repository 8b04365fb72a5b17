"""A linear auto-encoder for viewers of whom many likes are known.

Weighted users, dropout as a ridge, a relaxed zero-diagonal constraint, side information as
additional rows, and dislikes as a second block of inputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tonight.recsys.linear_algebra import invert_positive_definite, weighted_gram
from tonight.recsys.recommender import FloatArray


@dataclass(frozen=True, slots=True)
class LongHistoryParameters:
    """The parameters of the auto-encoder.

    Attributes:
        ridge: Lambda, the ridge on every item.
        dropout: p, the share of the input that is dropped in training.
        beta: A user of N likes weighs N ** -beta.
        popularity_power: t; the scores of item j are divided by its number of likes to this
            power.
        relaxation: Xi, how much of itself an item may predict.
        side_weight: s, the weight of the items' features; 0 leaves them out.
    """

    ridge: float = 100.0
    dropout: float = 0.5
    beta: float = 0.3
    popularity_power: float = 0.0
    relaxation: float = 0.2
    side_weight: float = 5.0


def fit_long_history(
    likes: sparse.csr_array,
    side: sparse.csr_array | None,
    parameters: LongHistoryParameters,
    user_weights: NDArray[np.float64] | None = None,
) -> FloatArray:
    """Fits the auto-encoder.

    Args:
        likes: Shape (n_users, n), binary.
        side: Features of the items, shape (n, n_features), or ``None``.
        parameters: The parameters.
        user_weights: How much each user counts, shape (n_users,); 1 by default.

    Returns:
        Weights of shape (n, n), float32, rows contiguous: entry (i, j) is what a like of item
        i adds to the score of item j. Time O(n^3), memory two such matrices.

    Raises:
        ValueError: A parameter is out of range.

    Source:
        Steck 2020, "Autoencoders that don't overfit towards the identity" (dropout as a ridge);
        Moon et al. 2023, "It's enough: relaxing diagonal constraints in linear autoencoders"
        (the relaxation); Jeunen et al. 2020, "Closed-form models for collaborative filtering
        with side-information" (features as rows).
    """
    p = parameters.dropout
    if not 0 <= p < 1 or parameters.ridge <= 0:
        raise ValueError("dropout has to be in [0, 1) and the ridge positive")
    n_likes = np.diff(likes.indptr).astype(np.float64)
    weight = np.zeros_like(n_likes)
    np.power(n_likes, -parameters.beta, out=weight, where=n_likes > 0)
    # The mean weight of an interaction is 1, so that the ridge keeps its meaning.
    weight *= n_likes.sum() / max(float(weight @ n_likes), np.finfo(np.float64).tiny)
    if user_weights is not None:
        weight *= user_weights
    gram = np.asfortranarray(weighted_gram(likes, weight))
    if side is not None and parameters.side_weight > 0:
        # Few columns, and nearly every pair of items shares one: dense is faster than sparse.
        features = side.toarray().astype(np.float32)
        gram += (np.float32(parameters.side_weight) * features) @ features.T
    diagonal = np.arange(gram.shape[0])
    penalty = parameters.ridge + p / (1 - p) * gram[diagonal, diagonal]
    gram[diagonal, diagonal] += penalty
    inverse = invert_positive_definite(gram)

    inverse_diagonal = inverse[diagonal, diagonal]
    bounded = 1 - penalty * inverse_diagonal > parameters.relaxation
    multiplier = np.where(bounded, (1 - parameters.relaxation) / inverse_diagonal, penalty)
    if parameters.popularity_power != 0:
        popularity = np.maximum(np.bincount(likes.indices, minlength=len(diagonal)), 1)
        divisor = popularity.astype(np.float32) ** parameters.popularity_power
    else:
        divisor = np.ones(len(diagonal), dtype=np.float32)
    # The inverse is symmetric: its transpose, which is in C order, is scaled in place.
    weights = inverse.T
    weights *= -multiplier[np.newaxis, :]
    weights[diagonal, diagonal] += 1
    weights /= divisor[np.newaxis, :]
    return np.ascontiguousarray(weights, dtype=np.float32)
