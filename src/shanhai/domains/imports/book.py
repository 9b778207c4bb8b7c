"""A workbook as plain text cells: what crosses from the reading process to the platform."""

import msgspec


class Sheet(msgspec.Struct, array_like=True):
    """One sheet.

    Attributes:
        name: As on its tab.
        hidden: Hidden sheets are not read, only mentioned.
        rows: Text of every cell from A1 on; numbers exact to 15 digits, dates as ISO.
        merged: Merged ranges (first row, first column, last row, last column), zero-based, inclusive.
        faults: Cells (row, column) that hold no value: a formula without a saved result, or an error such as
            #REF! (then the third item names it), zero-based.
    """

    name: str
    hidden: bool
    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]] = msgspec.field(default_factory=list)
    faults: list[tuple[int, int, str]] = msgspec.field(default_factory=list)

    def cell(self, row: int, column: int) -> str:
        """Return the text at a zero-based place, blank outside the sheet."""
        cells = self.rows[row] if row < len(self.rows) else []
        return cells[column] if 0 <= column < len(cells) else ""


class Answer(msgspec.Struct, array_like=True):
    """What the reading process says: sheets, or a code and its facts."""

    sheets: list[Sheet] = msgspec.field(default_factory=list)
    code: str = ""
    facts: dict[str, str] = msgspec.field(default_factory=dict)
