"""Deadlines as an officer reads them: overdue, today, soon. Where nothing is set there is no clock."""

from typing import NamedTuple

from shanhai.kernel.periods import day_number
from shanhai.kernel.text import Choice

SOON_DAYS = 3


class Urgency(Choice):
    """How pressing a deadline is, the most pressing first."""

    OVERDUE = "overdue", "已逾期", "Overdue"
    TODAY = "today", "今日到期", "Due today"
    SOON = "soon", "临期", "Due soon"
    LATER = "later", "期限内", "In time"
    NONE = "none", "未设期限", "No deadline set"

    @property
    def rank(self) -> int:
        """Return its place in the order of urgency."""
        return list(Urgency).index(self)


class Clock(NamedTuple):
    """A deadline: `due_ms` is the first moment after it, 0 for none; `days` left, negative when over."""

    urgency: Urgency
    due_ms: int = 0
    days: int = 0

    @property
    def last_ms(self) -> int:
        """Return the last moment in time, whose date is the due date."""
        return self.due_ms - 1

    @property
    def late(self) -> int:
        """Return the days over."""
        return max(0, -self.days)


def clock(due_ms: int, now_ms: int) -> Clock:
    """Read a deadline.

    Args:
        due_ms: First millisecond after the period, 0 where none is set.
        now_ms: Ledger time.
    """
    if not due_ms:
        return Clock(Urgency.NONE)
    days = day_number(due_ms - 1) - day_number(now_ms)
    if now_ms >= due_ms:
        return Clock(Urgency.OVERDUE, due_ms, days)
    if days == 0:
        return Clock(Urgency.TODAY, due_ms)
    return Clock(Urgency.SOON if days <= SOON_DAYS else Urgency.LATER, due_ms, days)
