"""What a checked expression becomes: whole numbers, truths and columns, nothing else.

Quantities are int64 in base units, dates are days since 1970-01-01. There is no division and no fraction
left: `1.5 * @line` is a product with 3 that is compared with twice the other side. Unknown is SQL's NULL, and the
logic is Kleene's, which every engine shares.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from shanhai.engines.screening.fields import Kind


@dataclass(frozen=True, slots=True)
class Core:
    """A checked piece."""


@dataclass(frozen=True, slots=True)
class Whole(Core):
    """A constant."""

    value: int


@dataclass(frozen=True, slots=True)
class Yes(Core):
    """A constant truth."""

    value: bool


@dataclass(frozen=True, slots=True)
class Column(Core):
    """A field of the household."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Given(Core):
    """A parameter, in the scaled whole number that the parameter table carries."""

    name: str


@dataclass(frozen=True, slots=True)
class AsOf(Core):
    """The day of the screening."""


@dataclass(frozen=True, slots=True)
class Rule(Core):
    """Another rule's truth."""

    id: str


@dataclass(frozen=True, slots=True)
class Pair(Core):
    """Two pieces made one."""

    left: Core
    right: Core


@dataclass(frozen=True, slots=True)
class Plus(Pair):
    """`left + right`."""


@dataclass(frozen=True, slots=True)
class Minus(Pair):
    """`left - right`."""


@dataclass(frozen=True, slots=True)
class Times(Pair):
    """`left * right`."""


@dataclass(frozen=True, slots=True)
class Ordered(Core):
    """`left op right`, on whole numbers."""

    op: str
    left: Core
    right: Core


@dataclass(frozen=True, slots=True)
class OneOf(Core):
    """A text among values."""

    of: Core
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class No(Core):
    """Negation."""

    of: Core


@dataclass(frozen=True, slots=True)
class Both(Pair):
    """Kleene's and."""


@dataclass(frozen=True, slots=True)
class Either(Pair):
    """Kleene's or."""


@dataclass(frozen=True, slots=True)
class Present(Core):
    """Whether a column or another rule is known."""

    of: Core


def walk(core: Core) -> Iterator[Core]:
    """Yield a piece and everything in it, from the outside in."""
    todo = [core]
    while todo:
        now = todo.pop()
        yield now
        inner = [getattr(now, one.name) for one in fields(now)]
        todo.extend(one for one in reversed(inner) if isinstance(one, Core))
