"""The screening guide's rule file and specification are accepted as they stand."""

import re
from pathlib import Path

from shanhai.engines.screening.mpi import load_spec
from shanhai.engines.screening.risk.spec import load_spec as load_risk
from shanhai.engines.screening.rules.ruleset import load_ruleset

TEXT = (Path(__file__).resolve().parents[2] / "docs/guide/screening.md").read_text("utf-8")
RULES, SPEC, RISK = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_the_rule_file_of_the_guide_is_accepted() -> None:
    found = load_ruleset(RULES)
    assert [rule.id for rule in found.rules] == ["A1"]
    assert found.reading.money == "yuan"


def test_the_specification_of_the_guide_is_accepted() -> None:
    assert load_spec(SPEC).size == "persons"


def test_the_specification_of_the_score_is_accepted() -> None:
    assert load_risk(RISK).task == "entry"
