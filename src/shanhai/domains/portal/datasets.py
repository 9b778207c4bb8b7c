"""Open data: the shipped fact tables with licence and dictionary, as CSV or JSON.

The files hold the facts with their sources; who uses them cites the source of each row.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from shanhai.data import facts, projects
from shanhai.kernel.text import Choice, Text

LICENCE = Text(
    "事实数据可自由使用，引用时注明每行所列来源；表结构和说明以 Apache-2.0 许可发布",
    "The facts are free to use, citing the source of each row; table structure and notes are Apache-2.0",
)
BOM = "\ufeff"  # spreadsheets read UTF-8 CSV rightly only with it


@dataclass(frozen=True)
class Dataset:
    """One table: its name in addresses, titles, and where its rows come from."""

    name: str
    title: Text
    note: Text
    rows: Callable[[], Iterable[msgspec.Struct]]
    columns: Mapping[str, Text]


_COMMON = {
    "source": Text("来源", "Source"),
    "confidence": Text("可信度（high / medium / low）", "Confidence (high, medium, low)"),
    "standing": Text(
        "依据：quoted 有出处，unconfirmed 待核，unknown 未知",
        "Standing: quoted, unconfirmed, unknown",
    ),
}


def _with(**own: Text) -> dict[str, Text]:
    return own | _COMMON


DATASETS = (
    Dataset(
        "pairs",
        Text("省际结对（2021、2016、1996 年）", "Provincial pairs of 2021, 2016 and 1996"),
        Text("每轮方案分开使用，不能合并", "Use each scheme by itself"),
        facts.province_pairs,
        _with(
            scheme=Text("方案", "Scheme"),
            scheme_name=Text("方案名称", "Name of the scheme"),
            donor=Text("支援方", "Donor"),
            donor_code=Text("支援方代码（GB/T 2260）", "Donor's code (GB/T 2260)"),
            recipient=Text("受援方", "Recipient"),
            recipient_code=Text("受援方代码", "Recipient's code"),
        ),
    ),
    Dataset(
        "county-pairs",
        Text("市县结对", "City and county pairs"),
        Text(
            "名单不完整；level 为 other-scheme 的不属于东西部协作",
            "A partial list; rows of level other-scheme are not East–West",
        ),
        facts.county_pairs,
        _with(
            scheme=Text("协作", "Collaboration"),
            period=Text("期间，空为未注明", "Period, blank if not stated"),
            donor_province=Text("支援省", "Donor province"),
            donor=Text("支援方", "Donor"),
            donor_code=Text("支援方代码", "Donor's code"),
            recipient_province=Text("受援省", "Recipient province"),
            recipient=Text("受援方", "Recipient"),
            recipient_code=Text("受援方代码", "Recipient's code"),
            level=Text("层级", "Level"),
            note=Text("备注", "Note"),
        ),
    ),
    Dataset(
        "key-counties",
        Text("国家乡村振兴重点帮扶县（160 个）", "The 160 national key counties"),
        Text("68 个名单待核", "68 names are unconfirmed"),
        facts.key_counties,
        _with(
            county=Text("县", "County"),
            county_code=Text("县代码（2023）", "County code (2023)"),
            prefecture=Text("市州", "Prefecture"),
            province=Text("省", "Province"),
            province_code=Text("省代码", "Province code"),
        ),
    ),
    Dataset(
        "figures",
        Text("历年数据", "Yearly figures"),
        Text(
            "目标、全年、年内截至、多年累计口径不同，不能相加",
            "Targets, whole years, parts of a year and cumulative figures must not be added",
        ),
        facts.yearly_figures,
        _with(
            scope=Text("范围", "Scope"),
            period=Text("期间", "Period"),
            as_of=Text("截至", "As of"),
            metric=Text("指标", "Metric"),
            value=Text("数值，空为未知", "Value, blank if unknown"),
            unit=Text("单位", "Unit"),
            publisher=Text("发布者", "Publisher"),
            note=Text("备注", "Note"),
            kind=Text("口径", "Kind"),
        ),
    ),
    Dataset(
        "provincial-aid",
        Text("各省援助其他地区支出（2019–2023）", "Provincial aid to other regions, 2019–2023"),
        Text(
            "含对口支援，不等于东西部协作资金；代码 000000 为地方合计",
            "Holds other paired aid too, so it is not East–West aid; code 000000 is the national row",
        ),
        facts.provincial_aid,
        _with(
            code=Text("省代码", "Province code"),
            province=Text("省", "Province"),
            year=Text("年份", "Year"),
            value=Text("金额，空为未印出", "Amount, blank if not printed"),
            unit=Text("单位", "Unit"),
        ),
    ),
    Dataset(
        "audit-findings",
        Text("公开审计结果", "Published audit findings"),
        Text(
            "各行单位不同；整改行是追回，不是问题金额",
            "Units differ by row; rows of 整改 are recoveries",
        ),
        facts.audit_findings,
        _with(
            id=Text("编号", "Number"),
            year=Text("年份", "Year"),
            authority=Text("审计机关", "Authority"),
            scope=Text("范围", "Scope"),
            category=Text("类别", "Category"),
            amount=Text("数额", "Amount"),
            unit=Text("单位", "Unit"),
            count_or_people=Text("件数或人数", "Cases or people"),
            detail=Text("说明", "Detail"),
        ),
    ),
    Dataset(
        "published-projects",
        Text("已公布项目行", "Rows of published projects"),
        Text(
            "含合计、小计行，按 kind 区分后再相加",
            "Holds totals and subtotals: tell them apart by kind before adding",
        ),
        projects.published_rows,
        _with(
            row_id=Text("行号", "Row"),
            scheme=Text("协作", "Collaboration"),
            year=Text("年度", "Year"),
            county=Text("县", "County"),
            county_code=Text("县代码", "County code"),
            project_name=Text("项目名称", "Project"),
            category=Text("类别", "Category"),
            content=Text("内容", "Content"),
            amount_fen=Text("金额，单位分，空为未公布", "Amount in fen, blank if not stated"),
            implementing_unit=Text("实施单位", "Carried out by"),
            announcement=Text("公告", "Announcement"),
            publisher=Text("发布者", "Publisher"),
            date=Text("日期", "Date"),
            kind=Text("行的性质", "Kind of row"),
            amount_kind=Text("金额口径", "Kind of amount"),
        ),
    ),
)
BY_NAME = {dataset.name: dataset for dataset in DATASETS}


def _plain(value: Any) -> Any:
    if isinstance(value, Choice):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def records(dataset: Dataset) -> list[dict[str, Any]]:
    """Return a dataset's rows as plain values, None where unknown."""
    return [
        {name: _plain(getattr(row, name)) for name in dataset.columns} for row in dataset.rows()
    ]


def as_csv(dataset: Dataset) -> bytes:
    """Return a dataset as CSV, UTF-8 with a byte-order mark; unknown is blank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dataset.columns))
    writer.writeheader()
    writer.writerows(records(dataset))
    return (BOM + text.getvalue()).encode()


def as_json(dataset: Dataset) -> bytes:
    """Return a dataset with its licence and dictionary as JSON; unknown is null."""
    return msgspec.json.encode(
        {
            "name": dataset.name,
            "title": {"zh": dataset.title.zh, "en": dataset.title.en},
            "note": {"zh": dataset.note.zh, "en": dataset.note.en},
            "licence": {"zh": LICENCE.zh, "en": LICENCE.en},
            "columns": {name: {"zh": t.zh, "en": t.en} for name, t in dataset.columns.items()},
            "rows": records(dataset),
        }
    )
