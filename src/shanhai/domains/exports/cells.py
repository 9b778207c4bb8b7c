"""Columns and cells of an export, the same for every format.

Source: OWASP ASVS 5.0 section 1.2.10 and OWASP "CSV Injection": a text that a spreadsheet could take for a
formula gets an apostrophe in front.
"""

import re
from collections.abc import Sequence

import msgspec

from shanhai.kernel.money import FEN_PER_YUAN
from shanhai.kernel.text import Choice, Text

Value = str | int | None
Row = Sequence[Value]
UNKNOWN = "—"
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Kind(Choice):
    """What a column holds."""

    TEXT = "text", "文字", "Text"
    MONEY = "money", "金额", "Money"
    COUNT = "count", "数量", "Count"


class Column(msgspec.Struct, frozen=True):
    """A column of an export.

    Attributes:
        name: Key in JSON; of money it ends in `_fen`.
        heading: Words for people.
        kind: Text as str, money as integer fen, count as int; None is unknown in each.
    """

    name: str
    heading: Text
    kind: Kind = Kind.TEXT

    def title(self) -> str:
        """Return the heading in both languages, with the unit of money."""
        unit = "(元)" if self.kind is Kind.MONEY else ""
        return f"{self.heading.zh}{unit} {self.heading.en}"


def neutralise(text: str) -> str:
    """Return a text that no spreadsheet runs: `=1+1` → `'=1+1`; control characters are dropped."""
    clean = _CONTROL.sub("", text)
    return "'" + clean if _FORMULA.match(text) else clean


def yuan_text(fen: int) -> str:
    """Return plain yuan without thousands separators: 120050 → `1200.50`."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{whole // FEN_PER_YUAN}.{whole % FEN_PER_YUAN:02}"


def plain_text(value: Value, kind: Kind) -> str:
    """Return a cell of a CSV: unknown as —, money as plain yuan, text neutralised."""
    if value is None:
        return UNKNOWN
    if kind is Kind.MONEY and isinstance(value, int):
        return yuan_text(value)
    return neutralise(value) if isinstance(value, str) else str(value)
