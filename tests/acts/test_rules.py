"""Every rule of the platform has a number, a text and a source; guards cite it by its number."""

import re

import pytest

from shanhai.acts import book
from shanhai.acts.machine import ACTS, PARAMETERS
from shanhai.acts.platform import PLATFORM_RULES, platform
from shanhai.acts.printed import rules

BOOK = book
SOURCES = [guard.source for act in ACTS.values() for guard in act.row.guards]
CITED = {
    number
    for source in [*SOURCES, *(one.source for one in PARAMETERS.values())]
    for number in re.findall(r"平台规则 (R\d\d)", source)
}


def test_no_guard_cites_the_platform_without_a_number() -> None:
    bare = [source for source in SOURCES if re.search(r"平台规则(?! R\d\d )", source)]
    assert bare == []


def test_rules_and_citations_are_the_same() -> None:
    assert set(PLATFORM_RULES) == CITED


def test_numbers_follow_one_another() -> None:
    assert list(PLATFORM_RULES) == [f"R{n:02}" for n in range(1, len(PLATFORM_RULES) + 1)]


@pytest.mark.parametrize("number", PLATFORM_RULES)
def test_a_rule_says_itself_and_where_it_comes_from(number: str) -> None:
    rule = PLATFORM_RULES[number]
    assert rule.text.zh
    assert rule.text.en
    assert rule.source.startswith("平台自定")
    row = next(line for line in rules().splitlines() if line.startswith(f"| {number} "))
    assert rule.text.zh in row


def test_an_unknown_number_cannot_be_cited() -> None:
    with pytest.raises(KeyError):
        platform("R99")


def test_every_guard_stands_in_the_printed_table() -> None:
    printed = rules()
    for act in ACTS.values():
        for guard in act.row.guards:
            assert f"| `{guard.code}` |" in printed
