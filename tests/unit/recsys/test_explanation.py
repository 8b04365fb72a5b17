from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.recsys.explanation import shares
from tonight.recsys.recommender import Contributions


def parts(
    base: float, wishes: float, likes: list[float], dislikes: list[float] | None = None
) -> Contributions:
    return Contributions(
        base, wishes, np.array(likes, dtype=np.float32), np.array(dislikes or [], dtype=np.float32)
    )


def test_a_share_is_a_positive_contribution_over_all_positive_ones() -> None:
    found = shares(parts(0.2, 0.1, [0.5, -0.4, 0.2], [0.3, -0.9]))
    assert found.base == pytest.approx(0.2)
    assert found.wishes == pytest.approx(0.1)
    np.testing.assert_allclose(found.likes, [0.5, 0, 0.2], rtol=1e-6)


def test_where_nothing_is_positive_the_base_carries_all() -> None:
    found = shares(parts(-0.2, 0, [-0.5]))
    assert (found.base, found.wishes, found.likes.tolist()) == (1, 0, [0])


@given(
    st.floats(-1, 1, width=32),
    st.floats(-1, 1, width=32),
    st.lists(st.floats(-1, 1, width=32), max_size=8),
)
def test_shares_are_never_negative_and_add_up_to_1(
    base: float, wishes: float, likes: list[float]
) -> None:
    found = shares(parts(base, wishes, likes))
    assert min(found.base, found.wishes, *found.likes.tolist(), 0) == 0
    assert found.base + found.wishes + float(found.likes.sum()) == pytest.approx(1, abs=1e-4)
