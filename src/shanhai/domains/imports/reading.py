"""Reading a whole file: open it safely, find its tables, understand each row, check the totals."""

from collections.abc import Mapping as Dictionary
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from shanhai.data.regions import RegionTable
from shanhai.domains.imports.amounts import Rule, amount_in, read_amount
from shanhai.domains.imports.book import Sheet
from shanhai.domains.imports.build import Draft, Where, build, notice_of
from shanhai.domains.imports.drafts import Drafter
from shanhai.domains.imports.fields import LABELS, MONEY, squash
from shanhai.domains.imports.itemised import itemised_drafts
from shanhai.domains.imports.lines import PROJECT, TOTAL, Line, lines_of
from shanhai.domains.imports.mapping import Mapping, corrected
from shanhai.domains.imports.opening import open_sheets
from shanhai.domains.imports.places import Gazetteer
from shanhai.domains.imports.problems import Problem, problem
from shanhai.domains.imports.result import ImportResult, Project, Report, TableRead, import_key
from shanhai.domains.imports.tables import Table, find_tables
from shanhai.domains.imports.totals import Event, check_totals
from shanhai.domains.imports.units import assumed_unit
from shanhai.kernel.errors import InvalidInputError

if TYPE_CHECKING:
    from shanhai.kernel.text import Facts


def read_projects(
    path: Path, regions: RegionTable, saved: Dictionary[str, Mapping] | None = None
) -> Report:
    """Read the projects of an announcement.

    Args:
        path: An untrusted .xlsx, .xls or .csv file.
        regions: Names of counties.
        saved: Mappings a person corrected before, by fingerprint.

    Returns:
        Accepted projects and every complaint; a file that is refused gives one error and no project.
    """
    try:
        sheets = open_sheets(path)
    except InvalidInputError as error:
        return _refused(problem(error.code, facts=error.facts))
    return read_sheets(sheets, regions, saved, path.stem)


def _refused(*errors: Problem) -> Report:
    none = ImportResult(accepted=0, rejected=0, skipped_totals=0, errors=errors, projects=())
    return Report(result=none, tables=())


def read_sheets(
    sheets: list[Sheet],
    regions: RegionTable,
    saved: Dictionary[str, Mapping] | None = None,
    file_name: str = "",
) -> Report:
    """Read projects from sheets already opened; see `read_projects`."""
    reader = _BookReader(Gazetteer(regions), saved or {}, file_name)
    for sheet in sheets:
        reader.read(sheet)
    return reader.report()


