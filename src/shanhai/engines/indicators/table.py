"""The data of a scheme: a CSV with one row a unit (and time), checked cell by cell.

Rows are sorted by time and unit, so their order in the file never matters.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.formula import Formula
from shanhai.engines.indicators.scheme import Scheme
from shanhai.kernel.spelling import nearest

THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
WITH_UNIT = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]")


class Gap(NamedTuple):
    """A missing cell: its line in the file (the heading is line 1), unit and column."""

    line: int
    unit: str
    column: str


class Table(msgspec.Struct, frozen=True):
    """Rows of units with the numbers a scheme asks for.

    Attributes:
        units: Codes, sorted; with `times` a row's key.
        names: Names for a reader.
        times: Time of each row, None without a panel.
        keys: Texts to group by: `time`, `class` and the scheme's groups, shape (n,) each.
        numbers: Columns, shape (n,), NaN where missing.
        gaps: Every missing cell among them.
    """

    units: tuple[str, ...]
    names: tuple[str, ...]
    times: tuple[float, ...] | None
    keys: dict[str, tuple[str, ...]]
    numbers: dict[str, Floats]
    gaps: tuple[Gap, ...]

    def take(self, rows: Sequence[int]) -> "Table":
        """Return the table of these rows only."""
        at = np.asarray(rows, dtype=int)
        return Table(
            tuple(self.units[i] for i in at),
            tuple(self.names[i] for i in at),
            None if self.times is None else tuple(self.times[i] for i in at),
            {key: tuple(some[i] for i in at) for key, some in self.keys.items()},
            {key: some[at] for key, some in self.numbers.items()},
            self.gaps,
        )

    def row_name(self, row: int) -> str:
        """Return a row's unit, with its time in a panel."""
        return self.units[row] if self.times is None else f"{self.units[row]}@{self.times[row]:g}"


class _Sheet:
    """The cells of a CSV as texts."""

    def __init__(self, text: str) -> None:
        reader = csv.reader(io.StringIO(text))
        try:
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error as error:
            raise refused("csv", line=reader.line_num, detail=str(error)) from error
        if len(rows) < 2:  # noqa: PLR2004 - a heading and one row
            raise refused("empty")
        self.heading = [cell.strip().lstrip("\ufeff") for cell in rows[0][1]]
        self.rows = rows[1:]
        self._check()

    def _check(self) -> None:
        seen: dict[str, int] = {}
        for at, name in enumerate(self.heading, 1):
            if name in seen and name:
                raise refused("column_twice", column=name, first=seen[name], second=at)
            seen[name] = at
        for line, row in self.rows:
            if len(row) != len(self.heading):
                raise refused("cells", line=line, found=len(row), wanted=len(self.heading))

    def find(self, column: str, place: str, unit: str = "") -> int:
        """Return the index of a column, by its heading or by its heading without the unit in brackets."""
        if column in self.heading:
            return self.heading.index(column)
        for at, name in enumerate(self.heading):
            bare = WITH_UNIT.fullmatch(name)
            if bare and bare[1] == column:
                if unit and bare[2] != unit:
                    raise refused(
                        "column_unit", column=column, found=bare[2], wanted=unit, place=place
                    )
                return at
        raise refused("column", column=column, place=place, nearest=nearest(column, self.heading))

    def texts(self, column: str, place: str) -> list[str]:
        """Return a column's cells."""
        at = self.find(column, place)
        return [row[at].strip() for _, row in self.rows]


def read_table(text: str, scheme: Scheme) -> Table:
    """Read the CSV of a scheme.

    Raises:
        InvalidInputError: If a column is not there or twice, a unit is twice or blank, a cell is no finite
            number or outside the indicator's range.
    """
    sheet = _Sheet(text)
    units = sheet.texts(scheme.data.unit, "data.unit")
    times = _times(sheet, scheme.data.time) if scheme.data.time else None
    order = _order(sheet, scheme, units, times)
    reader = _Reader(sheet, scheme, [units[i] for i in order], order)
    keys = reader.keys(times)
    numbers = reader.numbers()
    names = sheet.texts(scheme.data.name, "data.name") if scheme.data.name else units
    return Table(
        tuple(reader.units),
        tuple(names[i] for i in order),
        None if times is None else tuple(times[i] for i in order),
        keys,
        numbers,
        tuple(sorted(reader.gaps)),
    )


def _times(sheet: _Sheet, column: str) -> list[float]:
    times = []
    for (line, _), text in zip(sheet.rows, sheet.texts(column, "data.time"), strict=True):
        number = _number(text)
        if number is None:
            raise refused("time", line=line, column=column, text=text)
        times.append(number)
    return times


