"""The functions over all units: `sum(x)`, `mean(x, by=group)`, `z(x, where=condition)` and their like.

`where=` leaves units out of the figure; `by=` makes one figure a group, given to each unit of that group.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from shanhai.engines.fiscal.exact import Number, divide, root, total
from shanhai.engines.fiscal.formula.functions import Arguments, Function
from shanhai.engines.fiscal.formula.kinds import (
    Env,
    Kind,
    Piece,
    Rows,
    Where,
    want,
    want_number,
    want_plain,
)
from shanhai.engines.fiscal.level import gini, mean_and_deviation, water_level
from shanhai.engines.fiscal.words import refuse

Columns = list[list[Any]]
Fold = Callable[[Columns], Any]
_NAMED = ("by", "where")


class _Groups(NamedTuple):
    """The folded value of each group; the one group's key is None without `by`."""

    found: dict[Any, Any]
    place: Where
    name: str

    def of(self, key: Any) -> Any:
        if key not in self.found:
            raise refuse(
                "formula.empty", place=self.place.place, name=self.name, formula=self.place.text
            )
        return self.found[key]


def _grouped(call: Arguments, fold: Fold, empty: Any = None) -> Callable[[Env], _Groups]:
    """Return what folds the columns of each group, once a run."""
    only, token = call.named.get("where"), object()
    if only is not None:
        want(only, "flag", "where", call.where)

    def groups(env: Env) -> _Groups:
        if token not in env.cache:
            found = _Groups({}, call.where, call.name)
            for key, own in _members(call, env).items():
                columns = [piece.run(env, own) for piece in call.pieces]
                if own:
                    found.found[key] = _folded(call, fold, columns, own)
                elif empty is not None:
                    found.found[key] = empty
            env.cache[token] = found
        kept: _Groups = env.cache[token]
        return kept

    return groups


def _members(call: Arguments, env: Env) -> dict[Any, list[int]]:
    """Return the rows of each group that `where` leaves; groups may be left without any."""
    by, only = call.named.get("by"), call.named.get("where")
    keys = by.run(env, env.all) if by is not None else [None] * len(env.all)
    inside = only.run(env, env.all) if only is not None else [1] * len(env.all)
    members: dict[Any, list[int]] = {key: [] for key in keys}
    for row, key, yes in zip(env.all, keys, inside, strict=True):
        if yes:
            members[key].append(row)
    return members


def _folded(call: Arguments, fold: Fold, columns: Columns, own: list[int]) -> Any:
    try:
        return fold(columns or [own])
    except ValueError as error:
        raise refuse(
            "formula.fold",
            place=call.where.place,
            name=call.name,
            detail=str(error),
            formula=call.where.text,
        ) from error


def _keys(call: Arguments, env: Env, rows: Rows) -> Sequence[Any]:
    by = call.named.get("by")
    return by.run(env, rows) if by is not None else [None] * len(rows)


def _figure(call: Arguments, money: int | None, fold: Fold, empty: Any = None) -> Piece:
    """Make a figure of a group, the same for all its units."""
    groups = _grouped(call, fold, empty)

    def run(env: Env, rows: Rows) -> list[Any]:
        found = groups(env)
        return [found.of(key) for key in _keys(call, env, rows)]

    return Piece(Kind(money=money, vector="by" in call.named), run)


def _own(call: Arguments, money: int | None, fold: Fold, *, outside: bool) -> Piece:
    """Make a figure of each unit within its group; without `outside`, units left out get 0."""
    groups, only = _grouped(call, fold), call.named.get("where")

    def run(env: Env, rows: Rows) -> list[Any]:
        found, values = groups(env), call.pieces[0].run(env, rows)
        inside = only.run(env, rows) if only is not None and not outside else [1] * len(rows)
        keys = _keys(call, env, rows)
        return [
            found.of(key)(value) if yes else 0
            for key, value, yes in zip(keys, values, inside, strict=True)
        ]

    return Piece(Kind(money=money, vector=True), run)


def _first(call: Arguments) -> Kind:
    return want_number(call.pieces[0], call.name, call.where).kind


def _simple(
    fold: Callable[[list[Number]], Number], empty: Any = None
) -> Callable[[Arguments], Piece]:
    return lambda call: _figure(call, _first(call).money, lambda columns: fold(columns[0]), empty)


def _count(call: Arguments) -> Piece:
    return _figure(call, 0, lambda columns: len(columns[0]), 0)


def _mean(values: list[Number]) -> Number:
    return divide(total(values), len(values))


def _weighted(call: Arguments) -> Piece:
    money = _first(call).money
    want_number(call.pieces[1], call.name, call.where)

    def fold(columns: Columns) -> Number:
        values, weights = columns
        across = total(weights)
        if not across:
            raise ValueError("权重合计为 0 weights add up to 0")
        return divide(total([v * w for v, w in zip(values, weights, strict=True)]), across)

    return _figure(call, money, fold)


