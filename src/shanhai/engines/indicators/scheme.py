"""Read a scheme: TOML in, a checked `Scheme` out; every wrong name is refused with place and nearest right name."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

from shanhai.engines.indicators import catalogue  # noqa: F401 - registers every method
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.formula import Formula
from shanhai.engines.indicators.methods import Chosen, build, choose
from shanhai.engines.indicators.parts import (
    About,
    Assumption,
    Data,
    Dependence,
    Derive,
    Grades,
    Indicator,
    Node,
    Rule,
    Sensitivity,
    Step,
    Weighing,
)
from shanhai.engines.indicators.tree import Tree, grow
from shanhai.engines.indicators.weighing import weighings
from shanhai.kernel.spelling import nearest

STEPS = {
    "denominate": "divide",
    "screen": "units",
    "impute": "",
    "treat": "",
    "normalise": "",
    "shrink": "",
}
"""Kinds of step, each with the method it takes where a scheme names none."""
OWN = ("normalise", "treat", "impute")
"""Kinds for which an indicator may name its own method."""
ROOT = "index"
"""Code of the root where a scheme lists indicators and no nodes."""
TABLES = {
    "scheme": About,
    "data": Data,
    "derive": Derive,
    "nodes": Node,
    "indicators": Indicator,
    "steps": None,
    "weights": None,
    "aggregate": None,
    "rules": Rule,
    "grades": Grades,
    "sensitivity": Sensitivity,
}


class Scheme(msgspec.Struct, frozen=True):
    """A checked scheme: everything the engine does, and nothing it has to guess."""

    about: About
    data: Data
    derive: tuple[Derive, ...]
    nodes: dict[str, Node]
    indicators: dict[str, Indicator]
    tree: Tree
    steps: tuple[Step, ...]
    weighings: dict[str, Weighing]
    rules: tuple[Rule, ...]
    grades: Grades | None
    sensitivity: Sensitivity | None
    raw: dict[str, Any]

    def label(self, code: str) -> str:
        """Return a code's name for a reader."""
        return (self.nodes[code] if code in self.nodes else self.indicators[code]).label

    @property
    def codes(self) -> list[str]:
        """Return nodes from the root down, then indicators."""
        return [*self.tree.down(), *self.indicators]


