"""Announcement tables as strangers lay them out: each gives the same project, or says why not."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from shanhai.data.regions import from_facts
from shanhai.domains.imports.reading import read_projects
from shanhai.kernel.money import FEN_PER_WAN

LAYOUTS: dict[str, list[list[Any]]] = {
    "unit in the line above": [
        ["模拟公告", None, None, "单位：万元"],
        ["序号", "项目名称", "县", "资金"],
        [1, "模拟大棚", "昭觉县", 120],
    ],
    "spaces in headings and cells": [
        ["项 目 名 称", "县（市、区）", "资 金（万 元）"],
        [" 模拟大棚 ", " 昭觉县 ", " 120 "],
    ],
    "full-width digits": [["项目名称", "所在县", "资金（万元）"], ["模拟大棚", "昭觉县", "１２０"]],
    "unit in the cell": [["项目名称", "所在县", "项目资金"], ["模拟大棚", "昭觉县", "120万元"]],
    "thousands and a sign": [
        ["项目名称", "县", "批复资金（元）"],
        ["模拟大棚", "昭觉县", "￥1,200,000.00"],
    ],
    "English headings": [
        ["No.", "Project name", "County", "Amount (yuan)"],
        [1, "模拟大棚", "昭觉县", 1_200_000],
    ],
    "blank columns and rows": [
        [None, "项目名称", None, "县", None, "总投资（万元）"],
        [],
        [None, "模拟大棚", None, "昭觉县", None, 120],
        [],
        [None, "合 计", None, None, None, 120],
    ],
    "sections, totals and signatures": [
        ["序号", "项目名称", "地点", "金额/万元"],
        ["一", "产业发展类", None, 120],
        [1, "模拟大棚", "昭觉县竹核镇", 120],
        ["总计", None, None, 120],
        ["填表人：甲", None, "审核人：乙", None],
    ],
    "the whole chain of places": [
        ["项目名称", "地区", "资金（万元）"],
        ["模拟大棚", "四川省凉山彝族自治州昭觉县", 120],
    ],
    "a code for the county": [
        ["项目名称", "行政区划代码", "资金（万元）"],
        ["模拟大棚", 513431, 120],
    ],
    "hundred millions": [["项目名称", "县", "总投资（亿元）"], ["模拟大棚", "昭觉县", 0.012]],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_one_project(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("项目")
        for at, row in enumerate(LAYOUTS[layout]):
            sheet.write_row(at, 0, row)
    found = read_projects(path, from_facts()).result
    assert [(one.name, one.county_code, one.amount_fen) for one in found.projects] == [
        ("模拟大棚", "513431", 120 * FEN_PER_WAN)
    ], found.errors
