"""Splits of users and of their likes (strong generalization)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tonight.recsys.interactions import Interactions
from tonight.recsys.recommender import History, IndexArray


@dataclass(frozen=True, slots=True)
class HeldOutUser:
    """A user whom the model has not seen, with the likes that it has to find.

    Attributes:
        known: What the model is told, the likes in random order: the first k of them are the
            history of a viewer who has given k likes.
        targets: The other likes.
        disliked_targets: Dislikes that the model is not told.
    """

    known: History
    targets: IndexArray
    disliked_targets: IndexArray

    def first_likes(self, k: int | None) -> History:
        """The history after k likes and no dislike; ``None`` stands for all likes."""
        return History(likes=self.known.likes[:k], dislikes=self.known.dislikes[:0])


def user_folds(n_users: int, n_folds: int, rng: np.random.Generator) -> list[IndexArray]:
    """Splits users at random into folds of nearly equal size.

    Returns:
        ``n_folds`` arrays of user indices, together a permutation of all.

    Raises:
        ValueError: There are fewer users than folds, or fewer than two folds.
    """
    if not 2 <= n_folds <= n_users:
        raise ValueError("there have to be at least 2 folds and as many users")
    return [np.sort(fold) for fold in np.array_split(rng.permutation(n_users), n_folds)]


def hold_out(
    interactions: Interactions,
    rng: np.random.Generator,
    *,
    target_share: float = 0.2,
    min_likes: int = 5,
) -> list[HeldOutUser]:
    """Splits every user's likes and dislikes into what is known and what is to be found.

    Args:
        interactions: The held-out users' interactions.
        rng: Chooses and orders.
        target_share: The share of likes (and of dislikes) that is kept from the model, rounded
            to the nearest number and at least one like.
        min_likes: Users with fewer likes are left out; at least 2.

    Returns:
        One entry for each user with enough likes, in the users' order.

    Source:
        Liang et al. 2018, section 4.3.
    """
    if min_likes < 2:
        raise ValueError("a user needs two likes: one known and one to find")
    users = []
    for user_index in range(interactions.n_users):
        history = interactions.history(user_index)
        if len(history.likes) < min_likes:
            continue
        likes = rng.permutation(history.likes)
        dislikes = rng.permutation(history.dislikes)
        n_targets = min(max(round(target_share * len(likes)), 1), len(likes) - 1)
        n_disliked = round(target_share * len(dislikes))
        users.append(
            HeldOutUser(
                known=History(likes=likes[n_targets:], dislikes=dislikes[n_disliked:]),
                targets=np.sort(likes[:n_targets]),
                disliked_targets=np.sort(dislikes[:n_disliked]),
            )
        )
    return users
