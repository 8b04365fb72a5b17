"""What every recommender can do: score all items for one viewer, and say where a score is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

IndexArray = NDArray[np.int64] | NDArray[np.int32] | NDArray[np.intp]
FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]


class UnknownItemError(LookupError):
    """An item index lies outside of the catalogue."""


@dataclass(frozen=True, slots=True)
class History:
    """What one viewer is known to like and dislike.

    Attributes:
        likes: Item indices, unique; in any order.
        dislikes: Item indices, unique and disjoint from ``likes``.
    """

    likes: IndexArray
    dislikes: IndexArray

    @staticmethod
    def of(likes: object = (), dislikes: object = ()) -> History:
        """A history from any two sequences of item indices."""
        return History(np.array(likes, dtype=np.intp), np.array(dislikes, dtype=np.intp))


#: The history of a viewer of whom nothing is known.
NOTHING_KNOWN = History.of()


@dataclass(frozen=True, slots=True)
class Contributions:
    """What one item's score is made of.

    ``base + wishes + likes.sum() + dislikes.sum()`` is the score, but for rounding.

    Attributes:
        base: Popularity: what the item has without anything being known of the viewer.
        wishes: What the viewer asked for (novelty).
        likes: One number for each liked item, aligned with ``History.likes``; float32.
        dislikes: One number for each disliked item, aligned with ``History.dislikes``; float32.
    """

    base: float
    wishes: float
    likes: FloatArray
    dislikes: FloatArray

    @property
    def total(self) -> float:
        """The score."""
        return float(self.base + self.wishes + self.likes.sum() + self.dislikes.sum())


class Recommender(Protocol):
    """Scores every item of the catalogue for one viewer.

    A score is a finite number, the higher the better; only differences and ratios of one
    viewer's scores mean anything. Items in the history are scored like all others: who selects
    leaves them out of the candidates (``unseen``).
    """

    @property
    def n_items(self) -> int:
        """How many items the catalogue has."""

    def score(self, history: History) -> FloatArray:
        """Scores all items.

        Args:
            history: What is known of the viewer; may be empty.

        Returns:
            A new array of shape (n_items,), float32.

        Raises:
            UnknownItemError: An index of the history is negative or not below ``n_items``.
        """

    def contributions(self, history: History, item_index: int) -> Contributions:
        """Says what the score of one item is made of.

        Raises:
            UnknownItemError: The item or an index of the history lies outside of the catalogue.
        """


def require_known(history: History, n_items: int) -> None:
    """Refuses a history with an index outside of the catalogue.

    Raises:
        UnknownItemError: An index is negative or not below ``n_items``.
    """
    for indices in (history.likes, history.dislikes):
        # Read as unsigned, what is negative is far too large: one pass instead of two.
        if indices.size and indices.view(f"u{indices.itemsize}").max() >= n_items:
            wrong = indices[(indices < 0) | (indices >= n_items)]
            raise UnknownItemError(f"item {int(wrong[0])} is not within 0..{n_items - 1}")


def require_known_item(item_index: int, n_items: int) -> None:
    """Refuses an item index outside of the catalogue.

    Raises:
        UnknownItemError: The index is negative or not below ``n_items``.
    """
    if not 0 <= item_index < n_items:
        raise UnknownItemError(f"item {item_index} is not within 0..{n_items - 1}")


def unseen(history: History, eligible: BoolArray) -> IndexArray:
    """The candidates: eligible items that are not in the history.

    Args:
        history: What is known of the viewer.
        eligible: Which items may be suggested, shape (n_items,); left as it is.

    Returns:
        Item indices in ascending order.
    """
    allowed = eligible.copy()
    allowed[history.likes] = False
    allowed[history.dislikes] = False
    return np.flatnonzero(allowed)
