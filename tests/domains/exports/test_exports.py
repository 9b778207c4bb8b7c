"""Exports: exact money, both languages, nothing a spreadsheet would run, streamed."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from shanhai.data import regions
from shanhai.domains.exports.cells import Column, Kind, Row, neutralise
from shanhai.domains.exports.streams import csv_lines, json_pieces
from shanhai.domains.exports.template import Choices, write_template
from shanhai.domains.exports.workbook import write_workbook
from shanhai.domains.imports.reading import read_projects
from shanhai.kernel.text import Text

COLUMNS = (
    Column("name", Text("项目名称", "Project name")),
    Column("county", Text("县(市、区)", "County")),
    Column("amount_fen", Text("总投资", "Amount"), Kind.MONEY),
    Column("households", Text("受益总户数", "Households"), Kind.COUNT),
)
ROWS: tuple[Row, ...] = (
    ("蔬菜大棚", "兰坪县", 1_200_000_050, 500),
    ("浆果分拣", "兰坪县", None, None),
)
ATTACKS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "＠x",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text).startswith("'")


def test_ordinary_text_stays_as_it_is() -> None:
    assert neutralise("第一期（A-1）") == "第一期（A-1）"


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_are_neutral_in_csv_and_xlsx(tmp_path: Path, text: str) -> None:
    column = (Column("t", Text("文字", "Text")),)
    (row,) = list(csv.reader(io.StringIO("".join(csv_lines(column, [(text,)])), newline="")))[1:]
    assert row[0].startswith("'")
    path = tmp_path / "a.xlsx"
    write_workbook(path, "表", column, [(text,)])
    cell = openpyxl.load_workbook(path).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


def test_money_is_a_number_with_its_format(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_workbook(path, "项目", COLUMNS, ROWS) == 2
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["A1"].value == "项目名称 Project name"
    assert (sheet["C2"].value, sheet["C2"].number_format) == (12_000_000.50, "#,##0.00")
    assert (sheet["C3"].value, sheet["D3"].value) == ("—", "—")


def test_money_beyond_fifteen_digits_stays_exact_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, "表", COLUMNS[2:3], [(9_007_199_254_740_991,)])
    assert openpyxl.load_workbook(path).worksheets[0]["A2"].value == "90071992547409.91"


def test_csv_has_a_mark_plain_yuan_and_a_dash_for_unknown() -> None:
    text = "".join(csv_lines(COLUMNS, ROWS))
    assert text.startswith("\ufeff项目名称 Project name,")
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["蔬菜大棚", "兰坪县", "12000000.50", "500"],
        ["浆果分拣", "兰坪县", "—", "—"],
    ]


def test_json_keeps_fen_and_null() -> None:
    rows = json.loads(b"".join(json_pieces(COLUMNS, ROWS)))
    assert rows[0]["amount_fen"] == 1_200_000_050
    assert rows[1]["amount_fen"] is None
    assert json.loads(b"".join(json_pieces(COLUMNS, []))) == []


def test_streams_read_rows_one_at_a_time() -> None:
    seen = []

    def rows() -> Iterator[Row]:
        for row in ROWS:
            seen.append(row)
            yield row

    lines = csv_lines(COLUMNS, rows())
    next(lines)
    assert seen == []
    next(lines)
    assert len(seen) == 1


def test_a_failed_export_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with pytest.raises(ValueError, match="zip"):
        write_workbook(path, "表", COLUMNS, [("少一列",)])
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_is_exported_can_be_imported(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"导出{suffix}"
    if suffix == ".xlsx":
        write_workbook(path, "项目", COLUMNS, ROWS)
    else:
        path.write_text("".join(csv_lines(COLUMNS, ROWS)), encoding="utf-8", newline="")
    result = read_projects(path, regions.load()).result
    assert result.errors == ()
    assert [(p.name, p.amount_fen) for p in result.projects] == [
        ("蔬菜大棚", 1_200_000_050),
        ("浆果分拣", None),
    ]


def test_the_template_has_drop_downs_and_is_read_when_filled(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path, Choices(counties=["兰坪白族普米族自治县", "镇安县"]))
    book = openpyxl.load_workbook(path)
    sheet = book["项目申报"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["C3:C502"].formula1 == "选项!$A$1:$A$2"
    assert rules["I3:I502"].type == "decimal"
    assert book["选项"].sheet_state == "hidden"
    for column, value in {1: 1, 2: "蚕桑基地", 3: "镇安县", 6: "产业发展", 9: 300, 10: 200}.items():
        sheet.cell(3, column, value)
    book.save(path)
    result = read_projects(path, regions.load()).result
    assert (result.errors, result.warnings) == ((), ())
    assert [(p.county_code, p.amount_fen, p.aid_fen) for p in result.projects] == [
        ("611025", 3 * 10**8, 2 * 10**8)
    ]


def test_an_empty_template_imports_nothing(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path, Choices(counties=["镇安县"]))
    result = read_projects(path, regions.load()).result
    assert (result.accepted, result.errors) == (0, ())
