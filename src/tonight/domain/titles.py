"""The words of titles and names, as everything that compares them reads them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# fmt: off
#: The words that a title may begin with and be known without.
ARTICLES: Final = frozenset({
    "the", "a", "an", "la", "le", "les", "l", "un", "une", "el", "los", "las", "il", "lo", "gli",
    "der", "die", "das", "den", "det", "de", "het",
})
#: Numbers that titles spell out.
NUMBER_WORDS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}
#: Roman numerals that count films; a lone I is more often a word.
ROMAN_NUMERALS: Final = {
    "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12", "xiii": "13",
}
# fmt: on
#: The words that stand before the number of a film in a series.
COUNTED_PARTS: Final = frozenset({"part", "episode", "volume", "vol", "chapter"})

_LETTERS_WITHOUT_DECOMPOSITION: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_APOSTROPHES: Final = re.compile(r"[’'`´ʼ‘]")
_WORDS: Final = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return ``text`` in lower case and without accents, its other characters untouched."""
    if text.isascii():
        return text.lower()
    # Decomposing can bring capitals forth (mathematical letters), lower case new marks.
    lower = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", lower)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return bare.translate(_LETTERS_WITHOUT_DECOMPOSITION)


def words(text: str) -> list[str]:
    """Return the folded words of ``text``, "&" read as "and" and apostrophes dropped."""
    plain = _APOSTROPHES.sub("", fold(text).replace("&", " and "))
    return _WORDS.findall(plain)
