"""The published projects as a workbook laid out like the announcements they came from.

The demonstration imports this file through the platform's own import, so that real rows take the real way
in. Nothing is added to what was published: a total that the listed projects do not reach stands in a note.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import msgspec
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from shanhai.data.projects import AmountKind, PublishedRow, RowKind, published_rows
from shanhai.kernel.money import wan

Cell = str | float | None
_SHORT = ("序号", "项目名称", "建设地点", "建设内容", "投资规模", "责任单位")
_ALLOCATION = ("序号", "项目名称", "资金来源", "金额（万元）", "备注")
_PLAN = (
    "序号",
    "县(市、区)",
    "乡镇（村）",
    "项目名称",
    "项目类别",
    "建设内容及规模",
    "总投资(万元)",
    "资金来源",
    "受益总户数",
    "受益总人口",
    "项目主管单位",
    "项目实施单位",
    "开工时间",
    "完工时间",
    "备注",
)
_LAYOUTS = {"北关区": _SHORT, "新乡高新区": _SHORT, "达川区": _ALLOCATION, "镇安县": _ALLOCATION}
_MEANING = {
    AmountKind.INVESTMENT: "金额为计划总投资",
    AmountKind.YEARLY: "金额为每年数",
    AmountKind.NOT_STATED: "公告未写明金额",
}


class Page(msgspec.Struct, frozen=True):
    """One sheet: its name, the lines above the table, the table's rows, headings first."""

    name: str
    lines: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def announcement_pages() -> list[Page]:
    """Return one page for each county and source, in the layout of that announcement."""
    groups = groupby(published_rows(), key=lambda row: (row.county, row.source))
    pages: list[Page] = []
    for number, (_, rows) in enumerate(groups, 1):
        pages.append(_page(number, list(rows)))
    return pages


def write_announcement(path: Path) -> None:
    """Write the workbook.

    Args:
        path: Where to; an existing file is replaced.
    """
    with xlsxwriter.Workbook(str(path)) as book:
        title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        for page in announcement_pages():
            sheet = book.add_worksheet(page.name)
            _write_page(sheet, page, title)


def _write_page(sheet: Worksheet, page: Page, title: xlsxwriter.format.Format) -> None:
    width = max((len(row) for row in page.rows), default=1)
    if width > 1:
        sheet.merge_range(0, 0, 0, width - 1, page.lines[0], title)
        sheet.set_column(1, width - 1, 16)
    else:
        sheet.write_string(0, 0, page.lines[0], title)
    for at, line in enumerate(page.lines[1:], 1):
        sheet.write_string(at, 0, line)
    for at, row in enumerate(page.rows, len(page.lines)):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell)
            elif cell is not None:
                sheet.write_number(at, column, cell)


def _page(number: int, rows: list[PublishedRow]) -> Page:
    first = rows[0]
    place = "新乡市高新区" if first.county == "新乡高新区" else first.county
    lines = [f"{place}{first.year}年{first.fund_kind}项目公告", "单位：万元"]
    lines += [f"发布单位：{first.publisher}"] if first.publisher else []
    lines += [f"发布日期：{first.date}"] if first.date else []
    lines.append(f"来源：{first.source}")
    if first.row_id.startswith("LP-"):
        return Page(f"{number:02}{first.county}"[:31], tuple(lines), tuple(_items(rows)))
    layout = _LAYOUTS.get(first.county, _PLAN)
    notes = tuple((note,) for note in _notes(rows))
    table = (layout, *_table(rows, layout), *notes)
    return Page(f"{number:02}{first.county}"[:31], tuple(lines), table)


