"""The workbook handed back: the rows as they came, what is wrong beside each, to be mended and read again."""

import re
from collections import defaultdict
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shanhai.domains.exports.cells import neutralise
from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.problems import Problem, letter
from shanhai.domains.imports.result import Report

HEADING = "问题 Problem"
_NUMBER = re.compile(r"^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$")


def write_mending(path: Path, sheets: list[Sheet], report: Report) -> None:
    """Write the rows of a file with a column of problems at the right and the faulty cells marked.

    Args:
        path: Where to; an existing file is replaced.
        sheets: As opened for reading.
        report: What the reading found.
    """
    headers = {(table.sheet, table.header_row) for table in report.tables}
    with xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bad = book.add_format({"bg_color": "#FDECEA", "font_color": "#9E1B1B", "text_wrap": True})
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            if sheet.hidden:
                continue
            target = book.add_worksheet(sheet.name)
            found = [item for item in report.result.errors if item.sheet == sheet.name]
            rows = {row for name, row in headers if name == sheet.name}
            _write_rows(target, sheet, _by_row(found), bad)
            for row in rows:
                target.write_string(max(row - 1, 0), _width(sheet), HEADING, bold)


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows), default=0)


def _by_row(problems: list[Problem]) -> dict[int, list[Problem]]:
    rows: dict[int, list[Problem]] = defaultdict(list)
    for item in problems:
        rows[max(item.row, 1)].append(item)
    return rows


def _write_rows(
    target: Worksheet, sheet: Sheet, problems: dict[int, list[Problem]], bad: Format
) -> None:
    width = _width(sheet)
    target.set_column(width, width, 60)
    merged = {(top, left) for top, left, _, _ in sheet.merged}
    for top, left, bottom, right in sheet.merged:
        if (bottom, right) > (top, left):
            target.merge_range(top, left, bottom, right, "")
    for at, cells in enumerate(sheet.rows):
        found = problems.get(at + 1, [])
        marked = {item.column for item in found}
        for column, cell in enumerate(cells):
            style = bad if letter(column) in marked else None
            if cell or style or (at, column) in merged:
                _write_cell(target, (at, column), cell, style)
        if found:
            target.write_string(
                at, width, "\n".join(f"{item.zh}\n{item.en}" for item in found), bad
            )


def _write_cell(target: Worksheet, place: tuple[int, int], cell: str, style: Format | None) -> None:
    if _NUMBER.match(cell):
        target.write_number(*place, float(cell), style)
    elif cell:
        target.write_string(*place, neutralise(cell), style)
    else:
        target.write_blank(*place, None, style)
