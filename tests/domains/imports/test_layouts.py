"""The layouts of announcements, each as a workbook with its expected result."""

from pathlib import Path

from announcements import Read, brief, codes
from shanhai.data.regions import RegionTable
from shanhai.domains.imports.reading import read_projects

WAN = 1_000_000
LANPING = "533325"


def test_short_6_with_title_unit_line_total_and_phone(read: Read) -> None:
    result = read(
        [
            ["北关区2018年度财政专项扶贫资金分配情况公示表"],
            ["单位：万元"],
            ["序号", "项目名称", "建设地点", "建设内容", "投资规模", "责任单位"],
            [1, "周家营村道路硬化", "彰北办事处周家营村", "596㎡", 20, "彰北办事处"],
            [2, "屈王度村饮水工程", "彰北办事处屈王度村", "2300m", 20, "彰北办事处"],
            [3, "后林都道路建设", "柏庄镇后林都村", "270m", 73.5, "柏庄镇"],
            ["合计", None, None, None, 113.5, None],
            ["监督电话：12317"],
        ]
    )
    assert codes(result) == []
    assert brief(result) == [
        ("周家营村道路硬化", "410503", 20 * WAN, 4),
        ("屈王度村饮水工程", "410503", 20 * WAN, 5),
        ("后林都道路建设", "410503", 73_500_000, 6),
    ]
    assert result.skipped_totals == 1


def test_allocation_4_with_full_width_heading_and_digits(read: Read) -> None:
    result = read(
        [
            ["姚安县2023年资金分配计划公告"],
            ["序 号", "项目\n名称", "投资（万元）", "实施 单位"],
            ["１", "光禄镇产业路", "１，２００．５", "姚安县农业农村局"],
        ]
    )
    assert brief(result) == [("光禄镇产业路", "532325", 1_200_500_000, 3)]


FULL_HEADING = [
    "序号",
    "县(市、区)",
    "乡镇",
    "村",
    "项目名称",
    "项目类别",
    "建设内容及规模",
    "总投资(万元)",
    "其中:东西部协作资金",
    "其中:衔接资金",
    "其中:县级/自筹",
    "受益总户数",
    "受益总人口",
    "其中脱贫(监测)户",
    "其中脱贫(监测)人口",
    "项目主管单位",
    "项目实施单位",
    "开工时间",
    "完工时间",
    "资产归属",
]
FULL_ROW = [
    1,
    "兰坪县",
    "通甸镇",
    "通甸村",
    "蔬菜大棚",
    "产业发展",
    "500亩",
    1200,
    1000,
    150,
    50,
    500,
    1782,
    413,
    1528,
    "兰坪县农业农村局",
    "通甸镇人民政府",
    "2021年7月",
    "2021.11",
    "村集体",
]


def test_full_plan_reads_parts_counts_and_dates(read: Read) -> None:
    result = read(
        [
            ["2022年东西部协作项目计划表"],
            FULL_HEADING,
            FULL_ROW,
        ]
    )
    (project,) = result.projects
    assert (project.aid_fen, project.bridging_fen, project.local_fen) == (
        1000 * WAN,
        150 * WAN,
        50 * WAN,
    )
    assert (project.households, project.people) == (500, 1782)
    assert (project.poor_households, project.poor_people) == (413, 1528)
    assert (project.start, project.end) == ("2021-07", "2021-11")
    assert project.content == "500亩"
    assert project.amount_fen == 1200 * WAN


def test_two_heading_rows_with_merged_parents(read: Read) -> None:
    result = read(
        [
            ["序号", "县区", "项目名称", "资金（万元）", None, None, "受益", None],
            [None, None, None, "合计", "东西部协作资金", "县级配套", "户数", "人数"],
            [1, "镇安县", "蚕桑基地", 100, 80, 20, 30, 90],
            [2, "汉阴县", "茶厂", 200, 200, None, 40, 120],
        ],
        ["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:H1"],
    )
    assert codes(result) == []
    assert [(p.amount_fen, p.aid_fen, p.people) for p in result.projects] == [
        (100 * WAN, 80 * WAN, 90),
        (200 * WAN, 200 * WAN, 120),
    ]


def test_two_heading_rows_in_a_csv(tmp_path: Path, table: RegionTable) -> None:
    path = tmp_path / "计划.csv"
    text = "序号,县区,项目名称,资金(万元),,实施单位\n,,,总投资,协作资金,\n1,镇安县,蚕桑基地,100,80,农业局\n"
    path.write_text(text, encoding="gb18030")
    (project,) = read_projects(path, table).result.projects
    assert (project.amount_fen, project.aid_fen) == (100 * WAN, 80 * WAN)