def _items(rows: list[PublishedRow]) -> Iterator[tuple[Cell, ...]]:
    """Yield the lines of an itemised announcement (条目式); totals stand in its headings."""
    yield ("一、项目实施范围",)
    yield (rows[0].town_village + "。",)
    yield ("二、项目建设内容及投资方案",)
    for row in rows:
        if row.kind in {RowKind.TOTAL, RowKind.SUBTOTAL}:
            yield (f"{row.project_name}，{wan(row.amount_fen or 0)}万元。",)
            continue
        amount = "" if row.amount_fen is None else f"{wan(row.amount_fen)}万元"
        yield (f"（{'一二三四五六'[rows.index(row) - 2]}）{row.project_name}",)
        yield (f"1.项目实施地点：{row.town_village}。",)
        yield (f"2.项目资金来源：{row.fund_source or '公告未写明'}{amount}。",)
        if row.content:
            yield (f"3.项目建设内容：{row.content}，产权归{row.asset_owner}。",)
            yield (_reach(row),)
            yield (f"5.项目建设期限：{row.start}至{row.end}。",)
            yield (f"6.项目主管部门：{row.supervising_unit}；实施单位：{row.implementing_unit}。",)


def _reach(row: PublishedRow) -> str:
    return (
        f"4.项目效益：惠及{row.beneficiary_households}户{row.beneficiary_people}人，"
        f"其中脱贫{row.beneficiary_poor_households}户{row.beneficiary_poor_people}人。"
    )


def _table(rows: list[PublishedRow], layout: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    number = 0
    for fund, group in groupby(rows, key=lambda row: row.fund_kind):
        listed = [row for row in group if row.kind in {RowKind.SINGLE, RowKind.CATEGORY}]
        for row in listed:
            number += 1
            yield tuple(_cell(row, heading, number) for heading in layout)
        if len(listed) > 1 and all(row.amount_fen is not None for row in listed):
            label = f"{fund}小计" if len({row.fund_kind for row in rows}) > 1 else "合计"
            yield _total(label, sum(row.amount_fen or 0 for row in listed), layout)
    if number == 0:
        for row in rows:
            yield _total("合计", row.amount_fen or 0, layout)


def _total(label: str, fen: int, layout: tuple[str, ...]) -> tuple[Cell, ...]:
    amounts = {"投资规模", "金额（万元）", "总投资(万元)"}
    return (
        label,
        *(float(wan(fen).replace(",", "")) if head in amounts else None for head in layout[1:]),
    )


def _cell(row: PublishedRow, heading: str, number: int) -> Cell:
    amount = None if row.amount_fen is None else float(wan(row.amount_fen).replace(",", ""))
    remark = ["分类行，不是单个项目"] if row.kind is RowKind.CATEGORY else []
    remark += [_MEANING[row.amount_kind]] if row.amount_kind in _MEANING else []
    source = (
        row.fund_source
        if row.fund_kind in row.fund_source
        else f"{row.fund_kind} {row.fund_source}"
    )
    values: dict[str, Cell] = {
        "序号": number,
        "县(市、区)": row.county,
        "乡镇（村）": row.town_village,
        "建设地点": row.town_village,
        "项目名称": row.project_name,
        "项目类别": row.category,
        "建设内容": row.content,
        "建设内容及规模": row.content,
        "投资规模": amount,
        "金额（万元）": amount,
        "总投资(万元)": amount,
        "资金来源": source.strip(),
        "受益总户数": row.beneficiary_households,
        "受益总人口": row.beneficiary_people,
        "责任单位": row.implementing_unit,
        "项目主管单位": row.supervising_unit,
        "项目实施单位": row.implementing_unit,
        "开工时间": row.start,
        "完工时间": row.end,
        "备注": "；".join(remark),
    }
    return values[heading]


def _notes(rows: list[PublishedRow]) -> Iterator[str]:
    """Yield what the announcement totals where the listed projects do not reach it."""
    singles = [row for row in rows if row.kind is not RowKind.TOTAL]
    for row in rows:
        if singles and row.kind is RowKind.TOTAL:
            yield f"说明：{row.project_name}{wan(row.amount_fen or 0)}万元，其余项目公告未列明细。"
