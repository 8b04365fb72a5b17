"""Finds films by what a person types: titles in any spelling, years, directors and actors."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import numpy as np

from tonight.domain.movie import Movie
from tonight.domain.titles import words
from tonight.recsys.top_k import top_k
from tonight.services.search_index import SearchIndex, WordIndex
from tonight.services.search_words import plain_words, spellings
from tonight.services.spelling import FloatArray, Pattern

#: What a query has beyond this is not read: no title is as long.
MAX_LETTERS: Final = 120
MAX_WORDS: Final = 12

#: How many films each of the two ways proposes, to be compared letter by letter.
_N_CANDIDATES: Final = 24
#: How many words are looked at that may be meant by a misspelt one.
_N_SIMILAR: Final = 24
#: Texts with less in common than this are not looked at.
_FLOOR: Final = 0.2

# A perfect match is worth 1. What the rest adds or takes away:
#: The most prominent film gains this on one that nobody knows.
_PROMINENCE: Final = 0.2
#: The worse of the two ways to match adds this much of itself.
_BOTH: Final = 0.1
#: What of a title was not asked for costs this much of its share, ...
_UNASKED: Final = 0.2
#: ... but no more than this share of it counts: beginnings of long titles are all alike.
_MOST_UNASKED: Final = 0.35
#: The first letters of a word are worth this much, while the word is being typed.
_BEGUN_WORD: Final = 0.9
#: A film without any of the numbers that were typed loses this much: it is another sequel.
_WRONG_NUMBER: Final = 0.1

#: A worse match is no answer, nor is a film that is so much worse than the best.
_WORST: Final = 0.55
_BEHIND: Final = 0.3


def search_movies(index: SearchIndex, query: str, limit: int) -> tuple[Movie, ...]:
    """The films that a person may mean, the likeliest first.

    A film matches by the letters of a whole title or of its beginning, or by words of its titles,
    its year, directors and actors, whichever is better. Among equal matches the better known
    film comes first, then the one that comes first in the catalogue.

    Args:
        index: What ``index_movies`` made.
        query: What has been typed so far, in any case, with or without accents and errors.
        limit: At most how many films.

    Returns:
        The films; none when nothing is near enough or the query has no letter or digit.
    """
    read = words(query[:MAX_LETTERS])
    plain = plain_words(read)
    patterns = [Pattern(spelling) for spelling in spellings(read, plain)]
    if not patterns or not index.movies:
        return ()
    by_words, wrong_numbers = _match_words(index, plain[:MAX_WORDS])
    found: list[tuple[float, int]] = []
    for film in _candidates(index, by_words, patterns):
        match = _match(index, film, patterns, float(by_words[film]))
        match -= _WRONG_NUMBER * float(wrong_numbers[film])
        if match >= _WORST:
            found.append((match + _PROMINENCE * float(index.prominence[film]), film))
    found.sort(key=lambda scored: (-scored[0], scored[1]))
    return tuple(
        index.movies[film] for score, film in found[:limit] if score >= found[0][0] - _BEHIND
    )


def _candidates(index: SearchIndex, by_words: FloatArray, patterns: list[Pattern]) -> list[int]:
    """The films worth comparing, ascending."""
    promising = by_words + np.float32(_PROMINENCE) * index.prominence
    chosen = set(top_k(promising, np.flatnonzero(by_words > _FLOOR), _N_CANDIDATES).tolist())
    for pattern in patterns:
        likeness = index.pairs.likeness(pattern.text, missing=0.2)
        near = top_k(likeness, np.flatnonzero(likeness > _FLOOR), _N_CANDIDATES)
        chosen.update((np.searchsorted(index.first_spelling, near, side="right") - 1).tolist())
    return sorted(chosen)


def _match(index: SearchIndex, film: int, patterns: list[Pattern], by_words: float) -> float:
    """How well a film answers the query; 1 when it does perfectly.

    Of two films that match equally well, the one with less in its title that was not asked for is
    the better answer.
    """
    by_letters = complete = 0.0
    begin, end = index.first_spelling[film : film + 2].tolist()
    for spelling in index.spellings[begin:end]:
        for pattern in patterns:
            length = len(pattern.text)
            whole, beginning = pattern.distances(spelling)
            unasked = min(max(1 - length / len(spelling), 0), _MOST_UNASKED)
            asked = 1 - _UNASKED * unasked
            complete = max(complete, asked)
            by_letters = max(
                by_letters,
                1 - whole / max(length, len(spelling)),
                asked * (1 - beginning / length),
            )
    by_words *= complete
    return (max(by_letters, by_words) + _BOTH * min(by_letters, by_words)) / (1 + _BOTH)


def _match_words(index: SearchIndex, typed: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Which share of the typed words each film has, rare words counting more.

    Returns:
        The share, and which share of the typed numbers it lacks; both 0 to 1, shape (n_items,),
        float32.
    """
    n_items = len(index.movies)
    found = np.zeros(n_items, dtype=np.float32)
    wrong_numbers = np.zeros(n_items, dtype=np.float32)
    n_numbers = sum(word.isdigit() for word in typed)
    total = 0.0
    for position, word in enumerate(typed):
        has = np.zeros(n_items, dtype=np.float32)
        n_films = _films_with(index.words, word, position == len(typed) - 1, has)
        if n_films:
            weight = math.log1p(n_items / n_films) / math.log1p(n_items)
        else:
            # An unknown word tells nothing but that these are not its films.
            weight = min(len(word) / 6, 1.0)
        total += weight
        found += np.float32(weight) * has
        if word.isdigit():
            wrong_numbers += (has == 0) / np.float32(n_numbers)
    return found / np.float32(max(total, 1e-9)), wrong_numbers


def _films_with(known: WordIndex, word: str, last: bool, has: FloatArray) -> int:
    """Note which films have a word, and how surely; returns how many."""
    n_films = 0
    place = known.place.get(word)
    if place is None:
        for quality, other in _similar_words(known, word, last):
            n_films += _note(known, other, other + 1, quality, has)
    if last:
        begin = bisect_left(known.ordered, word)
        end = bisect_left(known.ordered, word + "\U0010ffff")
        n_films += _note(known, begin, end, _BEGUN_WORD, has)
    if place is not None:
        n_films += _note(known, place, place + 1, 1.0, has)
    return n_films


def _note(known: WordIndex, begin: int, end: int, quality: float, has: FloatArray) -> int:
    where = slice(known.start[begin], known.start[end])
    films = known.films[where]
    np.maximum.at(has, films, np.float32(quality) * known.worth[where])
    return len(films)


def _similar_words(known: WordIndex, word: str, last: bool) -> list[tuple[float, int]]:
    """Words that may be meant by one that no film has, and how surely."""
    length = len(word)
    if length < 4 or word.isdigit():
        return []
    edits = 1 if length < 6 else 2 if length < 10 else 3
    pattern = Pattern(word)
    likeness = known.pairs.likeness(word, missing=0.3 if last else 0.7)
    similar: list[tuple[float, int]] = []
    for place in top_k(likeness, np.flatnonzero(likeness > _FLOOR), _N_SIMILAR).tolist():
        whole, beginning = pattern.distances(known.ordered[place])
        if whole <= edits:
            similar.append((1 - whole / length, place))
        elif last and beginning <= edits:
            similar.append((_BEGUN_WORD * (1 - beginning / length), place))
    return similar