def test_lanping_6_as_text(read: Read) -> None:
    result = read(
        [
            ["兰坪县2021年东西部结对协作项目计划公告"],
            ["一、项目实施范围"],
            ["通甸镇。"],
            ["二、项目建设内容及投资方案"],
            ["（一）通甸镇蔬菜大棚建设项目"],
            ["1.项目实施地点：通甸镇通甸村。"],
            ["2.项目建设内容：建设500亩蔬菜大棚，产权归村集体。"],
            ["3.项目资金来源：上海市对口支援东西部帮扶资金1200万元。"],
            ["4.项目效益：惠及500户1782人，其中脱贫413户1528人。"],
            ["5.项目建设期限：2021年7月启动，2021年11月完成。"],
            ["6.项目主管部门：兰坪县农业农村局；实施单位：通甸镇人民政府。"],
        ]
    )
    (project,) = result.projects
    assert brief(result) == [("通甸镇蔬菜大棚建设项目", LANPING, 1200 * WAN, 5)]
    assert (project.households, project.poor_people) == (500, 1528)
    assert (project.start, project.end) == ("2021-07", "2021-11")


def test_lanping_6_as_a_table_named_by_its_headings(read: Read) -> None:
    result = read(
        [
            ["兰坪县2021年东西部结对协作项目计划公告"],
            [
                "项目实施地点",
                "项目建设内容(含产权归属)",
                "项目资金来源",
                "项目效益(惠及户/人,其中脱贫户/人)",
                "项目建设期限(启动/完成)",
                "项目主管部门及实施单位",
            ],
            ["（一）通甸镇蔬菜大棚建设项目"],
            [
                "通甸村",
                "500亩",
                "上海市帮扶资金1200万元",
                "惠及500户1782人",
                "2021年7月至2021年11月",
                "兰坪县农业农村局",
            ],
        ]
    )
    assert brief(result) == [("通甸镇蔬菜大棚建设项目", LANPING, 1200 * WAN, 4)]


def test_publicity_duty_sums_the_sources(read: Read) -> None:
    result = read(
        [
            ["红河县项目公告公示"],
            [
                "项目审批程序",
                "项目名称",
                "实施地点",
                "建设内容",
                "实施期限",
                "实施单位及负责人",
                "资金来源、额度及结构",
                "大宗物资采购和工程招标情况",
                "质量标准及效益目标",
            ],
            [
                "县级审批",
                "梯田灌渠",
                "甲寅镇",
                "渠道3公里",
                "2022年3月-2022年9月",
                "县水务局",
                "东西部协作资金80万元，县级配套20万元",
                "公开招标",
                "验收合格率100%",
            ],
        ]
    )
    assert brief(result) == [("梯田灌渠", "532529", 100 * WAN, 3)]
    assert [w.code for w in result.warnings] == ["import.amount.summed"]


def test_performance_form_with_label_and_value(read: Read) -> None:
    result = read(
        [
            ["镇安县项目资金绩效目标申报表"],
            ["项目名称", "蚕桑基地建设"],
            ["主管部门", "县农业农村局", "实施单位", "木王镇人民政府"],
            ["年度资金总额", "300万元"],
            ["总体目标", "新建蚕桑基地500亩"],
        ]
    )
    assert brief(result) == [("蚕桑基地建设", "611025", 300 * WAN, 2)]


def test_sections_and_subtotals_above_their_rows(read: Read) -> None:
    result = read(
        [
            ["序号", "县", "项目名称", "建设内容", "投资(万元)"],
            ["合计", None, None, None, 600],
            ["一", None, "产业发展", None, 300],
            [1, "姚安县", "甲项目", "a", 100],
            [2, "姚安县", "乙项目", "b", 200],
            ["二", None, "基础设施", None, 300],
            [3, "姚安县", "丙项目", "c", 300],
        ]
    )
    assert codes(result) == []
    assert (result.accepted, result.skipped_totals) == (3, 3)


def test_subtotals_below_their_rows(read: Read) -> None:
    result = read(
        [
            ["序号", "县", "项目名称", "建设内容", "投资(万元)"],
            ["一、产业发展"],
            [1, "姚安县", "甲项目", "a", 100],
            [2, "姚安县", "乙项目", "b", 200],
            [None, None, "小计", None, 300],
            ["二、基础设施"],
            [3, "姚安县", "丙项目", "c", 300],
            [None, None, "小 计", None, 300],
            ["总 计", None, None, None, 600],
        ]
    )
    assert codes(result) == []
    assert (result.accepted, result.skipped_totals) == (3, 3)


def test_a_total_that_does_not_add_up_is_reported(read: Read) -> None:
    result = read(
        [
            ["县", "项目名称", "投资(万元)"],
            ["姚安县", "甲项目", 100],
            ["合计", None, 110],
        ]
    )
    assert [(e.code, e.row, e.column) for e in result.errors] == [("import.total.mismatch", 3, "C")]
    assert "1,100,000.00" in result.errors[0].zh
    assert result.accepted == 1
