"""The meaning of a tree, slow and straight from the definition: fractions, Kleene's logic, one household.

Tests hold the engines to it; `explain`-like callers use it for one household's what-if.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from shanhai.engines.screening.lang import tree

Value = Fraction | bool | str | date | timedelta | None
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class World:
    """What names mean for one household: None is unknown."""

    fields: Mapping[str, Value]
    parameters: Mapping[str, Fraction | None]
    rules: Mapping[str, tree.Node]
    as_of: date


def evaluate(node: tree.Node, world: World) -> Value:
    """Return the value of an expression for one household; None is unknown."""
    return _VALUES[type(node)](node, world)


def _name(node: tree.Name, world: World) -> Value:
    if node.name == "as_of":
        return world.as_of
    if node.name in world.rules:
        return evaluate(world.rules[node.name], world)
    return world.fields.get(node.name)


def _negative(node: tree.Negative, world: World) -> Value:
    of: Any = evaluate(node.of, world)
    return None if of is None else -of


def _sum(node: tree.Sum, world: World) -> Value:
    left: Any = evaluate(node.left, world)
    right: Any = evaluate(node.right, world)
    if left is None or right is None:
        return None
    if isinstance(left, date) and isinstance(right, Fraction):
        right = timedelta(days=int(right))
    value = left + right if node.op == "+" else left - right
    return Fraction(value.days) if isinstance(value, timedelta) else value


def _product(node: tree.Product, world: World) -> Value:
    left: Any = evaluate(node.left, world)
    right: Any = evaluate(node.right, world)
    return None if left is None or right is None else left * right


def _compare(node: tree.Compare, world: World) -> Value:
    left, right = evaluate(node.left, world), evaluate(node.right, world)
    return None if left is None or right is None else _COMPARE[node.op](left, right)


def _among(node: tree.Among, world: World) -> Value:
    of = evaluate(node.of, world)
    return None if of is None else of in node.values


def _not(node: tree.Not, world: World) -> Value:
    of = evaluate(node.of, world)
    return None if of is None else not of


def _logic(node: tree.Logic, world: World) -> Value:
    pair = evaluate(node.left, world), evaluate(node.right, world)
    decisive = node.op == "or"
    if decisive in pair:
        return decisive
    return None if None in pair else not decisive


_VALUES: dict[type, Callable[[Any, World], Value]] = {
    tree.Number: lambda node, _: node.value,
    tree.Word: lambda node, _: node.value,
    tree.Truth: lambda node, _: node.value,
    tree.Day: lambda node, _: node.value,
    tree.Name: _name,
    tree.Parameter: lambda node, world: world.parameters.get(node.name),
    tree.Negative: _negative,
    tree.Sum: _sum,
    tree.Product: _product,
    tree.Compare: _compare,
    tree.Among: _among,
    tree.Not: _not,
    tree.Logic: _logic,
    tree.Known: lambda node, world: evaluate(node.of, world) is not None,
}
