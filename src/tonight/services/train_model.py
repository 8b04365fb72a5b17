"""Trains the recommender on a catalogue and ratings of its films."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tonight.recsys.acceptance import COVERAGE, assess, coverage
from tonight.recsys.filters import well_known
from tonight.recsys.handover import Handover
from tonight.recsys.interactions import Interactions, Viewers, from_ratings
from tonight.recsys.training import train
from tonight.services.catalogue import Catalogue, Mask
from tonight.services.item_features import item_features


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings of the catalogue's films, one at each position of the three arrays.

    Attributes:
        item_index: Positions in the catalogue, int of shape (n_ratings,).
        user_index: From 0 to ``n_users - 1``, int of shape (n_ratings,).
        value: From 0.5 to 5, float32 of shape (n_ratings,).
        n_users: How many users there are.
    """

    item_index: NDArray[np.int64]
    user_index: NDArray[np.int32]
    value: NDArray[np.float32]
    n_users: int


@dataclass(frozen=True, slots=True)
class Trained:
    """What training gives.

    Attributes:
        model: The recommender, whose items are the catalogue's films in their order.
        well_known: The films that a first pick may come from: bool of shape (n_items,).
        people: Who of the raters liked and disliked what, for a newcomer to be compared with.
        metrics: How good it is, by name; empty unless asked for.
    """

    model: Handover
    well_known: Mask
    people: Interactions
    metrics: Mapping[str, float] = field(default_factory=dict)


def _silent(step: str) -> None:
    """Says nothing."""


def train_model(
    catalogue: Catalogue,
    ratings: Ratings | None,
    progress: Callable[[str], None] = _silent,
    *,
    viewers: Viewers | None = None,
    measured: bool = False,
) -> Trained:
    """Trains the recommender.

    Args:
        catalogue: The films.
        ratings: Who rated them how; without any, popularity comes from reviews alone and likes
            work through nothing but the films' popularity: that is the fallback.
        progress: Is told the name of each step as it begins.
        viewers: What the installation's own viewers have said, of the films in the same order.
        measured: Whether to measure the model too, which takes one training more.
    """
    interactions = rated(catalogue, ratings)
    items = item_features(catalogue.movies)
    metrics: Mapping[str, float] = {}
    with ThreadPoolExecutor(1) as beside:
        # Measuring needs nothing of what is trained, and most of both is done outside of Python:
        # on a second core it costs next to no time.
        measuring = beside.submit(assess, interactions, items, viewers) if measured else None
        model = train(interactions, items, progress=progress, viewers=viewers)
        if measuring is not None:
            progress("measuring")
            metrics = {COVERAGE: coverage(model), **measuring.result()}
    n_likes = interactions.likes_per_item()
    if viewers is not None:
        n_likes = n_likes + viewers.interactions.likes_per_item()
    # The people are the raters alone: what a viewer has said is shown to nobody else.
    return Trained(model, well_known(n_likes, items), interactions, metrics)


def rated(catalogue: Catalogue, ratings: Ratings | None) -> Interactions:
    """Who of the raters liked and disliked what; nobody where there are no ratings."""
    if ratings is None:
        ratings = Ratings(
            np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.float32), n_users=0
        )
    return from_ratings(
        ratings.user_index,
        ratings.item_index,
        ratings.value,
        n_users=ratings.n_users,
        n_items=len(catalogue),
    )
