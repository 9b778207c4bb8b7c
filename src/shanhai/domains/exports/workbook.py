"""Spreadsheets of any length in constant memory."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shanhai.domains.exports.cells import UNKNOWN, Column, Kind, Row, Value, neutralise, yuan_text
from shanhai.kernel.money import FEN_PER_YUAN

MAX_EXACT_FEN = 10**15
MAX_ROWS = 1_048_575
_WIDTHS = {Kind.TEXT: 24, Kind.MONEY: 18, Kind.COUNT: 12}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(
    path: Path, name: str, columns: Sequence[Column], rows: Iterable[Row], notes: Sequence[str] = ()
) -> int:
    """Write one table as .xlsx.

    Args:
        path: Where to; an existing file is replaced.
        name: Name of the sheet, at most 31 characters.
        columns: What each cell of a row is.
        rows: Read once, lazily; at most 1,048,575.
        notes: Lines of a second sheet; none makes no such sheet.

    Returns:
        How many rows were written.

    Raises:
        ValueError: If there are more rows than a sheet holds; no file is left behind.
    """
    try:
        with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
            sheet = book.add_worksheet(name[:31])
            money = book.add_format({"num_format": "#,##0.00"})
            bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
            _write_head(sheet, columns, bold)
            count = _write_rows(sheet, columns, rows, money)
            if notes:
                _write_notes(book.add_worksheet("说明 Notes"), notes)
            return count
    except ValueError:
        path.unlink(missing_ok=True)
        raise


def _write_rows(
    sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Row], money: Format
) -> int:
    count = 0
    for row in rows:
        count += 1
        if count > MAX_ROWS:
            raise ValueError(f"a sheet holds {MAX_ROWS} rows")
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write_cell(sheet, (count, at), value, column.kind, money)
    return count


def _write_notes(sheet: Worksheet, notes: Sequence[str]) -> None:
    sheet.set_column(0, 0, 120)
    for at, line in enumerate(notes):
        sheet.write_string(at, 0, neutralise(line))


def _write_head(sheet: Worksheet, columns: Sequence[Column], bold: Format) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _WIDTHS[column.kind])
        sheet.write_string(0, at, column.title(), bold)


def _write_cell(
    sheet: Worksheet, place: tuple[int, int], value: Value, kind: Kind, money: Format
) -> None:
    if value is None:
        sheet.write_string(*place, UNKNOWN)
    elif isinstance(value, str):
        sheet.write_string(*place, neutralise(value))
    elif kind is not Kind.MONEY:
        sheet.write_number(*place, value)
    elif abs(value) < MAX_EXACT_FEN:
        sheet.write_number(*place, value / FEN_PER_YUAN, money)
    else:  # beyond the 15 digits of a spreadsheet's numbers
        sheet.write_string(*place, yuan_text(value))
