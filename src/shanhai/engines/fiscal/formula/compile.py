"""From a formula's tree to a function over the rows asked, its kinds checked before anything runs."""

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from shanhai.engines.fiscal.exact import Number, divide, tame
from shanhai.engines.fiscal.formula.aggregates import AGGREGATES
from shanhai.engines.fiscal.formula.functions import FUNCTIONS, Arguments
from shanhai.engines.fiscal.formula.kinds import (
    FLAG,
    MONEY,
    TEXT,
    Env,
    Kind,
    Piece,
    Rows,
    Run,
    Where,
    once,
    one,
    same_money,
    want,
    want_number,
)
from shanhai.engines.fiscal.formula.syntax import Node, parse, plain
from shanhai.engines.fiscal.words import refuse
from shanhai.kernel.spelling import nearest

__all__ = ["Env", "Formula", "Kind", "compile_formula"]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_LONGEST = 4000
_BITS = 2048


class Part(NamedTuple):
    """A figure over all units inside a formula, such as `sum(fkm)`, shown in traces."""

    text: str
    run: Run


class Formula(NamedTuple):
    """A compiled formula: its text, kind, function, the names it reads and the figures over all units in it."""

    text: str
    kind: Kind
    run: Run
    names: tuple[str, ...]
    parts: tuple[Part, ...]

    def values(self, env: Env) -> list[Any]:
        """Return one value a unit, shape (n units,), shortest form."""
        return [tame(v) if type(v) is Fraction else v for v in self.run(env, env.all)]

    def value(self, env: Env) -> Any:
        """Return the one value of a formula that does not differ between units."""
        found = self.run(env, (0,))[0]
        return found if isinstance(found, str | int) else tame(found)


def names_in(text: str, place: str) -> tuple[str, ...]:
    """Return the names a formula reads, in order of appearance."""
    found = dict[str, None]()
    _collect(_tree(text, place), found)
    return tuple(found)


def _tree(text: str, place: str) -> Node:
    if len(text) > _LONGEST:
        raise refuse("syntax", place=place, at=_LONGEST, found="过长 too long", formula=text[:80])
    try:
        return parse(text, place)
    except RecursionError as error:
        raise refuse(
            "syntax", place=place, at=1, found="过深 too deep", formula=text[:80]
        ) from error


def _collect(node: Node, found: dict[str, None]) -> None:
    if node.kind == "name":
        found[str(node.value)] = None
    for part in (*node.parts, *node.named.values()):
        _collect(part, found)


def compile_formula(text: str, place: str, scope: Mapping[str, Kind]) -> Formula:
    """Compile a formula.

    Args:
        text: The formula.
        place: Where it stands in the scheme, for refusals.
        scope: The names it may read, with their kinds.

    Returns:
        The formula, ready to run over any environment with those names.

    Raises:
        InvalidInputError: At wrong syntax, an unknown name or function, wrong arguments, or units that do not fit.
    """
    tree = _tree(text, place)
    compiler = _Compiler(Where(place, plain(text)), scope)
    piece = compiler.piece(tree)
    found = dict[str, None]()
    _collect(tree, found)
    return Formula(compiler.where.text, piece.kind, piece.run, tuple(found), tuple(compiler.parts))


