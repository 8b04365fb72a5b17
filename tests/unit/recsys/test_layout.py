from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tonight.recsys.layout import embed_in_plane


def distances(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(places[:, None] - places[None, :], axis=2))


@given(st.integers(0, 2**31), st.integers(3, 15))
def test_points_of_a_plane_are_found_again(seed: int, n: int) -> None:
    original = np.random.default_rng(seed).uniform(0, 0.6, (n, 2))
    similarity = np.asarray(1 - distances(original), dtype=np.float32)
    found = embed_in_plane(similarity)
    np.testing.assert_allclose(distances(found), distances(original), atol=1e-3)


def test_the_longer_axis_is_the_first_and_the_places_are_centred() -> None:
    line = np.array([[0.0, 0.0], [0.0, 0.1], [0.0, 0.5], [0.1, 0.9]])
    found = embed_in_plane(np.asarray(1 - distances(line), dtype=np.float32))
    assert np.ptp(found[:, 0]) > 5 * np.ptp(found[:, 1])
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-9)


def test_what_is_alike_lies_nearer_than_what_is_not() -> None:
    similarity = np.full((6, 6), 0.1, dtype=np.float32)
    similarity[:3, :3] = similarity[3:, 3:] = 0.8
    np.fill_diagonal(similarity, 1)
    found = distances(embed_in_plane(similarity))
    assert found[:3, :3].max() < found[:3, 3:].min()


@pytest.mark.parametrize("n", [0, 1])
def test_few_items_need_no_plane(n: int) -> None:
    assert embed_in_plane(np.ones((n, n), dtype=np.float32)).shape == (n, 2)


def test_items_that_cannot_be_told_apart_share_a_place() -> None:
    found = embed_in_plane(np.ones((4, 4), dtype=np.float32))
    np.testing.assert_allclose(found, 0, atol=1e-6)
