"""What a search looks things up in, made once from the films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tonight.domain.movie import Movie
from tonight.domain.titles import words
from tonight.services.search_words import plain_words, spellings
from tonight.services.spelling import FloatArray, IndexArray, PairIndex
from tonight.services.suggest_movie import Library

#: What a word is worth when it is in the title, and when it is in a name or the year.
_OF_TITLE: Final = 1.0
_OF_FACTS: Final = 0.8

#: The prominence, of 1, that our own lists of notable films vouch for.
_NOTABLE: Final = 0.65
#: How much of the prominence is what viewers say, where that is known; the rest are reviews.
_BY_VIEWERS: Final = 2 / 3


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Every word that films can be found by.

    Attributes:
        ordered: The words, sorted, so that those with a common beginning stand together.
        place: The position of each word in ``ordered``.
        films: The films that have a word, word after word in this order, int32.
        worth: What it is worth that they have it, parallel to ``films``, float32.
        start: Where each word begins in ``films``, shape (n_words + 1,).
        pairs: For words that are misspelt.
    """

    ordered: Sequence[str]
    place: Mapping[str, int]
    films: NDArray[np.int32]
    worth: FloatArray
    start: IndexArray
    pairs: PairIndex


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """What a search looks things up in.

    Attributes:
        movies: The films.
        prominence: How well known each film is, 0 to 1, shape (n_items,), float32.
        words: The words of titles, names and years.
        spellings: Every spelling of every title, without spaces, film after film.
        first_spelling: Where each film begins in ``spellings``, shape (n_items + 1,).
        pairs: For spellings that are nearly alike.
    """

    movies: Sequence[Movie]
    prominence: FloatArray
    words: WordIndex
    spellings: Sequence[str]
    first_spelling: IndexArray
    pairs: PairIndex


def index_library(library: Library) -> SearchIndex:
    """Make the search index of the films and of how often the model expects them to be liked."""
    return index_movies(library.catalogue.movies, library.model.traits.intercept)


def index_movies(movies: Sequence[Movie], popularity: FloatArray | None = None) -> SearchIndex:
    """Make a search index; about a quarter of a second and 10 MB for 12,000 films.

    Args:
        movies: The films, which may be none.
        popularity: How often viewers like each film, on any scale from 0, shape (n_items,); by
            default the reviews alone say how well known a film is.
    """
    every: list[str] = []
    first = [0]
    words_of: list[set[str]] = []
    for movie in movies:
        of_film: set[str] = set()
        # A dictionary, for it keeps the order: the same films always make the same index.
        spelt: dict[str, None] = {}
        for title in _titles(movie):
            read = words(title)
            plain = plain_words(read)
            of_film.update(read, plain)
            spelt.update(dict.fromkeys(spellings(read, plain)))
        words_of.append(of_film)
        every += spelt
        first.append(len(every))
    return SearchIndex(
        movies=movies,
        prominence=_prominence(movies, popularity),
        words=_index_words(movies, words_of),
        spellings=every,
        first_spelling=np.array(first, dtype=np.int64),
        pairs=PairIndex.of(every),
    )


def _titles(movie: Movie) -> tuple[str, ...]:
    original = () if movie.original_title is None else (movie.original_title,)
    return (movie.title, *original, *movie.alternative_titles)


def _index_words(movies: Sequence[Movie], of_titles: Sequence[set[str]]) -> WordIndex:
    number: dict[str, int] = {}
    of_name: dict[str, list[int]] = {}
    held: list[int] = []
    sizes: list[int] = []  # how many words of the title, then of the facts, film after film
    for movie, of_title in zip(movies, of_titles, strict=True):
        in_title = {number.setdefault(word, len(number)) for word in of_title}
        in_facts = {number.setdefault(str(movie.year), len(number))}
        for name in movie.directors + movie.cast:
            if name not in of_name:
                of_name[name] = [number.setdefault(word, len(number)) for word in words(name)]
            in_facts.update(of_name[name])
        in_facts -= in_title
        held += in_title
        held += in_facts
        sizes += (len(in_title), len(in_facts))
    ordered = sorted(number)
    rank = np.empty(len(number), dtype=np.int64)
    rank[[number[word] for word in ordered]] = np.arange(len(number))
    holds = rank[np.array(held, dtype=np.int64)]
    by_word = np.argsort(holds, kind="stable")
    worth = np.tile(np.array([_OF_TITLE, _OF_FACTS], dtype=np.float32), len(movies))
    films = np.repeat(np.arange(len(movies), dtype=np.int32), 2)
    return WordIndex(
        ordered=ordered,
        place={word: position for position, word in enumerate(ordered)},
        films=np.repeat(films, sizes)[by_word],
        worth=np.repeat(worth, sizes)[by_word],
        start=np.concatenate(([0], np.cumsum(np.bincount(holds, minlength=len(number))))),
        pairs=PairIndex.of(ordered),
    )


def _prominence(movies: Sequence[Movie], popularity: FloatArray | None) -> FloatArray:
    """How well known each film is, 0 to 1."""
    reviews = _log_share(np.array([movie.n_reviews for movie in movies], dtype=np.float32))
    notable = np.array([movie.notable for movie in movies], dtype=np.bool_)
    reviews[notable] = np.maximum(reviews[notable], _NOTABLE)
    if popularity is None or not popularity.any():
        return reviews
    viewers = _log_share(1_000 * popularity / popularity.max())
    return np.asarray(_BY_VIEWERS * viewers + (1 - _BY_VIEWERS) * reviews, dtype=np.float32)


def _log_share(counts: FloatArray) -> FloatArray:
    """Counts on a scale from 0 to 1 on which each doubling is the same step."""
    grown = np.log1p(counts)
    return np.asarray(grown / max(float(grown.max(initial=0)), 1.0), dtype=np.float32)
