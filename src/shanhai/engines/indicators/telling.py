"""Says an explanation in both languages, line by line, and gathers it for JSON."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from shanhai.engines.indicators.explain import Explanation, strengths
from shanhai.engines.indicators.run import Run
from shanhai.engines.indicators.upgrade import Plan, upgrade
from shanhai.kernel.errors import InvalidInputError


def way_up(run: Run, row: int, grade: str = "") -> Plan | InvalidInputError | None:
    """Return the cheapest way to the next grade, why there is none, or None in a scheme without grades.

    Raises:
        InvalidInputError: If a grade is named that is unknown or not better.
    """
    if run.scheme.grades is None and not grade:
        return None
    try:
        return upgrade(run, row, grade)
    except InvalidInputError as error:
        if error.code in {"indicators.unreachable", "indicators.not_needed"}:
            return error
        raise


def told(
    run: Run, row: int, found: Explanation, plan: Plan | InvalidInputError | None
) -> dict[str, Any]:
    """Return an explanation for JSON."""
    nodes = [
        {
            "code": code,
            "name": run.scheme.label(code),
            "value": float(run.combined.values[code][row]),
            "points": found.parts[code],
        }
        for code in run.combined.tree.down()
    ]
    way: dict[str, Any] | None = None
    if isinstance(plan, Plan):
        way = asdict(plan)
    elif plan is not None:
        way = {"refused": plan.code, "zh": plan.say("zh"), "en": plan.say("en")}
    rest = {key: value for key, value in asdict(found).items() if key != "parts"}
    return {**rest, "nodes": nodes, **strengths(run, row), "upgrade": way}


def lines_of(run: Run, found: Explanation, plan: Plan | InvalidInputError | None) -> Iterator[str]:
    """Yield an explanation's lines, Chinese and English."""
    other = "平均 mean" if found.reference == "mean" else found.reference
    gap = found.before_rules - found.reference_score
    yield f"{found.unit}: {found.score:.4g}（{other} {found.reference_score:.4g}，差 difference {gap:+.4g}）"
    for code in run.combined.tree.down()[1:]:
        yield f"  {code} {run.scheme.label(code)}: {found.parts[code]:+.4g}"
    for leaf in found.leaves:
        place = f"，第 rank {leaf['rank']}" if leaf["rank"] else ""
        yield (
            f"    {leaf['points']:+.4g}  {leaf['code']} {leaf['name']}: 原值 raw {_raw(leaf)}, "
            f"归一 normalised {_four(leaf['normalised'])}（对照 reference {_four(leaf['reference'])}{place}）"
        )
    for rule in found.rules:
        effect = rule.get("points", rule.get("grade", rule.get("score")))
        yield f"  规则 rule {rule['rule']}（{rule['article'] or '—'}）: {effect}"
    if isinstance(plan, Plan):
        how = "最省 cheapest" if plan.exact else "可行，未证最省 feasible, not proved cheapest"
        yield f"升到 to reach {plan.target}（{plan.needed:.4g}）, {how}, 成本 cost {plan.cost:.6g}:"
        for change in plan.changes:
            way = f"{change['from']:.6g} → {change['to']:.6g} {change['unit']}"
            yield f"  {change['code']} {change['name']}: {way} ({change['points']:+.4g})"
    elif plan is not None:
        yield f"{plan.say('zh')}\n{plan.say('en')}"


def _four(value: float) -> str:
    """Return a number in four digits; missing where it is."""
    return "缺失 missing" if math.isnan(value) else f"{value:.4g}"


def _raw(leaf: dict[str, Any]) -> str:
    """Return an indicator's raw value with its unit; missing where it was."""
    return (
        "缺失 missing" if math.isnan(leaf["raw"]) else f"{leaf['raw']:.6g} {leaf['unit']}".strip()
    )