class _BookReader:
    def __init__(
        self, gazetteer: Gazetteer, saved: Dictionary[str, Mapping], file_name: str
    ) -> None:
        self.gazetteer, self.saved, self.file_name = gazetteer, saved, file_name
        self.projects: list[Project] = []
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.tables: list[TableRead] = []
        self.without: list[str] = []
        self.rejected = self.totals = 0
        self.keys: dict[str, int] = {}

    def report(self) -> Report:
        if not self.tables:
            self.errors += [problem("import.sheet.no_table", name) for name in self.without or [""]]
        result = ImportResult(
            accepted=len(self.projects),
            rejected=self.rejected,
            skipped_totals=self.totals,
            errors=tuple(self.errors),
            projects=tuple(self.projects),
            warnings=tuple(self.warnings),
        )
        return Report(result=result, tables=tuple(self.tables))

    def read(self, sheet: Sheet) -> None:
        if not any(any(row) for row in sheet.rows):
            return
        tables = find_tables(sheet)
        if sheet.hidden:  # lists behind drop-downs are hidden too and need no word
            if tables:
                self.warnings.append(
                    problem("import.sheet.hidden", sheet.name, facts={"name": sheet.name})
                )
            return
        for table in tables:
            self._read_table(sheet, table)
        if not tables and not self._read_items(sheet):
            self.without.append(sheet.name)

    def _read_items(self, sheet: Sheet) -> bool:
        drafts, title = itemised_drafts(sheet)
        if drafts:
            mapping = Mapping(headings=(), columns={})
            self.tables.append(TableRead(sheet=sheet.name, header_row=0, mapping=mapping))
            where = self._where(sheet, mapping, title)
            for draft in drafts:
                self._take(draft, where)
        return bool(drafts)

    def _where(self, sheet: Sheet, mapping: Mapping, title: str) -> Where:
        place, doubt = None, None
        for text in (title, sheet.name, self.file_name):
            try:
                place = place or self.gazetteer.find(text, title + self.file_name)
            except InvalidInputError as error:
                doubt = doubt or error
        return Where(
            sheet=sheet.name,
            mapping=mapping,
            gazetteer=self.gazetteer,
            title=title + sheet.name,
            place=place,
            doubt=doubt,
            notice=notice_of(title),
        )

    def _read_table(self, sheet: Sheet, table: Table) -> None:
        lines = lines_of(sheet, table)
        mapping = self._mapping(sheet, table, lines)
        self.tables.append(
            TableRead(sheet=sheet.name, header_row=table.header_row + 1, mapping=mapping)
        )
        if not self._usable(sheet, table, mapping, lines):
            self.rejected += sum(line.kind == PROJECT for line in lines)
            self.totals += sum(line.kind == TOTAL for line in lines)
            return
        where = self._where(sheet, mapping, table.title)
        drafts = Drafter(sheet, mapping).drafts(lines)
        events = []
        for line in lines:
            fen = (
                self._take(next(drafts), where)
                if line.kind == PROJECT
                else self._total(sheet, mapping, line)
            )
            events.append(Event(line.kind, fen, line.first + 1))
        self._check_totals(sheet, mapping, events)

    def _mapping(self, sheet: Sheet, table: Table, lines: list[Line]) -> Mapping:
        mapping = table.mapping
        kept = self.saved.get(mapping.fingerprint)
        if kept is not None:
            unit = kept.unit if kept.unit_source == "confirmed" else ""
            mapping = corrected(
                mapping, columns=kept.columns, unit=unit, county_code=kept.county_code
            )
        column = next((mapping.columns[field] for field in MONEY if field in mapping.columns), None)
        if mapping.unit or column is None:
            return mapping
        unit = assumed_unit(
            sheet.cell(line.first, column) for line in lines if line.kind == PROJECT
        )
        if not unit:
            return mapping
        self.warnings.append(
            problem("import.unit.assumed", sheet.name, table.header_row + 1, column, {"unit": unit})
        )
        return msgspec.structs.replace(mapping, unit=unit, unit_source="assumed")

    def _usable(self, sheet: Sheet, table: Table, mapping: Mapping, lines: list[Line]) -> bool:
        row = table.header_row + 1
        missing = []
        if "name" not in mapping.columns and not any(line.kind == "heading" for line in lines):
            missing.append("name")
        if not {*MONEY, "fund_source"} & mapping.columns.keys():
            missing.append("amount")
        if missing:
            names = "、".join(f"“{LABELS[field].zh}” ({LABELS[field].en})" for field in missing)
            self.errors.append(
                problem("import.columns.missing", sheet.name, row, facts={"names": names})
            )
        conflict = mapping.unit_source == "heading" and table.title_unit not in {"", mapping.unit}
        if conflict:
            facts: Facts = {"heading": mapping.unit, "title": table.title_unit}
            self.errors.append(problem("import.unit.conflict", sheet.name, row, facts=facts))
        return not missing and not conflict

    def _take(self, draft: Draft, where: Where) -> int | None:
        """Build a project and return its amount for the sums, None if unknown or refused."""
        built = build(draft, where)
        project = built.project
        if project is None:
            self.errors += built.errors
            self.rejected += 1
            return None
        if project.import_key in self.keys and draft.section:
            key = import_key(project.county_code, project.year, project.import_key, draft.section)
            project = msgspec.structs.replace(project, import_key=key)
        if project.import_key in self.keys:
            first = self.keys[project.import_key]
            self.errors.append(
                problem("import.row.duplicate", where.sheet, draft.row + 1, facts={"first": first})
            )
            self.rejected += 1
            return project.amount_fen
        self.keys[project.import_key] = project.source_row
        self.projects.append(project)
        self.warnings += built.warnings
        return project.amount_fen

    def _total(self, sheet: Sheet, mapping: Mapping, line: Line) -> int | None:
        if line.kind != TOTAL:
            return None
        self.totals += 1
        if line.text.startswith("其中"):  # a share of the rows, not their sum
            return None
        cell = sheet.cell(line.first, mapping.columns.get("amount", -1))
        try:
            if squash(cell):
                return read_amount(cell, Rule(mapping.unit, confirmed=True))
            return amount_in(line.text)[0]
        except InvalidInputError as error:
            place = (sheet.name, line.first + 1, mapping.columns.get("amount"))
            self.warnings.append(problem(error.code, *place, error.facts))
            return None

    def _check_totals(self, sheet: Sheet, mapping: Mapping, events: list[Event]) -> None:
        column = mapping.columns.get("amount")
        for verdict in check_totals(events):
            if verdict.sum_fen is None:
                self.warnings.append(
                    problem("import.total.unchecked", sheet.name, verdict.row, column)
                )
                continue
            sums: Facts = {"stated_fen": verdict.stated_fen, "sum_fen": verdict.sum_fen}
            self.errors.append(
                problem("import.total.mismatch", sheet.name, verdict.row, column, sums)
            )
