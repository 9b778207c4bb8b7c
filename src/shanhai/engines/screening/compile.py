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


def truths(table: Any, source: Source, plan: Plan, classes: Any) -> Any:
    """Return every household with its fields and what each rule says of it.

    Args:
        table: An Ibis table, one row a household.
        source: Where its fields are.
        plan: The rules with their values.
        classes: Ibis table of `region_code` and `class_id`, from `class_rows`; read only where values differ.

    Returns:
        An Ibis table: household_id, region (text), class_id (int64), one column `f_<field>` for each used
        field, `p_<parameter>` where values differ by region, and for the rule at position k the truth `r<k>`:
        true, false, or null for unknown.
    """
    rows = joined(table, source, plan, classes)
    columns = columns_of(rows, source, plan)
    first, *later = _layers(plan.ruleset.rules)
    made = Truths(plan, columns).truths(first)
    rows = rows.select(**columns, **made)
    for layer in later:
        found = {name: rows[name] for name in rows.columns}
        rows = rows.mutate(**Truths(plan, found).truths(layer))
    return rows


def joined(table: Any, source: Source, plan: Plan, classes: Any) -> Any:
    """Return the table with the parameters of each row's region, where they differ."""
    if plan.constant is not None:
        return table
    return table.left_join(classes, _region(table, source) == classes.region_code)


def class_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of the table of classes: region code, class, and each parameter's scaled value."""
    rows = []
    for region, found in plan.class_of.items():
        if region is not None and found is not None:
            given = {f"p_{name}": one.scaled for name, one in plan.classes[found].items()}
            rows.append({"region_code": region, "class_id": found, **given})
    return rows


def columns_of(rows: Any, source: Source, plan: Plan) -> dict[str, Any]:
    """Return the household, its class and its fields; the rules of the first layer read these very pieces."""
    columns: dict[str, Any] = {
        "household_id": rows[source.key].cast("string"),
        "region": _region(rows, source),
        "class_id": _int(0) if plan.constant is not None else rows.class_id,
    }
    for name in plan.ruleset.used_fields:
        kind = plan.ruleset.fields[name].kind
        columns[f"f_{name}"] = _column(rows, source.columns.get(name), kind)
    if plan.constant is None:
        columns |= {f"p_{name}": rows[f"p_{name}"] for name in plan.ruleset.used_parameters}
    return columns


def _region(rows: Any, source: Source) -> Any:
    return rows[source.region].cast("string") if source.region else _unknown(Kind.TEXT)


def _column(table: Any, heading: str | None, kind: Kind) -> Any:
    if heading is None:
        return _unknown(kind)
    if kind is Kind.DATE:
        return table[heading].delta(ibis.date("1970-01-01"), unit="day").cast("int64")
    return table[heading].cast(_TYPES[kind])


def _unknown(kind: Kind) -> Any:
    """Return what is null in every row, as an expression: Ibis takes `x = NULL`, written out, for `x IS NULL`."""
    nothing: dict[Kind, Any] = {Kind.TRUTH: False, Kind.TEXT: ""}
    some = ibis.literal(nothing.get(kind, 0), _TYPES[kind])
    return some.nullif(some)


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


class Truths:
    """Turns checked pieces into Ibis expressions over columns."""

    def __init__(self, plan: Plan, columns: Mapping[str, Any]) -> None:
        self.plan, self.columns = plan, columns
        self.constant = plan.constant
        self.place = {rule.id: f"r{k}" for k, rule in enumerate(plan.ruleset.rules)}

    def truths(self, rules: list[Rule]) -> dict[str, Any]:
        """Return each rule's truth under its column's name."""
        return {self.place[rule.id]: self.made(normal(rule.core)) for rule in rules}

    def made(self, piece: core.Core) -> Any:
        """Return a piece in Ibis."""
        return getattr(self, f"_{type(piece).__name__.lower()}")(piece)

    def _whole(self, piece: core.Whole) -> Any:
        return _int(piece.value)

    def _yes(self, piece: core.Yes) -> Any:
        return ibis.literal(piece.value, "boolean")

    def _column(self, piece: core.Column) -> Any:
        return self.columns[f"f_{piece.name}"]

    def _given(self, piece: core.Given) -> Any:
        if self.constant is None:
            return self.columns[f"p_{piece.name}"]
        return _int(self.constant[piece.name].scaled)

    def _asof(self, _piece: core.AsOf) -> Any:
        return _int(day_number(ms_of(self.plan.as_of)))

    def _rule(self, piece: core.Rule) -> Any:
        return self.columns[self.place[piece.id]]

    def _plus(self, piece: core.Plus) -> Any:
        return self.made(piece.left) + self.made(piece.right)

    def _minus(self, piece: core.Minus) -> Any:
        return self.made(piece.left) - self.made(piece.right)

    def _times(self, piece: core.Times) -> Any:
        return self.made(piece.left) * self.made(piece.right)

    def _ordered(self, piece: core.Ordered) -> Any:
        return _ORDER[piece.op](self.made(piece.left), self.made(piece.right))

    def _oneof(self, piece: core.OneOf) -> Any:
        return _any([self.made(piece.of) == one for one in piece.values])

    def _no(self, piece: core.No) -> Any:
        of = piece.of
        if isinstance(of, core.OneOf):
            return _all([self.made(of.of) != one for one in of.values])
        if isinstance(of, core.Present):
            return self.made(of.of).isnull()
        return self.made(of) == ibis.literal(value=False)

    def _both(self, piece: core.Both) -> Any:
        return self.made(piece.left) & self.made(piece.right)

    def _either(self, piece: core.Either) -> Any:
        return self.made(piece.left) | self.made(piece.right)

    def _present(self, piece: core.Present) -> Any:
        return self.made(piece.of).notnull()


def _int(value: int) -> Any:
    return ibis.literal(value, "int64")
