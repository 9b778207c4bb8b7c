"""The units' data from CSV: exact numbers, money in fen, and every refusal with its row and column.

Rows are sorted by the unit's code, so that their order in the file never matters.
"""

import csv
import io
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from shanhai.engines.fiscal.exact import Number, divide, show, tame
from shanhai.engines.fiscal.scheme import Column, Data
from shanhai.engines.fiscal.units import LONGEST, fen_per, parse_number
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.spelling import nearest

BLANK = frozenset({"", "—", "–", "-", "…", "NA", "N/A", "nan", "NaN", "null", "None"})
LARGEST = 10**40
"""No amount in fen and no number of the data is as large."""
FLAGS = dict.fromkeys(("1", "true", "yes", "是", "y", "t"), 1) | dict.fromkeys(
    ("0", "false", "no", "否", "n", "f"), 0
)
WITH_UNIT = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]")
_DECIMAL = re.compile(r"(-?)(\d+)\.(\d+)")
_SCIENTIFIC = re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d{1,3}")
_WANTED = {"number": "数 a number", "money": "金额 an amount", "flag": "是/否（1/0）yes or no"}


class Table(NamedTuple):
    """The data of a run: units sorted by code, and a list a column, each of shape (n units,)."""

    units: list[str]
    labels: list[str]
    columns: dict[str, list[Any]]


def read_table(raw: bytes | str, data: Data, currency: str) -> Table:
    """Read the CSV that a scheme's `[data]` describes.

    Args:
        raw: The file: UTF-8 (with or without mark) or GB18030; comma, semicolon or tab.
        data: The scheme's `[data]`.
        currency: The scheme's currency code, which may stand in money units.

    Returns:
        The table; columns that the scheme does not name are left out.

    Raises:
        InvalidInputError: At the first fault, with row and column.
    """
    heading, rows = _rows(raw)
    at = _column(heading, data.unit, "[data] unit")
    label = _column(heading, data.label, "[data] label") if data.label else at
    order = _order(rows, at, data.unit)
    units = [rows[row][1][at].strip() for row in order]
    columns: dict[str, list[Any]] = {}
    for name, column in data.columns.items():
        place = f"[data.columns.{name}]"
        wanted = column.column or name
        bare = {bracket[1] for one in heading if (bracket := WITH_UNIT.fullmatch(one))}
        if column.missing == "optional" and wanted not in heading and wanted not in bare:
            columns[name] = [None] * len(units)
            continue
        found = _column(heading, wanted, place)
        cells = [(rows[row][0], units[n], rows[row][1][found]) for n, row in enumerate(order)]
        reader = _Reader(column, wanted, currency, place)
        reader.check_unit(heading[found])
        columns[name] = reader.read(cells)
    return Table(units, [rows[row][1][label].strip() for row in order], columns)


def check_columns(data: Data, currency: str) -> None:
    """Refuse columns whose unit, kind or bounds are wrong, before any data are read.

    Raises:
        InvalidInputError: At the first, with its place.
    """
    for name, column in data.columns.items():
        _Reader(column, column.column or name, currency, f"[data.columns.{name}]")


