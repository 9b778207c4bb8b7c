"""DuckDB means what the definition means: random rules over random households with gaps."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engines.screening.rule_world import DAY, FIELDS, fired, rules, run, write
from shanhai.engines.screening import quiet
from shanhai.engines.screening.fields import Kind
from shanhai.engines.screening.lang.evaluate import World, evaluate

NUMBERS = st.one_of(st.none(), st.integers(-3, 3))
EXPRESSIONS = st.recursive(
    st.sampled_from(
        [
            "income > 0",
            "income < 2 fen * 50%",
            "spent - income >= 1 fen",
            "persons * 3 fen < 1 person * income",
            "-persons < -1 person",
            "since >= as_of - 1 day",
            "since + 1 day = as_of",
            "as_of - since <= 0 days",
            'grade in {"C", "D"}',
            'grade != "A"',
            "poor",
            "true",
            "known(income)",
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        inner.map(lambda e: f"not ({e})"),
    ),
    max_leaves=8,
)
HOUSEHOLD = st.fixed_dictionaries(
    {
        "income": NUMBERS,
        "spent": st.one_of(st.none(), st.integers(0, 3)),
        "persons": st.one_of(st.none(), st.integers(0, 3)),
        "poor": st.sampled_from([None, True, False]),
        "grade": st.sampled_from([None, "A", "C", "D"]),
        "since": st.one_of(st.none(), st.integers(-2, 1).map(lambda k: DAY + timedelta(days=k))),
    }
)
TYPES = {
    Kind.QUANTITY: pa.int64(),
    Kind.TRUTH: pa.bool_(),
    Kind.TEXT: pa.string(),
    Kind.DATE: pa.date32(),
}
DECLARED = """
[fields.income]
type = "money"
min = -1000
[fields.spent]
type = "money"
[fields.persons]
type = "count"
unit = "person"
[fields.poor]
type = "bool"
[fields.grade]
type = "text"
values = ["A", "C", "D"]
[fields.since]
type = "date"
"""


@settings(
    max_examples=16,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    source=st.lists(EXPRESSIONS, min_size=1, max_size=4),
    rows=st.lists(HOUSEHOLD, min_size=1, max_size=12),
    most_unknown=st.sampled_from([-1, 1000]),
    absent=st.sets(st.sampled_from(sorted(FIELDS)), max_size=2),
)
def test_duckdb_means_what_the_definition_means(
    tmp_path: Path,
    source: list[str],
    rows: list[dict[str, Any]],
    most_unknown: float,
    absent: set[str],
) -> None:
    rows = [row | dict.fromkeys(absent) for row in rows]
    body = DECLARED + "".join(
        f'[[rules]]\nid = "A{i}"\nwhen = \'{one}\'\nzh = "是"\nen = "yes"\n'
        for i, one in enumerate(source)
    )
    ruleset = rules(body)
    columns = {
        k: pa.array([row[k] for row in rows], TYPES[f.kind])
        for k, f in FIELDS.items()
        if k not in absent
    }
    path = write(
        tmp_path / "d.parquet", household_id=[f"{i:02}" for i in range(len(rows))], **columns
    )
    with mock.patch.object(quiet, "MOST_UNKNOWN", most_unknown):
        run(path, ruleset)
    truth = {
        True: set[tuple[str, str]](),
        None: set[tuple[str, str]](),
        False: set[tuple[str, str]](),
    }
    for i, row in enumerate(rows):
        exact = {k: Fraction(v) if type(v) is int else v for k, v in row.items()}
        world = World(exact, {}, {r.id: r.tree for r in ruleset.rules}, DAY)
        for rule in ruleset.rules:
            value: Any = evaluate(rule.tree, world)
            truth[value].add((f"{i:02}", rule.id))
    assert fired(path) == truth[True]
    assert fired(path, "unknown") == truth[None]
