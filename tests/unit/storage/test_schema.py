"""Moments are stored exactly, and the tables allow what the domain knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import CheckConstraint

from tonight.domain.feedback import FeedbackKind
from tonight.storage.schema import feedback, from_microseconds, to_microseconds

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    st.datetimes(
        min_value=datetime(1, 1, 2),  # noqa: DTZ001 - the strategy adds the zone
        max_value=datetime(9999, 12, 30),  # noqa: DTZ001
        timezones=ZONES,
    )
)
def test_a_moment_comes_back_exactly_and_in_utc(moment: datetime) -> None:
    stored = from_microseconds(to_microseconds(moment))

    assert stored == moment
    assert stored.tzinfo is UTC


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_microseconds(datetime(2026, 11, 23))  # noqa: DTZ001


def test_the_table_allows_exactly_the_kinds_of_the_domain() -> None:
    [check] = [c for c in feedback.constraints if isinstance(c, CheckConstraint)]
    kinds = ", ".join(f"'{kind.value}'" for kind in FeedbackKind)

    assert str(check.sqltext) == f"kind IN ({kinds})"
