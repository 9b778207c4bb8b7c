"""The functions of formulas: those of one unit, and those over all units (with `by=` and `where=`)."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from shanhai.engines.fiscal.exact import Number, root, rounded, tame
from shanhai.engines.fiscal.formula.kinds import (
    FLAG,
    Env,
    Kind,
    Piece,
    Rows,
    Run,
    Where,
    same_money,
    want,
    want_number,
    want_plain,
)
from shanhai.engines.fiscal.words import refuse


class Arguments(NamedTuple):
    """What a call was given."""

    name: str
    pieces: list[Piece]
    named: dict[str, Piece]
    where: Where

    @property
    def vector(self) -> bool:
        """Return whether any argument differs between units."""
        return any(piece.kind.vector for piece in self.pieces)


class Function(NamedTuple):
    """A function: how it is written, how many arguments it takes, and what makes it."""

    usage: str
    least: int
    most: int
    make: Callable[[Arguments], Piece]
    named: tuple[str, ...] = ()
    gaps: bool = False


def _same(call: Arguments, pieces: list[Piece]) -> Kind:
    """Return the common kind of numbers that must share their unit."""
    kind = want_number(pieces[0], call.name, call.where).kind
    for piece in pieces[1:]:
        want_number(piece, call.name, call.where)
        kind = kind._replace(money=same_money(kind, piece.kind, call.name, call.where))
    return Kind(money=kind.money, vector=call.vector)


def _fold(pick: Callable[..., Number]) -> Callable[[Arguments], Piece]:
    def make(call: Arguments) -> Piece:
        runs = [piece.run for piece in call.pieces]
        kind = _same(call, call.pieces)
        return Piece(kind, lambda env, rows: list(map(pick, *(run(env, rows) for run in runs))))

    return make


def _clip(value: Number, low: Number, high: Number) -> Number:
    return max(low, min(high, value))


def _absolute(call: Arguments) -> Piece:
    kind, run = _same(call, call.pieces), call.pieces[0].run
    return Piece(kind, lambda env, rows: [abs(v) for v in run(env, rows)])


def _if(call: Arguments) -> Piece:
    test, yes, no = call.pieces
    want(test, "flag", "if", call.where)
    want(no, yes.kind.what, "if", call.where)
    money = yes.kind.money
    if yes.kind.what == "number":
        money = same_money(yes.kind, no.kind, "if", call.where)

    def run(env: Env, rows: Rows) -> list[Number]:
        tests = test.run(env, rows)
        sides = []
        for wanted, piece in ((1, yes), (0, no)):
            own = [row for row, found in zip(rows, tests, strict=True) if found == wanted]
            sides.append(iter(piece.run(env, own) if own else []))
        first, second = sides
        return [next(first) if found else next(second) for found in tests]

    return Piece(Kind(yes.kind.what, money, call.vector), run)


def _rounding(way: Callable[[Number, int], Number]) -> Callable[[Arguments], Piece]:
    def make(call: Arguments) -> Piece:
        value, *places = call.pieces
        want_number(value, call.name, call.where)
        if places:
            want_plain(places[0], call.name, call.where)

        def run(env: Env, rows: Rows) -> list[Number]:
            digits = int(places[0].run(env, (0,))[0]) if places else 0
            return [way(v, digits) for v in value.run(env, rows)]

        return Piece(Kind(money=value.kind.money, vector=value.kind.vector), run)

    return make


def _floor(value: Number, places: int) -> Number:
    scale = Fraction(10) ** places
    return tame((value * scale) // 1 / scale)


def _ceil(value: Number, places: int) -> Number:
    return -_floor(-value, places)


def _root(call: Arguments) -> Piece:
    piece, where = want_number(call.pieces[0], "sqrt", call.where), call.where
    money = piece.kind.money or 0
    if money % 2:
        want_plain(piece, "sqrt", where)

    def run(env: Env, rows: Rows) -> list[Number]:
        found = piece.run(env, rows)
        for row, value in zip(rows, found, strict=True):
            if value < 0:
                raise refuse(
                    "negative",
                    place=where.place,
                    unit=env.units[row],
                    what="sqrt",
                    value=str(value),
                )
        return [root(value) for value in found]

    return Piece(Kind(money=money // 2, vector=piece.kind.vector), run)


def _given(call: Arguments) -> Piece:
    value, other = call.pieces
    want(other, value.kind.what, "given", call.where)
    money = same_money(value.kind, other.kind, "given", call.where)

    def run(env: Env, rows: Rows) -> list[Number]:
        found, instead = value.run(env, rows), other.run(env, rows)
        return [b if a is None else a for a, b in zip(found, instead, strict=True)]

    return Piece(Kind(value.kind.what, money, call.vector), run)


def _known(call: Arguments) -> Piece:
    run = call.pieces[0].run
    kind = FLAG._replace(vector=call.vector)
    return Piece(kind, lambda env, rows: [int(v is not None) for v in run(env, rows)])


def _tariff(call: Arguments) -> Piece:
    base, steps = call.pieces[0], call.pieces[1:]
    if len(steps) % 2:
        raise refuse(
            "formula.arguments",
            place=call.where.place,
            name="tariff",
            usage=FUNCTIONS["tariff"].usage,
        )
    starts, rates = steps[0::2], steps[1::2]
    kind = _same(call, [base, *starts])
    for rate in rates:
        want_plain(rate, "tariff", call.where)
    runs: list[tuple[Run, Run]] = [(s.run, r.run) for s, r in zip(starts, rates, strict=True)]

    def run(env: Env, rows: Rows) -> list[Number]:
        table = [list(zip(s(env, rows), r(env, rows), strict=True)) for s, r in runs]
        return [
            marginal(value, list(brackets))
            for value, brackets in zip(base.run(env, rows), zip(*table, strict=True), strict=True)
        ]

    return Piece(kind, run)


def marginal(value: Number, brackets: list[tuple[Number, Number]]) -> Number:
    """Apply marginal rates: each rate holds from its start to the next start; below the first, 0.

    Args:
        value: What is charged.
        brackets: (start, rate) by rising start, shape (k, 2).
    """
    due: Number = 0
    for at, (start, rate) in enumerate(brackets):
        if value <= start:
            break
        end = brackets[at + 1][0] if at + 1 < len(brackets) else value
        due += (min(value, end) - start) * rate
    return due


FUNCTIONS: dict[str, Function] = {
    "min": Function("min(a, b, …)；各单位中最小 over all units: lowest(x)", 2, 99, _fold(min)),
    "max": Function("max(a, b, …)；各单位中最大 over all units: highest(x)", 2, 99, _fold(max)),
    "clip": Function("clip(x, low, high)", 3, 3, _fold(_clip)),
    "abs": Function("abs(x)", 1, 1, _absolute),
    "if": Function("if(condition, then, else)", 3, 3, _if),
    "round": Function("round(x, places)", 1, 2, _rounding(rounded)),
    "floor": Function("floor(x, places)", 1, 2, _rounding(_floor)),
    "ceil": Function("ceil(x, places)", 1, 2, _rounding(_ceil)),
    "sqrt": Function("sqrt(x)", 1, 1, _root),
    "given": Function("given(column, instead)", 2, 2, _given, gaps=True),
    "known": Function("known(column)", 1, 1, _known, gaps=True),
    "tariff": Function("tariff(x, start1, rate1, start2, rate2, …)", 3, 99, _tariff),
}
