"""Figures: kinds never mix, unknown stays unknown, every number has its source and its name."""

from decimal import Decimal

from shanhai.data import facts
from shanhai.data.facts import FigureKind
from shanhai.domains.portal import figures, metrics


def test_spine_holds_the_published_national_figures() -> None:
    shown = {(one.period, one.as_of): one.value for one in figures.spine()}
    assert shown["2019", "2019-12"] == Decimal(229)
    assert shown["2023", "2023-11"] == Decimal("231.9")
    assert shown["1996-2014", "2014-12"] == Decimal("118.2")
    assert shown["1996-2010", ""] == Decimal("78.6")
    assert shown["2017-2020-06", ""] == Decimal("719.1")


def test_years_without_a_source_are_gaps_and_never_zero() -> None:
    gaps = [one.period for one in figures.spine() if one.value is None]
    assert gaps == ["2021", "2022", "2024", "2025"]


def test_spine_is_ordered_by_its_first_year() -> None:
    starts = [one.period[:4] for one in figures.spine()]
    assert starts == sorted(starts)


def test_a_part_of_a_year_says_until_when() -> None:
    part = next(one for one in figures.spine() if one.as_of == "2019-08")
    assert part.kind is FigureKind.PART_YEAR
    assert part.short == "2019（08）"


def test_every_known_figure_of_the_spine_names_a_publisher() -> None:
    assert all(one.publisher.zh for one in figures.spine() if one.value is not None)


def test_groups_hold_one_kind_each_and_lose_nothing() -> None:
    for scope in metrics.SCOPES:
        groups = figures.of_scope(scope)
        assert all(row.kind is group.kind for group in groups for row in group.rows)
        latest = [f for f in facts.latest_figures() if f.scope == scope]
        assert sum(len(group.rows) for group in groups) == len(latest)


def test_every_scope_and_metric_has_a_name_in_both_languages() -> None:
    scopes = {figure.scope for figure in facts.yearly_figures()}
    assert scopes == metrics.SCOPES.keys()
    for figure in facts.yearly_figures():
        assert figure.metric in metrics.METRICS, figure.metric
        assert figure.unit in metrics.UNITS, figure.unit


def test_metric_names_differ_from_their_keys() -> None:
    assert all(key not in (text.zh, text.en) for key, text in metrics.METRICS.items())


def test_province_finds_the_figures_named_after_it() -> None:
    scopes = {figure.scope for figure in figures.of_province("640000")}
    assert scopes == {"闽宁"}


def test_aid_rows_start_with_the_national_row_and_sort_by_a_year() -> None:
    rows = figures.aid_rows("-2023")
    assert rows[0].code == "000000"
    assert rows[1].name.zh == "上海市"
    known = [row.years[-1].value for row in rows[1:] if row.years[-1].value is not None]
    assert known == sorted(known, reverse=True)


def test_provinces_add_up_to_the_national_row() -> None:
    nation, *rows = figures.aid_rows()
    for place in range(len(figures.AID_YEARS)):
        total = sum((row.years[place].value or Decimal(0) for row in rows), Decimal(0))
        assert abs(total - (nation.years[place].value or Decimal(0))) <= Decimal("0.03")


def test_aid_not_printed_stays_unknown() -> None:
    inner = figures.aid_of_province("150000")
    assert [one.value for one in inner][:4] == [None] * 4
    assert inner[4].value == 0


def test_findings_are_classed_once_and_recoveries_stand_apart() -> None:
    classes = figures.findings()
    rows = [finding.id for one in classes for finding in one.rows]
    assert sorted(rows) == sorted(finding.id for finding in facts.audit_findings())
    recoveries = classes[-1]
    assert recoveries.key == "整改"
    assert all(finding.recovery for finding in recoveries.rows)
    assert not any(f.recovery for one in classes[:-1] for f in one.rows)
