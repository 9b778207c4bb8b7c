"""Compile a plan into one Ibis expression, the same for every engine.

Everything is cast to int64 at the source (narrow integers overflow silently on some engines: reference §10),
dates to days since 1970. Unknown is NULL and SQL's logic is Kleene's, so the tree's meaning carries over.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis

from shanhai.engines.screening.fields import Kind
from shanhai.engines.screening.lang import core
from shanhai.engines.screening.lang.normal import normal
from shanhai.engines.screening.plan import Plan
from shanhai.engines.screening.rules.ruleset import Rule
from shanhai.kernel.periods import day_number, ms_of

WORD_BITS = 60
"""Rules in one mask column: all bits stay within int64."""
_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_TYPES = {Kind.QUANTITY: "int64", Kind.TRUTH: "boolean", Kind.TEXT: "string", Kind.DATE: "int64"}


@dataclass(frozen=True, slots=True)
class Source:
    """Which column of a table holds which field; a field that is not there is unknown everywhere."""

    key: str
    region: str | None
    columns: Mapping[str, str]


def hits(table: Any, source: Source, plan: Plan, classes: Any) -> Any:
    """Return the households for which a rule fires or is unknown.

    Args:
        table: An Ibis table, one row a household.
        source: Where its fields are.
        plan: The rules with their values.
        classes: Ibis table of `region_code` and `class_id`, from `class_rows`; read only where values differ.

    Returns:
        An Ibis table: household_id, region (text), class_id (int64), one column `f_<field>` for each used
        field, and for each 60 rules the int64 masks `fired<w>` and `unknown<w>`, bit k for rule 60w + k.
    """
    rows = _with_values(table.select(**_columns(table, source, plan)), plan, classes)
    rules = plan.ruleset.rules
    for layer in _layers(rules):
        expression = _Expression(plan, rows)
        rows = rows.mutate(**{f"r_{rule.id}": expression.made(normal(rule.core)) for rule in layer})
    masks = _masks(rows, rules)
    kept = ["household_id", "region", "class_id", *(f"f_{n}" for n in plan.ruleset.used_fields)]
    rows = rows.select(*kept, **masks)
    some = [rows[name] != 0 for name in masks]
    return rows.filter(_any(some))


def class_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of the table of classes: region code, class, and each parameter's scaled value."""
    rows = []
    for region, found in plan.class_of.items():
        if region is not None and found is not None:
            given = {f"p_{name}": one.scaled for name, one in plan.classes[found].items()}
            rows.append({"region_code": region, "class_id": found, **given})
    return rows


def _columns(table: Any, source: Source, plan: Plan) -> dict[str, Any]:
    region = table[source.region] if source.region else ibis.literal(None, "string")
    columns: dict[str, Any] = {
        "household_id": table[source.key].cast("string"),
        "region": region.cast("string"),
    }
    for name in plan.ruleset.used_fields:
        kind = plan.ruleset.fields[name].kind
        columns[f"f_{name}"] = _column(table, source.columns.get(name), kind)
    return columns


def _column(table: Any, heading: str | None, kind: Kind) -> Any:
    if heading is None:
        return ibis.literal(None, _TYPES[kind])
    if kind is Kind.DATE:
        return table[heading].delta(ibis.date("1970-01-01"), unit="day").cast("int64")
    return table[heading].cast(_TYPES[kind])


def _with_values(rows: Any, plan: Plan, classes: Any) -> Any:
    constant = plan.constant
    if constant is None:
        joined = rows.left_join(classes, rows.region == classes.region_code)
        return joined.drop("region_code")
    return rows.mutate(class_id=_int(0))


def _layers(rules: tuple[Rule, ...]) -> list[list[Rule]]:
    """Return the rules in layers, each naming only rules of earlier ones."""
    layers: list[list[Rule]] = []
    done, todo = set[str](), list(rules)
    while todo:
        layer = [rule for rule in todo if done.issuperset(rule.rules)]
        layers.append(layer)
        done |= {rule.id for rule in layer}
        todo = [rule for rule in todo if rule.id not in done]
    return layers


def _masks(rows: Any, rules: tuple[Rule, ...]) -> dict[str, Any]:
    masks: dict[str, Any] = {}
    for word in range(0, len(rules), WORD_BITS):
        part = [(1 << k, rows[f"r_{r.id}"]) for k, r in enumerate(rules[word : word + WORD_BITS])]
        number = word // WORD_BITS
        masks[f"fired{number}"] = _total([truth.ifelse(_int(bit), _int(0)) for bit, truth in part])
        masks[f"unknown{number}"] = _total(
            [truth.isnull().ifelse(_int(bit), _int(0)) for bit, truth in part]
        )
    return masks


def _total(terms: list[Any]) -> Any:
    """Add as a balanced tree, so that many rules nest little."""
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return _total(terms[:middle]) + _total(terms[middle:])


def _any(truths: list[Any]) -> Any:
    found = truths[0]
    for truth in truths[1:]:
        found |= truth
    return found


def _all(truths: list[Any]) -> Any:
    found = truths[0]
    for truth in truths[1:]:
        found &= truth
    return found


class _Expression:
    """Turns checked pieces into Ibis expressions over rows."""

    def __init__(self, plan: Plan, rows: Any) -> None:
        self.plan, self.rows, self.constant = plan, rows, plan.constant

    def made(self, piece: core.Core) -> Any:
        return getattr(self, type(piece).__name__.lower())(piece)

    def whole(self, piece: core.Whole) -> Any:
        return _int(piece.value)

    def yes(self, piece: core.Yes) -> Any:
        return ibis.literal(piece.value, "boolean")

    def column(self, piece: core.Column) -> Any:
        return self.rows[f"f_{piece.name}"]

    def given(self, piece: core.Given) -> Any:
        if self.constant is None:
            return self.rows[f"p_{piece.name}"]
        return _int(self.constant[piece.name].scaled)

    def asof(self, _piece: core.AsOf) -> Any:
        return _int(day_number(ms_of(self.plan.as_of)))

    def rule(self, piece: core.Rule) -> Any:
        return self.rows[f"r_{piece.id}"]

    def plus(self, piece: core.Plus) -> Any:
        return self.made(piece.left) + self.made(piece.right)

    def minus(self, piece: core.Minus) -> Any:
        return self.made(piece.left) - self.made(piece.right)

    def times(self, piece: core.Times) -> Any:
        return self.made(piece.left) * self.made(piece.right)

    def ordered(self, piece: core.Ordered) -> Any:
        return _ORDER[piece.op](self.made(piece.left), self.made(piece.right))

    def oneof(self, piece: core.OneOf) -> Any:
        return _any([self.made(piece.of) == one for one in piece.values])

    def no(self, piece: core.No) -> Any:
        of = piece.of
        if isinstance(of, core.OneOf):
            return _all([self.made(of.of) != one for one in of.values])
        if isinstance(of, core.Present):
            return self.made(of.of).isnull()
        return self.made(of) == ibis.literal(value=False)

    def both(self, piece: core.Both) -> Any:
        return self.made(piece.left) & self.made(piece.right)

    def either(self, piece: core.Either) -> Any:
        return self.made(piece.left) | self.made(piece.right)

    def present(self, piece: core.Present) -> Any:
        return self.made(piece.of).notnull()


def _int(value: int) -> Any:
    return ibis.literal(value, "int64")
