from __future__ import annotations

import numpy as np

from tonight.domain.movie import GENRES, Certificate, Movie
from tonight.services.item_features import item_features

FILMS = (
    Movie("a-1999", "A", 1999, genres=("Drama", "Crime"), directors=("X", "Y"), n_reviews=12),
    Movie("b-2001", "B", 2001, genres=("Drama",), directors=("X",), review_score=80, notable=True),
    Movie("c-1950", "C", 1950, directors=("Z",), certificate=Certificate.PG),
)


def test_genres_are_columns_in_the_published_order() -> None:
    genres = item_features(FILMS).groups["genre"].toarray()
    assert genres.shape == (3, len(GENRES))
    assert [GENRES[column] for column in np.flatnonzero(genres[0])] == ["Crime", "Drama"]
    assert not genres[2].any()


def test_a_person_of_one_film_only_is_no_feature() -> None:
    directors = item_features(FILMS).groups["director"].toarray()
    assert directors.tolist() == [[1], [1], [0]]


def test_neighbours_across_a_decade_s_border_share_an_era() -> None:
    eras = item_features(FILMS).groups["era"]
    together = (eras @ eras.T).toarray()
    assert together[0, 1] == 1
    assert together[0, 2] == 0


def test_unknown_facts_stay_unknown() -> None:
    items = item_features(FILMS)
    assert items.year.tolist() == [1999, 2001, 1950]
    assert items.n_reviews.tolist() == [12, 0, 0]
    assert items.review_score[1] == 0.8
    assert np.isnan(items.review_score[[0, 2]]).all()
    assert items.notable.tolist() == [False, True, False]
    assert items.groups["certificate"].shape == (3, 0)
