"""The catalogue as the use cases need it: films by id, and their facts as arrays.

Here films become *items*: position ``i`` of every array belongs to ``movies[i]``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tonight.domain.errors import MovieNotFoundError
from tonight.domain.movie import Movie

Mask = NDArray[np.bool_]

#: What stands in the arrays for a fact that nobody knows.
UNKNOWN: Final = -1


class Catalogue:
    """Films by id and alias, and one array a fact.

    Attributes:
        movies: All films, in the order of their indices.
        runtime_minutes: int16 of shape (n_items,), ``UNKNOWN`` where not known.
        year: int16 of shape (n_items,).
        severity: int8 of shape (n_items,), the certificate's rank, ``UNKNOWN`` where not known.
        runtime_unknown: bool of shape (n_items,).
        severity_unknown: Likewise.
        genre_unknown: Likewise.
        language_unknown: Likewise.
        country_unknown: Likewise.
        languages: The names that can be asked for, sorted.
        countries: The names that can be asked for, sorted.
    """

    def __init__(self, movies: Sequence[Movie]) -> None:
        self.movies: tuple[Movie, ...] = tuple(movies)
        self._index = {movie.movie_id: index for index, movie in enumerate(self.movies)}
        if len(self._index) != len(self.movies):
            raise ValueError("two films have the same movie_id")
        self._alias = {
            movie.imdb_id: index
            for index, movie in enumerate(self.movies)
            if movie.imdb_id is not None
        }
        self.runtime_minutes: NDArray[np.int16] = np.array(
            [UNKNOWN if m.runtime_minutes is None else m.runtime_minutes for m in self.movies],
            dtype=np.int16,
        )
        self.year: NDArray[np.int16] = np.array([m.year for m in self.movies], dtype=np.int16)
        self.severity: NDArray[np.int8] = np.array(
            [UNKNOWN if m.certificate is None else m.certificate.severity for m in self.movies],
            dtype=np.int8,
        )
        self.runtime_unknown: Mask = self.runtime_minutes == UNKNOWN
        self.severity_unknown: Mask = self.severity == UNKNOWN
        self._genre_masks = self._masks(lambda movie: movie.genres)
        self._language_masks = self._masks(lambda movie: movie.languages)
        self._country_masks = self._masks(lambda movie: movie.countries)
        self.languages: tuple[str, ...] = tuple(sorted(self._language_masks))
        self.countries: tuple[str, ...] = tuple(sorted(self._country_masks))
        self.genre_unknown: Mask = ~self._any(self._genre_masks, tuple(self._genre_masks))
        self.language_unknown: Mask = ~self._any(self._language_masks, self.languages)
        self.country_unknown: Mask = ~self._any(self._country_masks, self.countries)

    def __len__(self) -> int:
        """How many films there are."""
        return len(self.movies)

    def index(self, movie_id: str) -> int:
        """The item index of a film.

        Args:
            movie_id: Our own id or an accepted alias (an IMDb id).

        Raises:
            MovieNotFoundError: No film has this id.
        """
        index = self.find(movie_id)
        if index is None:
            raise MovieNotFoundError(movie_id)
        return index

    def find(self, movie_id: str) -> int | None:
        """The item index of a film, or ``None`` when no film has this id or alias."""
        index = self._index.get(movie_id)
        return self._alias.get(movie_id) if index is None else index

    def indices(self, movie_ids: Iterable[str]) -> NDArray[np.int64]:
        """The item indices of films, in order, each once; ids that are gone are passed over.

        A film that a viewer once liked may have left the catalogue: that is no error.
        """
        found = dict.fromkeys([self.find(movie_id) for movie_id in movie_ids])
        found.pop(None, None)
        return np.array(list(found), dtype=np.int64)

    def has_genre(self, genres: Sequence[str]) -> Mask:
        """Which films have at least one of the genres: bool of shape (n_items,)."""
        return self._any(self._genre_masks, genres)

    def speaks(self, languages: Sequence[str]) -> Mask:
        """In which films at least one of the languages is spoken: bool of shape (n_items,)."""
        return self._any(self._language_masks, languages)

    def comes_from(self, countries: Sequence[str]) -> Mask:
        """Which films come from at least one of the countries: bool of shape (n_items,)."""
        return self._any(self._country_masks, countries)

    def _masks(self, values: Callable[[Movie], Sequence[str]]) -> dict[str, Mask]:
        masks: dict[str, Mask] = {}
        for index, movie in enumerate(self.movies):
            for name in values(movie):
                mask = masks.get(name)
                if mask is None:
                    mask = masks[name] = np.zeros(len(self.movies), dtype=np.bool_)
                mask[index] = True
        for mask in masks.values():
            mask.flags.writeable = False  # they are lent, not copied
        return masks

    def _any(self, masks: dict[str, Mask], names: Sequence[str]) -> Mask:
        if len(names) == 1 and names[0] in masks:
            return masks[names[0]]
        result = np.zeros(len(self.movies), dtype=np.bool_)
        for name in names:
            if name in masks:
                result |= masks[name]
        return result
