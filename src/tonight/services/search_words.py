"""How a search reads titles and queries: numbers, articles and the spellings to compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from tonight.domain.titles import ARTICLES, COUNTED_PARTS, NUMBER_WORDS, ROMAN_NUMERALS

# fmt: off
_BELOW_TWENTY: Final = {word: int(digits) for word, digits in NUMBER_WORDS.items()} | {
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}
# fmt: on
_POWERS: Final = {"hundred": 100, "thousand": 1000}
_SPELT: Final = _BELOW_TWENTY.keys() | _TENS.keys()
#: Words that may need more than a glance: most titles have none of them.
_MAY_COUNT: Final = _SPELT | _POWERS.keys() | ROMAN_NUMERALS.keys() | COUNTED_PARTS


def plain_words(read: Sequence[str]) -> Sequence[str]:
    """Words with one reading for each number and abbreviation among them.

    Spelt-out and roman numbers become digits ("twenty one" is "21", "part II" is "2"), the words
    that only announce a number go, and letters that stand alone side by side are one word
    ("E.T." is "et").

    Args:
        read: What ``words`` makes of a text.
    """
    if 1 in map(len, read):
        read = _abbreviated(read)
    if _MAY_COUNT.isdisjoint(read):
        return read
    counted = _digits(
        "1" if word == "i" and position and read[position - 1] in COUNTED_PARTS else word
        for position, word in enumerate(read)
    )
    return [word for word in counted if word not in COUNTED_PARTS] or counted


def spellings(read: Sequence[str], plain: Sequence[str]) -> tuple[str, ...]:
    """The ways to write a text without spaces, the most literal first.

    One as it stands, and one with plain numbers and without the article that it begins with or
    that was moved to its end; a single one where they are the same, none where there is no word.

    Args:
        read: What ``words`` makes of the text.
        plain: What ``plain_words`` makes of those.
    """
    literal, bare = "".join(read), "".join(without_article(plain))
    if not literal:
        return ()
    return (literal,) if literal == bare else (literal, bare)


def without_article(plain: Sequence[str]) -> Sequence[str]:
    """The words without an article at the beginning or, failing that, at the end."""
    if len(plain) > 1 and plain[0] in ARTICLES:
        return plain[1:]
    if len(plain) > 1 and plain[-1] in ARTICLES:
        return plain[:-1]
    return plain


def _abbreviated(read: Sequence[str]) -> list[str]:
    """The words, each run of single letters as one of them."""
    runs = groupby(read, key=lambda word: len(word) == 1 and word.isalpha())
    joined: list[str] = []
    for alone, run in runs:
        together = list(run)
        joined += ["".join(together)] if alone else together
    return joined


def _digits(read: Iterable[str]) -> list[str]:
    """The words, each number of them (spelt out over several words or roman) as digits."""
    found: list[str] = []
    number: int | None = None
    joined = False  # whether "and" came after "hundred"
    for word in read:
        if number is not None and word == "and" and number % 100 == 0 and not joined:
            joined = True
            continue
        value = _BELOW_TWENTY.get(word, _TENS.get(word))
        if value is not None and number is not None and _continues(number, value):
            number, joined = number + value, False
            continue
        if word in _POWERS and number is not None and number < _POWERS[word] and not joined:
            number *= _POWERS[word]
            continue
        if number is not None:
            found.append(str(number))
        if joined:
            found.append("and")
        number, joined = value, False
        if value is None:
            found.append(ROMAN_NUMERALS.get(word, word))
    if number is not None:
        found.append(str(number))
    if joined:
        found.append("and")
    return found


def _continues(number: int, value: int) -> bool:
    """Whether a spelt-out number goes on: "twenty" with "one", "four hundred" with "ten"."""
    return number % 100 == 0 or (number % 10 == 0 and number % 100 >= 20 and value < 10)
