from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.domain.titles import words
from tonight.services.search_words import plain_words, spellings


def plain(text: str) -> list[str]:
    return list(plain_words(words(text)))


def spelt(text: str) -> tuple[str, ...]:
    return spellings(words(text), plain_words(words(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rocky II", ["rocky", "2"]),
        ("Seven", ["7"]),
        ("Twenty-One Jump Street", ["21", "jump", "street"]),
        ("The Four Hundred Blows", ["the", "400", "blows"]),
        ("One Hundred and One Dalmatians", ["101", "dalmatians"]),
        ("Two Thousand and One", ["2001"]),
        ("One Hundred and Nothing", ["100", "and", "nothing"]),
        ("One Hundred and", ["100", "and"]),
        ("Twenty Twelve", ["20", "12"]),
        ("One and Two", ["1", "and", "2"]),
        ("The Godfather: Part II", ["the", "godfather", "2"]),
        ("Episode I – The Phantom Menace", ["1", "the", "phantom", "menace"]),
        ("I, Robot", ["i", "robot"]),
        ("Part", ["part"]),
        ("E.T. the Extra-Terrestrial", ["et", "the", "extra", "terrestrial"]),
        ("8½", ["81", "2"]),
        ("", []),
    ],
)
def test_numbers_and_abbreviations_have_one_reading(text: str, expected: list[str]) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Matrix", "matrix, the"),
        ("A Fish Called Wanda", "fish called wanda a"),
        ("Ocean's Eleven", "oceans 11"),
        ("Pride & Prejudice", "pride and prejudice"),
        ("Spider-Man 2", "spiderman two"),
        ("WALL·E", "wall e"),
        ("Amélie", "AMELIE"),
    ],
)
def test_ways_to_write_a_title_have_a_spelling_in_common(one: str, other: str) -> None:
    assert set(spelt(one)) & set(spelt(other))


def test_the_literal_spelling_comes_first() -> None:
    assert spelt("The Seventh Seal") == ("theseventhseal", "seventhseal")
    assert spelt("Heat") == ("heat",)


@pytest.mark.parametrize("text", ["", "...", "!?"])
def test_what_has_no_word_has_no_spelling(text: str) -> None:
    assert spelt(text) == ()


@given(
    st.lists(st.sampled_from(["one", "twenty", "hundred", "and", "ii", "part", "i", "the", "x"]))
)
def test_something_is_left_to_look_for_whenever_there_was_something(read: list[str]) -> None:
    assert all(plain_words(read))
    assert bool(plain_words(read)) == bool(read)
