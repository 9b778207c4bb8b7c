"""Figures since 1996: the national spine, each scope's figures by kind, provincial aid, findings, rules.

Kinds (target, whole year, part of a year, cumulative) are never mixed or added; unknown stays unknown.
Source: facts reference §§5, 6, 10; each row carries its own.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from shanhai.data import facts
from shanhai.data.base import Standing
from shanhai.data.facts import Aid, Figure, FigureKind, Finding
from shanhai.domains.portal.metrics import metric, scope
from shanhai.domains.portal.provinces import PROVINCES, Province
from shanhai.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

NATION = "全国"
AID_YEARS = (2019, 2020, 2021, 2022, 2023)
UNKNOWN_YEARS = ("2021", "2022", "2024", "2025")
SPINE = ("fiscal_aid", "fiscal_and_social_grant")
FROM_ARTICLE = {"SN09": "1996-2010", "SN20": "2017-2020-06"}
ARTICLE = Text("立项政策研究文章", "Founding policy article")


class Spine(NamedTuple):
    """One figure of the national spine, 亿元; `value` None where no source has one."""

    period: str
    value: Decimal | None
    kind: FigureKind
    social: bool
    as_of: str
    publisher: Text
    source: str
    note: str

    @property
    def short(self) -> str:
        """Return the period as the chart's axis shows it."""
        until = self.as_of if self.kind is FigureKind.PART_YEAR else ""
        return f"{self.period}（{until[5:]}）" if until else self.period


def spine() -> list[Spine]:
    """Return the national figures of fiscal aid in the order of their periods, gaps included."""
    figures = (f for f in facts.yearly_figures() if f.scope == NATION and f.metric in SPINE)
    known = [_spine(figure) for figure in figures if figure.unit == "亿元"]
    gaps = [Spine(y, None, FigureKind.YEAR, False, "", Text("", ""), "", "") for y in UNKNOWN_YEARS]  # noqa: FBT003 - a field
    return sorted(
        known + _article() + gaps, key=lambda one: (one.period[:4], one.period, one.as_of)
    )


def _spine(figure: Figure) -> Spine:
    social = figure.metric == "fiscal_and_social_grant"
    publisher = Text(figure.publisher, figure.publisher)
    return Spine(
        figure.period,
        figure.value,
        figure.kind,
        social,
        figure.as_of,
        publisher,
        figure.source,
        figure.note,
    )


def _article() -> list[Spine]:
    numbers = {number.id: number for number in facts.seed_numbers()}
    return [
        Spine(
            period,
            Decimal(str(numbers[id].value)),
            FigureKind.CUMULATIVE,
            False,  # noqa: FBT003 - a field
            "",
            ARTICLE,
            numbers[id].source,
            numbers[id].quote,
        )
        for id, period in FROM_ARTICLE.items()  # noqa: A001 - the field's name
    ]


KINDS = (FigureKind.YEAR, FigureKind.PART_YEAR, FigureKind.CUMULATIVE, FigureKind.TARGET)


class Group(NamedTuple):
    """Figures of one kind, never to be added to another kind's."""

    kind: FigureKind
    rows: list[Figure]


def of_scope(name: str) -> list[Group]:
    """Return a scope's latest figures by kind, newest period first; kinds without any are left out."""
    found = [figure for figure in facts.latest_figures() if figure.scope == name]
    order: Callable[[Figure], tuple[str, str]] = lambda figure: (figure.period, figure.metric)  # noqa: E731 - a key
    groups = [
        Group(kind, sorted((f for f in found if f.kind is kind), key=order, reverse=True))
        for kind in KINDS
    ]
    return [group for group in groups if group.rows]


def of_province(code: str) -> list[Figure]:
    """Return the latest figures of every scope named after a province by its short name, newest first."""
    short = PROVINCES[code].short
    found = [figure for figure in facts.latest_figures() if short in figure.scope.replace("→", "")]
    return sorted(found, key=lambda figure: (figure.scope, figure.period), reverse=True)


class AidRow(NamedTuple):
    """A province's 援助其他地区支出 year by year; None where the yearbook prints nothing."""

    code: str
    name: Text
    years: tuple[Aid, ...]


def aid_rows(sort: str = "") -> list[AidRow]:
    """Return the provinces that the yearbook prints, the national row first, then by code or a year.

    Args:
        sort: A year, `-` before it for the largest first.
    """
    rows = [_aid(province) for province in PROVINCES.values()]
    shown = [row for row in rows if any(aid.value is not None for aid in row.years)]
    year = sort.lstrip("-")
    if year.isdigit() and int(year) in AID_YEARS:
        place = AID_YEARS.index(int(year))
        floor = Decimal(-1)
        shown.sort(
            key=lambda row: floor if (v := row.years[place].value) is None else v,
            reverse=sort.startswith("-"),
        )
    nation = tuple(facts.aid_of("000000", y) for y in AID_YEARS)
    return [AidRow("000000", Text("地方合计", "All provinces"), nation), *shown]


def aid_of_province(code: str) -> tuple[Aid, ...]:
    """Return a province's aid by year; unknown years stay unknown."""
    return tuple(facts.aid_of(code, year) for year in AID_YEARS)


def _aid(province: Province) -> AidRow:
    return AidRow(province.code, province.name, aid_of_province(province.code))


CLASSES = (
    ("闲置", Text("资金闲置", "Idle money"), ("闲置", "结转结余", "使用缓慢")),
    (
        "套取挪用",
        Text("骗取套取、挪用", "Fraud and diversion"),
        ("套取", "骗取", "挪用", "虚报", "违规用于", "侵占"),
    ),
    ("招投标", Text("招投标与核算", "Tenders and accounts"), ("招投标",)),
    ("利益联结", Text("利益联结与分配", "Benefit linkage"), ("利益联结", "直接发放")),
    (
        "损失浪费",
        Text("损失浪费、未见成效", "Waste, no effect"),
        ("损失", "浪费", "效果", "效益", "未达", "废弃", "粉饰"),
    ),
    (
        "福利接待",
        Text("福利、接待、收费", "Benefits, receptions, fees"),
        ("福利", "接待", "收取", "吃喝"),
    ),
    (
        "对象不准",
        Text("对象与信息不准", "Wrong people or records"),
        ("不准", "未对准", "未享受", "提前脱贫"),
    ),
)
OTHER = ("其他", Text("其他", "Other"), ())
RECOVERY = ("整改", Text("整改与追回（不是问题金额）", "Recoveries, not violations"), ("整改",))


class Class(NamedTuple):
    """A class of published findings (疑点 until determined elsewhere) with its rows."""

    key: str
    text: Text
    rows: list[Finding]


def findings() -> list[Class]:
    """Return the published findings by class; recoveries stand apart, amounts are never added."""
    sorted_out: dict[str, list[Finding]] = {}
    for finding in facts.audit_findings():
        sorted_out.setdefault(_class(finding), []).append(finding)
    order = (*CLASSES, OTHER, RECOVERY)
    return [Class(k, text, sorted_out[k]) for k, text, _ in order if k in sorted_out]


def _class(finding: Finding) -> str:
    if finding.recovery:
        return "整改"
    found = (key for key, _, words in CLASSES if any(word in finding.category for word in words))
    return next(found, "其他")


def named(figure: Figure) -> tuple[Text, Text]:
    """Return what a figure's metric and scope are called."""
    return metric(figure.metric), scope(figure.scope)


def unconfirmed(standing: Standing) -> bool:
    """Return whether a fact is shown as 待核."""
    return standing is Standing.UNCONFIRMED
