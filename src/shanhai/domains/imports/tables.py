"""Finding the tables of a sheet: title above, one to three heading rows, then rows."""

import re
from itertools import pairwise

import msgspec

from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.fields import MAX_HEADING, MONEY, field_of, squash, unit_of
from shanhai.domains.imports.mapping import Mapping, fingerprint

_SCAN = 60
_DEPTH = 3
_SHORT = 12
_NUMERIC = re.compile(r"^[-+]?[\d,.]+%?$")
_TITLE_UNIT = re.compile(r"单位[:：]?(?:人民币)?(亿元|万元|千元|元)")
_YEAR = re.compile(r"(20\d\d)年")
_RANKS = (r"总投资|投资总|资金总|总额", r"投资规模|计划投资|投资", r"资金|金额|经费|造价", r".")
_ENOUGH = 3


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table in a sheet; rows are zero-based, `end` is not included."""

    title: str
    header_row: int
    first_row: int
    end: int
    mapping: Mapping
    title_unit: str = ""


def find_tables(sheet: Sheet) -> list[Table]:
    """Return the tables of a sheet from top to bottom, none if no row looks like headings."""
    starts = _header_rows(sheet)
    bounds = [row for row, _, _ in starts] + [len(sheet.rows)]
    tables, above = [], 0
    for (row, depth, headings), (_, end) in zip(starts, pairwise(bounds), strict=True):
        first = row + depth
        title = _title(sheet, above, row)
        tables.append(_table(title, row, first, end, headings))
        above = max(first, end - 3)
    return tables


def _title(sheet: Sheet, start: int, end: int) -> str:
    cells = [" ".join(cell for cell in row if cell) for row in sheet.rows[start:end]]
    return "\n".join(line for line in cells if line)


def _table(title: str, row: int, first: int, end: int, headings: tuple[str, ...]) -> Table:
    columns = columns_of(headings)
    units = [unit_of(headings[columns[field]]) for field in MONEY if field in columns]
    unit = next((unit for unit in units if unit), "")
    stated = _TITLE_UNIT.search(squash(title))
    title_unit = stated[1] if stated else ""
    year = _YEAR.search(squash(title))
    mapping = Mapping(
        headings=headings,
        columns=columns,
        unit=unit or title_unit,
        unit_source="heading" if unit else "title" if title_unit else "",
        year=year[1] if year else "",
        fingerprint=fingerprint(headings),
    )
    return Table(
        title=title,
        header_row=row,
        first_row=first,
        end=end,
        mapping=mapping,
        title_unit=title_unit,
    )


def _header_rows(sheet: Sheet) -> list[tuple[int, int, tuple[str, ...]]]:
    found: list[tuple[int, int, tuple[str, ...]]] = []
    row = 0
    while row < len(sheet.rows):
        near = row < _SCAN or any(_named(cell) for cell in sheet.rows[row])
        if near and _is_header(sheet.rows[row]):
            depth, headings = _compose(sheet, row)
            if not found or headings != found[-1][2]:  # a heading repeated on each printed page
                found.append((row, depth, headings))
            row += depth
        else:
            row += 1
    return found


def _named(cell: str) -> bool:
    """Return whether a cell far down may head a second table; cheap, for it sees every cell."""
    return len(cell) <= _SHORT and ("名称" in cell or cell == "项目") and field_of(cell) == "name"


def _is_header(row: list[str]) -> bool:
    cells = [cell for cell in row if cell]
    if len(cells) < 2 or any(len(cell) > 2 * MAX_HEADING or _NUMERIC.match(cell) for cell in cells):  # noqa: PLR2004 - two
        return False
    fields = [field for field in map(field_of, map(_one_line, cells)) if field]
    kinds = set(fields)
    money = kinds & {*MONEY, "fund_source"}
    enough = len(kinds) >= _ENOUGH and ("name" in kinds or money)
    return 2 * len(fields) >= len(cells) and bool(enough or ("name" in kinds and money))


def _compose(sheet: Sheet, row: int) -> tuple[int, tuple[str, ...]]:
    """Join a heading row with the rows of sub-headings below it."""
    width = max(len(cells) for cells in sheet.rows[row : row + _DEPTH])
    headings = _spread(sheet, row, width)
    depth = 1
    while depth < _DEPTH and _is_sub_header(sheet, row, row + depth, headings):
        below = _spread(sheet, row + depth, width)
        parents = _filled(sheet, headings, below)
        headings = [_joined(parent, child) for parent, child in zip(parents, below, strict=True)]
        depth += 1
    while headings and not headings[-1]:
        headings.pop()
    return depth, tuple(headings)


def _joined(parent: str, child: str) -> str:
    """Join two headings; a cell merged downwards speaks once."""
    return (
        f"{parent}\n{child}"
        if parent and child and child not in parent.split("\n")
        else parent or child
    )


def _spread(sheet: Sheet, row: int, width: int) -> list[str]:
    """Return a row with each horizontally merged heading over all of its columns."""
    cells = [_one_line(sheet.cell(row, column)) for column in range(width)]
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom:
            span = min(right, width - 1) - left + 1
            cells[left : right + 1] = [_one_line(sheet.cell(top, left))] * span
    return cells[:width]


def _one_line(cell: str) -> str:
    """Return a heading without its own line breaks, for a line feed parts parent and child."""
    return "".join(cell.split("\n"))


def _filled(sheet: Sheet, headings: list[str], below: list[str]) -> list[str]:
    """Without merged ranges (.csv), a parent heading reaches over the blanks to its right."""
    if sheet.merged:
        return headings
    filled, parent = [], ""
    for heading, child in zip(headings, below, strict=True):
        parent = heading or (parent if child else "")
        filled.append(parent)
    return filled


def _is_sub_header(sheet: Sheet, top: int, row: int, headings: list[str]) -> bool:
    """Return whether a row only stands below merged or blank headings, as sub-headings do."""
    cells = [(column, _one_line(sheet.cell(row, column))) for column in range(len(headings))]
    below = [(column, text) for column, text in cells if text]
    if not below or any(_NUMERIC.match(text) or len(text) > MAX_HEADING for _, text in below):
        return False
    wide = {
        column
        for first, left, last, right in sheet.merged
        if first <= top <= last and right > left
        for column in range(left, right + 1)
    }
    if all(column in wide for column, _ in below):
        return True
    open_above = {column for column in range(len(headings)) if not sheet.cell(top, column)} | wide
    if not sheet.merged:  # the first child stands under the parent itself
        open_above |= {column - 1 for column in open_above}
    known = sum(bool(field_of(f"{headings[column]}\n{text}")) for column, text in below)
    return 2 * known >= len(below) and all(column in open_above for column, _ in below)


def columns_of(headings: tuple[str, ...]) -> dict[str, int]:
    """Return field → column; of several amount columns the most total one, else the first wins."""
    columns: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for column, heading in enumerate(headings):
        field = field_of(heading)
        rank = _rank(heading) if field == "amount" else 0
        if field and field != "ignored" and (field not in columns or rank < ranks[field]):
            columns[field], ranks[field] = column, rank
    parts = [field for field in MONEY[1:] if field in columns]
    if "amount" not in columns and len(parts) == 1:
        columns["amount"] = columns.pop(parts[0])
    return columns


def _rank(heading: str) -> int:
    plain = squash(heading)
    return next(rank for rank, pattern in enumerate(_RANKS) if re.search(pattern, plain))
