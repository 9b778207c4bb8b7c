"""The words of alerts, as DuckDB expressions over hits: inputs as JSON, reasons in Chinese and English.

They are made on the driver for every engine, from whole numbers only, so no engine can word a thing differently.
"""

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from shanhai.engines.screening.fields import Field, Kind
from shanhai.engines.screening.lang.units import NONE, Unit
from shanhai.engines.screening.plan import Plan, Values
from shanhai.engines.screening.rules.messages import PLACE
from shanhai.engines.screening.rules.ruleset import Rule
from shanhai.engines.screening.sql import name, text

_UNKNOWN = {"zh": "未知", "en": "unknown"}
_YES = {"zh": "是", "en": "yes"}
_NO = {"zh": "否", "en": "no"}


def inputs(rule: Rule, fields: dict[str, Field]) -> str:
    """Return SQL for the JSON of a rule's inputs, money in fen, unknown as null."""
    parts = []
    for index, key in enumerate(rule.fields):
        lead = ("{" if index == 0 else ",") + json.dumps(key, ensure_ascii=False) + ":"
        parts += [text(lead), _json(fields[key])]
    return f"concat({', '.join([*parts, text('}')])})" if parts else "'{}'"


def _json(field: Field) -> str:
    column = name(f"f_{field.name}")
    shown = {
        Kind.QUANTITY: f"{column}::VARCHAR",
        Kind.TRUTH: f"{column}::VARCHAR",
        Kind.DATE: f"concat('\"', say_day({column}), '\"')",
        Kind.TEXT: f"""concat('"', replace(replace({column}, '\\', '\\\\'), '"', '\\"'), '"')""",
    }[field.kind]
    return f"CASE WHEN {column} IS NULL THEN 'null' ELSE {shown} END"


def amounts(rule: Rule, fields: dict[str, Field]) -> list[str]:
    """Return SQL for the amounts that a rule's messages show, `m_<field>`: made once for both languages."""
    places = PLACE.findall(rule.row.zh + rule.row.en)
    shown = dict.fromkeys(key for sign, key in places if not sign)
    return [
        f"say_money({name('f_' + key)}) AS {name('m_' + key)}"
        for key in shown
        if fields[key].kind is Kind.QUANTITY and fields[key].unit.money
    ]


def reason(rule: Rule, fields: dict[str, Field], plan: Plan, lang: str) -> str:
    """Return SQL for the message of a rule that fires."""
    message = rule.row.zh if lang == "zh" else rule.row.en
    parts, at = [], 0
    for match in PLACE.finditer(message):
        parts.append(text(message[at : match.start()]))
        sign, key = match.groups()
        parts.append(_given(plan, key) if sign else _shown(fields[key], lang))
        at = match.end()
    parts.append(text(message[at:]))
    return f"concat({', '.join(part for part in parts if part != text(''))})"


def _given(plan: Plan, key: str) -> str:
    return _by_class(plan, lambda values: say(values[key].value, plan, key))


def _shown(field: Field, lang: str) -> str:
    column, unknown = name(f"f_{field.name}"), text(_UNKNOWN[lang])
    if field.kind is Kind.TRUTH:
        return f"say_truth({column}, {text(_YES[lang])}, {text(_NO[lang])}, {unknown})"
    if field.kind is Kind.QUANTITY and field.unit.money:
        return f"coalesce({name('m_' + field.name)}, {unknown})"
    shown = f"say_day({column})" if field.kind is Kind.DATE else f"{column}::VARCHAR"
    return f"coalesce({shown}, {unknown})"


def say(value: Fraction, plan: Plan, key: str) -> str:
    """Return a parameter's value as a reader sees it: money in yuan, shares in per cent."""
    parameter = plan.ruleset.parameters[key]
    return _amount(value, parameter.unit, percent=any("%" in one.text for one in parameter.values))


def _amount(value: Fraction, unit: Unit, *, percent: bool) -> str:
    scaled = value / 100 if unit.money else value * 100 if percent and unit == NONE else value
    shown = f"{int(scaled):,}" if scaled.denominator == 1 else f"{float(scaled):,.6g}"
    return shown + ("%" if percent and unit == NONE else "")


def missing(rule: Rule, fields: dict[str, Field], lang: str) -> str:
    """Return SQL for the reason why a rule is unknown: what is missing, and from which department."""
    labels = ["NULL"]
    for key in rule.fields:
        field = fields[key]
        feed = (f"（{field.feed}）" if lang == "zh" else f" ({field.feed})") if field.feed else ""
        label = text(field.label(lang) + feed)
        labels.append(f"CASE WHEN {name(f'f_{key}')} IS NULL THEN {label} END")
    if rule.parameters:
        no_region = "地区" if lang == "zh" else "region"
        labels.append(f"CASE WHEN class_id IS NULL THEN {text(no_region)} END")
    lead, joint = ("缺少：", "、") if lang == "zh" else ("missing: ", ", ")
    return f"concat({text(lead)}, concat_ws({text(joint)}, {', '.join(labels)}))"


def parameters(rule: Rule, plan: Plan) -> str:
    """Return SQL for the JSON of a rule's parameter values with region, validity, source and status."""
    return _by_class(plan, lambda values: values_json(rule, values), "'{}'")


def values_json(rule: Rule, values: Values) -> str:
    """Return the JSON of a rule's parameter values."""
    shown = {}
    for key in rule.parameters:
        one = values[key]
        shown[key] = {
            "value": int(one.value) if one.value.denominator == 1 else str(one.value),
            "written": one.text,
            "region": one.region,
            "valid_from": None if one.start == date.min else str(one.start),
            "valid_to": None if one.end == date.max else str(one.end),
            "source": one.source,
            "status": one.status,
        }
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _by_class(plan: Plan, shown: Callable[[Values], str], unknown: str = "'—'") -> str:
    """Return SQL for a text that depends on the class of parameter values only."""
    texts = [text(shown(values)) for values in plan.classes]
    if plan.constant is not None:
        return texts[0]
    cases = " ".join(f"WHEN {i} THEN {one}" for i, one in enumerate(texts))
    return f"CASE class_id {cases} ELSE {unknown} END" if cases else unknown
