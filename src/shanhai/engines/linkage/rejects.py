"""What was set aside: rows that were not taken, and values that could not be read, each with its reason.

The file names rows and columns, never values, so that it can be handed on without personal data.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shanhai.engines.linkage.ids import FAULTS
from shanhai.engines.linkage.text import Column
from shanhai.kernel.text import Text

REASONS: Final = {
    "empty_row": Text("空行", "an empty row"),
    "cells_many": Text("单元格多于表头", "more cells than the heading"),
    "cells_few": Text("单元格少于表头", "fewer cells than the heading"),
    "encoding": Text("字符编码无法识别", "in no encoding that is known"),
    "no_id": Text("没有记录编号", "no record id"),
    "duplicate_row": Text("与另一行完全相同", "the same as another row"),
    "duplicate_id": Text("记录编号重复而内容不同", "shares its record id with a row that differs"),
    "bad_date": Text("日期不存在、在将来或写法有歧义", "no date, in the future, or ambiguous"),
    "bad_sex": Text("性别无法识别", "no sex that is known"),
    "bad_region": Text("行政区划代码无法识别", "no region code that is known"),
    "bad_phone": Text("不是电话号码", "no phone number"),
    "number_shared": Text(
        "号码与另一人相同，而那人已另有匹配",
        "its number is also carried by somebody who is linked to another record",
    ),
} | {fault.value: fault.text for fault in FAULTS[1:]}
COLUMNS: Final = ("file", "row", "id", "column", "what", "code", "reason")


class Aside(NamedTuple):
    """A column in which some values are set aside: rows and ids of all records, shape (n,)."""

    rows: NDArray[np.int64]
    identity: Column
    column: str
    code: str


class Rejects:
    """The reject list of one file."""

    def __init__(self, file: str) -> None:
        self.file, self._parts = file, list[Any]()
        self.counts: dict[str, int] = {}

    def rows(self, aside: list[tuple[int, str]]) -> None:
        """Set rows aside: number and reason code each."""
        for code in sorted({code for _, code in aside}):
            numbers = sorted(row for row, one in aside if one == code)
            ids = pa.nulls(len(numbers), pa.string())
            self._add("row", Aside(np.array(numbers, np.int64), ids, "", code))

    def values(self, aside: Aside, bad: NDArray[np.bool_]) -> None:
        """Set the marked values of a column aside; their rows stay."""
        at = np.flatnonzero(bad)
        if len(at):
            chosen = Aside(
                aside.rows[at], aside.identity.take(pa.array(at)), aside.column, aside.code
            )
            self._add("value", chosen)

    def _add(self, what: str, aside: Aside) -> None:
        count = len(aside.rows)
        reason = REASONS[aside.code]
        constant = {"file": self.file, "column": aside.column, "what": what, "code": aside.code}
        constant["reason"] = f"{reason.zh} {reason.en}"
        filled = {name: pa.array([value] * count, pa.string()) for name, value in constant.items()}
        columns = {"row": pa.array(aside.rows), "id": aside.identity} | filled
        self._parts.append(pa.table({name: columns[name] for name in COLUMNS}))
        self.counts[aside.code] = self.counts.get(aside.code, 0) + count

    def table(self) -> Any:
        """Return everything set aside, in the order of rows, as a `pyarrow.Table`."""
        kinds = [pa.int64() if name == "row" else pa.string() for name in COLUMNS]
        empty = pa.schema(list(zip(COLUMNS, kinds, strict=True))).empty_table()
        whole = pa.concat_tables([empty, *self._parts])
        return whole.sort_by([("row", "ascending"), ("column", "ascending"), ("code", "ascending")])


def merged(*rejects: Rejects) -> Any:
    """Return the tables of several files one after another."""
    return pa.concat_tables([one.table() for one in rejects])
