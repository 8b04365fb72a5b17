"""How new the first picks are, what that costs, and how varied a stranger's are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tonight.recsys.handover import Handover
from tonight.recsys.items import Items
from tonight.recsys.recommender import NOTHING_KNOWN, BoolArray, History, IndexArray, unseen
from tonight.recsys.splitting import HeldOutUser
from tonight.recsys.top_k import draw, nearly_best, top_k

MODERN_FROM = 2014


def without_recency(model: Handover) -> Handover:
    """The same model with every gain for new films at 0."""
    stages = tuple(replace(stage, recency=0.0, cold_recency=0.0) for stage in model.stages)
    return replace(model, stages=stages)


def first_picks(
    model: Handover, users: Sequence[HeldOutUser], known: BoolArray, level: int | None
) -> list[int]:
    """The best well-known film for every user after so many likes."""
    return [
        int(top_k(model.score(user.first_likes(level)), unseen(user.known, known), 1)[0])
        for user in users
    ]


def first_twenty(
    model: Handover, users: Sequence[HeldOutUser], known: BoolArray, level: int | None
) -> list[int]:
    """The 20 best well-known films for every user after so many likes, one after the other."""
    return [
        int(item)
        for user in users
        for item in top_k(model.score(user.first_likes(level)), unseen(user.known, known), 20)
    ]


def modern_share(picks: Sequence[int], items: Items) -> float:
    """The share of films from 2014 on."""
    return float((items.year[np.array(picks)] >= MODERN_FROM).mean())


def modern_among_20(
    model: Handover, items: Items, known: BoolArray, n_viewers: int, seed: int
) -> list[float]:
    """For viewers with five random well-known modern likes: the modern share of the first 20."""
    rng = np.random.default_rng(seed)
    modern = np.flatnonzero(known & (items.year >= MODERN_FROM))
    out = []
    for _ in range(n_viewers):
        history = History.of(rng.choice(modern, 5, replace=False))
        first = top_k(model.score(history), unseen(history, known), 20)
        out.append(modern_share(first.tolist(), items))
    return out


def strangers_pool(model: Handover, known: BoolArray) -> IndexArray:
    """The films that a stranger's first pick is drawn from, the best first."""
    scores = model.score(NOTHING_KNOWN)
    pool = nearly_best(scores, np.flatnonzero(known))
    return top_k(scores, pool, len(pool))


def strangers_draws(model: Handover, known: BoolArray, n_seeds: int = 50) -> list[int]:
    """One draw for each of the seeds 0, 1, ..."""
    scores, candidates = model.score(NOTHING_KNOWN), np.flatnonzero(known)
    return [draw(scores, candidates, np.random.default_rng(seed)) for seed in range(n_seeds)]
