"""Films without ratings: a fifth of the rated ones are hidden and have to be found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tonight.recsys.evaluation import Measurement, Scorer, measure
from tonight.recsys.interactions import Interactions
from tonight.recsys.items import Items, unit_rows
from tonight.recsys.recommender import BoolArray, FloatArray, History
from tonight.recsys.splitting import HeldOutUser
from tonight.recsys.training import train
from tools.evaluate.accuracy import Measured, first_likes
from tools.evaluate.folds import Fold

HIDDEN_SHARE = 0.2
MIN_KNOWN = 3


@dataclass(frozen=True, slots=True)
class ColdFold:
    """A fold in which some items have lost all their ratings.

    Attributes:
        training: Interactions without the hidden items.
        users: Held-out users; they know visible items only, and their targets are hidden ones.
        hidden: Shape (n_items,).
    """

    training: Interactions
    users: list[HeldOutUser]
    hidden: BoolArray


def hide(fold: Fold) -> ColdFold:
    """Hides a fifth of the warm items."""
    rng = np.random.default_rng(fold.seed)
    warm = np.flatnonzero(fold.warm)
    chosen = rng.permutation(warm)[: round(HIDDEN_SHARE * len(warm))]
    hidden = np.zeros(len(fold.warm), dtype=np.bool_)
    hidden[chosen] = True
    users = []
    for user in fold.users:
        everything = np.concatenate([user.known.likes, user.targets])
        known, targets = everything[~hidden[everything]], everything[hidden[everything]]
        if len(known) >= MIN_KNOWN and len(targets) > 0:
            history = History(likes=known, dislikes=user.known.dislikes[:0])
            users.append(HeldOutUser(history, np.sort(targets), user.disliked_targets))
    return ColdFold(fold.training.without_items(chosen), users, hidden)


def measure_cold(fold: Fold, items: Items) -> Measured:
    """Ranks the hidden items by chance, by genre popularity, and by the product.

    "features alone" leaves out the base, so it knows neither reviews nor popularity.
    """
    cold = hide(fold)
    model = train(cold.training, items)

    def features_alone(history: History) -> FloatArray:
        base = model.base[model.stages.index(model.stage(len(history.likes)))]
        return model.score(history) - base

    scorers: dict[str, Scorer] = {
        "random": _random(fold.seed, items.n_items),
        "genre popularity": _genre_popularity(cold, items),
        "features alone": features_alone,
        "features and reviews (the product)": model.score,
    }
    out: dict[tuple[str, int | None], Measurement] = {}
    for name, score in scorers.items():
        for level in (3, 10, None):
            out[name, level] = measure(score, cold.users, first_likes(level), cold.hidden)
    return out


def _random(seed: int, n_items: int) -> Scorer:
    rng = np.random.default_rng(seed)
    return lambda _: rng.random(n_items, dtype=np.float32)


def _genre_popularity(cold: ColdFold, items: Items) -> Scorer:
    """An item's genres by the mean likes of their rated items and the viewer's own shares."""
    genres = items.groups["genre"]
    likes = cold.training.likes_per_item().astype(np.float64)
    visible = ~cold.hidden
    n_films = np.maximum(genres[visible].sum(axis=0), 1)
    mean_likes = (genres[visible].T @ likes[visible]) / n_films
    spread = unit_rows(genres)

    def score(history: History) -> FloatArray:
        share = np.asarray(genres[history.likes].sum(axis=0), dtype=np.float64)
        share /= max(float(share.sum()), 1.0)
        return np.asarray(spread @ (share * mean_likes), dtype=np.float32)

    return score
