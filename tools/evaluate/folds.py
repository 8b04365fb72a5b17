"""Held-out users, and the models and baselines that have not seen them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tonight.recsys.evaluation import Scorer
from tonight.recsys.handover import Handover
from tonight.recsys.interactions import Interactions
from tonight.recsys.items import Items
from tonight.recsys.models.long_history import LongHistoryParameters, fit_long_history
from tonight.recsys.recommender import BoolArray, FloatArray, History
from tonight.recsys.splitting import HeldOutUser, hold_out, user_folds
from tonight.recsys.training import DEFAULT_PARAMETERS, TrainingParameters, train, warm_items

N_FOLDS = 5
#: EASE with its one parameter at its best on full histories.
EASE = LongHistoryParameters(
    ridge=200.0, dropout=0.0, beta=0.0, popularity_power=0.0, relaxation=0.0, side_weight=0.0
)


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold: what is trained on, and who is measured.

    Attributes:
        training: The interactions of all other users.
        users: The fold's users.
        warm: Which items have ratings enough in ``training``, shape (n_items,).
        seed: The fold's own seed.
    """

    training: Interactions
    users: list[HeldOutUser]
    warm: BoolArray
    seed: int


def folds(interactions: Interactions, seed: int) -> Iterator[Fold]:
    """The five user folds, each with 20 % of every user's likes as targets."""
    everybody = np.arange(interactions.n_users)
    parts = user_folds(interactions.n_users, N_FOLDS, np.random.default_rng(seed))
    for number, part in enumerate(parts):
        own_seed = 1000 * seed + number
        training = interactions.users(np.setdiff1d(everybody, part))
        warm = np.zeros(interactions.n_items, dtype=np.bool_)
        warm[warm_items(training, DEFAULT_PARAMETERS)] = True
        users = hold_out(interactions.users(part), np.random.default_rng(own_seed))
        yield Fold(training=training, users=users, warm=warm, seed=own_seed)


def product(
    fold: Fold, items: Items, parameters: TrainingParameters = DEFAULT_PARAMETERS
) -> Handover:
    """The product's model, trained on a fold."""
    return train(fold.training, items, parameters)


def popularity(fold: Fold) -> Scorer:
    """The baseline that ranks by the number of likes."""
    likes = fold.training.likes_per_item().astype(np.float32)
    return lambda _: likes


def ease(fold: Fold) -> Scorer:
    """The baseline EASE (Steck 2019), which is the long-history model without its extensions."""
    warm = np.flatnonzero(fold.warm)
    weights = fit_long_history(fold.training.items(warm).likes, None, EASE)
    return dense_scorer(weights, None, fold.warm)


def dense_scorer(weights: FloatArray, intercept: FloatArray | None, warm: BoolArray) -> Scorer:
    """Scores warm items by the sum of the likes' rows; all others have 0.

    Args:
        weights: Shape (n_warm, n_warm).
        intercept: Shape (n_warm,), or ``None``.
        warm: Shape (n_items,).
    """
    items = np.flatnonzero(warm)
    place = np.full(len(warm), -1)
    place[items] = np.arange(len(items))

    def score(history: History) -> FloatArray:
        out = np.zeros(len(warm), dtype=np.float32)
        known = place[history.likes]
        out[items] = weights[known[known >= 0]].sum(axis=0)
        if intercept is not None:
            out[items] += intercept
        return out

    return score
