"""What is known of the items themselves, without any rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tonight.recsys.recommender import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class Items:
    """Facts of the catalogue's items, aligned with the item indices.

    Attributes:
        groups: Binary features by group ("genre", "director"), each of shape
            (n_items, number of features in the group), float32.
        year: Year of release, shape (n_items,).
        n_reviews: Number of professional reviews, 0 when unknown, shape (n_items,).
        review_score: Share of favourable reviews, 0 to 1, NaN when unknown, shape (n_items,).
        notable: Whether the item is in an editor's list, shape (n_items,).
    """

    groups: Mapping[str, sparse.csr_array]
    year: NDArray[np.int64]
    n_reviews: NDArray[np.int64]
    review_score: NDArray[np.float64]
    notable: BoolArray

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.year)


def unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """The matrix with every row that is not empty scaled to the Euclidean length of 1."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel()
    scale = np.zeros_like(squares)
    np.power(squares, -0.5, out=scale, where=squares > 0)
    return sparse.csr_array(matrix.multiply(scale[:, np.newaxis]).astype(np.float32))


def weighted_features(items: Items, weights: Mapping[str, float]) -> sparse.csr_array:
    """The items' features side by side, every item of length 1.

    Within a group a feature counts by its rarity (inverse document frequency) and the group is
    scaled to length 1; then the groups are weighted against each other.

    Args:
        items: The items.
        weights: The weight of each group; groups that are not named are left out.

    Returns:
        Shape (n_items, n_features), float32, sorted indices. The product of two rows is the
        cosine similarity of two items.

    Raises:
        KeyError: The items have no such group.
    """
    blocks = []
    for name, weight in weights.items():
        group = items.groups[name]
        frequency = np.maximum(np.bincount(group.indices, minlength=group.shape[1]), 1)
        rarity = np.log1p(items.n_items / frequency)
        blocks.append(unit_rows(sparse.csr_array(group.multiply(rarity[np.newaxis, :]))) * weight)
    features = unit_rows(sparse.csr_array(sparse.hstack(blocks, format="csr")))
    features.sort_indices()
    return features


def freshness(year: NDArray[np.int64], start: int, full: int) -> FloatArray:
    """How new an item is: 0 up to ``start``, rising evenly to 1 in ``full`` and after."""
    return np.clip((year - start) / (full - start), 0, 1).astype(np.float32)
