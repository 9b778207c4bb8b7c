"""Variants of layouts: merged ranges, several tables, stacked headings, words around the table."""

from collections.abc import Callable
from pathlib import Path

from announcements import Read, brief, codes
from shanhai.data.regions import RegionTable
from shanhai.domains.imports.reading import read_projects

WAN = 1_000_000
LANPING = "533325"


def test_one_project_over_merged_rows(read: Read) -> None:
    result = read(
        [
            ["序号", "县", "项目名称", "村", "建设内容", "投资(万元)"],
            [1, "姚安县", "道路硬化", "大苴村", "1公里", 100],
            [None, None, None, "小苴村", "2公里", None],
            [2, "姚安县", "水窖", "弥兴村", "10口", 5],
        ],
        ["A2:A3", "B2:B3", "C2:C3", "F2:F3"],
    )
    assert codes(result) == []
    assert [(p.name, p.village, p.amount_fen) for p in result.projects] == [
        ("道路硬化", "大苴村；小苴村", 100 * WAN),
        ("水窖", "弥兴村", 5 * WAN),
    ]


def test_a_county_merged_over_its_projects_speaks_for_all(read: Read) -> None:
    result = read(
        [
            ["县", "项目名称", "投资(万元)"],
            ["姚安县", "甲项目", 100],
            [None, "乙项目", 200],
        ],
        ["A2:A3"],
    )
    assert [p.county_code for p in result.projects] == ["532325", "532325"]


def test_an_amount_merged_over_several_projects_is_refused(read: Read) -> None:
    result = read(
        [
            ["县", "项目名称", "投资(万元)"],
            ["姚安县", "甲项目", 300],
            ["姚安县", "乙项目", None],
        ],
        ["C2:C3"],
    )
    assert codes(result) == ["import.amount.merged"] * 2
    assert (result.accepted, result.rejected) == (0, 2)


def test_several_sheets_and_a_hidden_one(write: Callable[..., Path], table: RegionTable) -> None:
    head = ["序号", "项目名称", "投资(万元)", "实施单位"]
    path = write(
        {
            "填表说明": [["请勿改动表头"]],
            "镇安县": [head, [1, "甲", 10, "a"]],
            "汉阴县": [head, [1, "乙", 20, "b"]],
        }
    )
    result = read_projects(path, table).result
    assert [(p.sheet, p.county_code) for p in result.projects] == [
        ("镇安县", "611025"),
        ("汉阴县", "610921"),
    ]


def test_two_tables_on_one_sheet_and_a_repeated_heading(read: Read) -> None:
    head = ["序号", "县", "项目名称", "投资(万元)"]
    result = read(
        [
            head,
            [1, "姚安县", "甲", 10],
            head,
            [2, "姚安县", "乙", 20],
            [None],
            ["附表：人才项目"],
            ["项目名称", "县", "资金(元)"],
            ["培训", "姚安县", 150000],
        ]
    )
    assert codes(result) == []
    assert [(p.name, p.amount_fen) for p in result.projects] == [
        ("甲", 10 * WAN),
        ("乙", 20 * WAN),
        ("培训", 15 * WAN),
    ]


def test_three_heading_rows(read: Read) -> None:
    result = read(
        [
            ["镇安县2022年苏陕协作项目计划表"],
            [
                "序号",
                "项目名称",
                "建设地点",
                None,
                "资金（万元）",
                None,
                None,
                "受益情况",
                None,
                None,
            ],
            [None, None, "镇", "村", "小计", "其中", None, "总户数", "其中脱贫", None],
            [None, None, None, None, None, "协作资金", "县级配套", None, "户数", "人数"],
            [1, "蚕桑基地", "木王镇", "朝阳村", 100, 80, 20, 30, 10, 32],
            ["合计", None, None, None, 100, 80, 20, 30, 10, 32],
        ],
        ["A2:A4", "B2:B4", "C2:D2", "E2:G2", "H2:J2", "E3:E4", "F3:G3", "H3:H4", "I3:J3"],
    )
    assert codes(result) == []
    (project,) = result.projects
    assert (project.amount_fen, project.aid_fen, project.local_fen) == (
        100 * WAN,
        80 * WAN,
        20 * WAN,
    )
    assert (project.township, project.village) == ("木王镇", "朝阳村")
    assert (project.households, project.poor_households, project.poor_people) == (30, 10, 32)


def test_parts_without_a_total_are_added_up(read: Read) -> None:
    result = read(
        [
            ["县", "项目名称", "协作资金(万元)", "县级配套资金(万元)"],
            ["镇安县", "蚕桑基地", 80, 20],
        ]
    )
    assert brief(result) == [("蚕桑基地", "611025", 100 * WAN, 2)]
    assert [w.code for w in result.warnings] == ["import.amount.summed"]


def test_signatures_and_dates_below_the_table_are_no_projects(read: Read) -> None:
    result = read(
        [
            ["兰坪县2023年计划"],
            ["序号", "项目名称", "投资(万元)", "实施单位"],
            [1, "大棚", 10, "农业局"],
            ["公示期：2023年5月1日至5月10日"],
            ["监督电话：12317", None, "兰坪县纪委：0886-123456"],
            [None, "兰坪县乡村振兴局"],
            [None, None, "2023年5月1日"],
        ]
    )
    assert codes(result) == []
    assert result.accepted == 1


def test_a_table_that_starts_in_the_middle_with_blank_rows(read: Read) -> None:
    head = [None, None, "序号", "项目名称", "金额", "责任单位"]
    result = read(
        [
            [],
            [None, None, "兰坪县2022年计划"],
            [None, None, "单位：元"],
            [],
            head,
            [None, None, 1, "大棚", "1,000,000", "x"],
            [],
            [None, None, 2, "路", "2,000,000", "y"],
            [None, None, None, "合 计", "3,000,000", None],
        ]
    )
    assert brief(result) == [("大棚", LANPING, 100 * WAN, 6), ("路", LANPING, 200 * WAN, 8)]
    assert (codes(result), result.skipped_totals) == ([], 1)


def test_the_county_of_an_implementing_unit_is_the_last_resort(read: Read) -> None:
    result = read([["项目名称", "投资(万元)", "实施单位"], ["大棚", 10, "兰坪县农业农村局"]])
    assert [p.county_code for p in result.projects] == [LANPING]


def test_chinese_numbers_count_projects_where_nothing_else_does(read: Read) -> None:
    head = ["序号", "县", "项目名称", "投资(万元)"]
    result = read(
        [head, ["一", "姚安县", "甲", 1], ["二", "姚安县", "乙", 2], ["总计", None, None, 3]]
    )
    assert (result.accepted, result.skipped_totals, codes(result)) == (2, 1, [])


def test_a_whole_item_in_one_cell(read: Read) -> None:
    item = "（一）蔬菜大棚建设项目\n1.项目实施地点：通甸村\n2.建设内容：500亩\n3.项目资金来源：上海帮扶资金1200万元"
    result = read([["兰坪县公告"], [item]])
    assert brief(result) == [("蔬菜大棚建设项目", LANPING, 1200 * WAN, 2)]
