from __future__ import annotations

import numpy as np
import pytest

from tonight.recsys.interactions import Interactions, from_ratings


def some() -> Interactions:
    return from_ratings(
        np.array([0, 0, 0, 1, 1, 0]),
        np.array([2, 0, 1, 2, 0, 0]),
        np.array([4.0, 5.0, 3.0, 2.5, 4.5, 1.0], dtype=np.float32),
        n_users=3,
        n_items=4,
    )


def test_ratings_from_4_are_likes_and_to_2_and_a_half_dislikes() -> None:
    assert some().likes.toarray().tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert some().dislikes.toarray().tolist() == [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_the_last_rating_of_a_pair_counts() -> None:
    history = some().history(0)
    assert history.likes.tolist() == [2]
    assert history.dislikes.tolist() == [0]


def test_users_and_items_can_be_chosen() -> None:
    chosen = some().users(np.array([1])).items(np.array([2, 0]))
    assert chosen.likes.toarray().tolist() == [[0, 1]]
    assert chosen.dislikes.toarray().tolist() == [[1, 0]]


def test_an_item_can_lose_its_ratings() -> None:
    without = some().without_items(np.array([2]))
    assert without.likes_per_item().tolist() == [1, 0, 0, 0]
    assert without.dislikes_per_item().tolist() == [1, 0, 0, 0]
    assert without.likes_per_user().tolist() == [0, 1, 0]


@pytest.mark.parametrize("user", [-1, 3])
def test_an_unknown_user_is_refused(user: int) -> None:
    with pytest.raises(IndexError, match="not within"):
        some().history(user)


@pytest.mark.parametrize(
    ("users", "items", "message"),
    [([3], [0], "user index"), ([0], [4], "item index"), ([0], [-1], "item index")],
)
def test_indices_out_of_range_are_refused(users: list[int], items: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_ratings(
            np.array(users), np.array(items), np.ones(1, dtype=np.float32), n_users=3, n_items=4
        )


def test_arrays_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        from_ratings(
            np.array([0]), np.array([0, 1]), np.ones(1, dtype=np.float32), n_users=3, n_items=4
        )


def test_thresholds_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="below"):
        from_ratings(
            np.array([0]),
            np.array([0]),
            np.ones(1, dtype=np.float32),
            n_users=1,
            n_items=1,
            liked_from=3,
            disliked_to=3,
        )


def test_what_is_stored_as_arrays_comes_back() -> None:
    found = some()
    arrays = found.to_arrays()
    for array in arrays.values():
        array.flags.writeable = False
    again = Interactions.from_arrays(arrays, n_items=4)
    assert (again.likes.toarray() == found.likes.toarray()).all()
    assert (again.dislikes.toarray() == found.dislikes.toarray()).all()
    assert again.likes.dtype == np.float32
