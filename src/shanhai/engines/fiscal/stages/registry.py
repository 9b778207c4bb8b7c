"""The methods of the eight stages: pure functions by name, with the arguments that a scheme gives them.

A library user adds one with the decorator:

    @method("recipient", "per_head", population=PLAIN)
    def per_head(pool: Number, population: Vector) -> Answer: ...
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from shanhai.engines.fiscal.exact import Number, Vector


class Arg(NamedTuple):
    """What an argument takes.

    Attributes:
        what: `number`, `flag`, `text` (a formula of that kind), `choice` (a word of `choices`), `list` (formulas),
            or `rows` (tables with the arguments of `rows`).
        money: The power of money a number must have; None for any.
        default: The formula or word that holds where the scheme says nothing; None where it must say.
        choices: The words of a choice.
        rows: The arguments of each table.
    """

    what: str = "number"
    money: int | None = None
    default: str | None = None
    choices: tuple[str, ...] = ()
    rows: Mapping[str, "Arg"] | None = None

    def or_else(self, default: str) -> "Arg":
        """Return the same argument, with what holds where the scheme says nothing."""
        return self._replace(default=default)


AMOUNT, PLAIN, ANY = Arg(money=1), Arg(money=0), Arg()
FLAG, TEXT = Arg("flag"), Arg("text")


def rows(**args: Arg) -> Arg:
    """Return an argument that is a list of tables."""
    return Arg("rows", rows=args)


def choice(*words: str) -> Arg:
    """Return an argument that is one of some words; the first is the default."""
    return Arg("choice", default=words[0], choices=words)


class Answer(NamedTuple):
    """What a rule gives: an amount a unit in fen, and named figures for the trace and for later formulas."""

    amounts: Vector
    figures: Mapping[str, Number] = {}


class Limits(NamedTuple):
    """Bounds on one side of a transfer: least and most a unit in fen; None where there is none."""

    side: str
    least: list[Number | None] | None = None
    most: list[Number | None] | None = None


class Net(NamedTuple):
    """A transfer as it stands: what each unit pays and gets, fen ≥ 0, shape (n units,) both."""

    paid: Vector
    received: Vector


class Method(NamedTuple):
    """A registered method."""

    stage: str
    name: str
    args: Mapping[str, Arg]
    function: Callable[..., Any]
    same: tuple[str, ...]
    """Arguments that must share their unit."""
    gives: str
    """Capacity and need: the argument whose unit the result has, or `money`. Bounds and transition: `limits` or `net`."""
    figures: Mapping[str, int]
    """Recipient rules: the figures it gives, with their power of money."""


METHODS: dict[str, dict[str, Method]] = {}


def method(
    stage: str,
    name: str,
    *,
    same: tuple[str, ...] = (),
    gives: str = "money",
    figures: Mapping[str, int] = MappingProxyType({}),
    **args: Arg,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a pure function as a method of a stage."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        METHODS.setdefault(stage, {})[name] = Method(
            stage, name, args, function, same, gives, figures
        )
        return function

    return register
