"""Months end where months end."""

from datetime import date

import pytest

from shanhai.acts.clocks import add_months


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 6, 1), 6, (2026, 12, 1)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 10, 31), 1, (2026, 11, 30)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 8, 30), 6, (2027, 2, 28)),
    ],
)
def test_the_same_day_some_months_later(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    assert add_months(date(*start), months) == date(*end)