def read_scheme(text: str) -> Scheme:
    """Read a scheme from the text of its TOML.

    Raises:
        InvalidInputError: If it is no TOML, or a name, value or the hierarchy is wrong.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refused("toml", detail=str(error)) from error
    _check_finite(raw, "")
    return scheme_from(raw)


def _check_finite(value: Any, place: str) -> None:
    """Refuse nan and inf, which TOML can write, wherever they stand."""
    if isinstance(value, float) and not math.isfinite(value):
        raise refused("value", place=place, detail=f"{value} is no finite number")
    if isinstance(value, Mapping):
        for key, one in value.items():
            _check_finite(one, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            _check_finite(one, f"{place}[{at}]")


def scheme_from(raw: dict[str, Any], base: Scheme | None = None) -> Scheme:
    """Check a scheme that was read already.

    Args:
        raw: As `tomllib` gives it.
        base: A scheme whose parts are taken over where `raw` holds the very same tables.

    Raises:
        InvalidInputError: As `read_scheme`.
    """
    for key in raw:
        if key not in TABLES:
            raise refused("unknown", place="scheme", name=key, nearest=nearest(key, TABLES))

    def same(*keys: str) -> bool:
        return base is not None and all(raw.get(key) is base.raw.get(key) for key in keys)

    if base is not None and same("nodes", "indicators"):
        nodes, indicators, tree = base.nodes, base.indicators, base.tree
    else:
        nodes, indicators, tree = _hierarchy(raw)
    if base is not None and same("nodes", "indicators", "weights", "aggregate"):
        weighed = base.weighings
    else:
        weighed = weighings(raw, nodes, indicators, tree)
    data = build(Data, raw.get("data", {}), "data")
    grades = _table(raw, "grades", Grades)
    scheme = Scheme(
        about=build(About, _required(raw, "scheme"), "scheme"),
        data=data,
        derive=_rows(raw, "derive", Derive),
        nodes=nodes,
        indicators=indicators,
        tree=tree,
        steps=_steps(raw, indicators, data),
        weighings=weighed,
        rules=_rules(raw, nodes, indicators, grades),
        grades=grades,
        sensitivity=base.sensitivity if base is not None else _sensitivity(raw),
        raw=raw,
    )
    if base is None:
        _check_grades(grades, data)
        _check_formulas(scheme)
    return scheme


def _check_formulas(scheme: Scheme) -> None:
    """Read every formula once, so that a wrong one is refused before the data is read."""
    for at, one in enumerate(scheme.derive):
        Formula(one.formula, f"derive[{at}] ({one.column})")
    for at, rule in enumerate(scheme.rules):
        for part in ("when", "points"):
            if getattr(rule, part):
                Formula(getattr(rule, part), f"rules[{at}].{part}")
    for code, weighing in scheme.weighings.items():
        if weighing.aggregate.method.name == "formula":
            _check_node_formula(weighing.aggregate, scheme.tree.children[code])


def _check_node_formula(chosen: Chosen, children: Sequence[str]) -> None:
    formula = Formula(chosen.params.formula, f"{chosen.place}.formula")
    for name in formula.names:
        if name not in children:
            close = nearest(name, children)
            raise refused("unknown", place=formula.place, name=name, nearest=close)


def _hierarchy(raw: dict[str, Any]) -> tuple[dict[str, Node], dict[str, Indicator], Tree]:
    indicators = _named(_rows(raw, "indicators", Indicator))
    nodes = _named(_rows(raw, "nodes", Node)) or {ROOT: Node(code=ROOT)}
    places = {code: f"indicators[{at}]" for at, code in enumerate(indicators)}
    places |= {code: f"nodes[{at}]" for at, code in enumerate(nodes)}
    return nodes, indicators, grow(_parents(raw, nodes, indicators), indicators, places)


P = TypeVar("P", bound=msgspec.Struct)


def _rows(raw: dict[str, Any], key: str, struct: type[P]) -> tuple[P, ...]:
    rows = raw.get(key, [])
    if not isinstance(rows, list):
        raise refused("value", place=key, detail=f"write [[{key}]], a table for each")
    return tuple(
        build(struct, _mapping(row, f"{key}[{at}]"), f"{key}[{at}]") for at, row in enumerate(rows)
    )


def _table(raw: dict[str, Any], key: str, struct: type[P]) -> P | None:
    return build(struct, _mapping(raw[key], key), key) if key in raw else None


def _required(raw: dict[str, Any], key: str) -> Mapping[str, Any]:
    if key not in raw:
        raise refused("required", place="scheme", name=f"[{key}]")
    return _mapping(raw[key], key)


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refused("value", place=place, detail=f"expected a table, got {value!r}")
    return value


N = TypeVar("N", Node, Indicator)


def _named(rows: Sequence[N]) -> dict[str, N]:
    kind = "indicators" if rows and isinstance(rows[0], Indicator) else "nodes"
    found: dict[str, N] = {}
    for at, row in enumerate(rows):
        if row.code in found:
            raise refused("duplicate_code", place=f"{kind}[{at}]", name=row.code)
        found[row.code] = row
    return found


def _parents(
    raw: dict[str, Any], nodes: dict[str, Node], indicators: dict[str, Indicator]
) -> dict[str, str]:
    if not indicators:
        raise refused("required", place="scheme", name="[[indicators]]")
    for at, code in enumerate(indicators):
        if code in nodes:
            raise refused("duplicate_code", place=f"indicators[{at}]", name=code)
        if not indicators[code].parent and raw.get("nodes"):
            raise refused("required", place=f"indicators[{at}] ({code})", name="parent")
    above = {code: node.parent for code, node in nodes.items()}
    return above | {code: one.parent or ROOT for code, one in indicators.items()}


def _steps(raw: dict[str, Any], indicators: dict[str, Indicator], data: Data) -> tuple[Step, ...]:
    rows = raw.get("steps", [])
    if not isinstance(rows, list):
        raise refused("value", place="steps", detail="write [[steps]], a table for each")
    steps: list[Step] = []
    for at, row in enumerate(rows):
        step = _step(_mapping(row, f"steps[{at}]"), f"steps[{at}]", indicators, data)
        if step.name in {one.name for one in steps}:
            raise refused(
                "value",
                place=f"steps[{at}].name",
                detail=f"{step.name!r} is the name of another step; give each its own",
            )
        steps.append(step)
    return tuple(steps)


def _step(row: Mapping[str, Any], place: str, indicators: dict[str, Indicator], data: Data) -> Step:
    kind = row.get("step")
    if kind is None:
        raise refused("required", place=place, name="step")
    if kind not in STEPS:
        raise refused(
            "unknown", place=f"{place}.step", name=kind, nearest=nearest(str(kind), STEPS)
        )
    only = tuple(row.get("only", ()))
    for code in only:
        if code not in indicators:
            close = nearest(str(code), indicators)
            raise refused("unknown", place=f"{place}.only", name=code, nearest=close)
    rest = {k: v for k, v in row.items() if k not in {"step", "name", "only", "by"}}
    own: dict[str, Chosen] = {}
    if kind in OWN:
        own = {
            code: choose(kind, getattr(one, kind), f"indicators[{at}].{kind} ({code})")
            for at, (code, one) in enumerate(indicators.items())
            if getattr(one, kind) is not None
        }
    by = str(row.get("by", ""))
    check_by(by, data, f"{place}.by")
    chosen = choose(kind, rest, place, STEPS[kind])
    for one in (chosen, *own.values()):
        _check_params(one, data, indicators)
    key = msgspec.json.encode(row, enc_hook=str).decode()
    return Step(kind, str(row.get("name", kind)), chosen, own, only, by, key)


def _check_params(chosen: Chosen, data: Data, indicators: dict[str, Indicator]) -> None:
    """Check parameters that are names: of a group, an indicator, or a following treatment."""
    params = chosen.params
    check_by(getattr(params, "group", ""), data, f"{chosen.place}.group")
    code = getattr(params, "indicator", "")
    if code and code not in indicators:
        close = nearest(code, indicators)
        raise refused("unknown", place=f"{chosen.place}.indicator", name=code, nearest=close)
    if getattr(params, "then", None) is not None:
        choose("treat", params.then, f"{chosen.place}.then")


def check_by(by: str, data: Data, place: str) -> None:
    """Refuse a `by` that is neither `time`, `class` nor one of `data.groups`.

    Raises:
        InvalidInputError: Naming the nearest right one.
    """
    known = [*(["time"] if data.time else []), *(["class"] if data.class_ else []), *data.groups]
    if by and by not in known:
        raise refused("unknown", place=place, name=by, nearest=nearest(by, known))


def _rules(
    raw: dict[str, Any],
    nodes: dict[str, Node],
    indicators: dict[str, Indicator],
    grades: Grades | None,
) -> tuple[Rule, ...]:
    rules = _rows(raw, "rules", Rule)
    names = [grade.name for grade in grades.grades] if grades else []
    for at, rule in enumerate(rules):
        place = f"rules[{at}]"
        if rule.of and rule.of not in nodes and rule.of not in indicators:
            close = nearest(rule.of, [*nodes, *indicators])
            raise refused("unknown", place=f"{place}.of", name=rule.of, nearest=close)
        if rule.grade and rule.grade not in names:
            close = nearest(rule.grade, names)
            raise refused("unknown", place=f"{place}.grade", name=rule.grade, nearest=close)
        for name in _asked(rule):
            raise refused("required", place=place, name=name)
    return rules


def _asked(rule: Rule) -> list[str]:
    """Return what a rule of its kind must say and does not."""
    if rule.kind in {"deduction", "bonus"}:
        return [] if rule.points else ["points"]
    wants: list[tuple[str, object]] = [("when", rule.when)]
    if rule.kind == "minimum":
        wants = [("of", rule.of), ("least", rule.least)]
    asked = [name for name, value in wants if value in {"", None}]
    return asked or ([] if rule.grade or rule.score is not None else ["grade (or score)"])


def _check_grades(grades: Grades | None, data: Data) -> None:
    if grades is None:
        return
    check_by(grades.by, data, "grades.by")
    wanted = "from" if grades.method == "threshold" else "share"
    values: list[float | None] = [g.from_ if wanted == "from" else g.share for g in grades.grades]
    if not values:
        raise refused("required", place="grades", name="grades")
    for at, value in enumerate(values[:-1]):
        if value is None:
            raise refused("required", place=f"grades.grades[{at}]", name=wanted)
    known = [value for value in values if value is not None]
    if wanted == "from" and any(a <= b for a, b in pairwise(known)):
        raise refused(
            "value", place="grades.grades", detail="thresholds must fall, best grade first"
        )
    if wanted == "share" and (sum(known) > 1 + 1e-9 or min(known, default=0) < 0):
        raise refused(
            "value",
            place="grades.grades",
            detail="shares must lie in 0 to 1 and not exceed 1 together",
        )


def _sensitivity(raw: dict[str, Any]) -> Sensitivity | None:
    if "sensitivity" not in raw:
        return None
    table = _mapping(raw["sensitivity"], "sensitivity")
    for key, struct in (("assumptions", Assumption), ("dependence", Dependence)):
        for at, row in enumerate(table.get(key, [])):
            place = f"sensitivity.{key}[{at}]"
            build(struct, _mapping(row, place), place)
    return build(Sensitivity, table, "sensitivity")
