"""The syntax tree of a rule: what was written, each node with the column where it begins.

Every engine runs what is made from this tree, so no library underneath is part of a rule file's meaning.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from shanhai.engines.screening.lang.units import Unit


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression; `column` counts from 1 and takes no part in equality."""

    column: int = field(kw_only=True, default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A quantity in base units (fen, persons, days), exact; `plain` when no unit was written."""

    value: Fraction
    unit: Unit
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Day(Node):
    """A calendar date, `2026-03-14`."""

    value: date


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A field of the household, another rule, or `as_of`, the day of the screening."""

    name: str


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A dated value, `@line`."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """`-x`."""

    of: Node


@dataclass(frozen=True, slots=True)
class Joined(Node):
    """Two pieces with an operator between them."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Sum(Joined):
    """`left + right` or `left - right`."""


@dataclass(frozen=True, slots=True)
class Product(Node):
    """`left * right`."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare(Joined):
    """`left op right`, op one of < <= > >= = !=."""


@dataclass(frozen=True, slots=True)
class Among(Node):
    """`of in {"C", "D"}`."""

    of: Node
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not of`."""

    of: Node


@dataclass(frozen=True, slots=True)
class Logic(Joined):
    """`left and right` or `left or right`."""


@dataclass(frozen=True, slots=True)
class Known(Node):
    """`known(name)`: true or false, never unknown."""

    of: Name
