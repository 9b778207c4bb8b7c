"""Gathering the cells of each project of a table, through merged ranges and continued rows."""

from collections.abc import Iterator

from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.build import Draft
from shanhai.domains.imports.fields import MONEY
from shanhai.domains.imports.lines import PROJECT, Line, heading_name, is_total
from shanhai.domains.imports.mapping import Mapping

_FORMULA, _ERROR = "import.amount.formula", "import.cell.error"


class Drafter:
    """Reads the projects of one table."""

    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.sheet, self.mapping = sheet, mapping
        self.spread = {
            (row, left): top
            for top, left, bottom, right in sheet.merged
            if bottom > top
            for row in range(top, bottom + 1)
        }
        self.faults = {(row, column): value for row, column, value in sheet.faults}

    def drafts(self, lines: list[Line]) -> Iterator[Draft]:
        """Yield a draft for each project line in order; without a name column the heading above names it."""
        heading = ""
        for line in lines:
            if line.kind != PROJECT and not is_total(line.text):
                heading = heading_name(line.text)
            if line.kind == PROJECT:
                yield self._draft(line, heading)

    def _draft(self, line: Line, heading: str) -> Draft:
        columns = self.mapping.columns
        rows = [*range(line.first, line.last + 1), *line.more]
        texts = {
            field: self._text(rows, column)
            for field, column in columns.items()
            if field != "amount"
        }
        texts = {field: text for field, text in texts.items() if text}
        if "name" not in columns and heading:
            texts["name"] = heading
        draft = Draft(row=line.first, texts=texts, amounts=[], section=heading)
        self._add_amounts(draft, rows, line)
        for field, column in columns.items():
            for value in {self.faults[row, column] for row in rows if (row, column) in self.faults}:
                draft.faults.append((_ERROR if value else _FORMULA, field, {"value": value}))
        return draft

    def _text(self, rows: list[int], column: int) -> str:
        """Return the distinct texts of a column over some rows; a vertically merged cell speaks for all of its rows."""
        if len(rows) == 1 and (rows[0], column) not in self.spread:  # nearly every cell
            return self.sheet.cell(rows[0], column)
        texts = [self.sheet.cell(self.spread.get((row, column), row), column) for row in rows]
        return "；".join(dict.fromkeys(text for text in texts if text))

    def _add_amounts(self, draft: Draft, rows: list[int], line: Line) -> None:
        column = self.mapping.columns.get("amount")
        if column is None and any(part in self.mapping.columns for part in MONEY):
            return
        if column is None:
            source = draft.texts.get("fund_source", "")
            draft.amounts, draft.source_amount = [source], True
            return
        tops = {self.spread[row, column] for row in rows if (row, column) in self.spread}
        if any(top < line.first or self._reaches(top, column) > line.last for top in tops):
            draft.faults.append(("import.amount.merged", "amount", {}))
            return
        cells = [self.sheet.cell(row, column) for row in rows]
        draft.amounts = [cell for cell in cells if cell]

    def _reaches(self, top: int, column: int) -> int:
        last = top
        while self.spread.get((last + 1, column)) == top:
            last += 1
        return last
