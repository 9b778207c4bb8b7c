"""The rule language: what it means, what it refuses and where, and that nothing breaks it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engines.screening.rule_world import SCOPE
from shanhai.engines.screening.fields import Kind
from shanhai.engines.screening.lang import core
from shanhai.engines.screening.lang.check import check
from shanhai.engines.screening.lang.errors import RuleError
from shanhai.engines.screening.lang.parser import parse, parse_quantity

INCOME = core.Column("income", Kind.QUANTITY)
PERSONS = core.Column("persons", Kind.QUANTITY)


def test_money_is_compared_in_fen() -> None:
    assert check(parse("income >= 5,000.05元"), SCOPE) == core.Ordered(
        ">=", INCOME, core.Whole(500_005)
    )


def test_a_share_is_cleared_by_multiplication_never_by_division() -> None:
    found = check(parse("income < 1.5 * @line * persons"), SCOPE)
    left = core.Times(INCOME, core.Whole(2))
    right = core.Times(core.Times(core.Whole(3), core.Given("line")), PERSONS)
    assert found == core.Ordered("<", left, right)


def test_full_width_signs_are_read() -> None:
    assert parse("（income ≥ 5元） and poor") == parse("(income >= 5 yuan) and poor")


def test_and_binds_closer_than_or() -> None:
    assert parse("poor or poor and poor") == parse("poor or (poor and poor)")


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("incom < 5元", "screen.name", 1),
        ("income < @lime * persons", "screen.name", 10),
        ("income < persons", "screen.unit", 8),
        ("income > 5000", "screen.unit", 8),
        ("income + persons > 0", "screen.unit", 8),
        ("income and poor", "screen.type", 1),
        ("poor < poor", "screen.type", 1),
        ("income", "screen.type", 1),
        ('grade > "A"', "screen.type", 1),
        ("grade = poor", "screen.type", 9),
        ('grade in {"X"}', "screen.value", 7),
        ("since > as_of - 3 months", "screen.unit", 15),
        ("since + since > as_of", "screen.type", 1),
        ("1 < 2 < 3", "screen.chain", 7),
        ("income < 0.005 yuan", "screen.fraction_fen", 10),
        ("income * spent * persons = spent * income * persons", "screen.overflow", 8),
        ("since > 2026-02-30", "screen.date", 9),
        ("poor or", "screen.expected", 8),
        ("(poor", "screen.expected", 6),
        ("poor poor", "screen.expected", 6),
        ('grade = "A', "screen.quote", 9),
        ("poor ; poor", "screen.character", 6),
        ("not " * 60 + "poor", "screen.deep", 165),
        ("poor or " * 300 + "poor", "screen.deep", 1),
        ("and", "screen.expected", 1),
        ("known(income > 5)", "screen.expected", 14),
    ],
)
def test_a_mistake_is_refused_at_its_column(source: str, code: str, column: int) -> None:
    with pytest.raises(RuleError) as refused:
        check(parse(source), SCOPE)
    assert (refused.value.code, refused.value.column) == (code, column)
    shown = refused.value.placed("f.toml:3", source)
    assert shown.say("zh") != shown.say("en")
    assert "^" in shown.say("en")


@pytest.mark.parametrize("text", ["8500", "8500 yuan/person", "30%", "-3 days", "1.5"])
def test_values_of_parameters_are_read(text: str) -> None:
    assert parse_quantity(text) is not None


@pytest.mark.parametrize("text", ["", "yuan", "8500 +", "1 + 1", "@line", "true"])
def test_what_is_no_value_is_none(text: str) -> None:
    assert parse_quantity(text) is None


WORDS = "income spent persons poor grade since as_of R01 @line @drop and or not in { } ( ) , < <= ="
MORE = (
    '!= + - * 3 0 1.5 5元 30% 3days "A" "" 2026-03-14 true known / % ， （ 人 @ ; 9999999999999999'
)
PIECES = st.sampled_from([*WORDS.split(), *MORE.split()])


def outcome(source: str) -> core.Core | RuleError:
    """Check a source, or return how it was refused."""
    try:
        return check(parse(source), SCOPE)
    except RuleError as refused:
        return refused


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join)))
@example("9" * 5000)
@example("1.5" * 50)
def test_no_text_does_more_than_be_refused(source: str) -> None:
    found = outcome(source)
    assert isinstance(found, core.Core) or 1 <= found.column <= len(source) + 1
    assert isinstance(found, core.Core) or found.placed("f", source).say("zh")
