"""Reading a 期初 workbook: which sheet is which table, which column is which field, what each cell says."""

from collections.abc import Mapping as Dictionary
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from shanhai.domains.imports.amounts import UNKNOWN, Rule, read_amount
from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.dates import read_date
from shanhai.domains.imports.fields import squash, unit_of
from shanhai.domains.imports.mapping import Mapping, fingerprint
from shanhai.domains.imports.problems import Problem, problem
from shanhai.domains.imports.running.cells import checked, is_sum, project_at
from shanhai.domains.imports.running.columns import KINDS, Column, Holds, Kind
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.periods import ms_of
from shanhai.kernel.text import TEXTS, Facts, Text

SCANNED, ENOUGH, HASH_LENGTH = 10, 3, 64
PERMILLE = 10
TEXTS |= {
    "import.opening.no_table": Text(
        "没有找到“期初项目”表：表头须有“项目名称”等列，请用空白模板或改表头",
        "No table of running projects; its headings need a project's name: use the template or mend them",
    ),
    "import.opening.blank": Text("“{name}”未填，请补填", "“{name_en}” is blank; fill it in"),
    "import.opening.nought": Text(
        "“{name}”未填；没有发生的请填 0，不知道的请先核实",
        "“{name_en}” is blank; write 0 where there was none, find out where it is unknown",
    ),
    "import.opening.column": Text(
        "缺少“{name}”列，请加上这一列，或在“怎么读的”里指定",
        "No column for “{name_en}”; add it, or name it under how the table is read",
    ),
    "import.opening.choice": Text(
        "“{value}”不在可选范围：{choices}", "“{value}” is none of: {choices_en}"
    ),
    "import.opening.share": Text(
        "“{value}”不是 0 至 100 的百分数，请只填数字", "“{value}” is no percentage of 0 to 100"
    ),
    "import.opening.day": Text(
        "“{value}”没有写到日，请写成 2021-07-12", "“{value}” names no day; write 2021-07-12"
    ),
    "import.opening.year": Text(
        "“{value}”不是年度，请写成 2021", "“{value}” is no year; write 2021"
    ),
    "import.opening.region": Text(
        "“{value}”不是 6、9 或 12 位行政区划代码",
        "“{value}” is no region code of 6, 9 or 12 digits",
    ),
    "import.opening.hash": Text(
        "“{value}”不是 64 位校验值；没有请留空，将引用本工作簿",
        "“{value}” is no hash of 64 digits; leave it blank to cite this workbook",
    ),
}


class Row(msgspec.Struct, frozen=True):
    """One row as it was understood: where it stands, and its values by field."""

    sheet: str
    row: int
    values: dict[str, Any]


class Read(msgspec.Struct):
    """A workbook as it was understood.

    Attributes:
        rows: Rows of each table, by the table's name.
        tables: How each table was read: sheet, heading row from 1, table's name, mapping.
        problems: What must be mended.
        totals: Sheet and row, from 1, of totals; they are passed over.
    """

    rows: dict[str, list[Row]]
    tables: list[tuple[str, int, str, Mapping]]
    problems: list[Problem]
    totals: list[tuple[str, int]] = msgspec.field(default_factory=list)

    def of(self, kind: str, project: str) -> list[Row]:
        """Return the rows of a table that belong to a project."""
        return [one for one in self.rows[kind] if one.values.get("project") == project]


def read_workbook(sheets: list[Sheet], saved: Dictionary[str, Mapping]) -> Read:
    """Read the four tables wherever they stand.

    Args:
        sheets: As opened safely.
        saved: Mappings that the organisation keeps, by fingerprint.
    """
    found = Read({kind.name: [] for kind in KINDS}, [], [])
    for sheet in sheets:
        if not sheet.hidden:
            _read_sheet(found, sheet, saved)
    if not any(kind == "projects" for _, _, kind, _ in found.tables):
        found.problems.insert(0, problem("import.opening.no_table"))
    return found


def _bare(heading: str) -> str:
    """Return a heading's first line without brackets: 批复资金(万元) → 批复资金."""
    return squash(heading.split("\n", maxsplit=1)[0]).split("(")[0].rstrip("*")


def _columns(kind: Kind, headings: tuple[str, ...]) -> dict[str, int]:
    bare = [_bare(heading) for heading in headings]
    found: dict[str, int] = {}
    for column in kind.columns:
        for name in (column.text.zh, column.text.en.replace(" ", ""), *column.also):
            if name in bare and bare.index(name) not in found.values():
                found[column.field] = bare.index(name)
                break
    return found


def _kind_of(sheet: Sheet, headings: tuple[str, ...]) -> tuple[Kind, dict[str, int]] | None:
    """Return the table that a row of headings fits best; the sheet's own name decides ties."""
    tried = [(kind, _columns(kind, headings)) for kind in KINDS]
    kind, columns = max(tried, key=lambda one: (len(one[1]), one[0].text.zh in sheet.name))
    return (kind, columns) if len(columns) >= ENOUGH and "project" in columns else None


