"""Items on a plane, so that those which are alike lie near to each other."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from tonight.recsys.recommender import FloatArray

_STEPS: Final = 200
_SMALL: Final = 1e-9


def embed_in_plane(similarity: FloatArray) -> NDArray[np.float64]:
    """Places on a plane whose distances are near to how unlike the items are.

    The places of classical scaling are improved by majorization of the raw stress. The result
    depends on nothing but the argument: of the mirror images that are equally good, the one is
    taken in which the place farthest out on each axis is positive.

    Args:
        similarity: Shape (n, n), symmetric, 1 for items that cannot be told apart.

    Returns:
        Shape (n, 2), float64, centred, without unit. Time O(n^3), a few milliseconds for 60.

    Source:
        Torgerson 1952, "Multidimensional scaling: I. Theory and method"; de Leeuw 1977,
        "Applications of convex analysis to multidimensional scaling" (the majorization).
    """
    n = len(similarity)
    if n < 2:
        return np.zeros((n, 2))
    unlike = np.clip(1 - similarity.astype(np.float64), 0, None)
    np.fill_diagonal(unlike, 0)
    centring = np.eye(n) - 1 / n
    product = -0.5 * centring @ (unlike**2) @ centring
    values, vectors = linalg.eigh(product)
    places = vectors[:, -2:][:, ::-1] * np.sqrt(np.maximum(values[-2:][::-1], 0))
    for _ in range(_STEPS):
        distance = np.linalg.norm(places[:, None] - places[None, :], axis=2)
        ratio = np.divide(unlike, distance, out=np.zeros_like(unlike), where=distance > _SMALL)
        places = (ratio.sum(axis=1)[:, None] * places - ratio @ places) / n
    # The axes of the largest spread, which are the ones that a frame is longer along.
    places -= places.mean(axis=0)
    places = places @ linalg.svd(places, full_matrices=False)[2].T
    farthest = places[np.argmax(np.abs(places), axis=0), np.arange(2)]
    return np.asarray(places * np.where(farthest < 0, -1.0, 1.0))
