from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.unit.recsys.datasets import items_with_genres
from tonight.recsys.filters import well_known


def test_reviews_likes_or_an_editor_make_a_film_well_known() -> None:
    items = replace(
        items_with_genres([0] * 5, 1),
        n_reviews=np.array([49, 50, 0, 0, 0]),
        notable=np.array([False, False, False, False, True]),
    )
    known = well_known(np.array([4, 0, 5, 4, 0]), items)
    assert known.tolist() == [False, True, True, False, True]
