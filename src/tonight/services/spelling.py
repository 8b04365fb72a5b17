"""Which texts are spelt nearly alike: candidates by shared letter pairs, then edit distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IndexArray = NDArray[np.int64]

#: Letter pairs share this many lists; pairs that meet in one only make more candidates.
_N_LISTS: Final = 1 << 13
_SPREAD: Final = 2_654_435_761

#: Stand before and after a text, so that its first and last letters make pairs of their own.
_BEGIN, _END = "\x02", "\x03"


class Pattern:
    """A text whose edit distance to many others is asked for.

    Insertions, deletions, replacements and swaps of neighbours count 1 each (the restricted
    Damerau-Levenshtein distance). One column of the distance table is one pair of integers, so a
    text of n letters takes n steps.

    Source: Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit distances,
    Nordic Journal of Computing 10 (2003), section 4; the columns' last entries are followed as in
    Myers, A fast bit-vector algorithm for approximate string matching, JACM 46 (1999).
    """

    __slots__ = ("_places", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._places: dict[str, int] = {}
        for place, letter in enumerate(text):
            self._places[letter] = self._places.get(letter, 0) | 1 << place

    def distances(self, text: str) -> tuple[int, int]:
        """How many edits lead from the pattern to a text.

        Returns:
            The distance to the whole text, and to that beginning of the text which is nearest.
        """
        n_rows = len(self.text)
        if n_rows == 0:
            return len(text), 0
        places = self._places
        every = (1 << n_rows) - 1
        last = 1 << (n_rows - 1)
        # Bit i: whether the table grows (up) or shrinks (down) from row i to row i + 1.
        up, down, same, before = every, 0, 0, 0
        distance = nearest = n_rows
        for letter in text:
            here = places.get(letter, 0)
            swapped = ((~same & here) << 1) & before
            same = ((((here & up) + up) ^ up) | here | down | swapped) & every
            grows = down | (every & ~(same | up))
            shrinks = same & up
            if grows & last:
                distance += 1
            elif shrinks & last:
                distance -= 1
                nearest = min(nearest, distance)
            grows = (grows << 1 | 1) & every
            up = ((shrinks << 1) & every) | (every & ~(same | grows))
            down = grows & same
            before = here
        return distance, nearest


@dataclass(frozen=True, slots=True)
class PairIndex:
    """Which texts share letter pairs with a text.

    Attributes:
        holders: The texts that have a pair, list after list, ascending in each, int32.
        start: Where each list begins in ``holders``, shape (n_lists + 1,).
        weight: What sharing a pair is worth: the rarer, the more; shape (n_lists,), float32.
        total: The sum of the weights of a text's pairs, shape (n_texts,), float32.
    """

    holders: NDArray[np.int32]
    start: IndexArray
    weight: FloatArray
    total: FloatArray

    @classmethod
    def of(cls, texts: Sequence[str]) -> PairIndex:
        """Index texts; about 50 bytes a text of 12 letters."""
        lists, owners = _pairs(texts)
        # One number a (list, text): sorted by list, then text, each once. (np.unique takes five
        # times as long.)
        both = np.sort(lists * len(texts) + owners)
        both = both[np.diff(both, prepend=-1) > 0]
        lists, holders = np.divmod(both, max(len(texts), 1))
        sizes = np.bincount(lists, minlength=_N_LISTS)
        weight = np.log1p(len(texts) / np.maximum(sizes, 1)).astype(np.float32)
        total = np.bincount(holders, weights=weight[lists], minlength=len(texts))
        start = np.concatenate(([0], np.cumsum(sizes)))
        return cls(holders.astype(np.int32), start, weight, total.astype(np.float32))

    def likeness(self, text: str, missing: float) -> FloatArray:
        """How many of the pairs of a text and of the indexed ones are common to both.

        Args:
            text: The text to compare with.
            missing: What a pair counts that only the indexed text has; pairs that only ``text``
                has count 1. With 1 this is the Jaccard index; a smaller value suits a text that
                may be the beginning of the other.

        Returns:
            The Tversky index of each indexed text, 0 to 1, shape (n_texts,), float32.
        """
        lists = np.unique(_pairs([text])[0])
        shared = np.zeros(len(self.total), dtype=np.float32)
        for which in lists.tolist():
            shared[self.holders[self.start[which] : self.start[which + 1]]] += self.weight[which]
        own = float(self.weight[lists].sum())
        likeness: FloatArray = shared / (own + np.float32(missing) * (self.total - shared))
        return likeness


def _pairs(texts: Sequence[str]) -> tuple[IndexArray, IndexArray]:
    """The list of each letter pair of each text, and the text's position; both int64."""
    joined = "".join(f"{_BEGIN}{text}{_END}" for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    owners = np.repeat(np.arange(len(texts)), [len(text) + 2 for text in texts])
    within = owners[1:] == owners[:-1]
    mixed = (codes[:-1] * 257 + codes[1:]) * _SPREAD
    lists = (mixed >> 16) % _N_LISTS
    return lists[within], owners[1:][within]
