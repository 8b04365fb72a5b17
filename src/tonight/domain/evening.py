"""The viewer's evening: when it ends, and how long it still is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

#: An evening ends at this hour of the viewer's day: what was put off "tonight" comes back.
EVENING_ENDS_AT: Final = time(5, 0)

#: No evening ends later than this, even on the day on which the clocks go back.
LONGEST_EVENING: Final = timedelta(hours=25)

#: In minutes: how far ahead a clock time that has passed today may still be meant for tomorrow.
HALF_A_DAY: Final = 12 * 60


def end_of_evening(now: datetime) -> datetime:
    """The end of the evening in which a moment lies.

    Args:
        now: A moment with the viewer's time zone.

    Returns:
        The next 05:00 on the viewer's clock, in the viewer's time zone.
    """
    end = datetime.combine(now.date(), EVENING_ENDS_AT, tzinfo=now.tzinfo)
    if end <= now:
        end = datetime.combine(now.date() + timedelta(days=1), EVENING_ENDS_AT, tzinfo=now.tzinfo)
    return end


def minutes_until(clock_time: time, now: datetime) -> int | None:
    """How many whole minutes are left until the clock shows a time.

    Args:
        clock_time: A time of the viewer's day. One that has passed today means tomorrow's when
            that is within half a day, so "until 00:30" said at 22:00 is two hours and a half.
        now: A moment with the viewer's time zone.

    Returns:
        Minutes, or ``None`` when the time has passed for this evening: "until 21:00" said at
        22:00 is a slip, not a wish for a film of 23 hours.
    """
    now = now.replace(second=0, microsecond=0)
    today = datetime.combine(now.date(), clock_time, tzinfo=now.tzinfo)
    if today >= now:
        return _minutes_between(now, today)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), clock_time, tzinfo=now.tzinfo)
    minutes = _minutes_between(now, tomorrow)
    return minutes if minutes <= HALF_A_DAY else None


def end_of(now: datetime, minutes: int) -> datetime:
    """The moment at which something ends that starts now, on the viewer's clock.

    Args:
        now: A moment with the viewer's time zone.
        minutes: How long it lasts, whatever the clocks do meanwhile.
    """
    return datetime.fromtimestamp(now.timestamp() + 60 * minutes, tz=now.tzinfo)


def _minutes_between(start: datetime, end: datetime) -> int:
    # Through timestamps: subtracting two times of one zone would ignore a clock change between.
    return int((end.timestamp() - start.timestamp()) // 60)
