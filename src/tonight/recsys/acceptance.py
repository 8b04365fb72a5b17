"""Whether a new model may take the place of the one in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from tonight.recsys.evaluation import measure
from tonight.recsys.handover import Handover
from tonight.recsys.interactions import Interactions, Viewers
from tonight.recsys.items import Items
from tonight.recsys.recommender import FloatArray, History
from tonight.recsys.splitting import HeldOutUser, hold_out
from tonight.recsys.training import DEFAULT_PARAMETERS, train, warm_items
from tonight.recsys.tuning import LEVELS

COVERAGE: Final = "coverage"
QUALITY: Final = "ndcg_at_100"
POPULARITY: Final = "popularity_ndcg_at_100"

#: By how much nDCG@100 may fall: half of the 95 % interval of a difference on these users.
MARGIN: Final = 0.01
#: What rounding may take from the coverage.
_COVERAGE_MARGIN: Final = 1e-9

_HELD_OUT_SHARE: Final = 0.2
#: Always the same users, so that the figures of two models of the same data can be compared.
_SEED: Final = 2016


def coverage(model: Handover) -> float:
    """The share of the items that the model can rank by more than their popularity."""
    dense = np.arange(model.n_items) < model.n_warm
    return float((dense | model.outputs.any(axis=1)).mean())


def assess(
    interactions: Interactions, items: Items, viewers: Viewers | None = None
) -> dict[str, float]:
    """Measures a training: the same one on four users of five, on the fifth.

    Args:
        interactions: The ratings that are trained on.
        items: The items' facts.
        viewers: Whose likes and dislikes are trained on besides. None of them is measured on:
            the figures of all models are of the same users.

    Returns:
        Where there are users to measure on, nDCG@100 of the model and of popularity, the means over
        the numbers of likes of ``LEVELS``. Takes one training.
    """
    metrics: dict[str, float] = {}
    order = np.random.default_rng(_SEED).permutation(interactions.n_users)
    n_held_out = round(_HELD_OUT_SHARE * len(order))
    training = interactions.users(np.sort(order[n_held_out:]))
    users = hold_out(interactions.users(np.sort(order[:n_held_out])), np.random.default_rng(_SEED))
    likes = training.likes_per_item().astype(np.float32)
    trained = train(training, items, viewers=viewers)
    ranked = np.zeros(items.n_items, dtype=np.bool_)
    ranked[warm_items(training, DEFAULT_PARAMETERS)] = True
    if not any(ranked[user.targets].any() for user in users):
        return metrics

    def popularity(_: History) -> FloatArray:
        return likes

    for name, score in ((QUALITY, trained.score), (POPULARITY, popularity)):
        means = []
        for level in LEVELS:

            def telling(user: HeldOutUser, level: int | None = level) -> History:
                return user.first_likes(level)

            means.append(measure(score, users, telling, ranked).ndcg_at_100.mean())
        metrics[name] = float(np.mean(means))
    return metrics


def why_refused(new: Mapping[str, float], in_use: Mapping[str, float] | None) -> str | None:
    """Why a model must not take the place of the one in use; ``None`` when it may.

    Args:
        new: What ``assess`` gave.
        in_use: The same of the model in use; ``None`` when there is none, or none that was
            measured on the same data. What was not measured is not compared.
    """
    quality, popularity = new.get(QUALITY), new.get(POPULARITY)
    if quality is not None and popularity is not None and quality < popularity:
        return f"worse than popularity: nDCG@100 {quality:.4f} < {popularity:.4f}"
    if in_use is None:
        return None
    before = in_use.get(QUALITY)
    if quality is not None and before is not None and quality < before - MARGIN:
        return (
            f"worse than the model in use by more than {MARGIN:g}: "
            f"nDCG@100 {quality:.4f} < {before:.4f}"
        )
    covered, covered_before = new.get(COVERAGE), in_use.get(COVERAGE)
    if covered is None or covered_before is None:
        return None
    if covered < covered_before - _COVERAGE_MARGIN:
        return f"covers fewer films than the model in use: {covered:.4f} < {covered_before:.4f}"
    return None
