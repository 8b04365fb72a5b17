"""Items without ratings: their features stand for what the ratings would have taught.

The item-item weights of the rated items are brought to low rank, ``weights ~ inputs @ outputs.T``;
a ridge regression from features to both factors then gives every item of the catalogue its place
in the same space.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse
from scipy.linalg import lapack

from tonight.recsys.recommender import FloatArray, IndexArray


@dataclass(frozen=True, slots=True)
class FeatureParameters:
    """The parameters of the feature model.

    Attributes:
        rank: The number of dimensions.
        ridge: The ridge of the regression; features have length 1.
        side_weight: The weight of features in the weights that are brought to low rank. It is
            small: what features say there, the regression would only hear of itself.
        reach_power: The predicted outputs are scaled by the expected number of likes, and one,
            to this power: among items of like features the better known are liked more.
        weights: The weight of each group of features, as pairs.
        seed: Seeds the random projection of the decomposition.
    """

    rank: int = 32
    ridge: float = 5.0
    side_weight: float = 0.3
    reach_power: float = 0.3
    weights: tuple[tuple[str, float], ...] = (
        ("genre", 1.0),
        ("era", 1.0),
        ("director", 0.7),
        ("cast", 0.5),
        ("language", 0.6),
        ("country", 0.6),
        ("certificate", 0.3),
    )
    seed: int = 1


@dataclass(frozen=True, slots=True)
class FeatureModel:
    """The place of every item in the low-rank space.

    ``inputs[i] @ outputs[j]`` is what a like of item i adds to the score of item j.

    Attributes:
        inputs: Shape (n_items, rank), float32.
        outputs: Shape (n_items, rank), float32.
        predicted: ``outputs`` as predicted from features alone, the rated items included; what
            calibration compares with. Shape (n_items, rank), float32.
    """

    inputs: FloatArray
    outputs: FloatArray
    predicted: FloatArray


def fit_features(
    weights: FloatArray,
    warm: IndexArray,
    features: sparse.csr_array,
    expected_likes: FloatArray,
    parameters: FeatureParameters,
) -> FeatureModel:
    """Fits the feature model.

    Args:
        weights: Item-item weights of the rated items, shape (n_warm, n_warm).
        warm: The rated items' indices, shape (n_warm,).
        features: Shape (n_items, n_features), rows of length 1.
        expected_likes: How many likes every item can be expected to have, shape (n_items,).
        parameters: The parameters.

    Returns:
        The model. Time O(n_warm^3 / 3), memory one more (n_warm, n_warm) float32 matrix.

    Source:
        Halko, Martinsson and Tropp 2011, "Finding structure with randomness", algorithm 4.4
        (the decomposition); ridge regression in its dual form.
    """
    left, right = low_rank(weights, parameters.rank, np.random.default_rng(parameters.seed))
    known = features[warm]
    kernel = np.asfortranarray((known @ known.T).toarray(), dtype=np.float32)
    kernel[np.diag_indices(len(warm))] += np.float32(parameters.ridge)
    both = np.asfortranarray(np.hstack([left, right]))
    _, dual, info = lapack.sposv(kernel, both, lower=1, overwrite_a=1)
    if info != 0:
        raise ValueError("the kernel is not positive definite: raise the ridge")
    predicted = np.asarray(features @ (known.T @ dual), dtype=np.float32)
    rank = left.shape[1]
    inputs, outputs = predicted[:, :rank].copy(), predicted[:, rank:]
    outputs = outputs * ((1 + expected_likes) ** parameters.reach_power)[:, np.newaxis]
    from_features = outputs.copy()
    inputs[warm], outputs[warm] = left, right
    return FeatureModel(inputs=inputs, outputs=outputs, predicted=from_features)


def features_alone(features: sparse.csr_array, parameters: FeatureParameters) -> FeatureModel:
    """The model where nobody has rated anything: alike is what has like features.

    Args:
        features: Shape (n_items, n_features), rows of length 1.
        parameters: The parameters.

    Returns:
        The model whose weights approximate the cosine of two items' features less the mean
        cosine, so that what all films have in common speaks for none.
    """
    rank = min(parameters.rank, min(features.shape) - 1)
    mean = np.asarray(features.mean(axis=0), dtype=np.float32).ravel()
    rng = np.random.default_rng(parameters.seed)
    sample = rng.standard_normal((features.shape[1], rank + 10), dtype=np.float32)
    basis = linalg.qr(
        features @ sample - np.ones((features.shape[0], 1)) * (mean @ sample), mode="economic"
    )[0]
    places = np.asarray(features.T @ basis - np.outer(mean, basis.sum(axis=0)))
    u, s, _ = linalg.svd(places.T, full_matrices=False)
    vectors = np.asarray((basis @ u[:, :rank]) * s[:rank], dtype=np.float32)
    return FeatureModel(inputs=vectors, outputs=vectors, predicted=vectors)


def low_rank(
    matrix: FloatArray, rank: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Two factors whose product is the nearest matrix of a rank, approximately.

    Args:
        matrix: Shape (n, m).
        rank: At most; less where the matrix is smaller.
        rng: Draws the projection.

    Returns:
        Arrays of shape (n, rank) and (m, rank), float32, ``matrix ~ left @ right.T``; the
        singular values are shared evenly.
    """
    rank = min(rank, *matrix.shape)
    width = min(rank + 10, *matrix.shape)
    sample = matrix @ rng.standard_normal((matrix.shape[1], width), dtype=np.float32)
    basis = linalg.qr(sample, mode="economic")[0]
    for _ in range(2):
        basis = linalg.qr(matrix.T @ basis, mode="economic")[0]
        basis = linalg.qr(matrix @ basis, mode="economic")[0]
    u, s, vt = linalg.svd(basis.T @ matrix, full_matrices=False)
    root = np.sqrt(s[:rank])
    left = (basis @ u[:, :rank]) * root
    right = vt[:rank].T * root
    return left.astype(np.float32), right.astype(np.float32)
