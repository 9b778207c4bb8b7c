"""What every fact carries: a source, a confidence, and how it may be shown.

Source: the evidence rule of the fact files. *Quoted* stood in a named page or yearbook; *unconfirmed* is
shown as 待核, never as fact; *unknown* is shown as —, never as 0.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import TypeVar

import msgspec

from shanhai.kernel.money import FEN_PER_WAN
from shanhai.kernel.text import Choice, Text

T = TypeVar("T")
_FEN_PER_UNIT = {"元": 100, "万元": FEN_PER_WAN, "亿元": FEN_PER_WAN * 10_000}


class Standing(Choice):
    """How a fact may be shown."""

    QUOTED = "quoted", "有出处", "Quoted"
    UNCONFIRMED = "unconfirmed", "待核", "Unconfirmed"
    UNKNOWN = "unknown", "—", "—"

    @classmethod
    def label(cls) -> Text:
        """Return the list's own name."""
        return Text("依据", "Standing")


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with its source.

    Attributes:
        source: Address or publication, blank only where nothing was found.
        confidence: `high` is quoted from a named publisher; `medium` and `low` are not confirmed.
        standing: How the fact may be shown.
    """

    source: str = ""
    confidence: str = ""
    standing: Standing = Standing.UNKNOWN


def standing_of(confidence: str, *, known: bool = True) -> Standing:
    """Return how a fact may be shown: unknown stays unknown, whatever its confidence.

    Args:
        confidence: `high`, `medium`, `low`, or an evidence word: `quoted`, `unconfirmed …`.
        known: Whether there is a value at all.
    """
    if not known:
        return Standing.UNKNOWN
    return Standing.QUOTED if confidence in {"high", "quoted"} else Standing.UNCONFIRMED


def number(text: str) -> Decimal | None:
    """Return the exact figure, or None for a blank: unknown is never 0."""
    return Decimal(text) if text.strip() else None


def count(text: str) -> int | None:
    """Return a whole number, or None for a blank."""
    return int(text) if text.strip() else None


def money_fen(value: Decimal | None, unit: str) -> int | None:
    """Return fen for 元, 万元 or 亿元; None for an unknown value or a unit that is no money.

    Raises:
        ValueError: If the amount goes below one fen.
    """
    factor = _FEN_PER_UNIT.get(unit)
    if value is None or factor is None:
        return None
    fen = value * factor
    if fen != fen.to_integral_value():
        raise ValueError(f"{value} {unit} goes below one fen")
    return int(fen)


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of this package as heading → text."""
    with files("shanhai.data").joinpath("tables", name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def json_of(name: str, kind: type[T]) -> T:
    """Decode a JSON table of this package."""
    return msgspec.json.decode(
        files("shanhai.data").joinpath("tables", name).read_bytes(), type=kind
    )
