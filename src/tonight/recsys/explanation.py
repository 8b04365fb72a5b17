"""Why an item has its score, as true shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tonight.recsys.recommender import Contributions, FloatArray


@dataclass(frozen=True, slots=True)
class Shares:
    """Positive contributions over the sum of all positive ones; together they are 1.

    When nothing is positive the whole share is the base's.

    Attributes:
        base: The share of popularity.
        wishes: The share of what the viewer asked for.
        likes: One share a liked item, 0 where it does not speak for the item; float32.
    """

    base: float
    wishes: float
    likes: FloatArray


def shares(contributions: Contributions) -> Shares:
    """The shares of a score.

    Disliked items are left out even where a contribution of theirs is positive: "because you did
    not like it" is no reason to anybody.
    """
    base = max(0.0, contributions.base)
    wishes = max(0.0, contributions.wishes)
    likes: FloatArray = np.maximum(contributions.likes, np.float32(0))
    total = base + wishes + float(likes.sum())
    if total <= 0:
        return Shares(base=1.0, wishes=0.0, likes=np.zeros_like(likes))
    return Shares(base=base / total, wishes=wishes / total, likes=likes / np.float32(total))
