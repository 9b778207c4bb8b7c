"""A mapping is found once, corrected by a person, and kept; the faulty rows are handed back."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import openpyxl

from announcements import Read
from shanhai.data.regions import RegionTable
from shanhai.domains.imports.mapping import Mapping, corrected
from shanhai.domains.imports.mending import HEADING, write_mending
from shanhai.domains.imports.opening import open_sheets
from shanhai.domains.imports.reading import read_projects, read_sheets

WAN = 1_000_000


def saved(mapping: Mapping) -> dict[str, Mapping]:
    return {mapping.fingerprint: msgspec.json.decode(msgspec.json.encode(mapping), type=Mapping)}


def test_a_corrected_mapping_is_used_the_next_time(
    write: Callable[..., Path], table: RegionTable
) -> None:
    head = ["序号", "项目名称", "建设内容", "合同数", "投资规模"]
    path = write(
        {"表": [head, [1, "大棚", "a", 80_000, 80_000], [2, "水窖", "b", 500, 500]]},
        name="县表.xlsx",
    )
    first = read_projects(path, table)
    assert first.result.accepted == 0
    mapping = corrected(first.tables[0].mapping, unit="元", county_code="532325")
    again = read_projects(path, table, saved(mapping)).result
    assert [(p.county_code, p.amount_fen) for p in again.projects] == [
        ("532325", 8_000_000),
        ("532325", 50_000),
    ]
    assert again.errors == ()


def test_columns_can_be_chosen_anew(write: Callable[..., Path], table: RegionTable) -> None:
    head = ["县", "项目名称", "投资(万元)", "核定数"]
    path = write({"表": [head, ["姚安县", "大棚", 100, 90]]})
    mapping = read_projects(path, table).tables[0].mapping
    mapping = corrected(
        mapping, columns=mapping.columns | {"amount": 3, "nonsense": 1}, unit="万元"
    )
    assert "nonsense" not in mapping.columns
    assert [p.amount_fen for p in read_projects(path, table, saved(mapping)).result.projects] == [
        90 * WAN
    ]


def test_a_fingerprint_ignores_spaces_and_widths(
    write: Callable[..., Path], table: RegionTable
) -> None:
    prints = set()
    for head in (["县", "项目名称", "投资（万元）"], [" 县", "项目\n名称", "投资(万元)"]):
        path = write({"表": [head, ["姚安县", "大棚", 100]]})
        prints.add(read_projects(path, table).tables[0].mapping.fingerprint)
    assert len(prints) == 1


def test_a_key_survives_a_new_amount_and_tells_places_apart(read: Read) -> None:
    head = ["县", "项目名称", "建设地点", "投资(万元)"]
    first = read([head, ["姚安县", "道路", "甲村", 10], ["姚安县", "道路", "乙村", 10]]).projects
    second = read([head, ["姚安县", "道 路", "甲村", 12]]).projects
    assert first[0].import_key == second[0].import_key != first[1].import_key


def test_faulty_rows_come_back_with_their_problems_and_can_be_mended(
    write: Callable[..., Path], table: RegionTable, tmp_path: Path
) -> None:
    head = ["序号", "县", "项目名称", "投资(万元)"]
    rows = [["姚安县2022年计划"], head, [1, "姚安县", "大棚", "约10万"], [2, "姚安县", "水窖", 5]]
    sheets = open_sheets(write({"表": rows}, ["A1:D1"]))
    back = tmp_path / "退回.xlsx"
    write_mending(back, sheets, read_sheets(sheets, table))
    book = openpyxl.load_workbook(back)
    sheet = book["表"]
    assert sheet["E2"].value == HEADING
    assert "不是金额" in str(sheet["E3"].value)
    assert "no amount" in str(sheet["E3"].value)
    assert sheet["E4"].value is None
    sheet["D3"] = 10
    book.save(back)
    assert [p.amount_fen for p in read_projects(back, table).result.projects] == [10 * WAN, 5 * WAN]
