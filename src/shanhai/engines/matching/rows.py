"""Needs and offers as columns of text, and what their cells mean: numbers, wages, dates, lists."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from shanhai.engines.matching import tables
from shanhai.engines.matching.market import Ints
from shanhai.engines.matching.wages import monthly_fen
from shanhai.kernel.errors import InvalidInputError

UNKNOWN = -(2**62)
"""Stands for a blank; no number of a file reaches it."""
_MILLI, _FAR = 1000, 10**12
_WANTED = {
    "number": "数 a number",
    "wage": "工资，如 6000/月 a wage",
    "date": "日期 YYYY-MM-DD a date",
}


class Rows(NamedTuple):
    """One side: ids and columns of text; a blank is unknown, never zero."""

    file: str
    ids: list[str]
    columns: dict[str, list[str]]

    def text(self, column: str) -> list[str]:
        """Return a column; blanks where the side has no such column."""
        return self.columns.get(column) or [""] * len(self.ids)

    def lists(self, column: str) -> list[tuple[str, ...]]:
        """Return a column of lists, written with `|`, `;` or `、` between values."""
        split = str.maketrans(";；、", "|||")
        return [
            tuple(part.strip() for part in cell.translate(split).split("|") if part.strip())
            for cell in self.text(column)
        ]

    def numbers(self, column: str, kind: str, read: Callable[[str], int | None]) -> Ints:
        """Return a column as whole numbers, `UNKNOWN` where blank.

        Raises:
            InvalidInputError: A cell cannot be read; names its row.
        """
        found = np.full(len(self.ids), UNKNOWN, np.int64)
        for k, cell in enumerate(self.text(column)):
            if cell:
                value = read(cell)
                if value is None or abs(value) > _FAR:
                    raise InvalidInputError(
                        "match.value",
                        file=self.file,
                        row=k + 2,
                        column=column,
                        value=cell[:40],
                        wanted=_WANTED[kind],
                    )
                found[k] = value
        return found


def read_rows(path: Path, id_column: str) -> Rows:
    """Read needs or offers.

    Raises:
        InvalidInputError: The file cannot be read, has no column of ids, an empty id or one id twice.
    """
    table = tables.read_all(path, id_column)
    columns = {name: _texts(table[name]) for name in table.column_names}
    ids = columns[id_column]
    seen: set[str] = set()
    for row, one in enumerate(ids):
        if not one:
            raise InvalidInputError("match.empty_id", file=path.name, row=row + 2, column=id_column)
        if one in seen:
            raise InvalidInputError("match.twice", file=path.name, id=one[:40])
        seen.add(one)
    return Rows(path.name, ids, columns)


def _texts(column: pa.ChunkedArray) -> list[str]:
    return [str(one).strip() if one is not None else "" for one in column.to_pylist()]


def reader(kind: str, days: int, hours: int) -> Callable[[str], int | None]:
    """Return what reads a cell: a number in thousandths, a wage in fen a month, a date in days."""
    if kind == "wage":
        return lambda cell: monthly_fen(cell, days, hours)
    return _day if kind == "date" else _number


def _number(cell: str) -> int | None:
    try:
        value = Decimal(cell.replace(",", ""))
    except InvalidOperation:
        return None
    return int(value * _MILLI) if value.is_finite() else None


def _day(cell: str) -> int | None:
    try:
        return date.fromisoformat(cell.replace("/", "-").replace(".", "-")).toordinal()
    except ValueError:
        return None


def unit_of(kind: str) -> int:
    """Return how many stored units a written unit of `scale` has."""
    return {"number": _MILLI, "wage": 100, "date": 1}[kind]
