"""How good a ranking is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.recommender import IndexArray


def recall_at_k(ranking: IndexArray, targets: IndexArray, k: int) -> float:
    """Hits among the first k over ``min(k, number of targets)``.

    Args:
        ranking: Unique item indices, the best first.
        targets: Unique item indices, at least one.
        k: The cut-off, at least 1.

    Raises:
        ValueError: There is no target, or ``k`` is below 1.

    Source:
        Liang et al. 2018, "Variational autoencoders for collaborative filtering".
    """
    _require(targets, k)
    return float(np.isin(ranking[:k], targets).sum()) / min(k, len(targets))


def ndcg_at_k(ranking: IndexArray, targets: IndexArray, k: int) -> float:
    """Discounted hits among the first k over those of the best possible ranking.

    The hit at rank r (from 1) counts 1 / log2(r + 1); the best possible ranking has
    ``min(k, number of targets)`` hits at its head.

    Args:
        ranking: Unique item indices, the best first.
        targets: Unique item indices, at least one.
        k: The cut-off, at least 1.

    Raises:
        ValueError: There is no target, or ``k`` is below 1.

    Source:
        Liang et al. 2018, truncated nDCG.
    """
    _require(targets, k)
    discounts = 1 / np.log2(np.arange(2, k + 2))
    hits = np.isin(ranking[:k], targets)
    return float(discounts[: len(hits)][hits].sum() / discounts[: min(k, len(targets))].sum())


def coverage(rankings: list[IndexArray], n_items: int) -> float:
    """The share of the catalogue that appears in at least one ranking."""
    if not rankings:
        return 0.0
    return len(np.unique(np.concatenate(rankings))) / n_items


def novelty(rankings: list[IndexArray], likes_per_item: NDArray[np.int64], n_users: int) -> float:
    """The mean self-information of the ranked items, in bits.

    An item that a share q of the users liked has -log2(q); one that nobody liked is taken as
    liked by half a user.

    Source:
        Vargas and Castells 2011, "Rank and relevance in novelty and diversity metrics".
    """
    if not rankings:
        return 0.0
    share = np.maximum(likes_per_item, 0.5) / n_users
    return float(-np.log2(share[np.concatenate(rankings)]).mean())


def bootstrap_interval(
    values: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    n_samples: int = 2000,
    level: float = 0.95,
) -> tuple[float, float]:
    """A percentile interval of the mean; of paired differences it is the paired bootstrap.

    Args:
        values: One value a user, shape (n,), at least one.
        rng: Draws the samples.
        n_samples: How many samples of n users with replacement.
        level: The interval's level, two-sided.

    Returns:
        The lower and the upper bound.

    Raises:
        ValueError: There is no value.

    Source:
        Efron and Tibshirani 1993, "An introduction to the bootstrap", chapter 13.
    """
    if len(values) == 0:
        raise ValueError("there are no values")
    counts = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), size=n_samples)
    means = counts @ values / len(values)
    lower, upper = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(lower), float(upper)


def _require(targets: IndexArray, k: int) -> None:
    if len(targets) == 0:
        raise ValueError("there are no targets")
    if k < 1:
        raise ValueError("k has to be at least 1")
