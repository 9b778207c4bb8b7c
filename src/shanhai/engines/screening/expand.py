"""From hits to alerts: one row for each household and rule that fires or is unknown, as DuckDB SQL.

Ordered by rule, then household, so the same input gives the same bytes.
"""

from collections.abc import Collection

from shanhai.engines.screening.compile import WORD_BITS
from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.rules.ruleset import Rule
from shanhai.engines.screening.sql import text
from shanhai.engines.screening.words import inputs, missing, parameters, reason

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


def alerts_sql(plan: Plan, hits: str, present: Collection[tuple[str, str]]) -> str:
    """Return a query for the alerts.

    Args:
        plan: What was computed.
        hits: Name of the relation that `levelled_sql` makes, sorted by household.
        present: The pairs of rule and state that occur; the others need no query.
    """
    parts = []
    for index, rule in enumerate(plan.ruleset.rules):
        word, bit = divmod(index, WORD_BITS)
        for state, mask in (("alert", f"fired{word}"), ("unknown", f"unknown{word}")):
            if (rule.id, state) in present:
                row = _row(rule, plan, state)
                parts.append(f"SELECT {row} FROM {hits} WHERE {mask} & {1 << bit} <> 0")
    if not parts:
        row = _row(plan.ruleset.rules[0], plan, "alert")
        parts.append(f"SELECT {row} FROM {hits} WHERE false")
    return "\nUNION ALL\n".join(parts)


def _row(rule: Rule, plan: Plan, state: str) -> str:
    fields = dict(plan.ruleset.fields)
    row = rule.row
    fired = state == "alert"
    values = {
        "household_id": "household_id",
        "region": "region",
        "rule": text(rule.id),
        "version": text(row.version),
        "state": text(state),
        "kind": text(row.kind),
        "category": text(row.category),
        "severity": f"{row.severity}::BIGINT",
        "level": "level",
        "colour": "colour",
        "parameters": parameters(rule, plan),
        "inputs": inputs(rule, fields),
        "reason_zh": reason(rule, fields, plan, "zh") if fired else missing(rule, fields, "zh"),
        "reason_en": reason(rule, fields, plan, "en") if fired else missing(rule, fields, "en"),
    }
    return ", ".join(f"{sql} AS {column}" for column, sql in values.items())


def levelled_sql(plan: Plan, query: str) -> str:
    """Return a query for the hits of `compile.hits` with each household's level and colour."""
    levels = plan.ruleset.levels
    colour = f"CASE WHEN level >= {levels.red} THEN 'red' WHEN level >= {levels.yellow} THEN 'yellow' ELSE 'green' END"
    return (
        f"SELECT *, {colour} AS colour FROM (SELECT *, {level_sql(plan)} AS level FROM ({query}))"
    )


def level_sql(plan: Plan) -> str:
    """Return SQL for a household's level 0–3: the gravest risk that fires, one more where many do.

    Indicators and categories do not count; what is unknown neither raises nor lowers it.
    """
    masks = {severity: _masks(plan, severity) for severity in (1, 2, 3)}
    risks = {w: sum(masks[s].get(w, 0) for s in masks) for w in _words(plan)}
    cases = "".join(
        f"WHEN {' OR '.join(f'fired{w} & {m} <> 0' for w, m in masks[s].items())} THEN {s} "
        for s in (3, 2, 1)
        if masks[s]
    )
    count = " + ".join(f"bit_count(fired{w} & {mask})::BIGINT" for w, mask in risks.items())
    base = f"CASE {cases}ELSE 0 END" if cases else "0"
    more = f"CASE WHEN {count} >= {plan.ruleset.levels.escalate_hits} THEN 1 ELSE 0 END"
    return f"least(3, {base} + {more})::BIGINT"


def _words(plan: Plan) -> range:
    return range((len(plan.ruleset.rules) + WORD_BITS - 1) // WORD_BITS)


def _masks(plan: Plan, severity: int) -> dict[int, int]:
    masks: dict[int, int] = {}
    for index, rule in enumerate(plan.ruleset.rules):
        if rule.row.kind == "risk" and rule.row.severity == severity:
            word, bit = divmod(index, WORD_BITS)
            masks[word] = masks.get(word, 0) | 1 << bit
    return masks
