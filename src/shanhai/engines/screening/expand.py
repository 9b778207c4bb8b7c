"""From hits to alerts: one row for each household and rule that fires or is unknown, as DuckDB SQL.

Ordered by rule, then household, so the same input gives the same bytes.
"""

from shanhai.engines.screening.hits import words
from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.rules.ruleset import Rule
from shanhai.engines.screening.sql import text
from shanhai.engines.screening.words import (
    amounts,
    inputs,
    missing,
    parameters,
    reason,
    values_json,
)

COLUMNS = (
    "household_id",
    "region",
    "rule",
    "version",
    "state",
    "kind",
    "category",
    "severity",
    "level",
    "colour",
    "parameters",
    "inputs",
    "reason_zh",
    "reason_en",
)
"""Columns of the alert file, in order; `state` is alert or unknown."""
HASHED = "household_id, coalesce(region, ''), rule, version, state, level, parameters, inputs"
"""What the result hash covers."""


HALVES = ("lower", "upper")
"""Names of the halves of a row's MD5, whole numbers of 64 bits."""


def alert_sql(plan: Plan, position: int) -> str:
    """Return a query for the alerts of one rule over the view `hits`, in the order of its rows.

    It has the columns that are not the `same` for all, and the row's `HALVES`.
    """
    rule, (word, bit) = plan.ruleset.rules[position], _bit(plan, position)
    row = _row(rule, plan, f"fired{word} & {bit} <> 0")
    shown = ", ".join(["*", *amounts(rule, dict(plan.ruleset.fields))])
    some = f"(fired{word} | unknown{word}) & {bit} <> 0"
    rows = f"SELECT {row} FROM (SELECT {shown} FROM hits WHERE {some})"
    hashed = f"SELECT *, md5_number(concat_ws('\u001f', {HASHED})) AS md5 FROM ({rows})"
    fixed = same(plan, position)
    kept = [one for one in COLUMNS if one not in fixed]
    lower, upper = HALVES
    halves = [
        f"(md5 & 18446744073709551615::UHUGEINT)::UBIGINT AS {lower}",
        f"(md5 >> 64)::UBIGINT AS {upper}",
    ]
    return f"SELECT {', '.join([*kept, *halves])} FROM ({hashed})"


def same(plan: Plan, position: int) -> dict[str, str | int]:
    """Return the columns that are the same in all alerts of one rule, with their values."""
    rule = plan.ruleset.rules[position]
    row = rule.row
    values: dict[str, str | int] = {
        "rule": rule.id,
        "version": row.version,
        "kind": row.kind,
        "category": row.category,
        "severity": row.severity,
    }
    if plan.constant is not None:
        values["parameters"] = values_json(rule, plan.constant)
    return values


def _bit(plan: Plan, position: int) -> tuple[int, int]:
    """Return in which mask a rule is, and its bit there."""
    word, of = next((w, of) for w, of in enumerate(words(plan)) if position in of)
    return word, 1 << position - of.start


def _row(rule: Rule, plan: Plan, fires: str) -> str:
    fields = dict(plan.ruleset.fields)
    row = rule.row
    values = {
        "household_id": "household_id",
        "region": "region",
        "rule": text(rule.id),
        "version": text(row.version),
        "state": f"CASE WHEN {fires} THEN 'alert' ELSE 'unknown' END",
        "kind": text(row.kind),
        "category": text(row.category),
        "severity": f"{row.severity}::BIGINT",
        "level": "level",
        "colour": "colour",
        "parameters": parameters(rule, plan),
        "inputs": inputs(rule, fields),
    }
    values |= {
        f"reason_{lang}": f"CASE WHEN {fires} THEN {reason(rule, fields, plan, lang)} "
        f"ELSE {missing(rule, fields, lang)} END"
        for lang in ("zh", "en")
    }
    return ", ".join(f"{sql} AS {column}" for column, sql in values.items())
