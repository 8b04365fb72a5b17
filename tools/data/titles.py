"""Film titles as comparable keys, slugs and readable text."""

from __future__ import annotations

import re
from typing import Final

from tonight.domain.titles import (
    ARTICLES,
    COUNTED_PARTS,
    NUMBER_WORDS,
    ROMAN_NUMERALS,
    words,
)

_MOVED_ARTICLE: Final = re.compile(
    r"^(?P<rest>.+?),\s*(?P<article>The|A|An|La|Le|Les|L'|L’|Un|Une|Une|El|Los|Las|Il|Lo|Gli|I|Der|"
    r"Die|Das|Den|Det|De|Het|O|Os|As|En|Ein|Eine)$",
    re.IGNORECASE,
)
_MOVED_BEFORE_SUBTITLE: Final = re.compile(r"^(?P<rest>[^:]+), (?P<article>The|A|An):")
_NOT_A_TITLE: Final = re.compile(r"^(?:part\s+\w+|vol(?:ume)?\.?\s*\w+|\d{4}|3-?d)$", re.IGNORECASE)
_ALSO_KNOWN_AS: Final = re.compile(r"^(?:a\.?\s?k\.?\s?a\.?|aka)\s+", re.IGNORECASE)


def title_key(title: str) -> str:
    """Return the form in which two spellings of one title are equal.

    Case, accents, punctuation and spaces, a leading article, roman and spelt-out numbers, and the
    words "part", "episode", "volume" and "chapter" make no difference.
    """
    kept = [NUMBER_WORDS.get(word, ROMAN_NUMERALS.get(word, word)) for word in words(title)]
    if len(kept) > 1 and kept[0] in ARTICLES:
        kept = kept[1:]
    counted = [word for word in kept if word not in COUNTED_PARTS]
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
