from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonight.domain.evening import end_of, end_of_evening, minutes_until

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(
    min_value=datetime(2001, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2099, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, BERLIN, timezone(timedelta(hours=-9, minutes=-30))]),
)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, second, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (at(20), datetime(2026, 11, 24, 5, tzinfo=BERLIN)),
        (at(0, 30), at(5)),
        (at(4, 59, 59), at(5)),
        (at(5), datetime(2026, 11, 24, 5, tzinfo=BERLIN)),
    ],
)
def test_an_evening_ends_at_the_next_five_in_the_morning(now: datetime, end: datetime) -> None:
    assert end_of_evening(now) == end


@given(MOMENTS)
def test_the_end_of_an_evening_is_ahead_by_at_most_a_day_and_a_clock_change(now: datetime) -> None:
    ahead = end_of_evening(now).timestamp() - now.timestamp()
    assert -3600 < ahead <= 25 * 3600


@pytest.mark.parametrize(
    ("now", "until", "minutes"),
    [
        (at(20), time(22, 30), 150),
        (at(22), time(0, 30), 150),
        (at(0, 15), time(1, 0), 45),
        (at(20, 0, 59), time(20, 1), 1),
        (at(20), time(20, 0), 0),
        (at(8), time(23, 0), 900),
    ],
)
def test_minutes_until_a_time_also_across_midnight(
    now: datetime, until: time, minutes: int
) -> None:
    assert minutes_until(until, now) == minutes


def test_a_time_that_has_just_passed_is_not_taken_for_tomorrows() -> None:
    assert minutes_until(time(21, 0), at(22)) is None


def test_the_hour_that_a_clock_change_adds_is_counted() -> None:
    before_the_change = datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN)
    assert minutes_until(time(4, 0), before_the_change) == 4 * 60
    assert end_of(before_the_change, 240).strftime("%H:%M") == "04:00"
