"""The reference of the indicator engine names every method, parameter and key of a scheme; its examples are read."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from shanhai.engines.indicators import read_scheme
from shanhai.engines.indicators.effect import Design
from shanhai.engines.indicators.methods import METHODS, fields_of
from shanhai.engines.indicators.parts import (
    About,
    Assumption,
    Data,
    Dependence,
    Grade,
    Grades,
    Improve,
    Indicator,
    Node,
    Rule,
    Sensitivity,
)
from shanhai.engines.indicators.scheme import STEPS, TABLES

GUIDES = Path(__file__).resolve().parents[2] / "docs/guide"
TEXT = (GUIDES / "indicators-reference.md").read_text("utf-8")
WORDS = set(re.findall(r"[A-Za-z_0-9]+", TEXT))
STRUCTS: list[type[msgspec.Struct]] = [About, Assumption, Data, Dependence, Grade, Grades]
STRUCTS += [Improve, Indicator, Node, Rule, Sensitivity, Design]


def test_every_method_and_parameter_is_in_the_reference() -> None:
    asked = {*STEPS, *TABLES}
    for methods in METHODS.values():
        for name, method in methods.items():
            asked |= {name, *fields_of(method.params)}
    for struct in STRUCTS:
        asked |= set(fields_of(struct))
    assert sorted(asked - WORDS) == []


BLOCKS = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("at", range(len(BLOCKS)))
def test_every_example_of_the_reference_is_read(at: int) -> None:
    block = BLOCKS[at]
    tables = tomllib.loads(block)
    head = "" if "scheme" in tables else '[scheme]\nname = "t"\n'
    leaves = "" if "indicators" in tables else _leaves("gni" if "derive" in tables else "x")
    assert read_scheme(head + block + leaves).indicators


def _leaves(code: str) -> str:
    nodes = '[[nodes]]\ncode = "top"\n[[nodes]]\ncode = "p"\nparent = "top"\n'
    return f'\n{nodes}[[indicators]]\ncode = "{code}"\nparent = "p"\n'


def test_the_guide_shows_a_whole_scheme_that_is_read() -> None:
    text = (GUIDES / "indicators.md").read_text("utf-8")
    (scheme,) = set(re.findall(r"```toml\n(.*?)```", text, re.DOTALL))
    assert read_scheme(scheme).sensitivity is not None
    chinese, english = text.split("\n---\n")
    assert chinese.count("\n## ") == english.count("\n## ")
