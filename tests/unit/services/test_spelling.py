from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.services.spelling import PairIndex, Pattern

#: Few letters, so that repeats and swaps are frequent; long enough to leave a machine word.
TEXTS = st.text("abc", max_size=12) | st.text("ab", min_size=60, max_size=70)


def table(pattern: str, text: str) -> list[list[int]]:
    """The distances between all beginnings of two texts, cell by cell."""
    n_columns = len(text) + 1
    cells = [[max(row, column) for column in range(n_columns)] for row in range(len(pattern) + 1)]
    for row in range(1, len(pattern) + 1):
        for column in range(1, n_columns):
            replaced = cells[row - 1][column - 1] + (pattern[row - 1] != text[column - 1])
            best = min(replaced, cells[row - 1][column] + 1, cells[row][column - 1] + 1)
            if row > 1 and column > 1 and pattern[row - 2 : row] == text[column - 2 : column][::-1]:
                best = min(best, cells[row - 2][column - 2] + 1)
            cells[row][column] = best
    return cells


@pytest.mark.parametrize(
    ("pattern", "text", "whole", "beginning"),
    [
        ("alien", "alien", 0, 0),
        ("alein", "alien", 1, 1),  # a swap
        ("gladitor", "gladiator", 1, 1),
        ("memmento", "memento", 1, 1),
        ("jurassicp", "jurassicpark", 3, 0),
        ("", "up", 2, 0),
        ("up", "", 2, 2),
    ],
)
def test_edits_are_counted_to_the_whole_and_to_the_nearest_beginning(
    pattern: str, text: str, whole: int, beginning: int
) -> None:
    assert Pattern(pattern).distances(text) == (whole, beginning)


@given(TEXTS, TEXTS)
def test_distances_are_those_of_the_full_table(pattern: str, text: str) -> None:
    last_row = table(pattern, text)[-1]
    assert Pattern(pattern).distances(text) == (last_row[-1], min(last_row))


def test_likeness_is_1_for_the_same_text_and_0_without_a_common_pair() -> None:
    likeness = PairIndex.of(["heat", "casino", "heather"]).likeness("heat", missing=1)
    assert likeness[0] == pytest.approx(1)
    assert likeness[1] == 0
    assert 0 < likeness[2] < 1


def test_what_only_the_indexed_text_has_counts_as_much_as_is_asked_for() -> None:
    index = PairIndex.of(["heather", "casino"])
    strict, lenient = index.likeness("heat", missing=1), index.likeness("heat", missing=0.1)
    assert lenient[0] > strict[0]


def test_a_pair_that_few_texts_have_counts_more() -> None:
    index = PairIndex.of(["athb", "cthd", "ethf", "xqua"])
    likeness = index.likeness("thqu", missing=0)
    assert likeness[3] > likeness[0] > 0


@given(st.lists(st.text(max_size=8), max_size=6), st.text(max_size=8))
def test_likeness_is_a_share_whatever_the_texts(texts: list[str], text: str) -> None:
    likeness = PairIndex.of(texts).likeness(text, missing=0.5)
    assert likeness.shape == (len(texts),)
    assert ((likeness >= 0) & (likeness <= 1 + 1e-6)).all()
    for position, other in enumerate(texts):
        if other == text:
            assert likeness[position] == pytest.approx(1)
