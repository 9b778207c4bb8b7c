"""The facts the platform shows, one loader a table, each a frozen struct with its standing.

Source: the `source` of each row; the tables lie in `tables/` beside this module.
"""

from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from shanhai.data.base import (
    Fact,
    Standing,
    count,
    json_of,
    money_fen,
    number,
    rows_of,
    standing_of,
)
from shanhai.kernel.text import Choice


class ProvincePair(Fact, frozen=True, kw_only=True):
    """A province (in 2016 also a city) that helps another; codes stand in the 2021 scheme only."""

    scheme: str
    scheme_name: str
    donor: str
    donor_code: str = ""
    recipient: str
    recipient_code: str = ""


class CountyPair(Fact, frozen=True, kw_only=True):
    """A city or county pair; years are None where open or not stated."""

    scheme: str
    period: str
    donor_province: str
    donor: str
    donor_code: str
    recipient_province: str
    recipient: str
    recipient_code: str
    level: str
    note: str

    @property
    def east_west(self) -> bool:
        """Return whether the pair is East-West; other schemes use the same mechanism."""
        return self.level != "other-scheme"

    def covers(self, year: int) -> bool | None:
        """Return whether the pair held in `year`; None where its period is not stated."""
        if not self.period:
            return None
        start, dash, end = self.period.partition("-")
        last = int(end) if end else (9999 if dash else int(start))
        return int(start) <= year <= last


class KeyCounty(Fact, frozen=True, kw_only=True):
    """A county on a list of key counties: 160 national ones, or 25 of 四川 (never merge the two)."""

    county: str
    county_code: str
    prefecture: str = ""
    province: str = ""
    province_code: str = ""


class FigureKind(Choice):
    """What a yearly figure means; rows of different kinds are never added."""

    TARGET = "target", "目标", "Target"
    CUMULATIVE = "cumulative", "多年累计", "Cumulative"
    PART_YEAR = "part_year", "年内截至", "Part of a year"
    YEAR = "year", "全年", "Whole year"


class Figure(Fact, frozen=True, kw_only=True):
    """A figure of a scope and period; `value` is None where no source has one."""

    scope: str
    period: str
    as_of: str = ""
    metric: str
    value: Decimal | None
    unit: str
    publisher: str = ""
    note: str = ""
    kind: FigureKind

    @property
    def fen(self) -> int | None:
        """Return the amount in fen, or None if unknown or no money."""
        return money_fen(self.value, self.unit)


class Aid(Fact, frozen=True, kw_only=True):
    """援助其他地区支出 of a province and year: neither a bound of East-West aid nor to be added to it."""

    code: str
    province: str
    year: int
    value: Decimal | None
    unit: str = "亿元"

    @property
    def total(self) -> bool:
        """Return whether this is the national row, to be left out of sums."""
        return self.code == "000000"


class Finding(Fact, frozen=True, kw_only=True):
    """A published audit finding; units differ by row, recoveries are no violations."""

    id: str
    year: int | None
    authority: str
    scope: str
    category: str
    amount: Decimal | None
    unit: str
    count_or_people: str
    detail: str

    @property
    def recovery(self) -> bool:
        """Return whether the row tells of money recovered, not of a violation."""
        return "整改" in self.category

    @property
    def fen(self) -> int | None:
        """Return the amount in fen, or None if unknown or no money."""
        return money_fen(self.amount, self.unit)


class AllocationRule(Fact, frozen=True, kw_only=True):
    """A published rule of amount."""

    rule: str
    detail: str
    check: str = ""


class Layout(Fact, frozen=True, kw_only=True):
    """A table layout seen in announcements."""

    id: str
    name: str
    columns: tuple[str, ...]
    sections: tuple[str, ...] = ()
    fund_columns: tuple[str, ...] = ()
    evidence: str


class SeedNumber(Fact, frozen=True, kw_only=True):
    """A number of the founding article, with its quote or what it derives from."""

    id: str
    value: int | float | str | tuple[int | float | str | None, ...]
    unit: str
    period: str
    meaning: str
    quote: str = ""
    derived_from: tuple[str, ...] = ()


@cache
def province_pairs() -> tuple[ProvincePair, ...]:
    """Return the pairs of the schemes of 2021, 2016 and 1996."""
    schemes = json_of("pairing_province.json", dict[str, list[dict[str, Any]]])["schemes"]
    return tuple(
        msgspec.convert(
            {
                "scheme": scheme["id"],
                "scheme_name": scheme["name"],
                "standing": standing_of(pair["confidence"]),
                **pair,
            },
            ProvincePair,
        )
        for scheme in schemes
        for pair in scheme["pairs"]
    )


@cache
def county_pairs() -> tuple[CountyPair, ...]:
    """Return the known city and county pairs; the list is partial, missing pairs are unknown."""
    return tuple(
        CountyPair(**row, standing=standing_of(row["confidence"]))
        for row in rows_of("pairing_county.csv")
    )


