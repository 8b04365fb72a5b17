from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.domain.titles import fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amélie", ["amelie"]),
        ("Thelma & Louise", ["thelma", "and", "louise"]),
        ("Pan's Labyrinth", ["pans", "labyrinth"]),
        (
            "Star Wars: Episode IV – A New Hope",
            ["star", "wars", "episode", "iv", "a", "new", "hope"],
        ),
        ("Trolljegeren på Øst_kanten", ["trolljegeren", "pa", "ost", "kanten"]),
        ("君の名は。", ["君の名は"]),
        ("...", []),
    ],
)
def test_words_are_folded_and_without_punctuation(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_words_are_made_of_letters_and_digits_without_marks_that_combine(text: str) -> None:
    for word in words(text):
        assert word
        assert not any(unicodedata.combining(character) for character in word)
        assert words(word) == [word]
