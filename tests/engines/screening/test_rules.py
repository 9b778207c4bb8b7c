"""Rule files: what is shipped, what is refused with its line, how dated values are found."""

from datetime import date

import pytest

from engines.screening.rule_world import HEAD, monitoring, rules
from shanhai.engines.screening.plan import make_plan
from shanhai.engines.screening.rules.ruleset import load_ruleset
from shanhai.engines.screening.shipped import shipped
from shanhai.kernel.errors import InvalidInputError

RULE = '[[rules]]\nid = "A"\nwhen = "n > 0"\nzh = "有 {n} 人"\nen = "{n}"\n'
FIELD = '[fields.n]\ntype = "count"\nunit = "person"\n'


def test_the_shipped_rules_are_r01_to_r20_with_provenance() -> None:
    found = monitoring()
    assert [r.id for r in found.rules][:20] == [f"R{n:02}" for n in range(1, 21)]
    assert all(r.row.source and r.row.status for r in found.rules)
    assert all(v.source and v.status for p in found.parameters.values() for v in p.values)


def test_the_shipped_file_holds_no_line_where_none_is_known() -> None:
    line = load_ruleset(shipped("monitoring")).parameters["line"]
    for year in (2022, 2025, 2026):
        assert [r for r in range(11, 66) if line.at(f"{r}0000", date(year, 6, 1))] == []


@pytest.mark.parametrize(("day", "found"), [((2024, 3, 13), None), ((2024, 3, 14), 880_000)])
def test_a_line_begins_on_its_day(day: tuple[int, int, int], found: int | None) -> None:
    line = load_ruleset(shipped("monitoring")).parameters["line"]
    value = line.at("520123", date(*day))
    assert (value.scaled if value else None) == found


def test_a_region_without_a_value_is_an_error_never_a_default() -> None:
    with pytest.raises(InvalidInputError) as refused:
        make_plan(load_ruleset(shipped("monitoring")), date(2024, 3, 13), ["520123"])
    assert refused.value.facts["name"] == "line"
    assert refused.value.facts["region"] == "520123"


def test_the_county_wins_over_the_province() -> None:
    body = (
        FIELD
        + RULE.replace("n > 0", "n > @few")
        + (
            '[[parameters]]\nname = "few"\nunit = "person"\n'
            '[[parameters.values]]\nvalue = "1"\n[[parameters.values]]\nregion = "52"\nvalue = "2"\n'
            '[[parameters.values]]\nregion = "520123"\nvalue = "3"\n'
        )
    )
    plan = make_plan(rules(body), date(2026, 1, 1), ["110000", "520100", "520123"])
    given = {r: int(plan.classes[c or 0]["few"].value) for r, c in plan.class_of.items()}
    assert given == {"110000": 1, "520100": 2, "520123": 3}


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("n > 0", "m > 0", "screen.name", "t.toml:9"),
        ("{n} 人", "{m} 人", "screen.message", "t.toml:10"),
        ("{n} 人", "{n 人", "screen.message", "t.toml:10"),
        ('type = "count"', 'type = "many"', "screen.toml", "t.toml:5"),
        ('unit = "person"', 'unit = "yuan"', "screen.field_unit", "t.toml:4"),
        ('unit = "person"', 'unit = "person"\nmin = 9\nmax = 3', "screen.field_bounds", "t.toml:4"),
        ('unit = "person"', 'unit = "person"\nmin = 2026-01-01', "screen.field_bounds", "t.toml:4"),
        ('id = "A"', 'id = "n"', "screen.twice", "t.toml:8"),
        ('id = "A"', 'id = "and"', "screen.reserved", "t.toml:8"),
        ('id = "A"', 'id = "A"\nseverity = 9', "screen.toml", "t.toml:9"),
        ('id = "A"', 'id = "A"\nserious = 1', "screen.toml", "t.toml:7"),
        ("n > 0", "A or n > 0", "screen.cycle", "t.toml:9"),
        ("[[rules]]", "[[rules]", "screen.toml", "t.toml"),
    ],
)
def test_a_wrong_file_is_refused_with_the_line(
    before: str, after: str, code: str, line: str
) -> None:
    body = (FIELD + RULE).replace(before, after)
    with pytest.raises(InvalidInputError) as refused:
        rules(body)
    assert refused.value.code == code
    assert str(refused.value.facts["where"]).split()[0] == line
    assert line in refused.value.say("zh")


PARAMETER = '[[parameters]]\nname = "p"\nunit = "{unit}"\n'
VALUE = '[[parameters.values]]\nvalue = "{value}"\n'


@pytest.mark.parametrize(
    ("unit", "values", "code"),
    [
        ("pounds", "", "screen.parameter_unit"),
        ("yuan", VALUE.format(value="5 days"), "screen.parameter_value"),
        ("yuan", VALUE.format(value="much"), "screen.parameter_value"),
        ("yuan", VALUE.format(value="5") * 2, "screen.parameter_overlap"),
        (
            "yuan",
            VALUE.format(value="5") + "valid_from = 2026-01-02\nvalid_to = 2026-01-01\n",
            "screen.parameter_period",
        ),
    ],
)
def test_a_wrong_parameter_is_refused(unit: str, values: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rules(FIELD + RULE + PARAMETER.format(unit=unit) + values)
    assert refused.value.code == code


def test_rules_may_name_later_rules() -> None:
    later = RULE.replace('"A"', '"B"').replace("n > 0", "not A")
    found = rules(FIELD + later + RULE)
    assert [(r.id, r.fields) for r in found.rules] == [("B", ("n",)), ("A", ("n",))]


def test_a_setting_for_no_parameter_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        load_ruleset(HEAD + FIELD + RULE, "t.toml", {"line": "5"})