def _order(sheet: _Sheet, scheme: Scheme, units: list[str], times: list[float] | None) -> list[int]:
    seen: dict[tuple[float, str], int] = {}
    for at, ((line, _), unit) in enumerate(zip(sheet.rows, units, strict=True)):
        if not unit:
            raise refused("unit_blank", line=line, column=scheme.data.unit)
        key = (times[at] if times else 0.0, unit)
        if key in seen:
            said = f"{unit} @ {times[at]:g}" if times else unit
            raise refused("unit_twice", unit=said, first=sheet.rows[seen[key]][0], second=line)
        seen[key] = at
    return [seen[key] for key in sorted(seen)]


def _number(text: str) -> float | None:
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class _Reader:
    """Reads the columns that a scheme names, in sorted order of rows."""

    def __init__(self, sheet: _Sheet, scheme: Scheme, units: list[str], order: list[int]) -> None:
        self.sheet, self.scheme, self.units, self.order = sheet, scheme, units, order
        self.missing = frozenset(scheme.data.missing)
        self.gaps: set[Gap] = set()

    def keys(self, times: list[float] | None) -> dict[str, tuple[str, ...]]:
        """Return the texts that rows may be grouped by."""
        data = self.scheme.data
        asked = {name: (name, f"data.groups ({name})") for name in data.groups}
        if data.class_:
            asked["class"] = (data.class_, "data.class")
        found = {}
        for key, (column, place) in asked.items():
            texts = self.sheet.texts(column, place)
            found[key] = tuple(texts[i] for i in self.order)
        if times is not None:
            found["time"] = tuple(f"{times[i]:020.6f}" for i in self.order)
        return found

    def numbers(self) -> dict[str, Floats]:
        """Return every column that the scheme reads, derived ones after those they need."""
        derived = {one.column: one for one in self.scheme.derive}
        found: dict[str, Floats] = {}
        for at, one in enumerate(self.scheme.derive):
            formula = Formula(one.formula, f"derive[{at}] ({one.column})")
            for name in formula.names:
                if name not in found and name not in derived:
                    found[name] = self.column(name, formula.place)
            found[one.column] = formula.values(found, tuple(self.units))
        for column, place, unit in asked_columns(self.scheme):
            if column not in found:
                found[column] = self.column(column, place, unit)
        self._check_ranges(found)
        return found

    def column(self, column: str, place: str, unit: str = "") -> Floats:
        """Return one column's numbers, noting its gaps."""
        at = self.sheet.find(column, place, unit)
        values = np.empty(len(self.order))
        for to, i in enumerate(self.order):
            line, row = self.sheet.rows[i]
            text = row[at].strip()
            if text in self.missing:
                values[to] = np.nan
                self.gaps.add(Gap(line, self.units[to], column))
                continue
            number = _number(text)
            if number is None:
                raise refused("number", line=line, unit=self.units[to], column=column, text=text)
            values[to] = number
        return values

    def _check_ranges(self, found: dict[str, Floats]) -> None:
        for at, one in enumerate(self.scheme.indicators.values()):
            if one.range is None:
                continue
            values = found[one.heading]
            wrong = (values < one.range[0]) | (values > one.range[1])
            if wrong.any():
                to = int(np.argmax(wrong))
                line = self.sheet.rows[self.order[to]][0]
                place = f"indicators[{at}].range ({one.code})"
                facts = {"line": line, "unit": self.units[to], "column": one.heading}
                raise refused(
                    "range",
                    **facts,
                    value=float(values[to]),
                    low=one.range[0],
                    high=one.range[1],
                    place=place,
                )


def asked_columns(scheme: Scheme) -> Iterable[tuple[str, str, str]]:
    """Yield the columns a scheme reads as numbers, each with who asks and in which unit."""
    for at, one in enumerate(scheme.indicators.values()):
        yield one.heading, f"indicators[{at}] ({one.code})", one.unit
        if one.denominator:
            yield one.denominator, f"indicators[{at}].denominator ({one.code})", ""
    for column in scheme.data.denominators:
        yield column, "data.denominators", ""
    for step in scheme.steps:
        for field in ("events", "trials"):
            if column := getattr(step.chosen.params, field, ""):
                yield column, f"{step.chosen.place}.{field}", ""
    yield from _rule_columns(scheme)


def _rule_columns(scheme: Scheme) -> Iterable[tuple[str, str, str]]:
    for at, rule in enumerate(scheme.rules):
        for part in ("when", "points"):
            text, place = getattr(rule, part), f"rules[{at}].{part}"
            for name in Formula(text, place).names if text else ():
                if name not in scheme.nodes and name not in scheme.indicators:
                    yield name, place, ""
