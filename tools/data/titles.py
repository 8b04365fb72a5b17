"""Film titles as comparable keys, slugs and readable text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# fmt: off
_ARTICLES: Final = frozenset({
    "the", "a", "an", "la", "le", "les", "l", "un", "une", "el", "los", "las", "il", "lo", "gli",
    "der", "die", "das", "den", "det", "de", "het",
})
_NUMBER_WORDS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}
_ROMAN: Final = {
    "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12", "xiii": "13",
}
# fmt: on
_MOVED_ARTICLE: Final = re.compile(
    r"^(?P<rest>.+?),\s*(?P<article>The|A|An|La|Le|Les|L'|L’|Un|Une|Une|El|Los|Las|Il|Lo|Gli|I|Der|"
    r"Die|Das|Den|Det|De|Het|O|Os|As|En|Ein|Eine)$",
    re.IGNORECASE,
)
_MOVED_BEFORE_SUBTITLE: Final = re.compile(r"^(?P<rest>[^:]+), (?P<article>The|A|An):")
_LETTERS_WITHOUT_DECOMPOSITION: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_APOSTROPHES: Final = re.compile(r"[’'`´ʼ‘]")
_SEPARATORS: Final = re.compile(r"[^\w]+|_")
_NOT_A_TITLE: Final = re.compile(r"^(?:part\s+\w+|vol(?:ume)?\.?\s*\w+|\d{4}|3-?d)$", re.IGNORECASE)
_ALSO_KNOWN_AS: Final = re.compile(r"^(?:a\.?\s?k\.?\s?a\.?|aka)\s+", re.IGNORECASE)


def fold(text: str) -> str:
    """Return ``text`` in lower case and without accents, its other characters untouched."""
    # Decomposing can bring capitals forth (mathematical letters), lower case new marks.
    lower = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", lower)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return bare.translate(_LETTERS_WITHOUT_DECOMPOSITION)


def words(text: str) -> list[str]:
    """Return the folded words of ``text``, "&" read as "and" and apostrophes dropped."""
    plain = _APOSTROPHES.sub("", fold(text).replace("&", " and "))
    return [word for word in _SEPARATORS.split(plain) if word]


def title_key(title: str) -> str:
    """Return the form in which two spellings of one title are equal.

    Case, accents, punctuation and spaces, a leading article, roman and spelt-out numbers, and the
    words "part", "episode", "volume" and "chapter" make no difference.
    """
    kept = [_NUMBER_WORDS.get(word, _ROMAN.get(word, word)) for word in words(title)]
    if len(kept) > 1 and kept[0] in _ARTICLES:
        kept = kept[1:]
    counted = [word for word in kept if word not in {"part", "episode", "volume", "vol", "chapter"}]
    return "".join(counted or kept)


def slug(title: str, year: int) -> str:
    """Return the readable identifier of a film: ``the-matrix-1999``."""
    ascii_words = [
        ascii_word
        for word in words(title)
        if (ascii_word := word.encode("ascii", "ignore").decode("ascii"))
    ]
    return "-".join([*(ascii_words or ["film"]), str(year)])


def move_article(title: str) -> str:
    """Return ``title`` with a trailing article put in front: "Matrix, The" is "The Matrix"."""
    title = _MOVED_BEFORE_SUBTITLE.sub(r"\g<article> \g<rest>:", title.strip())
    match = _MOVED_ARTICLE.match(title)
    if match is None:
        return title
    article = match["article"]
    joint = "" if article[-1] in "'’" else " "
    return f"{article}{joint}{match['rest']}"


def split_movielens_title(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the title of a MovieLens film and its alternative titles.

    MovieLens writes "Seven (a.k.a. Se7en)" and "City of God (Cidade de Deus)": what stands in
    brackets at the end is another title, and articles are moved behind a comma in each.

    Args:
        text: The title as MovieLens writes it, without the year.
    """
    main, alternatives = text.strip(), list[str]()
    while match := re.match(r"^(?P<main>.+?)\s+\((?P<bracket>(?:[^()]|\([^()]*\))*)\)\s*$", main):
        main = match["main"]
        alternatives.insert(0, match["bracket"])
    title = move_article(main)
    others = dict.fromkeys(
        move_article(_ALSO_KNOWN_AS.sub("", alternative.strip()))
        for alternative in alternatives
        if not _NOT_A_TITLE.match(alternative.strip())
    )
    return title, tuple(other for other in others if other and other != title)
