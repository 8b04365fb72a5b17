"""The embedded data as the recommender takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tonight.domain.movie import Movie
from tonight.embedded import data_sha256, load_catalogue, load_ratings
from tonight.recsys.filters import well_known
from tonight.recsys.interactions import Interactions, from_ratings
from tonight.recsys.items import Items
from tonight.recsys.recommender import BoolArray
from tonight.services.item_features import item_features


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is measured on.

    Attributes:
        movies: The films; the item index is the position.
        items: Their facts.
        interactions: Who liked and disliked what.
        known: The films that first picks come from, shape (n_items,).
        fingerprint: The first 16 digits of the data's sha256.
    """

    movies: tuple[Movie, ...]
    items: Items
    interactions: Interactions
    known: BoolArray
    fingerprint: str


def load_dataset() -> Dataset:
    """The embedded catalogue and ratings.

    Raises:
        SystemExit: This package comes without ratings.
    """
    ratings = load_ratings()
    if ratings is None:
        raise SystemExit("there are no embedded ratings to measure on")
    movies = load_catalogue(with_movielens=True)
    position = {movie.movie_id: index for index, movie in enumerate(movies)}
    item_of_rated = np.array([position[movie_id] for movie_id in ratings.movie_ids])
    interactions = from_ratings(
        ratings.user_index,
        item_of_rated[ratings.movie_position],
        ratings.value,
        n_users=len(ratings.user_ids),
        n_items=len(movies),
    )
    items = item_features(movies)
    return Dataset(
        movies=movies,
        items=items,
        interactions=interactions,
        known=well_known(interactions.likes_per_item(), items),
        fingerprint=data_sha256(with_movielens=True)[:16],
    )
