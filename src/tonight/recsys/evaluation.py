"""Measuring scorers on held-out users."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.metrics import ndcg_at_k, recall_at_k
from tonight.recsys.recommender import BoolArray, FloatArray, History, IndexArray, unseen
from tonight.recsys.splitting import HeldOutUser
from tonight.recsys.top_k import top_k

#: Scores all items for a history.
Scorer = Callable[[History], FloatArray]
#: What a held-out user tells the model.
Telling = Callable[[HeldOutUser], History]

N_RANKED = 100


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured, one entry a held-out user in the users' order.

    Attributes:
        ndcg_at_100: Shape (n_users,).
        recall_at_20: Shape (n_users,).
        rankings: The first 20 items of each user.
    """

    ndcg_at_100: NDArray[np.float64]
    recall_at_20: NDArray[np.float64]
    rankings: list[IndexArray]


def measure(
    score: Scorer,
    users: Sequence[HeldOutUser],
    telling: Telling,
    eligible: BoolArray,
) -> Measurement:
    """Ranks the eligible items for every user and compares with the user's targets.

    Items that the user has *known* (of all that could be told, whether or not it was) are left
    out, so that the targets and the candidates are the same however much is told.

    Args:
        score: The scorer.
        users: The held-out users; those without an eligible target are left out.
        telling: What each user tells.
        eligible: The items that are ranked, shape (n_items,).

    Returns:
        The measurement.
    """
    ndcg, recall, rankings = [], [], []
    for user in users:
        targets = user.targets[eligible[user.targets]]
        if len(targets) == 0:
            continue
        candidates = unseen(user.known, eligible)
        ranking = top_k(score(telling(user)), candidates, N_RANKED)
        ndcg.append(ndcg_at_k(ranking, targets, N_RANKED))
        recall.append(recall_at_k(ranking, targets, 20))
        rankings.append(ranking[:20])
    return Measurement(np.array(ndcg), np.array(recall), rankings)


def pool(measurements: Sequence[Measurement]) -> Measurement:
    """Puts the measurements of several folds together."""
    return Measurement(
        np.concatenate([m.ndcg_at_100 for m in measurements]),
        np.concatenate([m.recall_at_20 for m in measurements]),
        [ranking for m in measurements for ranking in m.rankings],
    )
