"""Accuracy by the number of likes, and what dislikes change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.evaluation import Measurement, Scorer, measure, pool
from tonight.recsys.handover import Handover
from tonight.recsys.metrics import bootstrap_interval
from tonight.recsys.recommender import BoolArray, History
from tonight.recsys.splitting import HeldOutUser
from tools.evaluate.folds import Fold

#: Numbers of likes that are told; ``None`` stands for all of them.
LEVELS: tuple[int | None, ...] = (1, 3, 5, 10, 20, None)

Measured = dict[tuple[str, int | None], Measurement]


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean difference of two models over the same users, with its 95 % interval."""

    mean: float
    lower: float
    upper: float


def first_likes(level: int | None) -> Callable[[HeldOutUser], History]:
    """Tells the first likes only."""
    return lambda user: user.first_likes(level)


def measure_levels(
    scorers: Mapping[str, Scorer],
    fold: Fold,
    ranked: BoolArray,
    levels: Sequence[int | None] = LEVELS,
) -> Measured:
    """Measures scorers on one fold at several numbers of likes."""
    return {
        (name, level): measure(score, fold.users, first_likes(level), ranked)
        for name, score in scorers.items()
        for level in levels
    }


def pooled(parts: Sequence[Measured]) -> Measured:
    """Puts the folds together."""
    return {key: pool([part[key] for part in parts]) for key in parts[0]}


def difference(
    better: NDArray[np.float64], other: NDArray[np.float64], seed: int = 1
) -> Difference:
    """Compares two models by the paired bootstrap."""
    gain = better - other
    lower, upper = bootstrap_interval(gain, np.random.default_rng(seed))
    return Difference(mean=float(gain.mean()), lower=lower, upper=upper)


def separation(model: Handover, users: Sequence[HeldOutUser], *, dislikes: bool) -> list[float]:
    """How often an unseen like ranks above an unseen dislike, one number a user.

    Args:
        model: The model.
        users: Held-out users; those without a dislike to find are left out.
        dislikes: Whether the model is told the known dislikes.
    """
    out = []
    for user in users:
        if len(user.disliked_targets) == 0:
            continue
        scores = model.score(user.known if dislikes else user.first_likes(None))
        liked, disliked = scores[user.targets], scores[user.disliked_targets]
        above = (liked[:, np.newaxis] > disliked).mean()
        equal = (liked[:, np.newaxis] == disliked).mean()
        out.append(float(above + equal / 2))
    return out
