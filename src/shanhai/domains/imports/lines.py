"""What each row below a heading row is: a project, a total, a section heading, a footnote."""

import re

import msgspec

from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.fields import squash
from shanhai.domains.imports.tables import Table

PROJECT, TOTAL, HEADING = "project", "total", "heading"
NUMERAL = re.compile(
    r"^(?:[一二三四五六七八九十百]+[、.,]|\([一二三四五六七八九十百]+\)|[一二三四五六七八九十]+$|第[一二三四五六七八九十]+[章部类])"
)
_TOTAL = re.compile(
    r"^.{0,14}(?:合计|小计|总计|共计|累计)[:)]?(?:\([^()]*\))?$|\((?:合计|小计|总计|共计)[^()]*\)$|^(?:合计|小计|总计|共计)[:,]"
    r"|^其中[:,]|^(?:grand|sub)?-?total:?$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^[*※]?(?:备注|注|说明|附注|附件|填表|填报|制表|审核|审批人|单位负责人|复核|联系人|联系电话|监督|举报|公示|公告|特此|电话|地址|"
    r"单位[:(]|金额单位|日期|\d{4}年\d{1,2}月\d{1,2}日$|\(盖章|盖章|第\d+页)"
)
_SIGNATURE = re.compile(r"(局|委|办|部|办公室|委员会|政府|中心|领导小组|公司)(\([^()]*\))?$")
_DIGIT = re.compile(r"\d")
_ARABIC = re.compile(r"^\d+[.、]?$")
_HEAD_FIELDS = ("sequence", "name", "category", "county", "township", "village", "location")
_BODY = (
    "location",
    "content",
    "implementing_unit",
    "supervising_unit",
    "units",
    "township",
    "village",
    "period",
)
_FEW = 3


class Line(msgspec.Struct, frozen=True):
    """A row with its meaning; a project may reach over several rows whose name is merged.

    Attributes:
        kind: `project`, `total` or `heading`.
        first: First row, zero-based.
        last: Last row, included.
        text: Of a total or heading, its words.
        more: Rows below that carry on the works or place of this project.
    """

    kind: str
    first: int
    last: int
    text: str = ""
    more: tuple[int, ...] = ()


def lines_of(sheet: Sheet, table: Table) -> list[Line]:
    """Return the meaningful rows of a table in order; blanks, footnotes and repeated headings are left out."""
    lines: list[Line] = []
    reader = _Reader(sheet, table)
    row = table.first_row
    while row < table.end:
        last = min(reader.blocks.get(row, row), table.end - 1)
        line = reader.line(row, last)
        if line is not None and line.kind == "more" and lines and lines[-1].kind == PROJECT:
            lines[-1] = msgspec.structs.replace(lines[-1], more=(*lines[-1].more, row))
        elif line is not None and line.kind != "more":
            lines.append(line)
        row = last + 1
    return lines


class _Reader:
    def __init__(self, sheet: Sheet, table: Table) -> None:
        columns = table.mapping.columns
        self.sheet, self.columns = sheet, columns
        self.name, self.amount = columns.get("name"), columns.get("amount")
        self.blocks = {a: c for a, b, c, d in sheet.merged if b == d == self.name and c > a}
        self.wide = {a for a, b, c, d in sheet.merged if a == c and d - b >= _FEW - 1}
        self.header = [squash(cell) for cell in sheet.rows[table.header_row] if cell]
        self.arabic = any(
            _ARABIC.match(squash(self.text("sequence", row)))
            for row in range(table.first_row, table.end)
        )

    def text(self, field: str, row: int) -> str:
        return self.sheet.cell(row, self.columns[field]) if field in self.columns else ""

    def line(self, row: int, last: int) -> Line | None:
        cells = [(column, text) for column, text in enumerate(self.sheet.rows[row]) if text]
        if not cells or [squash(text) for _, text in cells] == self.header:
            return None
        first = squash(cells[0][1])
        total = self._total(row, first)
        if total:
            return Line(TOTAL, row, last, total)
        if (
            _NOTE.match(first)
            and len(cells) <= _FEW
            and not self._has_name_beside(row, cells[0][0])
        ):
            return None
        if len({text for _, text in cells}) == 1:
            return self._single(row, cells)
        return self._full(row, last, cells)

    def _full(self, row: int, last: int, cells: list[tuple[int, str]]) -> Line:
        if self._section(row):
            kind = TOTAL if self.text("amount", row) else HEADING
            return Line(kind, row, last, self.text("name", row) or cells[0][1])
        if self._carries_on(row, cells):
            return Line("more", row, row)
        return Line(PROJECT, row, last)

    def _total(self, row: int, first: str) -> str:
        texts = [first, *(squash(self.text(field, row)) for field in _HEAD_FIELDS)]
        return next((text for text in texts if text and _TOTAL.search(text)), "")

    def _has_name_beside(self, row: int, column: int) -> bool:
        return self.name is not None and column != self.name and bool(self.text("name", row))

    def _single(self, row: int, cells: list[tuple[int, str]]) -> Line | None:
        column, text = cells[0]
        heading = NUMERAL.match(squash(text)) or row in self.wide or self.name is None
        if heading and column != self.amount:
            return Line(HEADING, row, row, text)
        if self._carries_on(row, cells):
            return Line("more", row, row)
        if column == self.name and not _SIGNATURE.search(squash(text)):
            return Line(PROJECT, row, row)
        return Line(PROJECT, row, row) if column == self.amount and _DIGIT.search(text) else None

    def _section(self, row: int) -> bool:
        """Return whether a numbered row is a section of the table, with or without its sum."""
        if any(self.text(field, row) for field in _BODY):
            return False
        sequence, name = squash(self.text("sequence", row)), squash(self.text("name", row))
        numbered = NUMERAL.match(sequence) and self.arabic
        return bool(numbered or (NUMERAL.match(name) and (self.arabic or not sequence)))

    def _carries_on(self, row: int, cells: list[tuple[int, str]]) -> bool:
        if self.name is None or any(
            self.text(field, row) for field in ("name", "amount", "sequence")
        ):
            return False
        body = {
            self.columns[field]
            for field in (*_BODY, "remark", "benefits", "fund_source")
            if field in self.columns
        }
        return all(column in body for column, _ in cells)


def is_total(text: str) -> bool:
    """Return whether a row's words say 合计, 小计 or the like."""
    return bool(_TOTAL.search(squash(text)))


def heading_name(text: str) -> str:
    """Return a heading without its number: （一）通甸镇蔬菜大棚建设项目 → 通甸镇蔬菜大棚建设项目."""
    return re.sub(
        r"^\s*(?:[一二三四五六七八九十百\d]+\s*[、.．]|[（(][一二三四五六七八九十百\d]+[)）])\s*",
        "",
        text,
    ).strip()
