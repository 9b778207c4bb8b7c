"""Figures: Wilson's interval against published values, cohorts that cannot shrink; Alkire–Foster's open example."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.engines.screening.figures import (
    lead_time,
    missed_rate,
    relapse_rate,
    return_rate,
    wilson,
)
from shanhai.engines.screening.mpi import load_spec, measure
from shanhai.kernel.errors import InvalidInputError


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_gives_the_published_intervals(
    hits: int, total: int, low: float, high: float
) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3."""
    assert wilson(hits, total) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_in_its_interval(pair: tuple[int, int]) -> None:
    hits, total = pair
    low, high = wilson(hits, total)
    assert 0 <= low <= (hits / total if total else 0.5) <= high <= 1


def test_more_hits_than_asked_is_no_share() -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


def test_a_person_who_vanished_stays_in_the_cohort_as_unknown() -> None:
    found = return_rate({"a", "b", "c"}, {"a": True, "b": False})
    assert (found.numerator, found.denominator, found.covered, found.asked) == (1, 2, 2, 3)


def test_missed_are_those_the_survey_found_and_we_did_not() -> None:
    found = missed_rate(["a", "b", "c", "d"], ["a", "b", "z"])
    assert (found.numerator, found.denominator, found.value) == (2, 4, 0.5)


def test_an_early_warning_has_negative_days() -> None:
    day = date(2026, 5, 1)
    losses = {"a": day, "b": day, "c": day, "d": day}
    alerts = {"a": day - timedelta(days=3), "b": day, "c": day + timedelta(days=9)}
    found = lead_time(losses, alerts)
    assert (found.median_days, found.before, found.same_day, found.after) == (0, 1, 1, 1)
    assert found.without_alert == 1


def test_a_household_removed_lately_is_no_success_yet() -> None:
    old, new = date(2024, 1, 1), date(2026, 1, 1)
    removed = {"a": old, "b": old, "c": new}
    found = relapse_rate(removed, {"a": old + timedelta(days=365)}, date(2026, 6, 1))
    assert (found.numerator, found.denominator, found.asked) == (1, 2, 3)


HEALTH = ("undernourished", "child_died")
SCHOOL = ("no_six_years", "not_attending")
LIVING = ("electricity", "water", "sanitation", "housing", "fuel", "assets")
ROWS = (("health", HEALTH, "1/6"), ("education", SCHOOL, "1/6"), ("living", LIVING, "1/18"))
SPEC = 'k = "1/3"\nsize = "persons"\ngroup = "village"\n' + "".join(
    f'[[indicators]]\nname = "{name}"\nweight = "{weight}"\ndimension = "{dimension}"\n'
    for dimension, names, weight in ROWS
    for name in names
)
NAMES = (*HEALTH, *SCHOOL, *LIVING)
MATRIX = ["0100000010", "0111101011", "1000111010", "0110100011"]
SIZES = (4, 7, 5, 4)


def example() -> list[dict[str, Any]]:
    """Return the four households of the technical note."""
    rows = zip(MATRIX, SIZES, "xxyy", strict=True)
    return [
        dict(zip(NAMES, map(int, cells), strict=True)) | {"persons": n, "village": v}
        for cells, n, v in rows
    ]


def test_the_open_example_of_the_technical_note() -> None:
    found = measure(example(), load_spec(SPEC))[""]
    assert (found.headcount, found.intensity) == pytest.approx((0.8, 0.5625), abs=1e-9)
    assert found.mpi == pytest.approx(0.45, abs=1e-9)
    shares = {"health": 0.2963, "education": 0.3333, "living": 0.3704}
    assert found.dimensions == pytest.approx(shares, abs=5e-5)


def test_subgroups_add_up() -> None:
    found = measure(example(), load_spec(SPEC))
    assert found["x"].group_share + found["y"].group_share == pytest.approx(1)
    people = found[""].population
    mpi = sum(found[g].mpi * found[g].population / people for g in "xy")
    assert mpi == pytest.approx(found[""].mpi)


def test_a_score_equal_to_the_cut_off_is_poor() -> None:
    row = dict.fromkeys(NAMES, 0) | {
        "undernourished": 1,
        "child_died": 1,
        "persons": 1,
        "village": "x",
    }
    assert measure([row], load_spec(SPEC))[""].headcount == 1


def test_a_missing_indicator_drops_the_row_and_is_counted() -> None:
    rows = example()
    rows[0]["water"] = None
    found = measure(rows, load_spec(SPEC))[""]
    assert (found.households, found.dropped, found.population) == (3, 1, 16)


@given(st.lists(st.lists(st.integers(0, 1), min_size=10, max_size=10), min_size=1, max_size=12))
def test_one_more_deprivation_never_lowers_poverty(matrix: list[list[int]]) -> None:
    rows = [dict(zip(NAMES, one, strict=True)) | {"persons": 2, "village": "x"} for one in matrix]
    before = measure(rows, load_spec(SPEC))[""].mpi
    worse = measure([rows[0] | {"water": 1}, *rows[1:]], load_spec(SPEC))[""].mpi
    assert worse >= before - 1e-12


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('"1/6"', '"1/5"', "screen.mpi_weights"),
        ('k = "1/3"', 'k = "2"', "screen.mpi_spec"),
        ('k = "1/3"', 'k = "x"', "screen.mpi_spec"),
        ('k = "1/3"', "k = ", "screen.mpi_spec"),
        ("dimension", "dimenson", "screen.mpi_spec"),
    ],
)
def test_a_wrong_specification_is_refused(before: str, after: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        load_spec(SPEC.replace(before, after, 1))
    assert refused.value.code == code


def test_wrong_cells_and_columns_are_refused_with_their_place() -> None:
    with pytest.raises(InvalidInputError) as refused:
        measure([example()[0] | {"water": 2}], load_spec(SPEC))
    assert refused.value.facts == {"row": 1, "name": "water", "found": "2"}
    with pytest.raises(InvalidInputError) as refused:
        measure([{}], load_spec(SPEC))
    assert refused.value.code == "screen.mpi_column"
