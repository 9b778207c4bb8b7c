"""Fields of the household table: the contract every delivery is held to.

Money is int64 fen, counts are int64, dates are dates; each number has bounds, and from the bounds follows
that no rule can leave 64 bits (`lang.check`). Source: reference table of department items; bounds are ours.
"""

from dataclasses import dataclass
from enum import Enum

from shanhai.engines.screening.lang.units import NONE, Unit

MAX_MONEY_FEN = 10**12
MAX_COUNT = 100_000
EPOCH_DAYS = (-25_567, 73_049)  # 1900-01-01 to 2170-01-01


class Kind(str, Enum):
    """What a field holds."""

    QUANTITY = "quantity"
    TRUTH = "truth"
    TEXT = "text"
    DATE = "date"

    @property
    def words(self) -> tuple[str, str]:
        """Return the kind's name in Chinese and English."""
        return _WORDS[self]


_WORDS = {
    Kind.QUANTITY: ("数量", "a quantity"),
    Kind.TRUTH: ("是非", "a truth (true or false)"),
    Kind.TEXT: ("文字", "a text"),
    Kind.DATE: ("日期", "a date"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its kind, unit, inclusive bounds in base units (days since 1970 for dates), and feed."""

    name: str
    kind: Kind
    unit: Unit = NONE
    low: int = 0
    high: int = MAX_COUNT
    values: tuple[str, ...] = ()
    feed: str = ""
    zh: str = ""
    en: str = ""

    def label(self, lang: str) -> str:
        """Return the field's own name in `zh` or `en`, or its identifier."""
        return (self.zh if lang == "zh" else self.en) or self.name
