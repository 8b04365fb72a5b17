"""Small data sets that a person can follow."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from tonight.recsys.interactions import Interactions, from_ratings
from tonight.recsys.items import Items

GROUPS = ("genre", "era", "director", "cast", "language", "country", "certificate")

#: Five users and six items, thirteen likes.
THIRTEEN = np.array(
    [
        [1, 1, 1, 0, 0, 0],
        [1, 1, 0, 1, 0, 0],
        [0, 1, 1, 1, 0, 0],
        [0, 0, 0, 1, 1, 0],
        [1, 0, 0, 0, 1, 0],
    ],
    dtype=np.float32,
)


def items_with_genres(genre_of: list[int], n_genres: int, years: list[int] | None = None) -> Items:
    """Items that differ in genre only; the features of other groups are the same for all."""
    n = len(genre_of)
    genres = np.zeros((n, n_genres), dtype=np.float32)
    genres[np.arange(n), genre_of] = 1
    same = sparse.csr_array(np.ones((n, 1), dtype=np.float32))
    groups = dict.fromkeys(GROUPS, same) | {"genre": sparse.csr_array(genres)}
    return Items(
        groups=groups,
        year=np.array(years if years is not None else [1990] * n),
        n_reviews=np.full(n, 60),
        review_score=np.full(n, 0.7),
        notable=np.zeros(n, dtype=np.bool_),
    )


def checkerboard(
    n_users: int = 60, n_items: int = 24, n_cold: int = 4
) -> tuple[Interactions, Items]:
    """Even users like even items, odd users odd ones; the last items have no rating.

    The genre is the parity, of the cold items too. Every user dislikes one item of the other
    parity.
    """
    rng = np.random.default_rng(5)
    users, items, ratings = [], [], []
    for user in range(n_users):
        own = np.arange(user % 2, n_items, 2)
        for item in rng.permutation(own)[:8]:
            users.append(user)
            items.append(int(item))
            ratings.append(5.0)
        users.append(user)
        items.append(int(rng.choice(np.arange(1 - user % 2, n_items, 2))))
        ratings.append(1.0)
    total = n_items + n_cold
    interactions = from_ratings(
        np.array(users),
        np.array(items),
        np.array(ratings, dtype=np.float32),
        n_users=n_users,
        n_items=total,
    )
    return interactions, items_with_genres([item % 2 for item in range(total)], 2)
