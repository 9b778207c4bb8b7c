"""Check names, types, units and ranges of an expression, and lower it to whole numbers.

Every quantity carries the interval its values can take; what could leave 64 bits is refused here, so
no engine can overflow, wrap or round.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import lcm
from typing import Any

from shanhai.engines.screening.fields import EPOCH_DAYS, Field, Kind
from shanhai.engines.screening.lang import core, tree
from shanhai.engines.screening.lang.errors import RuleError
from shanhai.engines.screening.lang.units import NONE, Unit, base
from shanhai.kernel.periods import day_number, ms_of
from shanhai.kernel.spelling import closest

INT64 = 2**63 - 1
AS_OF = "as_of"
_DAY = base("day")


@dataclass(frozen=True, slots=True)
class Range:
    """A parameter as the checker sees it: unit, common denominator, least and greatest scaled value."""

    unit: Unit
    denominator: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use."""

    fields: Mapping[str, Field]
    parameters: Mapping[str, Range]
    rules: Collection[str]


@dataclass(frozen=True, slots=True)
class Typed:
    """A lowered piece with its kind; a quantity is `of / denominator`, `of` within low and high."""

    kind: Kind
    of: core.Core
    unit: Unit = NONE
    denominator: int = 1
    low: int = 0
    high: int = 0

    @property
    def zero(self) -> bool:
        """Return whether it is the number 0, which fits every unit."""
        return self.of == core.Whole(0) and self.kind is Kind.QUANTITY


def check(node: tree.Node, scope: Scope) -> core.Core:
    """Return the lowered truth of an expression.

    Args:
        node: A tree from `parse`.
        scope: The fields, parameters and rules it may name.

    Raises:
        RuleError: A name, type, unit or range is wrong; or the whole is no truth.
    """
    return _Checker(scope).truth(node, "规则 the rule")