class _Compiler:
    def __init__(self, where: Where, scope: Mapping[str, Kind]) -> None:
        self.where, self.scope = where, scope
        self.parts: list[Part] = []

    def piece(self, node: Node) -> Piece:
        made: Piece = getattr(self, f"_{node.kind}")(node)
        return made if made.kind.vector else Piece(made.kind, once(made.run))

    def _number(self, node: Node) -> Piece:
        money = None if node.value == 0 else 0
        return Piece(Kind(money=money), one(node.value))

    def _money(self, node: Node) -> Piece:
        return Piece(MONEY, one(node.value))

    def _text(self, node: Node) -> Piece:
        return Piece(TEXT, one(node.value))

    def _flag(self, node: Node) -> Piece:
        return Piece(FLAG, one(node.value))

    def _name(self, node: Node) -> Piece:
        name, place = str(node.value), self.where.place
        if name not in self.scope:
            near = nearest(name, self.scope)
            raise refuse("formula.name", place=place, name=name, nearest=near)
        kind = self.scope[name]
        if not kind.vector:
            return Piece(kind, lambda env, rows: [env.values[name]] * len(rows))
        if not kind.gaps:
            return Piece(kind, lambda env, rows: _rows(env.values[name], rows))

        def known(env: Env, rows: Rows) -> list[Any]:
            column = env.values[name]
            for row in rows:
                if column[row] is None:
                    raise refuse("unknown.value", place=place, unit=env.units[row], name=name)
            return _rows(column, rows)

        return Piece(kind._replace(gaps=False), known)

    def gappy(self, node: Node) -> Piece:
        """Read a name whose values may be unknown, for `given` and `known`."""
        piece = self.piece(node)
        name = str(node.value)
        if node.kind == "name" and self.scope[name].gaps:
            return Piece(piece.kind, lambda env, rows: _rows(env.values[name], rows))
        return piece

    def _minus(self, node: Node) -> Piece:
        inner = want_number(self.piece(node.parts[0]), "-", self.where)
        return Piece(inner.kind, lambda env, rows: [-v for v in inner.run(env, rows)])

    def _power(self, node: Node) -> Piece:
        inner, power = want_number(self.piece(node.parts[0]), "**", self.where), int(node.value)
        money = None if inner.kind.money is None else inner.kind.money * power
        where = self.where

        def run(env: Env, rows: Rows) -> list[Number]:
            values = inner.run(env, rows)
            if any(
                max(v.numerator.bit_length(), v.denominator.bit_length()) > _BITS for v in values
            ):
                raise refuse("too_large", place=where.place, formula=where.text)
            return [v**power for v in values]

        return Piece(inner.kind._replace(money=money), run)

    def _arithmetic(self, node: Node) -> Piece:
        sign = str(node.value)
        left, right = (want_number(self.piece(part), sign, self.where) for part in node.parts)
        vector = left.kind.vector or right.kind.vector
        if sign in "+-":
            money = same_money(left.kind, right.kind, sign, self.where)
            apply = operator.add if sign == "+" else operator.sub
        elif sign == "*":
            money, apply = (left.kind.money or 0) + (right.kind.money or 0), operator.mul
        else:
            money = (left.kind.money or 0) - (right.kind.money or 0)
            return Piece(Kind(money=money, vector=vector), self._divided(left.run, right.run))
        return Piece(Kind(money=money, vector=vector), _both(left.run, right.run, apply))

    def _divided(self, left: Run, right: Run) -> Run:
        where = self.where

        def run(env: Env, rows: Rows) -> list[Number]:
            tops, bottoms = left(env, rows), right(env, rows)
            if not all(bottoms):
                unit = env.units[rows[bottoms.index(0)]]
                raise refuse("zero", place=where.place, unit=unit, formula=where.text)
            return [divide(top, bottom) for top, bottom in zip(tops, bottoms, strict=True)]

        return run

    def _compare(self, node: Node) -> Piece:
        sign = str(node.value)
        left, right = (self.piece(part) for part in node.parts)
        want(right, left.kind.what, sign, self.where)
        if left.kind.what == "number":
            same_money(left.kind, right.kind, sign, self.where)
        elif sign not in ("==", "!="):
            want_number(left, sign, self.where)
        kind = FLAG._replace(vector=left.kind.vector or right.kind.vector)
        compare = _COMPARE[sign]
        return Piece(kind, _both(left.run, right.run, lambda a, b: int(compare(a, b))))

    def _in(self, node: Node) -> Piece:
        first, *choices = (self.piece(part) for part in node.parts)
        for choice in choices:
            want(choice, first.kind.what, "in", self.where)
            if choice.kind.vector:
                want(choice, "one value 单一值", "in", self.where)
        runs = [choice.run for choice in choices]

        def run(env: Env, rows: Rows) -> list[int]:
            among = {one_run(env, (0,))[0] for one_run in runs}
            return [int(value in among) for value in first.run(env, rows)]

        return Piece(FLAG._replace(vector=first.kind.vector), run)

    def _not(self, node: Node) -> Piece:
        inner = want(self.piece(node.parts[0]), "flag", "not", self.where)
        return Piece(inner.kind, lambda env, rows: [1 - v for v in inner.run(env, rows)])

    def _and(self, node: Node) -> Piece:
        return self._logic(node, 1)

    def _or(self, node: Node) -> Piece:
        return self._logic(node, 0)

    def _logic(self, node: Node, going_on: int) -> Piece:
        left, right = (want(self.piece(p), "flag", node.kind, self.where) for p in node.parts)

        def run(env: Env, rows: Rows) -> list[int]:
            found = left.run(env, rows)
            open_at = [at for at, value in enumerate(found) if value == going_on]
            second = right.run(env, [rows[at] for at in open_at]) if open_at else []
            for at, value in zip(open_at, second, strict=True):
                found[at] = value
            return found

        return Piece(FLAG._replace(vector=left.kind.vector or right.kind.vector), run)

    def _call(self, node: Node) -> Piece:
        name, place = str(node.value), self.where.place
        known = {**FUNCTIONS, **AGGREGATES}
        if name not in known:
            raise refuse("formula.function", place=place, name=name, nearest=nearest(name, known))
        function = known[name]
        plain_count = function.least <= len(node.parts) <= function.most
        allowed = set(node.named) <= set(function.named)
        if not plain_count or not allowed:
            raise refuse("formula.arguments", place=place, name=name, usage=function.usage)
        read = self.gappy if function.gaps else self.piece
        pieces = [read(node.parts[0]), *map(self.piece, node.parts[1:])] if node.parts else []
        named = {key: self.piece(part) for key, part in node.named.items()}
        piece = function.make(Arguments(name, pieces, named, self.where))
        if name in AGGREGATES:
            self.parts.append(Part(self.where.text[node.start : node.end], piece.run))
        return piece


def _rows(column: Sequence[Any], rows: Rows) -> list[Any]:
    if isinstance(rows, range) and len(rows) == len(column):
        return list(column)
    return [column[row] for row in rows]


def _both(left: Run, right: Run, apply: Callable[[Any, Any], Any]) -> Run:
    return lambda env, rows: list(map(apply, left(env, rows), right(env, rows)))
