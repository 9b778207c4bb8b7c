"""What a step takes and gives: rows, indicators and their numbers, with notes on what was done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from shanhai.engines.indicators.arrays import groups as group_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shanhai.engines.indicators.arrays import Floats, Ints
    from shanhai.engines.indicators.methods import Chosen
    from shanhai.engines.indicators.parts import Indicator, Step
    from shanhai.engines.indicators.scheme import Scheme
    from shanhai.engines.indicators.table import Table


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of a result must know: a code, where, and the facts in both languages."""

    code: str
    place: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The data between two steps.

    Attributes:
        table: Its rows.
        indicators: Its columns.
        x: Numbers, shape (n rows, k indicators), NaN where missing.
        oriented: Whether more is better in every column, because a normalise step turned them.
        notes: What must be told.
        details: What a step found, by step name, for `result.json`.
    """

    table: Table
    indicators: tuple[Indicator, ...]
    x: Floats
    oriented: bool = False
    notes: tuple[Note, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """Return the codes of the columns."""
        return [one.code for one in self.indicators]

    @property
    def directions(self) -> Floats:
        """Return 1 or -1 for each column, all 1 once turned; shape (k,)."""
        signs = [1.0 if self.oriented else float(one.direction) for one in self.indicators]
        return np.array(signs)

    def with_x(self, x: Floats, **changes: Any) -> Frame:
        """Return the frame with other numbers."""
        return replace(self, x=x, **changes)

    def noting(self, *notes: Note) -> Frame:
        """Return the frame with more notes."""
        return replace(self, notes=self.notes + notes)

    def telling(self, step: str, found: Any) -> Frame:
        """Return the frame with what a step found."""
        return replace(self, details=self.details | {step: found})


def first_frame(scheme: Scheme, table: Table) -> Frame:
    """Return the raw data of a scheme's indicators."""
    indicators = tuple(scheme.indicators.values())
    x = np.column_stack([table.numbers[one.heading] for one in indicators])
    notes = tuple(
        Note(
            "no_data",
            one.code,
            f"{one.code}（列“{one.heading}”）没有任何数据，不计入，其余指标的权重按比例放大",
            f"{one.code} (column {one.heading!r}) has no data at all: it does not count, the others weigh more",
        )
        for one, column in zip(indicators, x.T, strict=True)
        if np.isnan(column).all()
    )
    return Frame(table, indicators, np.ascontiguousarray(x), notes=notes)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows and columns of a frame, all treated by one method.

    Attributes:
        frame: The whole.
        rows: Row numbers, shape (n,).
        columns: Column numbers, shape (k,).
        place: Where the scheme asks for it.
    """

    frame: Frame
    rows: Ints
    columns: Ints
    place: str

    @property
    def x(self) -> Floats:
        """Return its numbers, a copy, shape (n, k)."""
        if (len(self.rows), len(self.columns)) == self.frame.x.shape:
            return self.frame.x.copy()
        return self.frame.x[np.ix_(self.rows, self.columns)]

    @property
    def indicators(self) -> list[Indicator]:
        """Return its columns' indicators."""
        return [self.frame.indicators[j] for j in self.columns]

    @property
    def directions(self) -> Floats:
        """Return its columns' directions, shape (k,)."""
        return self.frame.directions[self.columns]

    def row_name(self, row: int) -> str:
        """Return what a row of the part is called."""
        return self.frame.table.row_name(int(self.rows[row]))


def parts(frame: Frame, step: Step) -> Iterator[tuple[Chosen, Part]]:
    """Yield the parts of a frame that a step treats: by method of the indicator, then by group of rows."""
    ways: dict[str, tuple[Chosen, list[int]]] = {}
    for j, code in enumerate(frame.codes):
        if step.only and code not in step.only:
            continue
        chosen = step.own.get(code, step.chosen)
        key = chosen.place if code in step.own else ""
        ways.setdefault(key, (chosen, []))[1].append(j)
    keys = frame.table.keys[step.by] if step.by else None
    for chosen, columns in ways.values():
        for rows in group_rows(keys, len(frame.x)):
            yield chosen, Part(frame, rows, np.array(columns), chosen.place)
