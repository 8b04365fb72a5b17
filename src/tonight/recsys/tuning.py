"""A small search for the parameters of the two matrices, on users held out for validation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tonight.recsys.evaluation import measure
from tonight.recsys.interactions import Interactions
from tonight.recsys.items import Items
from tonight.recsys.recommender import BoolArray, History
from tonight.recsys.splitting import HeldOutUser, hold_out
from tonight.recsys.training import DEFAULT_PARAMETERS, TrainingParameters, train, warm_items

#: What is tried, one parameter after the other, in this order: model, parameter, values.
GRID: Final[tuple[tuple[str, str, tuple[float, ...]], ...]] = (
    ("long_history", "ridge", (30.0, 100.0, 300.0, 700.0)),
    ("long_history", "dropout", (0.5, 0.7, 0.8, 0.9)),
    ("long_history", "side_weight", (0.0, 1.0, 5.0, 15.0)),
    ("long_history", "beta", (0.0, 0.3, 0.5)),
    ("long_history", "relaxation", (0.0, 0.2, 0.4)),
    ("long_history", "popularity_power", (0.0, 0.1, 0.2)),
    ("few_likes", "ridge", (1.0, 3.0, 9.0)),
)
#: The numbers of likes whose mean nDCG@100 is to be as high as possible; ``None`` means all.
LEVELS: Final[tuple[int | None, ...]] = (1, 3, 5, 10, None)


@dataclass(frozen=True, slots=True)
class Tuned:
    """The outcome of a search.

    Attributes:
        parameters: The best ones.
        ndcg_at_100: What they reach on the validation users, the mean over ``LEVELS``.
        before: What the parameters at the start reach.
        n_trials: How many settings were measured.
    """

    parameters: TrainingParameters
    ndcg_at_100: float
    before: float
    n_trials: int


def _silent(step: str) -> None:
    """Says nothing."""


def tune(
    interactions: Interactions,
    items: Items,
    rng: np.random.Generator,
    *,
    start: TrainingParameters = DEFAULT_PARAMETERS,
    grid: tuple[tuple[str, str, tuple[float, ...]], ...] = GRID,
    validation_share: float = 0.25,
    progress: Callable[[str], None] = _silent,
) -> Tuned:
    """Searches parameter by parameter, each time keeping the best value.

    Give it training users only: whoever is tested on must not be among ``interactions``. All
    likes of the validation users stay out of training; 20 % of them are the targets.

    Args:
        interactions: Likes and dislikes of the users to tune on.
        items: The items' facts.
        rng: Chooses the validation users and their targets.
        start: Where to begin; values of it that are not in the grid are tried as well.
        grid: What to try: model, parameter, values.
        validation_share: The share of users who are held out.
        progress: Is told each trial and what it reaches.

    Returns:
        The best parameters. Takes one training for each value of the grid.

    Raises:
        ValueError: No validation user has enough likes.
    """
    order = rng.permutation(interactions.n_users)
    n_held_out = max(round(validation_share * len(order)), 1)
    training = interactions.users(np.sort(order[n_held_out:]))
    users = hold_out(interactions.users(np.sort(order[:n_held_out])), rng)
    ranked = np.zeros(interactions.n_items, dtype=np.bool_)
    ranked[warm_items(training, start)] = True
    if not any(ranked[user.targets].any() for user in users):
        raise ValueError("no validation user has enough likes")

    best, reached = start, _reach(training, items, start, users, ranked)
    before, n_trials = reached, 1
    for model, name, values in grid:
        incumbent = getattr(getattr(best, model), name)
        for value in values:
            if value == incumbent:
                continue
            trial = _with(best, model, name, value)
            found = _reach(training, items, trial, users, ranked)
            n_trials += 1
            progress(f"{model} {name} {value:g}: nDCG@100 {found:.4f}, best {reached:.4f}")
            if found > reached:
                best, reached = trial, found
    return Tuned(parameters=best, ndcg_at_100=reached, before=before, n_trials=n_trials)


def _with(
    parameters: TrainingParameters, model: str, name: str, value: float
) -> TrainingParameters:
    changed = replace(getattr(parameters, model), **{name: value})
    return replace(parameters, **{model: changed})


def _reach(
    training: Interactions,
    items: Items,
    parameters: TrainingParameters,
    users: list[HeldOutUser],
    ranked: BoolArray,
) -> float:
    model = train(training, items, parameters)
    means = []
    for level in LEVELS:

        def telling(user: HeldOutUser, level: int | None = level) -> History:
            return user.first_likes(level)

        means.append(measure(model.score, users, telling, ranked).ndcg_at_100.mean())
    return float(np.mean(means))
