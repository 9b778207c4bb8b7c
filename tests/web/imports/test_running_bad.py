"""Bad 期初 workbooks: each is refused in words that say how to mend it, and nothing is entered half."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.test import Client

from shanhai.domains.imports.running.columns import KINDS
from shanhai.domains.imports.running.template import heading
from web.imports.test_running import LEDGER, ROAD, Officer, book, upload

__all__ = ["book"]
Filled = Callable[[dict[str, list[list[Any]]], Any], Path]


@pytest.fixture
def filled(tmp_path: Path) -> Filled:
    """Return a function that writes the four tables cell by cell, and lets a test spoil them."""

    def write(more: dict[str, list[list[Any]]], spoil: Any = None) -> Path:
        path = tmp_path / "期初.xlsx"
        with xlsxwriter.Workbook(str(path)) as made:
            for kind in KINDS:
                sheet = made.add_worksheet(kind.text.zh)
                sheet.write_row(1, 0, [heading(column) for column in kind.columns])
                values = [LEDGER[kind.name].get(column.field, "") for column in kind.columns]
                sheet.write_row(2, 0, values)
                for at, row in enumerate(more.get(kind.name, []), 3):
                    sheet.write_row(at, 0, row)
                if spoil is not None:
                    spoil(made, sheet, kind)
        return path

    return write


def place(kind: Any, field: str) -> int:
    return next(at for at, column in enumerate(kind.columns) if column.field == field)


def told(client: Client, path: Path) -> str:
    batch = upload(client, path)
    english = client.get(f"/imports/opening/{batch.id}", headers={"Accept-Language": "en"})
    assert english.status_code == 200
    return str(client.get(f"/imports/opening/{batch.id}").text)


def test_a_row_of_totals_is_no_project_and_said(officer: Officer, filled: Filled) -> None:
    rows: dict[str, list[list[Any]]] = {"projects": [["合计"]], "lots": [["小计"]]}
    text = told(officer("office"), filled(rows, None))
    assert "要修改的地方" not in text
    assert "略过 2 个合计行" in text
    assert "签名 1 个项目" in text


def test_a_projects_name_merged_over_its_lots_is_each_lots(
    officer: Officer, filled: Filled
) -> None:
    lots = [["", "二标段", "工程", 10, "", "", "待财政评审"]]

    def spoil(_book: Any, sheet: Any, kind: Any) -> None:
        if kind.name == "lots":
            sheet.merge_range(2, 0, 3, 0, ROAD)

    text = told(officer("office"), filled({"lots": lots}, spoil))
    assert "要修改的地方" not in text
    assert '<td data-label="标段" class="num">2</td>' in text


def test_an_amount_merged_over_rows_must_be_split(officer: Officer, filled: Filled) -> None:
    lots = [[ROAD, "二标段", "工程", 10, "", "", "待财政评审"]]

    def spoil(_book: Any, sheet: Any, kind: Any) -> None:
        if kind.name == "lots":
            at = place(kind, "estimate_fen")
            sheet.merge_range(2, at, 3, at, 150)

    text = told(officer("office"), filled({"lots": lots}, spoil))
    assert "与上面的行合并了" in text
    assert "签名 1 个项目" not in text


@pytest.mark.parametrize(
    ("formula", "result", "words"),
    [
        ("=1+1", "", "公式没有保存计算结果"),
        ("=A1/0", "#DIV/0!", "#DIV/0!"),
    ],
)
def test_a_formula_without_a_value_is_refused_even_where_a_cell_may_be_blank(
    officer: Officer, filled: Filled, formula: str, result: str, words: str
) -> None:
    def spoil(_book: Any, sheet: Any, kind: Any) -> None:
        if kind.name == "lots":
            sheet.write_formula(2, place(kind, "control_fen"), formula, None, result)

    text = told(officer("office"), filled({}, spoil))
    assert words in text
    assert "签名 1 个项目" not in text


def test_a_formula_with_its_result_is_read_as_the_result(officer: Officer, filled: Filled) -> None:
    def spoil(_book: Any, sheet: Any, kind: Any) -> None:
        if kind.name == "lots":
            sheet.write_formula(2, place(kind, "estimate_fen"), "=100+50", None, 150)

    assert "签名 1 个项目" in told(officer("office"), filled({}, spoil))


def test_yuan_against_wan_is_never_guessed(officer: Officer, book: Callable[..., Path]) -> None:
    client = officer("office")
    plain = told(client, book({"approved_fen": "批复资金"}))
    assert "签名 1 个项目" not in plain
    assert "要修改的地方" in plain
    yuan = told(
        client,
        book({"approved_fen": "批复资金（元）"}, projects={"approved_fen": 1_500_000}),
    )
    assert "签名 1 个项目" in yuan
    assert "1,500,000.00" in yuan
    both = told(client, book(projects={"approved_fen": "1500000元"}))
    assert "签名 1 个项目" not in both


@pytest.mark.parametrize("field", ["paid_before_fen"])
def test_a_blank_is_unknown_and_zero_is_written(
    officer: Officer, book: Callable[..., Path], field: str
) -> None:
    client = officer("office")
    text = told(client, book(projects={field: ""}))
    assert "没有发生的请填 0" in text
    assert "签名 1 个项目" not in text
    nothing = {"paid_before_fen": 0, "retained_before_fen": 0}
    text = told(
        client, book(projects={field: 0}, contracts=nothing, money={"paid_fen": "", "contract": ""})
    )
    assert "签名 1 个项目" in text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.xlsx", b"", "空"),
        ("假.xlsx", b"%PDF-1.4 not a workbook", "扩展名"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_words(
    officer: Officer, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    client = officer("office")
    with path.open("rb") as file:
        answer = client.post("/imports/opening", {"file": file, "source": "模拟"})
    if answer.status_code == 302:
        answer = client.get(answer.headers["Location"])
    else:
        assert answer.status_code == 422
    assert words in answer.text
    assert "error-summary" in answer.text


def test_a_bomb_is_refused_before_it_is_unpacked(
    officer: Officer, book: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(book()) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/bomb.xml", b"0" * (150 << 20))
    text = told(officer("office"), path)
    assert "这个文件不能读取" in text


def test_an_empty_workbook_says_what_is_missing(officer: Officer, tmp_path: Path) -> None:
    path = tmp_path / "空表.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        made.add_worksheet("Sheet1")
    assert "没有找到“期初项目”表" in told(officer("office"), path)
