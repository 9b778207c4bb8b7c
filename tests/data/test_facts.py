"""The facts keep their traps apart: totals, targets, recoveries, unknown values."""

from collections import Counter
from decimal import Decimal

import pytest

from shanhai.data import facts
from shanhai.data.base import Standing, count, money_fen, number, standing_of
from shanhai.data.facts import FigureKind
from shanhai.data.projects import AmountKind, RowKind, published_rows

WAN = 1_000_000


def test_unknown_is_unknown_and_never_zero() -> None:
    assert number("") is None
    assert count(" ") is None
    assert money_fen(None, "万元") is None
    assert facts.aid_of("450000", 2020).value is None
    assert facts.aid_of("450000", 2020).standing is Standing.UNKNOWN


def test_a_printed_zero_stays_a_zero() -> None:
    aid = facts.aid_of("150000", 2023)
    assert aid.value == 0
    assert aid.standing is Standing.QUOTED


@pytest.mark.parametrize(
    ("confidence", "known", "standing"),
    [
        ("high", True, Standing.QUOTED),
        ("quoted", True, Standing.QUOTED),
        ("medium", True, Standing.UNCONFIRMED),
        ("low", True, Standing.UNCONFIRMED),
        ("unconfirmed (verify before display as law)", True, Standing.UNCONFIRMED),
        ("high", False, Standing.UNKNOWN),
    ],
)
def test_the_evidence_rule(confidence: str, *, known: bool, standing: Standing) -> None:
    assert standing_of(confidence, known=known) is standing


def test_money_is_exact_and_only_money_is_money() -> None:
    assert money_fen(Decimal("0.0022"), "亿元") == 22 * WAN
    assert money_fen(Decimal(3), "人") is None
    with pytest.raises(ValueError, match="one fen"):
        money_fen(Decimal("0.001"), "元")


def test_the_2021_scheme_has_eleven_pairs_with_codes() -> None:
    pairs = [pair for pair in facts.province_pairs() if pair.scheme == "2021"]
    assert len(pairs) == 11
    assert all(pair.donor_code and pair.recipient_code for pair in pairs)
    assert [p.donor for p in pairs if p.standing is Standing.UNCONFIRMED] == ["山东省"]


def test_older_schemes_have_names_only() -> None:
    assert Counter(pair.scheme for pair in facts.province_pairs()) == {
        "2021": 11,
        "2016": 32,
        "1996": 13,
    }
    assert not any(pair.donor_code for pair in facts.province_pairs() if pair.scheme == "1996")


def test_a_county_pair_covers_its_period_only() -> None:
    pairs = {pair.period: pair for pair in facts.county_pairs()}
    assert pairs["2017-2020"].covers(2020) is True
    assert pairs["2017-2020"].covers(2021) is False
    assert pairs["2021-"].covers(2030) is True
    assert pairs["2023"].covers(2024) is False
    assert pairs[""].covers(2024) is None


def test_other_schemes_are_not_east_west() -> None:
    assert sum(not pair.east_west for pair in facts.county_pairs()) == 12


def test_sixty_eight_key_counties_are_unconfirmed() -> None:
    assert Counter(c.standing for c in facts.key_counties()) == {
        Standing.QUOTED: 92,
        Standing.UNCONFIRMED: 68,
    }


def test_provincial_key_counties_are_a_list_of_their_own() -> None:
    national = {c.county_code for c in facts.key_counties()}
    assert len(facts.sichuan_key_counties()) == 25
    assert not national & {c.county_code for c in facts.sichuan_key_counties()}


def test_targets_cumulative_and_part_year_figures_are_told_apart() -> None:
    kinds = {(f.scope, f.period, f.as_of, f.metric): f.kind for f in facts.yearly_figures()}
    assert kinds["津甘", "2021-2025", "plan", "fiscal_aid"] is FigureKind.TARGET
    assert kinds["粤桂", "2011", "plan", "provincial_fiscal_aid"] is FigureKind.TARGET
    assert kinds["全国", "2016-2018", "2018-12", "fiscal_aid"] is FigureKind.CUMULATIVE
    assert kinds["全国", "2019", "2019-08", "fiscal_aid"] is FigureKind.PART_YEAR
    assert kinds["沪滇", "2024H1", "2024-06", "fiscal_aid"] is FigureKind.PART_YEAR
    assert kinds["全国", "2019", "2019-12", "fiscal_aid"] is FigureKind.YEAR


def test_the_latest_of_two_statements_is_taken() -> None:
    figures = {(f.scope, f.period, f.metric): f for f in facts.latest_figures()}
    assert figures["粤桂", "2022", "fiscal_aid"].value == Decimal("17.58")
    assert figures["浙川", "2021", "fiscal_aid"].fen == 339_000 * WAN


@pytest.mark.parametrize("year", range(2019, 2024))
def test_provinces_add_up_to_the_national_row(year: int) -> None:
    rows = [aid for aid in facts.provincial_aid() if aid.year == year]
    parts = sum((aid.value or Decimal(0) for aid in rows if not aid.total), Decimal(0))
    national = next(aid.value for aid in rows if aid.total)
    assert national is not None
    assert abs(parts - national) <= Decimal("0.03")


def test_recoveries_are_no_violations() -> None:
    findings = facts.audit_findings()
    assert sorted(f.id for f in findings if f.recovery) == [
        "2013-7",
        "2016-8",
        "2018-11",
        "ZJ-EW-2",
    ]
    assert next(f.fen for f in findings if f.id == "2016-7") == 3127 * WAN
    assert next(f.fen for f in findings if f.id == "2017-4") is None


def test_totals_are_told_from_single_projects() -> None:
    kinds = {row.row_id: row.kind for row in published_rows()}
    total = {key for key, kind in kinds.items() if kind is RowKind.TOTAL}
    assert total == {"LP-0", "YA-0", "CN-0", "HY-0", "BJ-0", "MD-0"}
    assert kinds["LP-1"] is RowKind.SUBTOTAL
    assert kinds["ZA-1"] is kinds["DC-中央-7"] is RowKind.CATEGORY
    assert kinds["YL-0"] is kinds["ZG-0"] is kinds["LQ-0"] is RowKind.SINGLE


def test_some_amounts_are_no_project_amounts() -> None:
    kinds = {row.row_id: row.amount_kind for row in published_rows()}
    assert kinds["LQ-1"] is AmountKind.INVESTMENT
    assert kinds["ZG-0"] is AmountKind.YEARLY
    assert {k for k, v in kinds.items() if v is AmountKind.NOT_STATED} == {"LP-3", "LQ-0"}


@pytest.mark.parametrize(
    ("prefix", "wan"),
    [("ZA-", 8182), ("DC-中央", 5273), ("DC-省级", 5509), ("BG-", Decimal("113.5"))],
)
def test_published_sums_check(prefix: str, wan: Decimal) -> None:
    rows = [row for row in published_rows() if row.row_id.startswith(prefix)]
    assert sum(row.amount_fen or 0 for row in rows) == wan * WAN


def test_every_published_row_names_its_source() -> None:
    assert all(row.source.startswith("http") for row in published_rows())
    assert sum(row.east_west for row in published_rows()) == 17


def test_the_remaining_tables_load_whole() -> None:
    assert len(facts.seed_numbers()) == 44
    assert [layout.id for layout in facts.table_layouts()][:2] == ["short-6", "lanping-6"]
    assert len(facts.allocation_rules()) == 7
    assert (
        facts.management_rules()["fund_negative_list"]["xianjie_2021"]["management_fee_pct_max"]
        == 1
    )
