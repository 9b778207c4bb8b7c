"""The published projects come back through the import as they were published."""

from pathlib import Path

import pytest

from shanhai.data import regions
from shanhai.data.announcement import write_announcement
from shanhai.data.projects import PublishedRow, RowKind, published_rows
from shanhai.domains.imports.reading import read_projects
from shanhai.domains.imports.result import ImportResult


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ImportResult:
    path = tmp_path_factory.mktemp("announcement") / "公告.xlsx"
    write_announcement(path)
    return read_projects(path, regions.load()).result


def listed() -> list[PublishedRow]:
    return [row for row in published_rows() if row.kind in {RowKind.SINGLE, RowKind.CATEGORY}]


def test_every_listed_project_is_imported_and_no_total(result: ImportResult) -> None:
    assert result.errors == ()
    assert result.rejected == 0
    assert [p.name for p in result.projects] == [row.project_name for row in listed()]


def test_amounts_are_as_published_and_unknown_ones_unknown(result: ImportResult) -> None:
    assert [p.amount_fen for p in result.projects] == [row.amount_fen for row in listed()]


def test_counties_are_as_published(result: ImportResult) -> None:
    expected = [row.county_code or "410700" for row in listed()]
    assert [p.county_code for p in result.projects] == expected


def test_sources_and_dates_go_along(result: ImportResult) -> None:
    assert [p.source for p in result.projects] == [row.source for row in listed()]
    assert [p.published for p in result.projects] == [row.date for row in listed()]
    assert [p.publisher for p in result.projects] == [row.publisher for row in listed()]


def test_the_fullest_row_keeps_its_people_and_dates(result: ImportResult) -> None:
    project = next(p for p in result.projects if p.name == "通甸镇蔬菜大棚建设项目")
    assert (project.households, project.people) == (500, 1782)
    assert (project.poor_households, project.poor_people) == (413, 1528)
    assert (project.start, project.end) == ("2021-07", "2021-11")


def test_category_rows_say_so(result: ImportResult) -> None:
    marked = [p.name for p in result.projects if "分类行" in p.remark]
    assert len(marked) == sum(row.kind is RowKind.CATEGORY for row in listed())


def test_a_second_import_has_the_same_keys(result: ImportResult, tmp_path: Path) -> None:
    path = tmp_path / "再次.xlsx"
    write_announcement(path)
    again = read_projects(path, regions.load()).result
    assert [p.import_key for p in again.projects] == [p.import_key for p in result.projects]
    assert len({p.import_key for p in again.projects}) == again.accepted
