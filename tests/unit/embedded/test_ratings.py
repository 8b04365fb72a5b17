"""The reader of the embedded ratings, on a small folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tonight.domain.errors import EmbeddedDataError
from tonight.embedded.ratings import read_ratings


def test_each_rating_names_its_film_its_user_and_its_value(movielens: Path) -> None:
    ratings = read_ratings(movielens)
    assert ratings is not None
    triples = [
        (ratings.movie_ids[movie], ratings.user_ids[user], float(value))
        for movie, user, value in zip(
            ratings.movie_position, ratings.user_index, ratings.value, strict=True
        )
    ]
    assert triples == [
        ("limbo-1999", 7, 3.5),
        ("the-matrix-1999", 2, 5.0),
        ("the-matrix-1999", 7, 0.5),
    ]


def test_films_and_users_are_sorted_and_named_once(movielens: Path) -> None:
    ratings = read_ratings(movielens)
    assert ratings is not None
    assert ratings.movie_ids == ("limbo-1999", "the-matrix-1999")
    assert ratings.user_ids == (2, 7)


def test_the_arrays_are_what_the_trainer_takes(movielens: Path) -> None:
    ratings = read_ratings(movielens)
    assert ratings is not None
    assert ratings.movie_position.dtype == np.int32
    assert ratings.user_index.dtype == np.int32
    assert ratings.value.dtype == np.float32


def test_without_the_movielens_part_there_are_no_ratings(base: Path) -> None:
    assert read_ratings(base / "movielens") is None


def test_changed_ratings_are_refused(movielens: Path) -> None:
    (movielens / "ratings.csv.gz").write_bytes((movielens / "films.jsonl.gz").read_bytes())
    with pytest.raises(EmbeddedDataError, match=r"ratings\.csv\.gz is not the file"):
        read_ratings(movielens)