def _rows(raw: bytes | str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    text = raw if isinstance(raw, str) else _decoded(raw)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        rows = [(reader.line_num, c) for c in reader if any(cell.strip() for cell in c)]
    except csv.Error as error:
        raise refuse("data.csv", row=reader.line_num, detail=str(error)) from error
    if len(rows) < 2:  # noqa: PLR2004 - the heading and one unit
        raise refuse("data.empty")
    heading = [cell.strip() for cell in rows[0][1]]
    for name in heading:
        if name and heading.count(name) > 1:
            raise refuse("data.heading", column=name)
    for number, cells in rows[1:]:
        if len(cells) != len(heading):
            detail = f"{len(cells)} 格，列名有 {len(heading)} 个 cells and headings differ"
            raise refuse("data.csv", row=number, detail=detail)
    return heading, rows[1:]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise refuse(
            "data.csv", row=row, detail="不是 UTF-8 或 GB18030 not UTF-8 or GB18030"
        ) from error


def _column(heading: Sequence[str], name: str, place: str) -> int:
    """Return where a column stands, by its heading or by its heading without a unit in brackets."""
    if name in heading:
        return heading.index(name)
    for at, one in enumerate(heading):
        bare = WITH_UNIT.fullmatch(one)
        if bare and bare[1] == name:
            return at
    raise refuse("data.column", column=name, place=place, nearest=nearest(name, heading))


def _order(rows: list[tuple[int, list[str]]], at: int, column: str) -> list[int]:
    seen = dict[str, int]()
    for number, cells in rows:
        unit = cells[at].strip()
        if not unit:
            raise refuse("data.unit", row=number, column=column)
        if unit in seen:
            raise refuse("data.twice", unit=unit, row=number, other=seen[unit])
        seen[unit] = number
    return sorted(range(len(rows)), key=lambda row: rows[row][1][at].strip())


class _Reader:
    """Read the cells of one column."""

    def __init__(self, column: Column, heading: str, currency: str, place: str) -> None:
        self.column, self.heading, self.place = column, heading, place
        if column.missing == "zero" and not column.reason:
            raise refuse("lacking", place=place, name="reason")
        if column.kind == "money" and not column.unit:
            raise refuse("lacking", place=place, name="unit")
        if column.kind != "money" and column.unit:
            detail = '写了 unit 就要写 kind = "money" unit needs kind = "money"'
            raise refuse("field", place=place, detail=detail)
        self.currency = currency
        self.scale = fen_per(column.unit, currency, place) if column.kind == "money" else 1
        self.least, self.most = (
            None if bound is None else parse_number(str(bound), place) * self.scale
            for bound in (column.least, column.most)
        )

    def check_unit(self, heading: str) -> None:
        """Refuse a money column whose heading, as `revenue(亿元)`, states another unit than the scheme."""
        bracket = WITH_UNIT.fullmatch(heading)
        if bracket is None or heading == self.heading or self.column.kind != "money":
            return
        try:
            same = fen_per(bracket[2].strip(), self.currency, self.place) == self.scale
        except InvalidInputError:
            same = False
        if not same:
            raise refuse(
                "data.heading_unit",
                column=self.heading,
                found=bracket[2],
                wanted=self.column.unit,
                place=self.place,
            )

    def read(self, cells: list[tuple[int, str, str]]) -> list[Any]:
        """Return the values in the order of the cells (row number, unit, text)."""
        one = {"text": self._word, "flag": self._flag}.get(self.column.kind, self._number)
        return [self._blank(*cell) if cell[2].strip() in BLANK else one(*cell) for cell in cells]

    def _blank(self, row: int, unit: str, _text: str) -> Any:
        if self.column.missing == "zero":
            return 0
        if self.column.missing in ("allow", "optional"):
            return None
        raise refuse("data.blank", row=row, unit=unit, column=self.heading)

    def _wrong(self, row: int, unit: str, text: str) -> InvalidInputError:
        wanted = _WANTED[self.column.kind]
        return refuse(
            "data.number", row=row, unit=unit, column=self.heading, value=text, wanted=wanted
        )

    def _word(self, _row: int, _unit: str, text: str) -> str:
        return text.strip()

    def _flag(self, row: int, unit: str, text: str) -> int:
        found = FLAGS.get(text.strip().lower())
        if found is None:
            raise self._wrong(row, unit, text)
        return found

    def _number(self, row: int, unit: str, text: str) -> Number:
        try:
            value = exact(text.strip(), self.scale)
        except (InvalidInputError, ValueError) as error:
            raise self._wrong(row, unit, text) from error
        if not -LARGEST < value < LARGEST:
            raise self._wrong(row, unit, text)
        low, high = self.least, self.most
        if (low is not None and value < low) or (high is not None and value > high):
            raise refuse(
                "range",
                place=f"第 {row} 行 row {row}（{unit}）“{self.heading}”",
                value=text,
                least=show(divide(low, self.scale)) if low is not None else "—",
                most=show(divide(high, self.scale)) if high is not None else "—",
            )
        return value


def exact(text: str, scale: int = 1) -> Number:
    """Read a number of the data exactly, times a whole scale (fen per unit).

    Raises:
        InvalidInputError: If it is none.
        ValueError: If it is too long to be one.
    """
    if len(text) > LONGEST:
        raise ValueError(text)
    if text.isascii() and text.isdigit():
        return int(text) * scale
    match = _DECIMAL.fullmatch(text)
    if match is not None:
        sign, left, right = match.groups()
        value = divide(int(left + right) * scale, 10 ** len(right))
        return -value if sign else value
    if _SCIENTIFIC.fullmatch(text):
        return tame(Fraction(text) * scale)
    return tame(parse_number(text, "") * scale)