def _read_sheet(found: Read, sheet: Sheet, saved: Dictionary[str, Mapping]) -> None:
    for at, cells in enumerate(sheet.rows[:SCANNED]):
        headings = tuple(cells)
        guess = _kind_of(sheet, headings)
        if guess is None:
            continue
        kind, columns = guess
        mark = fingerprint((kind.name, *headings))
        kept = saved.get(mark)
        mapping = Mapping(
            headings=headings, columns=kept.columns if kept else columns, fingerprint=mark
        )
        found.tables.append((sheet.name, at + 1, kind.name, mapping))
        _read_rows(found, sheet, at, kind, mapping)
        return


def _read_rows(found: Read, sheet: Sheet, header: int, kind: Kind, mapping: Mapping) -> None:
    missing = [c for c in kind.columns if not c.blank and c.field not in mapping.columns]
    found.problems += [
        problem("import.opening.column", sheet.name, header + 1, facts=_named(c)) for c in missing
    ]
    for at in range(header + 1, len(sheet.rows)):
        place = mapping.columns.get("project", -1)
        if not squash(project_at(sheet, at, place)) or missing:
            continue
        if is_sum(sheet, at, place):
            found.totals.append((sheet.name, at + 1))
        else:
            found.rows[kind.name].append(_row(found, sheet, at, kind, mapping))


def _named(column: Column) -> Facts:
    return {"name": column.text.zh, "name_en": column.text.en}


def _row(found: Read, sheet: Sheet, at: int, kind: Kind, mapping: Mapping) -> Row:
    values: dict[str, Any] = {}
    for column in kind.columns:
        place = mapping.columns.get(column.field, -1)
        heading = mapping.headings[place] if 0 <= place < len(mapping.headings) else ""
        read = project_at if column.field == "project" else checked
        try:
            value = _value(column, read(sheet, at, place), heading)
        except InvalidInputError as error:
            found.problems.append(problem(error.code, sheet.name, at + 1, place, error.facts))
            values[column.field] = None
            continue
        if value not in ("", None):
            values[column.field] = value
    return Row(sheet.name, at + 1, values)


def _value(column: Column, cell: str, heading: str) -> Any:
    if squash(cell) in UNKNOWN:
        if column.blank:
            return None
        code = "import.opening.nought" if column.nought else "import.opening.blank"
        raise InvalidInputError(code, **_named(column))
    if column.holds is Holds.AMOUNT:
        return _amount(column, cell, heading)
    if column.holds is Holds.CHOICE:
        return _choice(column, cell)
    return READERS[column.holds](cell)


def _amount(column: Column, cell: str, heading: str) -> int | None:
    if (column.blank or column.nought) and squash(cell).strip("0.") == "":
        return 0
    return read_amount(cell, Rule(unit_of(heading), confirmed=True))


def _choice(column: Column, cell: str) -> str:
    for choice in column.choices:
        if squash(cell) in (squash(choice.zh), squash(choice.en), choice.value):
            return str(choice.value)
    raise InvalidInputError(
        "import.opening.choice",
        value=cell[:30],
        choices="、".join(one.zh for one in column.choices),
        choices_en=", ".join(one.en for one in column.choices),
    )


def _share(cell: str) -> int:
    try:
        permille = Decimal(squash(cell).rstrip("%")) * PERMILLE
    except InvalidOperation as error:
        raise InvalidInputError("import.opening.share", value=cell[:30]) from error
    if permille != int(permille) or not 0 <= permille <= 100 * PERMILLE:
        raise InvalidInputError("import.opening.share", value=cell[:30])
    return int(permille)


def _day(cell: str) -> int:
    text = read_date(cell)
    try:
        return ms_of(date.fromisoformat(text))
    except ValueError as error:
        raise InvalidInputError("import.opening.day", value=cell[:30]) from error


def _year(cell: str) -> int:
    plain = squash(cell).rstrip("年").removesuffix(".0")
    if not (plain.isascii() and plain.isdigit() and len(plain) == 4):  # noqa: PLR2004 - a year
        raise InvalidInputError("import.opening.year", value=cell[:30])
    return int(plain)


def _region(cell: str) -> str:
    plain = squash(cell).removesuffix(".0")
    if not (plain.isascii() and plain.isdigit() and len(plain) in (6, 9, 12)):
        raise InvalidInputError("import.opening.region", value=cell[:30])
    return plain


def _hash(cell: str) -> str:
    plain = squash(cell).lower()
    if len(plain) != HASH_LENGTH or set(plain) - set("0123456789abcdef"):
        raise InvalidInputError("import.opening.hash", value=cell[:30])
    return plain


READERS: dict[Holds, Any] = {
    Holds.WORD: str,
    Holds.BODY: str,
    Holds.SHARE: _share,
    Holds.DAY: _day,
    Holds.YEAR: _year,
    Holds.REGION: _region,
    Holds.HASH: _hash,
}
