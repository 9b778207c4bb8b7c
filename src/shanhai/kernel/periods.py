"""Dates and periods of Chinese administration: UTC+8, a period excludes its first day.

Source: 民法典 art. 201 (a period by days starts the next day), 行政诉讼法 and GB/T 7408; working days
come from a dated parameter, because the State Council decides them year by year.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta, timezone

ZONE = timezone(timedelta(hours=8))
DAY_MS = 86_400_000
_SHIFT_MS = 8 * 3_600_000


def day_number(time_ms: int) -> int:
    """Return the day in UTC+8, counted from 1970-01-01."""
    return (time_ms + _SHIFT_MS) // DAY_MS


def day_start_ms(day: int) -> int:
    """Return the first millisecond of a day number in UTC+8."""
    return day * DAY_MS - _SHIFT_MS


def date_of(time_ms: int) -> date:
    """Return the calendar date in UTC+8."""
    return date(1970, 1, 1) + timedelta(days=day_number(time_ms))


def ms_of(day: date) -> int:
    """Return the first millisecond of a calendar date in UTC+8."""
    return day_start_ms((day - date(1970, 1, 1)).days)


def iso(time_ms: int) -> str:
    """Return `2026-11-25 09:30` in UTC+8."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def year_of(time_ms: int) -> int:
    """Return the fiscal (calendar) year in UTC+8."""
    return date_of(time_ms).year


def end_of_period_ms(start_ms: int, days: int) -> int:
    """Return the first millisecond after a period of `days` whole days, its first day not counted.

    A notice put up on the 1st for 10 days runs through the 11th and is over when the 12th begins.
    """
    return day_start_ms(day_number(start_ms) + days + 1)


def full_days(start_ms: int, now_ms: int) -> int:
    """Return how many whole days of a period have passed, its first day not counted."""
    return max(0, day_number(now_ms) - day_number(start_ms) - 1)


def add_working_days(
    start: date, days: int, holidays: Collection[date], worked: Collection[date]
) -> date:
    """Return the last day of a period of working days, its first day not counted.

    Args:
        start: The day of the event, itself not counted.
        days: Working days, at least 0.
        holidays: Public holidays.
        worked: Weekend days declared working days (调休).
    """
    day = start
    while days:
        day += timedelta(days=1)
        if day in worked or (day.weekday() < 5 and day not in holidays):  # noqa: PLR2004 - Saturday is 5
            days -= 1
    return day
