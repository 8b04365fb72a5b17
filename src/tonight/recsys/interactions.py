"""Who liked and who disliked what, as two sparse matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tonight.recsys.recommender import History, IndexArray

#: The lowest rating, of 5, that says that a film was liked.
LIKED_FROM = 4.0
#: The highest rating, of 5, that says that a film was disliked.
DISLIKED_TO = 2.5


@dataclass(frozen=True, slots=True)
class Interactions:
    """Binary likes and dislikes of users.

    Attributes:
        likes: Shape (n_users, n_items), float32 ones; sorted indices, no explicit zeros.
        dislikes: The same shape; disjoint from ``likes``.
    """

    likes: sparse.csr_array
    dislikes: sparse.csr_array

    @property
    def n_users(self) -> int:
        """How many users there are, those without a like included."""
        return int(self.likes.shape[0])

    @property
    def n_items(self) -> int:
        """How many items there are, those that nobody liked included."""
        return int(self.likes.shape[1])

    def users(self, user_indices: IndexArray) -> Interactions:
        """The interactions of some users, who are numbered anew in the given order."""
        return Interactions(self.likes[user_indices], self.dislikes[user_indices])

    def followed_by(self, others: Interactions) -> Interactions:
        """The interactions of these users, and then those of others with the same items."""
        return Interactions(
            sparse.csr_array(sparse.vstack([self.likes, others.likes], format="csr")),
            sparse.csr_array(sparse.vstack([self.dislikes, others.dislikes], format="csr")),
        )

    def items(self, item_indices: IndexArray) -> Interactions:
        """The interactions with some items, which are numbered anew in the given order."""
        return Interactions(
            sparse.csr_array(self.likes[:, item_indices]),
            sparse.csr_array(self.dislikes[:, item_indices]),
        )

    def without_items(self, item_indices: IndexArray) -> Interactions:
        """The interactions as if nobody had rated some items; the numbering stays."""
        keep = np.ones(self.n_items, dtype=np.float32)
        keep[item_indices] = 0
        return Interactions(_scale_columns(self.likes, keep), _scale_columns(self.dislikes, keep))

    def likes_per_item(self) -> NDArray[np.int64]:
        """The number of likes of each item, shape (n_items,)."""
        return np.bincount(self.likes.indices, minlength=self.n_items)

    def dislikes_per_item(self) -> NDArray[np.int64]:
        """The number of dislikes of each item, shape (n_items,)."""
        return np.bincount(self.dislikes.indices, minlength=self.n_items)

    def likes_per_user(self) -> NDArray[np.int64]:
        """The number of likes of each user, shape (n_users,)."""
        return np.diff(self.likes.indptr).astype(np.int64)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, by name; with the number of items enough for ``from_arrays``."""
        return {
            "likes_items": self.likes.indices,
            "likes_rows": self.likes.indptr,
            "dislikes_items": self.dislikes.indices,
            "dislikes_rows": self.dislikes.indptr,
        }

    @staticmethod
    def from_arrays(arrays: Mapping[str, NDArray[Any]], n_items: int) -> Interactions:
        """The interactions that ``to_arrays`` came from.

        The arrays are used as they are: they may be memory-mapped and read-only.

        Raises:
            KeyError: An array is missing.
        """

        def binary(name: str) -> sparse.csr_array:
            items, rows = arrays[f"{name}_items"], arrays[f"{name}_rows"]
            ones = np.ones(len(items), dtype=np.float32)
            return sparse.csr_array((ones, items, rows), shape=(len(rows) - 1, n_items))

        return Interactions(binary("likes"), binary("dislikes"))

    def history(self, user_index: int) -> History:
        """What is known of one user.

        Raises:
            IndexError: There is no such user.
        """
        if not 0 <= user_index < self.n_users:
            raise IndexError(f"user {user_index} is not within 0..{self.n_users - 1}")
        return History(likes=_row(self.likes, user_index), dislikes=_row(self.dislikes, user_index))


@dataclass(frozen=True, slots=True)
class Viewers:
    """What the viewers of an installation have said, to be learnt from beside the ratings.

    Attributes:
        interactions: Likes and dislikes of the same items as the ratings'.
        weight: How much each of them counts, where a rater counts 1; above 0.
    """

    interactions: Interactions
    weight: float


def from_ratings(
    user_index: IndexArray,
    item_index: IndexArray,
    rating: NDArray[np.float32],
    *,
    n_users: int,
    n_items: int,
    liked_from: float = LIKED_FROM,
    disliked_to: float = DISLIKED_TO,
) -> Interactions:
    """Likes and dislikes out of ratings on any ordered scale.

    Args:
        user_index: One user a rating, 0 <= index < n_users.
        item_index: One item a rating, 0 <= index < n_items. Where a pair comes twice, the last
            rating counts.
        rating: The ratings.
        n_users: How many users there are.
        n_items: How many items there are.
        liked_from: The lowest rating that is a like.
        disliked_to: The highest rating that is a dislike; below ``liked_from``.

    Returns:
        The interactions; ratings in between are in neither matrix.

    Raises:
        ValueError: The thresholds overlap, the arrays differ in length, or an index lies
            outside of its range.
    """
    if disliked_to >= liked_from:
        raise ValueError("disliked_to has to be below liked_from")
    if not len(user_index) == len(item_index) == len(rating):
        raise ValueError("user_index, item_index and rating differ in length")
    for name, index, n in (("user", user_index, n_users), ("item", item_index, n_items)):
        if len(index) and (index.min() < 0 or index.max() >= n):
            raise ValueError(f"a {name} index lies outside of 0..{n - 1}")
    key = user_index.astype(np.int64) * n_items + item_index
    # np.unique keeps the first of equal keys, so the order is turned to keep the last.
    _, last = np.unique(key[::-1], return_index=True)
    keep = len(key) - 1 - last
    users, items, values = user_index[keep], item_index[keep], rating[keep]

    def binary(chosen: NDArray[np.bool_]) -> sparse.csr_array:
        ones = np.ones(int(chosen.sum()), dtype=np.float32)
        matrix = sparse.csr_array((ones, (users[chosen], items[chosen])), shape=(n_users, n_items))
        matrix.sort_indices()
        return matrix

    return Interactions(binary(values >= liked_from), binary(values <= disliked_to))


def _row(matrix: sparse.csr_array, index: int) -> NDArray[np.intp]:
    start, end = matrix.indptr[index], matrix.indptr[index + 1]
    return matrix.indices[start:end].astype(np.intp)


def _scale_columns(matrix: sparse.csr_array, factors: NDArray[np.float32]) -> sparse.csr_array:
    scaled = sparse.csr_array(matrix.multiply(factors[np.newaxis, :]))
    scaled.eliminate_zeros()
    return scaled
