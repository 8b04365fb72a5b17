"""How much an installation's viewers should count beside the raters: measured on viewers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tonight.recsys.evaluation import measure
from tonight.recsys.handover import Handover
from tonight.recsys.interactions import Interactions, Viewers
from tonight.recsys.items import Items
from tonight.recsys.recommender import BoolArray, History
from tonight.recsys.splitting import HeldOutUser, hold_out
from tonight.recsys.training import DEFAULT_PARAMETERS, train, warm_items
from tonight.recsys.tuning import LEVELS

#: What is tried; 0 leaves the viewers out.
WEIGHTS: Final = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)

#: With fewer viewers chance decides.
MIN_VIEWERS: Final = 100

_VALIDATION_SHARE: Final = 0.2
_TEST_SHARE: Final = 0.2
_SEED: Final = 2017


@dataclass(frozen=True, slots=True)
class Weighed:
    """The outcome.

    Attributes:
        weight: The best one.
        validation: nDCG@100 of each weight on the viewers that it was chosen on.
        test: nDCG@100 of 0 and of the chosen weight, on viewers who had no part in the choice.
    """

    weight: float
    validation: Mapping[float, float]
    test: Mapping[float, float]


def _silent(step: str) -> None:
    """Says nothing."""


def weigh(
    interactions: Interactions,
    items: Items,
    viewers: Interactions,
    *,
    weights: Sequence[float] = WEIGHTS,
    progress: Callable[[str], None] = _silent,
) -> Weighed:
    """Chooses the weight whose model finds best what viewers like whom it has not seen.

    Three viewers of five are trained on, one of five decides, and one of five says what the choice
    is worth. nDCG@100 is the mean over the numbers of likes of ``LEVELS``.

    Args:
        interactions: The raters' likes and dislikes.
        items: The items' facts.
        viewers: The viewers' likes and dislikes.
        weights: What is tried, ascending from 0; of two that are equally good the first is taken.
        progress: Is told each weight and what it reaches.

    Returns:
        The choice. Takes one training for each weight.

    Raises:
        ValueError: There are fewer than ``MIN_VIEWERS`` viewers, or none of them can be measured.
    """
    if viewers.n_users < MIN_VIEWERS:
        raise ValueError(
            f"{viewers.n_users} viewers have said enough, and {MIN_VIEWERS} are needed to measure"
        )
    rng = np.random.default_rng(_SEED)
    order = rng.permutation(viewers.n_users)
    n_validation, n_test = (round(share * len(order)) for share in (_VALIDATION_SHARE, _TEST_SHARE))
    validating = hold_out(viewers.users(np.sort(order[:n_validation])), rng)
    testing = hold_out(viewers.users(np.sort(order[n_validation : n_validation + n_test])), rng)
    learnt = viewers.users(np.sort(order[n_validation + n_test :]))
    # The same items for all weights, or they could not be compared.
    ranked = np.zeros(items.n_items, dtype=np.bool_)
    ranked[warm_items(interactions.followed_by(learnt), DEFAULT_PARAMETERS)] = True
    if not all(any(ranked[user.targets].any() for user in part) for part in (validating, testing)):
        raise ValueError("no viewer likes enough to be measured")

    validation: dict[float, float] = {}
    test: dict[float, float] = {}
    best: tuple[float, Handover] | None = None
    for weight in weights:
        model = train(interactions, items, viewers=Viewers(learnt, weight) if weight else None)
        validation[weight] = _reach(model, validating, ranked)
        progress(f"weight {weight:g}: nDCG@100 {validation[weight]:.4f}")
        if best is None:
            test[weight] = _reach(model, testing, ranked)
        if best is None or validation[weight] > validation[best[0]]:
            best = weight, model
    assert best is not None  # noqa: S101 - there is at least one weight
    chosen, model = best
    if chosen not in test:
        test[chosen] = _reach(model, testing, ranked)
    return Weighed(chosen, validation, test)


def _reach(model: Handover, users: list[HeldOutUser], ranked: BoolArray) -> float:
    means = []
    for level in LEVELS:

        def telling(user: HeldOutUser, level: int | None = level) -> History:
            return user.first_likes(level)

        means.append(measure(model.score, users, telling, ranked).ndcg_at_100.mean())
    return float(np.mean(means))
