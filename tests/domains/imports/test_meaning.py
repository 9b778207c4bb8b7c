"""Amounts, units, dates, counties and names: generous in form, strict in meaning."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from announcements import Read
from shanhai.data.regions import RegionTable, from_facts
from shanhai.domains.imports.amounts import amount_in
from shanhai.domains.imports.dates import read_period
from shanhai.domains.imports.reading import read_projects
from shanhai.kernel.errors import InvalidInputError

WAN = 1_000_000
HEAD = ["序号", "县", "项目名称", "投资(万元)"]


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (1200, 1200 * WAN),
        ("1200", 1200 * WAN),
        ("1,200.5", 1_200_500_000),
        ("1200万元", 1200 * WAN),
        ("1200万", 1200 * WAN),
        ("１２００", 1200 * WAN),
        (0.1 + 0.2, 300_000),
        ("—", None),
        ("/", None),
        (None, None),
    ],
    ids=repr,
)
def test_an_amount_is_read_exactly(read: Read, cell: object, fen: int | None) -> None:
    result = read([HEAD, [1, "姚安县", "甲", cell]])
    assert [p.amount_fen for p in result.projects] == [fen]
    assert result.errors == ()


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("约1200万", "amount.text"),
        ("待定", "amount.text"),
        ("1200万元左右", "amount.text"),
        ("壹仟万元", "amount.text"),
        ("1,20", "amount.text"),
        (-5, "amount.negative"),
        ("(1,200)", "amount.negative"),
        (0, "amount.zero"),
        ("0.0000001", "amount.fraction"),
        ("12000000元", "unit.contradiction"),
        (12_000_000, "unit.too_large"),
        ("#REF!", "cell.error"),
    ],
)
def test_a_doubtful_amount_is_refused_with_its_place(read: Read, cell: object, code: str) -> None:
    result = read([HEAD, [1, "姚安县", "甲", cell], [2, "姚安县", "乙", 10]])
    assert [(e.code, e.row, e.column) for e in result.errors] == [(f"import.{code}", 2, "D")]
    assert (result.accepted, result.rejected) == (1, 1)
    assert result.errors[0].zh != result.errors[0].en


def test_every_fault_of_a_row_is_reported(read: Read) -> None:
    head = [*HEAD, "受益户数", "开工时间"]
    result = read([head, [1, "无此县", "=cmd|x", "约5万", "很多", "2021年13月"]])
    assert {e.code.removeprefix("import.") for e in result.errors} >= {
        "county.unknown",
        "amount.text",
        "count.invalid",
        "date.invalid",
    }
    assert result.rejected == 1


def test_yuan_and_ten_thousand_yuan(read: Read) -> None:
    result = read([["县", "项目名称", "金额（元）"], ["姚安县", "甲", "12,000,000.00"]])
    assert [p.amount_fen for p in result.projects] == [1200 * WAN]


def test_ten_thousands_in_a_yuan_column_are_flagged(read: Read) -> None:
    result = read([["县", "项目名称", "金额（元）"], ["姚安县", "甲", 73.5]])
    assert [e.code for e in result.errors] == ["import.unit.too_small"]


def test_title_and_heading_must_agree_on_the_unit(read: Read) -> None:
    result = read([["单位：万元"], ["县", "项目名称", "金额（元）"], ["姚安县", "甲", 5000]])
    assert [e.code for e in result.errors] == ["import.unit.conflict"]
    assert (result.accepted, result.rejected) == (0, 1)


@pytest.mark.parametrize(
    ("cells", "fen", "code"),
    [
        (["20", "73.5"], [20 * WAN, 73_500_000], "import.unit.assumed"),
        (["200000", "735000"], [20 * WAN, 73_500_000], "import.unit.assumed"),
        (["20万元", "73.5万元"], [20 * WAN, 73_500_000], None),
    ],
)
def test_an_unstated_unit_is_told_only_where_the_other_is_absurd(
    read: Read, cells: list[str], fen: list[int], code: str | None
) -> None:
    rows = [["姚安县", f"项目{at}", cell] for at, cell in enumerate(cells)]
    result = read([["县", "项目名称", "投资规模"], *rows])
    assert [p.amount_fen for p in result.projects] == fen
    assert [w.code for w in result.warnings] == ([code] if code else [])


def test_an_unstated_unit_in_between_is_a_question(read: Read) -> None:
    rows = [["姚安县", "甲", 50_000], ["姚安县", "乙", 300]]
    result = read([["县", "项目名称", "投资规模"], *rows])
    assert [e.code for e in result.errors] == ["import.unit.unknown"] * 2


def test_a_formula_with_a_saved_result_is_read_and_one_without_is_refused(
    write: Callable[..., Path], table: RegionTable, tmp_path: Path
) -> None:
    import xlsxwriter  # noqa: PLC0415 - it alone writes saved results

    path = tmp_path / "公式.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, [1, "姚安县", "甲"])
        sheet.write_formula(1, 3, "=600*2", None, 1200)
    assert [p.amount_fen for p in read_projects(path, table).result.projects] == [1200 * WAN]
    empty = write({"表": [HEAD, [1, "姚安县", "甲", "=600*2"]]})
    result = read_projects(empty, table).result
    assert [(e.code, e.row, e.column) for e in result.errors] == [("import.amount.formula", 2, "D")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("兰坪白族普米族自治县", "533325"),
        ("兰坪县", "533325"),
        ("兰坪", "533325"),
        ("533325", "533325"),
        (533325, "533325"),
        ("云南省怒江州兰坪县", "533325"),
        ("甘肃省兰州市城关区", "620102"),
        ("陕西省汉阴", "610921"),
        ("云南姚安", "532325"),
        ("东乡县", "622926"),
        ("鄂伦春自治旗", "150723"),
        ("平泉县", "130881"),
        ("宝鸡市", "610300"),
    ],
    ids=repr,
)
def test_a_county_by_name_code_or_path(read: Read, cell: object, expected: str) -> None:
    result = read([HEAD, [1, cell, "甲", 10]])
    assert [p.county_code for p in result.projects] == [expected]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("城关区", "county.ambiguous"),
        ("云南省", "county.too_wide"),
        ("无此县", "county.unknown"),
        ("999999", "county.unknown"),
        (None, "county.missing"),
    ],
)
def test_an_unclear_county_is_a_question(read: Read, cell: object, code: str) -> None:
    result = read([HEAD, [1, cell, "甲", 10]])
    assert [e.code for e in result.errors] == [f"import.{code}"]


def test_a_shared_name_is_decided_by_the_prefecture_column(read: Read) -> None:
    head = ["市州", "县", "项目名称", "投资(万元)"]
    result = read([head, ["兰州市", "城关区", "甲", 10], ["拉萨市", "城关区", "甲", 10]])
    assert [p.county_code for p in result.projects] == ["620102", "540102"]


def test_the_ambiguity_names_the_choices(read: Read) -> None:
    result = read([HEAD, [1, "城关区", "甲", 10]])
    assert "甘肃省兰州市城关区" in result.errors[0].zh
    assert "西藏自治区拉萨市城关区" in result.errors[0].en


def test_the_helped_county_of_a_title_is_taken_and_not_the_helper(read: Read) -> None:
    title = ["2021年浦东新区对口兰坪县东西部结对协作项目计划"]
    result = read([title, ["序号", "项目名称", "投资(万元)"], [1, "甲", 10]])
    assert [(p.county_code, p.year) for p in result.projects] == [("533325", "2021")]


def test_a_renamed_county_is_imported_with_a_warning(read: Read) -> None:
    result = read([HEAD, [1, "水城县", "甲", 10]])
    assert [p.county for p in result.projects] == ["水城区"]
    assert [w.code for w in result.warnings] == ["import.county.renamed"]


def test_without_the_package_the_facts_still_know_their_counties(
    write: Callable[..., Path],
) -> None:
    path = write({"表": [HEAD, [1, "兰坪县", "甲", 10], [2, "浏阳市", "乙", 10]]})
    result = read_projects(path, from_facts()).result
    assert [p.county_code for p in result.projects] == ["533325"]
    assert [e.code for e in result.errors] == ["import.county.unknown"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年7月启动，2021年11月完成", ("2021-07", "2021-11")),
        ("2021.7-2021.11", ("2021-07", "2021-11")),
        ("2021年7月至11月", ("2021-07", "2021-11")),
        ("2021年1-12月", ("2021-01", "2021-12")),
        ("2021-07-01至2021-11-30", ("2021-07-01", "2021-11-30")),
        ("2023-2025", ("2023", "2025")),
        ("三个月", ("", "")),
    ],
)
def test_periods(text: str, expected: tuple[str, str]) -> None:
    assert read_period(text) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2021年7月", "2021-07"),
        ("2021.7", "2021-07"),
        ("2021-07-12", "2021-07-12"),
        (44389, "2021-07-12"),
        (date(2021, 7, 12), "2021-07-12"),
        (datetime(2021, 7, 12, 8, 30), "2021-07-12"),  # noqa: DTZ001 - a cell has no zone
        ("20210712", "2021-07-12"),
        ("２０２１年", "2021"),
        ("—", ""),
    ],
)
def test_dates(read: Read, cell: object, expected: str) -> None:
    result = read([[*HEAD, "开工时间"], [1, "姚安县", "甲", 10, cell]])
    assert [p.start for p in result.projects] == [expected]


def test_an_end_before_the_start_is_refused(read: Read) -> None:
    head = [*HEAD, "开工时间", "完工时间"]
    result = read([head, [1, "姚安县", "甲", 10, "2021-07", "2021-06-30"]])
    assert [e.code for e in result.errors] == ["import.date.order"]


def test_a_swallowed_zero_is_pointed_out(read: Read) -> None:
    result = read([[*HEAD, "开工时间"], [1, "姚安县", "甲", 10, 2021.1]])
    assert [w.code for w in result.warnings] == ["import.date.ambiguous"]


@pytest.mark.parametrize(
    ("text", "fen", "summed"),
    [
        ("上海市帮扶资金1200万元", 1200 * WAN, False),
        ("省47万+市66.5万=113.5万", 113_500_000, False),
        ("沪滇协作1000 + 整合部门1304.26 + 农户自筹11.35 万元", 2_315_610_000, True),
        ("财政资金800万元，其中东西部协作500万元", 800 * WAN, False),
        ("总投资1000万元：协作800万元，自筹200万元", 1000 * WAN, False),
        ("苏陕协作资金", None, False),
    ],
)
def test_an_amount_in_a_sentence(text: str, fen: int | None, summed: bool) -> None:  # noqa: FBT001 - a parameter
    assert amount_in(text) == (fen, summed)


def test_a_vague_sentence_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="amount"):
        amount_in("协作资金约800万元")


def test_parts_must_not_exceed_the_total(read: Read) -> None:
    head = [*HEAD, "其中:东西部协作资金"]
    result = read([head, [1, "姚安县", "甲", 10, 11]])
    assert [e.code for e in result.errors] == ["import.amount.parts"]


def test_a_missing_name_and_a_lone_name_are_refused(read: Read) -> None:
    result = read([HEAD, [1, "姚安县", None, 10], [None, None, "只有名称", None]])
    assert [e.code for e in result.errors][:2] == ["import.name.missing", "import.row.only_name"]


def test_the_same_project_twice_is_refused(read: Read) -> None:
    result = read([HEAD, [1, "姚安县", "甲", 10], [2, "姚安县", "甲 ", 20]])
    assert [(e.code, e.row) for e in result.errors] == [("import.row.duplicate", 3)]
    assert (result.accepted, result.rejected) == (1, 1)


def test_a_continued_row_carries_on_its_project(read: Read) -> None:
    head = ["序号", "县", "项目名称", "建设内容", "投资(万元)"]
    rows = [[1, "姚安县", "甲", "道路1公里", 10], [None, None, None, "水渠2公里", None]]
    result = read([head, *rows])
    assert [p.content for p in result.projects] == ["道路1公里；水渠2公里"]


def test_wrong_columns_are_named(read: Read) -> None:
    result = read([["序号", "建设地点", "建设内容", "投资(万元)"], [1, "甲", "乙", 10]])
    assert [e.code for e in result.errors] == ["import.columns.missing"]
    assert "项目名称" in result.errors[0].zh
    assert "Project name" in result.errors[0].en


def test_a_sheet_without_a_table_is_one_clear_error(read: Read) -> None:
    result = read([["今日天气"], ["晴"]])
    assert [e.code for e in result.errors] == ["import.sheet.no_table"]


def test_a_shared_name_in_the_title_is_a_question_with_choices(read: Read) -> None:
    result = read([["城关区2022年计划"], ["项目名称", "投资(万元)"], ["路", 1]])
    assert [e.code for e in result.errors] == ["import.county.ambiguous"]
    assert "甘肃省兰州市城关区" in result.errors[0].zh


def test_lines_that_break_a_total_down_are_no_projects(read: Read) -> None:
    result = read(
        [HEAD, ["合计", None, None, 10], [1, "姚安县", "甲", 10], [None, None, "其中：工资", 3]]
    )
    assert (result.accepted, result.skipped_totals, result.errors) == (1, 2, ())


def test_one_name_under_two_sections_is_two_projects(read: Read) -> None:
    rows = [
        ["一、中央资金"],
        [1, "姚安县", "产业发展", 10],
        ["二、省级资金"],
        [2, "姚安县", "产业发展", 20],
    ]
    first, second = (read([HEAD, *rows]).projects for _ in range(2))
    assert len({project.import_key for project in first}) == 2
    assert [p.import_key for p in first] == [p.import_key for p in second]
