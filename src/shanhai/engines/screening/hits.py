"""From truths to hits: households for which a rule fires or is unknown, each with two masks, a level and a colour.

`possible_sql` is plain SQL that every engine reads alike; the rest is DuckDB's, on the driver. Bit k of word w stands
for rule 60w + k.
"""

from collections.abc import Set as AbstractSet

from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.sql import name

WORD_BITS = 60
"""Rules in one mask: all bits stay within int64."""


def possible_sql(truths: str, plan: Plan) -> str:
    """Return a query for the households without those that every rule denies.

    Kleene's `or` over all rules is false only there, so one truth a row decides, and quiet rows cost no more.

    Args:
        truths: A query for what `compile.truths` returns.
        plan: The rules with their values.
    """
    some = " OR ".join(f"r{k}" for k in range(len(plan.ruleset.rules)))
    return f"SELECT * FROM ({truths}) AS truths WHERE coalesce({some}, TRUE)"


def masked_sql(possible: str, plan: Plan) -> str:
    """Return a query for the hits: household_id, region, class_id, `f_<field>`, `fired<w>`, `unknown<w>`, level, colour.

    Args:
        possible: A relation that `possible_sql` gives.
        plan: The rules with their values.
    """
    kept = [
        "household_id",
        "region",
        "class_id",
        *(name(f"f_{n}") for n in plan.ruleset.used_fields),
    ]
    masks = [
        f"{_mask(word, test)} AS {mask}{index}"
        for index, word in enumerate(words(plan))
        for mask, test in (("fired", "{}"), ("unknown", "{} IS NULL"))
    ]
    levels = plan.ruleset.levels
    colour = f"CASE WHEN level >= {levels.red} THEN 'red' WHEN level >= {levels.yellow} THEN 'yellow' ELSE 'green' END"
    rows = f"SELECT {', '.join([*kept, *masks])} FROM {possible}"
    return (
        f"SELECT *, {colour} AS colour FROM (SELECT *, {_level_sql(plan)} AS level FROM ({rows}))"
    )


def words(plan: Plan) -> list[range]:
    """Return the positions of the rules in each mask."""
    total = len(plan.ruleset.rules)
    return [range(at, min(at + WORD_BITS, total)) for at in range(0, total, WORD_BITS)]


def _mask(word: range, test: str) -> str:
    return " + ".join(
        f"CASE WHEN {test.format(f'r{k}')} THEN {1 << k - word.start} ELSE 0 END::BIGINT"
        for k in word
    )


def _level_sql(plan: Plan) -> str:
    """Return SQL for a household's level 0–3: the gravest risk that fires, one more where many do.

    Indicators and categories do not count; what is unknown neither raises nor lowers it.
    """
    risks = _risks(plan, {1, 2, 3})
    cases = ""
    for severity in (3, 2, 1):
        masks = _risks(plan, {severity})
        fires = " OR ".join(f"fired{w} & {mask} <> 0" for w, mask in masks.items())
        cases += f"WHEN {fires} THEN {severity} " if masks else ""
    count = " + ".join(f"bit_count(fired{w} & {mask})::BIGINT" for w, mask in risks.items()) or "0"
    base = f"CASE {cases}ELSE 0 END" if cases else "0"
    more = f"CASE WHEN {count} >= {plan.ruleset.levels.escalate_hits} THEN 1 ELSE 0 END"
    return f"least(3, {base} + {more})::BIGINT"


def _risks(plan: Plan, severities: AbstractSet[int]) -> dict[int, int]:
    """Return for each word with risks of these severities their mask."""
    rows = [rule.row for rule in plan.ruleset.rules]
    masks = {
        w: sum(
            1 << k - word.start
            for k in word
            if rows[k].kind == "risk" and rows[k].severity in severities
        )
        for w, word in enumerate(words(plan))
    }
    return {w: mask for w, mask in masks.items() if mask}
