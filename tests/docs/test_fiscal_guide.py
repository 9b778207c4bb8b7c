"""The fiscal guide is enough and exact: its schemes run, and it names every method, argument, function and key."""

import re
from pathlib import Path

import pytest

from shanhai.engines.fiscal import METHODS, parse_scheme, prepare, read_table, run
from shanhai.engines.fiscal.formula.aggregates import AGGREGATES
from shanhai.engines.fiscal.formula.functions import FUNCTIONS
from shanhai.engines.fiscal.library import names
from shanhai.engines.fiscal.reading import BALANCES, TABLES
from shanhai.engines.fiscal.solve import parse_target, solve
from shanhai.engines.fiscal.units import MONEY_UNITS

TEXT = (Path(__file__).resolve().parents[2] / "docs/guide/fiscal.md").read_text(encoding="utf-8")
CHINESE, ENGLISH = TEXT.split("\n---\n")
EXAMPLES = re.findall(r"```toml\n(.*?)```\n+```csv\n(.*?)```", TEXT, re.DOTALL)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 3
    assert CHINESE.count("\n## ") == ENGLISH.count("\n## ")


@pytest.mark.parametrize(("text", "data"), EXAMPLES)
def test_every_example_runs_and_balances(text: str, data: str) -> None:
    scheme = parse_scheme(text)
    result = run(prepare(scheme), read_table(data, scheme.data, scheme.head.currency))
    for transfer in scheme.transfers:
        if not transfer.payer:
            assert sum(result.at(transfer.name)) == 0 < sum(result.at(f"{transfer.name}_paid"))


def test_the_need_a_head_is_solved_as_the_guide_says() -> None:
    text, data = EXAMPLES[0]
    scheme = parse_scheme(text)
    table = read_table(data, scheme.data, scheme.head.currency)
    found = solve(
        prepare(scheme), table, parse_target("sum(bez) = 1570 million"), "per_head=1000:9000"
    )
    assert sum(found.result.at("bez")) == pytest.approx(157_000_000_000, abs=1)


@pytest.mark.parametrize("half", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_word_of_the_language_is_in_both_halves(half: str) -> None:
    words = {*FUNCTIONS, *AGGREGATES}
    assert [word for word in words if f"`{word}(" not in half] == []
    methods = [
        (m.name, arg)
        for stage in METHODS
        if stage != "report"
        for m in METHODS[stage].values()
        for arg in m.args
    ]
    assert [pair for pair in methods if not all(f"`{word}`" in half for word in pair)] == []
    assert [name for name in (*names(), *BALANCES) if f"`{name}`" not in half] == []
    assert [table for table in TABLES if f"[{table}" not in half] == []
    assert [unit for unit in MONEY_UNITS if unit not in half] == []
