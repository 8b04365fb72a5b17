"""Exact selection of the best candidates, and the draw among nearly equal ones."""

from __future__ import annotations

import numpy as np

from tonight.recsys.recommender import FloatArray, IndexArray

#: The threshold is looked for among every so-manieth score.
_SAMPLED = 64


def top_k(scores: FloatArray, candidates: IndexArray, k: int) -> IndexArray:
    """The k best candidates, the best first; equal scores in ascending order of index.

    The candidates' scores are compressed first; a threshold from a sample of them then leaves
    a few to be sorted. O(number of candidates).

    Args:
        scores: Shape (n_items,); finite.
        candidates: Unique item indices in ascending order.
        k: How many; fewer are returned when there are fewer candidates.

    Returns:
        At most ``k`` item indices.

    Raises:
        ValueError: ``k`` is negative.
    """
    if k < 0:
        raise ValueError("k must not be negative")
    if k == 0 or candidates.size == 0:
        return candidates[:0]
    return candidates[best_positions(scores[candidates], k)]


def best_positions(values: FloatArray, k: int) -> IndexArray:
    """The positions of the k largest values, the largest first; equal ones in ascending order.

    Args:
        values: Shape (n,), none NaN.
        k: How many, at least 1; fewer are returned when there are fewer values.
    """
    kept = _at_least_k(values, k)
    # A stable sort keeps equal values in ascending order of position, as `kept` is ascending.
    order = (-values[kept]).argsort(kind="stable")[:k]
    return kept[order]


def draw(
    scores: FloatArray,
    candidates: IndexArray,
    rng: np.random.Generator,
    at_least: float = 0.95,
) -> int:
    """One candidate, drawn with equal chances among those nearly as good as the best.

    Nearly as good: the score falls short of the best by at most ``1 - at_least`` of the best
    score's magnitude. For a positive best score that is ``at_least`` times it; a best score of
    zero or below is handled alike, and of zero leaves only its equals.

    Args:
        scores: Shape (n_items,); finite.
        candidates: Unique item indices in ascending order, at least one.
        rng: Decides the draw.
        at_least: The share of the best score, above 0, at most 1.

    Returns:
        An item index.

    Raises:
        ValueError: There is no candidate, or ``at_least`` is out of range.
    """
    pool = nearly_best(scores, candidates, at_least)
    return int(pool[rng.integers(pool.size)])


def nearly_best(scores: FloatArray, candidates: IndexArray, at_least: float = 0.95) -> IndexArray:
    """The candidates that ``draw`` chooses from, in ascending order.

    Raises:
        ValueError: There is no candidate, or ``at_least`` is out of range.
    """
    if candidates.size == 0:
        raise ValueError("there is no candidate to draw")
    if not 0 < at_least <= 1:
        raise ValueError("at_least must be above 0 and at most 1")
    return candidates[nearly_best_positions(scores.take(candidates), at_least)]


def nearly_best_positions(values: FloatArray, at_least: float = 0.95) -> IndexArray:
    """The positions, ascending, of the values that are nearly as good as the best; see ``draw``.

    Args:
        values: Shape (n,), at least one; finite.
        at_least: The share of the best value, above 0, at most 1.
    """
    best = float(values.max())
    # The best itself must stay in whatever rounding does to the product.
    threshold = min(best - (1 - at_least) * abs(best), best)
    found: IndexArray = (values >= np.float32(threshold)).nonzero()[0]
    return found


def _at_least_k(compressed: FloatArray, k: int) -> IndexArray:
    """Positions, ascending, that hold the k best scores and all that equal the k-th."""
    n = compressed.size
    if k >= n:
        return np.arange(n)
    sample = compressed[::_SAMPLED]
    rank = 2 * (k // _SAMPLED) + 4
    if rank < sample.size:
        threshold = np.partition(sample, sample.size - rank)[sample.size - rank]
        kept: IndexArray = (compressed >= threshold).nonzero()[0]
        # Many equal scores can defeat the sample: then it has saved nothing.
        if k <= kept.size <= n // 4:
            return kept
    kth = np.partition(compressed, n - k)[n - k]
    return np.flatnonzero(compressed >= kth)
