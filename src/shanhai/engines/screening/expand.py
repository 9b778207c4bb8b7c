"""From hits to alerts: one row for each household and rule that fires or is unknown, as DuckDB SQL.

Ordered by rule, then household, so the same input gives the same bytes.
"""

from shanhai.engines.screening.hits import words
from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.rules.ruleset import Rule
from shanhai.engines.screening.sql import text
from shanhai.engines.screening.words import amounts, inputs, missing, parameters, reason

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


def alerts_sql(plan: Plan) -> str:
    """Return one query for the alerts of all rules over the view `hits`, in the order of its rows for each rule."""
    parts = []
    for w, word in enumerate(words(plan)):
        for k in word:
            bit = 1 << k - word.start
            rule = plan.ruleset.rules[k]
            row = _row(rule, plan, f"fired{w} & {bit} <> 0")
            shown = ", ".join(["*", *amounts(rule, dict(plan.ruleset.fields))])
            some = f"(fired{w} | unknown{w}) & {bit} <> 0"
            parts.append(f"SELECT {row} FROM (SELECT {shown} FROM hits WHERE {some})")
    return "\nUNION ALL\n".join(parts)


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