def _deviation(*, sample: bool) -> Callable[[list[Number]], Number]:
    return lambda values: root(mean_and_deviation(values, sample=sample)[1])


def _z(*, sample: bool) -> Callable[[Arguments], Piece]:
    def fold(columns: Columns) -> Callable[[Number], Number]:
        mean, variance = mean_and_deviation(columns[0], sample=sample)
        deviation = root(variance)
        if not deviation:
            raise ValueError(
                "各单位数值全相同，标准差为 0 all values are equal, the deviation is 0"
            )
        return lambda value: divide(value - mean, deviation)

    def make(call: Arguments) -> Piece:
        _first(call)
        return _own(call, 0, fold, outside=True)

    return make


def _share(call: Arguments) -> Piece:
    _first(call)

    def fold(columns: Columns) -> Callable[[Number], Number]:
        across = total(columns[0])
        if not across:
            raise ValueError("合计为 0 the sum is 0")
        return lambda value: divide(value, across)

    return _own(call, 0, fold, outside=False)


def _rank(call: Arguments) -> Piece:
    _first(call)

    def fold(columns: Columns) -> Callable[[Number], Number]:
        places = dict[Number, int]()
        for at, value in enumerate(sorted(columns[0], reverse=True), 1):
            places.setdefault(value, at)
        return lambda value: places[value]

    return _own(call, 0, fold, outside=False)


def _gini(call: Arguments) -> Piece:
    _first(call)
    for piece in call.pieces[1:]:
        want_number(piece, call.name, call.where)

    def fold(columns: Columns) -> Number:
        if min(columns[0]) < 0:
            raise ValueError("有负值 a value is negative")
        return gini(columns[0], columns[1] if len(columns) > 1 else [1] * len(columns[0]))

    return _figure(call, 0, fold)


def _level(call: Arguments) -> Piece:
    value, weight, pool = call.pieces
    money = _first(call).money or 0
    want_number(weight, call.name, call.where)
    if (pool.kind.money or 0) != money + (weight.kind.money or 0):
        want_plain(pool, call.name, call.where)

    def fold(columns: Columns) -> Number:
        values, weights, pools = columns
        filled = [at for at, w in enumerate(weights) if w > 0]
        return water_level([values[at] for at in filled], [weights[at] for at in filled], pools[0])

    return _figure(call, value.kind.money, fold)


def _at(call: Arguments) -> Piece:
    value, unit = call.pieces
    want(unit, "text", "at", call.where)

    def run(env: Env, rows: Rows) -> list[Any]:
        wanted = unit.run(env, (0,))[0]
        if wanted not in env.units:
            raise refuse("formula.at", place=call.where.place, unit=wanted, formula=call.where.text)
        return value.run(env, [env.units.index(wanted)]) * len(rows)

    return Piece(Kind(value.kind.what, value.kind.money), run)


AGGREGATES: dict[str, Function] = {
    "sum": Function("sum(x, by=…, where=…)", 1, 1, _simple(total, 0), _NAMED),
    "count": Function("count(by=…, where=…)", 0, 0, _count, _NAMED),
    "mean": Function("mean(x, by=…, where=…)", 1, 1, _simple(_mean), _NAMED),
    "lowest": Function("lowest(x, by=…, where=…)", 1, 1, _simple(min), _NAMED),
    "highest": Function("highest(x, by=…, where=…)", 1, 1, _simple(max), _NAMED),
    "weighted_mean": Function("weighted_mean(x, weight, by=…, where=…)", 2, 2, _weighted, _NAMED),
    "sd_sample": Function(
        "sd_sample(x, by=…, where=…)", 1, 1, _simple(_deviation(sample=True)), _NAMED
    ),
    "sd_population": Function(
        "sd_population(x, by=…, where=…)", 1, 1, _simple(_deviation(sample=False)), _NAMED
    ),
    "z_sample": Function("z_sample(x, by=…, where=…)", 1, 1, _z(sample=True), _NAMED),
    "z_population": Function("z_population(x, by=…, where=…)", 1, 1, _z(sample=False), _NAMED),
    "share": Function("share(x, by=…, where=…)", 1, 1, _share, _NAMED),
    "rank": Function("rank(x, by=…, where=…)", 1, 1, _rank, _NAMED),
    "gini": Function("gini(x, weight, by=…, where=…)", 1, 2, _gini, _NAMED),
    "fill_level": Function("fill_level(value, weight, pool, by=…, where=…)", 3, 3, _level, _NAMED),
    "at": Function('at(x, "unit")', 2, 2, _at),
}
