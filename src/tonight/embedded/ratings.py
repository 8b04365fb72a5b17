"""The embedded ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

import numpy as np
import numpy.typing as npt

from tonight.embedded.files import MANIFEST, movielens_folder, read_text

RATINGS: Final = "ratings.csv.gz"


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Ratings of films by anonymous users, one at each position of the three arrays.

    They are sorted by film, then by user; a user has rated a film at most once.

    Attributes:
        movie_ids: The rated films, sorted.
        user_ids: The users' numbers in the source, sorted.
        movie_position: int32, shape (n_ratings,), places in ``movie_ids``.
        user_index: int32, shape (n_ratings,), places in ``user_ids``.
        value: float32, shape (n_ratings,), half stars from 0.5 to 5.
    """

    movie_ids: tuple[str, ...]
    user_ids: tuple[int, ...]
    movie_position: npt.NDArray[np.int32]
    user_index: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]


def load_ratings() -> Ratings | None:
    """Return the embedded ratings, or ``None`` in a package without the MovieLens part.

    Every rated film is in ``load_catalogue(with_movielens=True)``.

    Raises:
        EmbeddedDataError: The file is missing, damaged, or not the one in its manifest.
    """
    return read_ratings(movielens_folder())


def read_ratings(folder: Traversable) -> Ratings | None:
    """Return the ratings of the given MovieLens folder, or ``None`` when there is no such folder.

    Raises:
        EmbeddedDataError: The file is missing, damaged, or not the one in its manifest.
    """
    if not (folder / MANIFEST).is_file():
        return None
    cells = read_text(folder, RATINGS).replace("\n", ",").split(",")
    # The last cell is what follows the last line's end: nothing.
    movies, users, values = cells[3:-1:3], cells[4:-1:3], cells[5:-1:3]
    movie_ids = tuple(dict.fromkeys(movies))
    user_numbers = np.array(users, dtype=np.int64)
    user_ids, user_index = np.unique(user_numbers, return_inverse=True)
    return Ratings(
        movie_ids=movie_ids,
        user_ids=tuple(user_ids.tolist()),
        movie_position=_positions(movies, movie_ids),
        user_index=user_index.astype(np.int32),
        value=np.array(values, dtype=np.float32),
    )


def _positions(movies: Sequence[str], movie_ids: Sequence[str]) -> npt.NDArray[np.int32]:
    places = {movie_id: place for place, movie_id in enumerate(movie_ids)}
    return np.fromiter((places[movie] for movie in movies), dtype=np.int32, count=len(movies))