@cache
def key_counties() -> tuple[KeyCounty, ...]:
    """Return the 160 national key counties; 68 of them are 待核."""
    return tuple(
        KeyCounty(
            county=row["county"],
            county_code=row["county_code"],
            prefecture=row["prefecture"],
            province=row["province"],
            province_code=row["province_code"],
            source=row["source"],
            confidence=row["confidence"],
            standing=standing_of(row["evidence"]),
        )
        for row in rows_of("key_counties_160.csv")
    )


@cache
def sichuan_key_counties() -> tuple[KeyCounty, ...]:
    """Return the 25 provincial (not national) key counties of 四川."""
    return tuple(
        KeyCounty(
            **row,
            province="四川省",
            province_code="510000",
            confidence="high",
            standing=Standing.QUOTED,
        )
        for row in rows_of("sichuan_provincial_key_counties_25.csv")
    )


def _kind(period: str, as_of: str, metric: str, unit: str) -> FigureKind:
    if as_of == "plan" or metric.startswith("agreement_") or unit.endswith("/年"):
        return FigureKind.TARGET
    if "-" in period:
        return FigureKind.CUMULATIVE
    if "H" in period or (as_of[:4] == period and as_of[4:] not in {"", "-12"}):
        return FigureKind.PART_YEAR
    return FigureKind.YEAR


@cache
def yearly_figures() -> tuple[Figure, ...]:
    """Return every published figure; see `latest_figures` before showing one a year."""
    return tuple(
        Figure(
            **{k: v for k, v in row.items() if k != "value"},
            value=number(row["value"]),
            kind=_kind(row["period"], row["as_of"], row["metric"], row["unit"]),
            standing=standing_of(row["confidence"], known=bool(row["value"])),
        )
        for row in rows_of("yearly_figures.csv")
    )


def latest_figures() -> tuple[Figure, ...]:
    """Return one figure for each scope, period, metric and target-or-result: the latest as of."""
    latest: dict[tuple[str, str, str, bool], Figure] = {}
    for figure in yearly_figures():
        key = (figure.scope, figure.period, figure.metric, figure.kind is FigureKind.TARGET)
        if key not in latest or figure.as_of > latest[key].as_of:
            latest[key] = figure
    return tuple(latest.values())


@cache
def provincial_aid() -> tuple[Aid, ...]:
    """Return the printed rows 2019–2023, the national ones too; a row not printed is unknown."""
    return tuple(
        Aid(
            code=row["code"],
            province=row["province"],
            year=int(row["year"]),
            value=number(row["aid_to_other_regions_亿元"]),
            source=row["source"],
            confidence="high",
            standing=standing_of("high", known=bool(row["aid_to_other_regions_亿元"])),
        )
        for row in rows_of("aid_to_other_regions_2019_2023.csv")
    )


def aid_of(code: str, year: int) -> Aid:
    """Return a province's aid in a year, with value None where the yearbook prints none."""
    found = [aid for aid in provincial_aid() if aid.code == code and aid.year == year]
    names = [aid.province for aid in provincial_aid() if aid.code == code]
    unknown = Aid(code=code, province=next(iter(names), ""), year=year, value=None)
    return found[0] if found else unknown


@cache
def audit_findings() -> tuple[Finding, ...]:
    """Return the published findings."""
    return tuple(
        Finding(
            **{k: v for k, v in row.items() if k not in {"year", "amount"}},
            year=count(row["year"]),
            amount=number(row["amount"]),
            standing=standing_of(row["confidence"]),
        )
        for row in rows_of("audit_findings.csv")
    )


@cache
def allocation_rules() -> tuple[AllocationRule, ...]:
    """Return the published rules of amount; two of them are not East-West."""
    rows = json_of("allocation_rules.json", list[dict[str, str]])
    return tuple(AllocationRule(**row, standing=standing_of(row["confidence"])) for row in rows)


@cache
def table_layouts() -> tuple[Layout, ...]:
    """Return the six layouts of announcement tables."""
    rows = json_of("project_table_layouts.json", dict[str, list[dict[str, Any]]])
    return tuple(
        msgspec.convert({**row, "standing": standing_of(row["evidence"])}, Layout)
        for row in rows["project_table_layouts"]
    )


@cache
def seed_numbers() -> tuple[SeedNumber, ...]:
    """Return the numbers of the founding article and those derived from them."""
    article = json_of("seed_numbers.json", dict[str, Any])
    return tuple(
        msgspec.convert(
            {
                **row,
                "source": article["document"],
                "confidence": "high",
                "standing": Standing.QUOTED,
            },
            SeedNumber,
        )
        for row in article["numbers"] + article["derived"]
    )


@cache
def management_rules() -> dict[str, Any]:
    """Return negative lists, procedure steps, subsidies, certification and cadre rules as published.

    Items whose `evidence` begins with `unconfirmed` are shown as 待核 (see `standing_of`).
    """
    return json_of("management_rules.json", dict[str, Any])
