"""Formulas over the columns of a table: arithmetic and a few functions, nothing that could do harm.

Written as `sqrt(10 / clip(mmr, 10, 1000) / abr)`; `^` and `**` are powers. A missing value makes the result
missing; a result that is no finite number though every input is there is refused with its unit.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from shanhai.engines.indicators.arrays import Floats
from shanhai.engines.indicators.errors import refused
from shanhai.kernel.spelling import nearest

BINARY: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.BitXor: np.power,
    ast.Mod: np.mod,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ln": np.log,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "abs": np.abs,
    "min": lambda *args: np.minimum.reduce(np.broadcast_arrays(*args)),
    "max": lambda *args: np.maximum.reduce(np.broadcast_arrays(*args)),
    "mean": lambda *args: sum(args) / len(args),
    "clip": lambda x, a, b: np.minimum(np.maximum(x, a), b),
    "where": np.where,
    "round": lambda x, digits=0: np.round(x, int(digits)),
    "missing": lambda x: np.isnan(np.asarray(x, dtype=float)),
}


class Formula:
    """A checked formula; `names` are the columns it reads."""

    def __init__(self, text: str, place: str) -> None:
        self.text, self.place = text, place
        try:
            self.tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise refused("formula", place=place, detail=f"{text!r}: {error}") from error
        self.names: list[str] = []
        self._check(self.tree)

    def _check(self, node: ast.AST) -> None:
        match node:
            case ast.Constant(value=bool()) | ast.Constant(value=int() | float()):
                pass
            case ast.Name(id=name):
                self.names.append(name)
            case ast.Call(func=ast.Name(id="col"), args=[ast.Constant(value=str(name))]):
                self.names.append(name)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                if name not in FUNCTIONS:
                    close = nearest(name, [*FUNCTIONS, "col"])
                    raise refused("unknown", place=self.place, name=name, nearest=close)
                self._check_all(args)
            case _:
                self._check_all(self._operands(node))

    def _operands(self, node: ast.AST) -> list[ast.expr]:
        match node:
            case (
                ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b])
            ) if type(op) in BINARY:
                return [a, b]
            case ast.BoolOp(values=values):
                return values
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=a):
                return [a]
        raise refused("formula", place=self.place, detail=f"{ast.unparse(node)!r} is not allowed")

    def _check_all(self, nodes: list[ast.expr]) -> None:
        for node in nodes:
            self._check(node)

    def values(self, columns: Mapping[str, Floats], units: tuple[str, ...]) -> Floats:
        """Return one number a row, shape (n,); NaN where a column it reads is missing there.

        Raises:
            InvalidInputError: If a column is unknown, or a row without gaps gives no finite number.
        """
        for name in self.names:
            if name not in columns:
                raise refused(
                    "unknown", place=self.place, name=name, nearest=nearest(name, columns)
                )
        try:
            with np.errstate(all="ignore"):
                found = np.asarray(self._value(self.tree, columns), dtype=float)
        except TypeError as error:
            raise refused("formula", place=self.place, detail=f"{self.text!r}: {error}") from error
        found = np.broadcast_to(found, (len(units),)).copy()
        gap = np.zeros(len(units), dtype=bool)
        for name in self.names:
            gap |= np.isnan(columns[name])
        wrong = ~np.isfinite(found) & ~gap
        if wrong.any():
            unit = units[int(np.argmax(wrong))]
            raise refused("formula_value", place=self.place, unit=unit, detail=self.text)
        return np.where(np.isfinite(found), found, np.nan)

    def _value(self, node: ast.AST, columns: Mapping[str, Floats]) -> Any:
        match node:
            case ast.Constant(value=value):
                return float(value) if isinstance(value, int | float) else value
            case (
                ast.Name(id=name)
                | ast.Call(func=ast.Name(id="col"), args=[ast.Constant(value=str(name))])
            ):
                return columns[name]
            case ast.Call(func=ast.Name(id=name), args=args):
                return FUNCTIONS[name](*(self._value(arg, columns) for arg in args))
            case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]):
                return BINARY[type(op)](self._value(a, columns), self._value(b, columns))
            case ast.BoolOp(op=op, values=values):
                joined = np.logical_and if isinstance(op, ast.And) else np.logical_or
                return joined.reduce([self._value(one, columns) for one in values])
            case ast.UnaryOp(op=op, operand=a):
                value = self._value(a, columns)
                return (
                    np.logical_not(value)
                    if isinstance(op, ast.Not)
                    else (-value if isinstance(op, ast.USub) else value)
                )
        raise AssertionError(node)  # pragma: no cover - `_check` lets nothing else through
