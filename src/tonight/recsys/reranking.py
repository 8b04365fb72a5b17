"""Alternatives that differ from the first pick and from each other."""

from __future__ import annotations

from typing import Final

import numpy as np

from tonight.recsys.recommender import FloatArray

_TINY: Final = float(np.finfo(np.float32).tiny)


def mmr(
    scores: FloatArray,
    similarity: FloatArray,
    k: int,
    *,
    first: int | None = None,
    diversity: float = 0.3,
) -> list[int]:
    """Maximal marginal relevance: good and unlike what is already chosen.

    Each next one has the largest ``(1 - diversity) * relevance - diversity * (largest similarity
    to one chosen)``; relevance is the score brought to 0..1 over the given candidates. Ties go
    to the lower position.

    Args:
        scores: Shape (n,), the candidates' scores.
        similarity: Shape (n, n), symmetric.
        k: How many to choose, ``first`` included.
        first: The position that is chosen first; ``None`` for the best score.
        diversity: Between 0, scores alone, and 1, unlikeness alone.

    Returns:
        At most ``k`` positions within ``scores``, in the order of choice.

    Raises:
        ValueError: A shape does not fit or ``diversity`` is out of range.

    Source:
        Carbonell and Goldstein 1998, "The use of MMR, diversity-based reranking".
    """
    n = len(scores)
    if similarity.shape != (n, n):
        raise ValueError("similarity has to have a row and a column for each score")
    if not 0 <= diversity <= 1:
        raise ValueError("diversity has to be within 0..1")
    if n == 0 or k < 1:
        return []
    low, high = float(scores.min()), float(scores.max())
    worth = (scores - low) * ((1 - diversity) / max(high - low, _TINY))
    penalty = diversity * similarity
    chosen = [int(scores.argmax()) if first is None else first]
    nearest = penalty[chosen[0]].copy()
    worth[chosen[0]] = -np.inf
    while len(chosen) < min(k, n):
        position = int((worth - nearest).argmax())
        chosen.append(position)
        worth[position] = -np.inf
        np.maximum(nearest, penalty[position], out=nearest)
    return chosen
