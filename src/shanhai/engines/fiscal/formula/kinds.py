"""What a piece of a formula is: a number with its power of money, a text or a flag; one value, or one a unit."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from shanhai.engines.fiscal.exact import Number
from shanhai.engines.fiscal.words import refuse

Rows = Sequence[int]


class Kind(NamedTuple):
    """A kind: `what` is number, text or flag; `money` its power of money, None where any fits (a written 0).

    `vector` says whether each unit has its own value; `gaps` whether values may be unknown (None).
    """

    what: str = "number"
    money: int | None = 0
    vector: bool = False
    gaps: bool = False

    def say(self) -> str:
        """Return the kind in words of both languages."""
        if self.what != "number":
            return {"text": "文字 text", "flag": "是否 yes/no"}[self.what]
        words = {0: "纯数 plain number", 1: "金额 money", None: "0"}
        return words.get(self.money, f"金额的 {self.money} 次方 money**{self.money}")


NUMBER, FLAG, TEXT, MONEY = Kind(), Kind("flag"), Kind("text"), Kind("number", 1)


class Env:
    """The values a run has so far: a list a name where each unit has its own, else one value.

    Args:
        units: The units' codes, in order.
    """

    def __init__(self, units: Sequence[str]) -> None:
        self.units = list(units)
        self.values: dict[str, Any] = {}
        self.cache: dict[object, Any] = {}
        self.all: Rows = range(len(self.units))


Run = Callable[[Env, Rows], list[Any]]


class Piece(NamedTuple):
    """A compiled piece: its kind and the function that gives its values for the rows asked."""

    kind: Kind
    run: Run


class Where(NamedTuple):
    """Where a formula stands, for refusals."""

    place: str
    text: str


def want_number(piece: Piece, what: str, where: Where) -> Piece:
    """Refuse what is no number."""
    return want(piece, "number", what, where)


def want(piece: Piece, kind: str, what: str, where: Where) -> Piece:
    """Refuse a piece of another kind."""
    if piece.kind.what != kind:
        raise refuse(
            "formula.kind",
            place=where.place,
            what=what,
            wanted=Kind(kind).say(),
            got=piece.kind.say(),
            formula=where.text,
        )
    return piece


def want_plain(piece: Piece, what: str, where: Where) -> Piece:
    """Refuse a number that carries money."""
    want_number(piece, what, where)
    if piece.kind.money:
        raise refuse(
            "formula.kind",
            place=where.place,
            what=what,
            wanted=NUMBER.say(),
            got=piece.kind.say(),
            formula=where.text,
        )
    return piece


def same_money(left: Kind, right: Kind, operator: str, where: Where) -> int | None:
    """Return the common power of money of two numbers that are added, compared or chosen between."""
    if left.money is None:
        return right.money
    if right.money is None or left.money == right.money:
        return left.money
    raise refuse(
        "formula.unit",
        place=where.place,
        left=left.say(),
        right=right.say(),
        operator=operator,
        formula=where.text,
    )


def one(value: Number | str) -> Run:
    """Give the same value for every row."""
    return lambda _env, rows: [value] * len(rows)


def once(run: Run) -> Run:
    """Compute what does not differ between units once, and repeat it."""
    return lambda env, rows: run(env, (0,)) * len(rows)