class _Checker:
    """One walk from the leaves up."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def typed(self, node: tree.Node) -> Typed:
        return _RULES[type(node)](self, node)

    def wanted(self, node: tree.Node, kind: Kind, what: str) -> Typed:
        typed = self.typed(node)
        if typed.kind is not kind:
            raise _type_error(node, typed.kind, kind, what)
        return typed

    def truth(self, node: tree.Node, what: str) -> core.Core:
        return self.wanted(node, Kind.TRUTH, what).of

    def number(self, node: tree.Number) -> Typed:
        top, bottom = node.value.numerator, node.value.denominator
        typed = Typed(Kind.QUANTITY, core.Whole(top), node.unit, bottom, top, top)
        return _fits(typed, node)

    def day(self, node: tree.Day) -> Typed:
        days = day_number(ms_of(node.value))
        return Typed(Kind.DATE, core.Whole(days), NONE, 1, days, days)

    def name(self, node: tree.Name) -> Typed:
        if node.name == AS_OF:
            return Typed(Kind.DATE, core.AsOf(), NONE, 1, *EPOCH_DAYS)
        if node.name in self.scope.rules:
            return Typed(Kind.TRUTH, core.Rule(node.name))
        field = self.scope.fields.get(node.name)
        if field is None:
            raise self.unknown(node.column, node.name, [*self.scope.fields, *self.scope.rules])
        column = core.Column(field.name, field.kind)
        return Typed(field.kind, column, field.unit, 1, field.low, field.high)

    def parameter(self, node: tree.Parameter) -> Typed:
        found = self.scope.parameters.get(node.name)
        if found is None:
            raise self.unknown(
                node.column, f"@{node.name}", [f"@{p}" for p in self.scope.parameters]
            )
        given = core.Given(node.name)
        return Typed(Kind.QUANTITY, given, found.unit, found.denominator, found.low, found.high)

    def unknown(self, column: int, name: str, names: list[str]) -> RuleError:
        near = closest(name, names)
        zh, en = (f"（是不是 {near}？）", f" (did you mean {near}?)") if near else ("", "")
        return RuleError("screen.name", column, name=name, hint_zh=zh, hint_en=en)

    def negative(self, node: tree.Negative) -> Typed:
        of = self.wanted(node.of, Kind.QUANTITY, "-")
        minus = core.Whole(-of.of.value) if isinstance(of.of, core.Whole) else _scaled(of.of, -1)
        return Typed(Kind.QUANTITY, minus, of.unit, of.denominator, -of.high, -of.low)

    def sum(self, node: tree.Sum) -> Typed:
        left, right = self.typed(node.left), self.typed(node.right)
        kind, unit = self.sum_type(node, left, right)
        (a, b), bottom = _aligned(left, right), lcm(left.denominator, right.denominator)
        if node.op == "+":
            made = Typed(kind, core.Plus(a.of, b.of), unit, bottom, a.low + b.low, a.high + b.high)
        else:
            made = Typed(kind, core.Minus(a.of, b.of), unit, bottom, a.low - b.high, a.high - b.low)
        _fits(a, node), _fits(b, node)
        return _fits(made, node)

    def sum_type(self, node: tree.Sum, left: Typed, right: Typed) -> tuple[Kind, Unit]:
        """Return what a sum gives: quantities of one unit, or dates and days."""
        if (left.kind, right.kind) == (Kind.QUANTITY, Kind.QUANTITY):
            return Kind.QUANTITY, self.same_unit(node, left, right)
        if (left.kind, right.kind) == (Kind.DATE, Kind.DATE) and node.op == "-":
            return Kind.QUANTITY, _DAY
        if left.kind is Kind.DATE and right.kind is Kind.QUANTITY:
            if right.unit != _DAY or right.denominator != 1:
                raise RuleError("screen.unit", node.column, left="day", right=str(right.unit))
            return Kind.DATE, NONE
        wrong, piece = (left, node.left) if left.kind is not Kind.QUANTITY else (right, node.right)
        raise _type_error(piece, wrong.kind, Kind.QUANTITY, node.op)

    def same_unit(self, node: tree.Node, left: Typed, right: Typed) -> Unit:
        if left.unit == right.unit or right.zero:
            return left.unit
        if left.zero:
            return right.unit
        raise RuleError("screen.unit", node.column, left=str(left.unit), right=str(right.unit))

    def product(self, node: tree.Product) -> Typed:
        left = self.wanted(node.left, Kind.QUANTITY, "*")
        right = self.wanted(node.right, Kind.QUANTITY, "*")
        ends = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        bottom = left.denominator * right.denominator
        of = core.Times(left.of, right.of)
        unit = left.unit * right.unit
        return _fits(Typed(Kind.QUANTITY, of, unit, bottom, min(ends), max(ends)), node)

    def compare(self, node: tree.Compare) -> Typed:
        left, right = self.typed(node.left), self.typed(node.right)
        if Kind.TEXT in {left.kind, right.kind}:
            return self.compare_text(node, left, right)
        if left.kind is not right.kind or left.kind is Kind.TRUTH:
            kind = Kind.QUANTITY if left.kind is Kind.TRUTH else left.kind
            wrong, piece = (left, node.left) if left.kind is not kind else (right, node.right)
            raise _type_error(piece, wrong.kind, kind, node.op)
        self.same_unit(node, left, right)
        a, b = _aligned(left, right)
        _fits(a, node), _fits(b, node)
        return Typed(Kind.TRUTH, core.Ordered(node.op, a.of, b.of))

    def compare_text(self, node: tree.Compare, left: Typed, right: Typed) -> Typed:
        """Compare a text field with a text: = and != only."""
        if left.kind is not right.kind or node.op not in {"=", "!="}:
            wrong, piece = (left, node.left) if left.kind is Kind.TEXT else (right, node.right)
            other = Kind.TEXT if left.kind is not right.kind else Kind.QUANTITY
            if left.kind is not right.kind:
                wrong, piece = (
                    (left, node.left) if left.kind is not Kind.TEXT else (right, node.right)
                )
            raise _type_error(piece, wrong.kind, other, node.op)
        if not isinstance(node.right, tree.Word):
            raise _type_error(node.right, Kind.TEXT, Kind.TEXT, f"{node.op} “…”")
        among = tree.Among(node.left, (node.right.value,), column=node.column)
        typed = self.among(among)
        return typed if node.op == "=" else Typed(Kind.TRUTH, core.No(typed.of))

    def word(self, _: tree.Word) -> Typed:
        return Typed(Kind.TEXT, core.Whole(0))

    def truth_value(self, node: tree.Truth) -> Typed:
        return Typed(Kind.TRUTH, core.Yes(node.value))

    def among(self, node: tree.Among) -> Typed:
        of = self.wanted(node.of, Kind.TEXT, "in")
        if not isinstance(of.of, core.Column):
            raise _type_error(node.of, Kind.TEXT, Kind.TEXT, "in")
        known = self.scope.fields[of.of.name].values
        for value in node.values:
            if known and value not in known:
                wanted = "、".join(known)
                raise RuleError("screen.value", node.column, found=value, wanted=wanted)
        return Typed(Kind.TRUTH, core.OneOf(of.of, node.values))

    def inverse(self, node: tree.Not) -> Typed:
        return Typed(Kind.TRUTH, core.No(self.truth(node.of, "not")))

    def logic(self, node: tree.Logic) -> Typed:
        left, right = self.truth(node.left, node.op), self.truth(node.right, node.op)
        make = core.Both if node.op == "and" else core.Either
        return Typed(Kind.TRUTH, make(left, right))

    def known(self, node: tree.Known) -> Typed:
        return Typed(Kind.TRUTH, core.Present(self.name(node.of).of))


def _type_error(node: tree.Node, found: Kind, wanted: Kind, what: str) -> RuleError:
    zh, en = wanted.words
    found_zh, found_en = found.words
    facts = {"what": what, "wanted_zh": zh, "wanted_en": en}
    return RuleError("screen.type", node.column, **facts, found_zh=found_zh, found_en=found_en)


def _scaled(of: core.Core, times: int) -> core.Core:
    if isinstance(of, core.Whole):
        return core.Whole(of.value * times)
    return of if times == 1 else core.Times(of, core.Whole(times))


def _aligned(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Bring two quantities to one denominator."""
    bottom = lcm(left.denominator, right.denominator)
    return _over(left, bottom), _over(right, bottom)


def _over(of: Typed, bottom: int) -> Typed:
    times = bottom // of.denominator
    scaled = _scaled(of.of, times)
    return Typed(of.kind, scaled, of.unit, bottom, of.low * times, of.high * times)


def _fits(typed: Typed, node: tree.Node) -> Typed:
    if max(abs(typed.low), abs(typed.high), typed.denominator) > INT64:
        raise RuleError("screen.overflow", node.column)
    return typed


_RULES: dict[type, Callable[[_Checker, Any], Typed]] = {
    tree.Number: _Checker.number,
    tree.Day: _Checker.day,
    tree.Name: _Checker.name,
    tree.Parameter: _Checker.parameter,
    tree.Negative: _Checker.negative,
    tree.Sum: _Checker.sum,
    tree.Product: _Checker.product,
    tree.Compare: _Checker.compare,
    tree.Word: _Checker.word,
    tree.Truth: _Checker.truth_value,
    tree.Among: _Checker.among,
    tree.Not: _Checker.inverse,
    tree.Logic: _Checker.logic,
    tree.Known: _Checker.known,
}
