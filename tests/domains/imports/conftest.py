"""Workbooks made on the spot, laid out as counties lay them out."""

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from announcements import Read, Rows
from shanhai.data import regions
from shanhai.domains.imports.reading import read_projects
from shanhai.domains.imports.result import ImportResult


@pytest.fixture(scope="session")
def table() -> regions.RegionTable:
    """Names of every county."""
    return regions.load()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of workbooks: sheet name → rows, with merged ranges by sheet."""

    def _write(
        sheets: dict[str, Rows], merged: Sequence[str] = (), name: str = "公示表.xlsx"
    ) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
            for area in merged:
                sheet.merge_cells(area)
        path = tmp_path / name
        book.save(path)
        return path

    return _write


@pytest.fixture
def read(write: Callable[..., Path], table: regions.RegionTable) -> Read:
    """Return a reader of one sheet: rows in, result out."""

    def _read(rows: Rows, merged: Sequence[str] = (), sheet: str = "公示表") -> ImportResult:
        return read_projects(write({sheet: rows}, merged), table).result

    return _read
