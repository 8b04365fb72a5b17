from __future__ import annotations

import pytest

from tonight.recsys.acceptance import MARGIN, why_refused


def measured(quality: float, popularity: float = 0.2, coverage: float = 1.0) -> dict[str, float]:
    return {
        "ndcg_at_100": quality,
        "popularity_ndcg_at_100": popularity,
        "coverage": coverage,
    }


def test_a_first_model_that_beats_popularity_is_taken() -> None:
    assert why_refused(measured(0.21), None) is None


def test_a_model_that_is_worse_than_popularity_is_refused() -> None:
    assert "worse than popularity" in (why_refused(measured(0.19), None) or "")


@pytest.mark.parametrize(("quality", "is_taken"), [(0.3, True), (0.291, True), (0.289, False)])
def test_a_model_may_be_worse_than_the_one_in_use_by_the_margin(
    quality: float, is_taken: bool
) -> None:
    assert MARGIN == 0.01
    refusal = why_refused(measured(quality), measured(0.3))
    assert (refusal is None) == is_taken


def test_a_model_that_covers_less_is_refused() -> None:
    refusal = why_refused(measured(0.4, coverage=0.9), measured(0.3, coverage=0.95))
    assert refusal == "covers fewer films than the model in use: 0.9000 < 0.9500"


def test_what_was_not_measured_is_not_compared() -> None:
    assert why_refused({}, measured(0.3)) is None
    assert why_refused(measured(0.3), {}) is None
