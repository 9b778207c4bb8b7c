"""Units of the rule language: fen, persons, days, months, times, and what products of them give.

Money is whole fen; 元, 万元 and yuan are ways to write it. Days and months do not convert: a month has no
fixed length, so a rule that mixes them is refused.
"""

from dataclasses import dataclass
from fractions import Fraction

_BASES = ("fen", "person", "day", "month", "time")
WORDS: dict[str, tuple[Fraction, str]] = {
    "%": (Fraction(1, 100), ""),
    "fen": (Fraction(1), "fen"),
    "分": (Fraction(1), "fen"),
    "yuan": (Fraction(100), "fen"),
    "元": (Fraction(100), "fen"),
    "wan": (Fraction(1_000_000), "fen"),
    "万元": (Fraction(1_000_000), "fen"),
    "person": (Fraction(1), "person"),
    "persons": (Fraction(1), "person"),
    "人": (Fraction(1), "person"),
    "day": (Fraction(1), "day"),
    "days": (Fraction(1), "day"),
    "天": (Fraction(1), "day"),
    "日": (Fraction(1), "day"),
    "month": (Fraction(1), "month"),
    "months": (Fraction(1), "month"),
    "个月": (Fraction(1), "month"),
    "time": (Fraction(1), "time"),
    "times": (Fraction(1), "time"),
    "次": (Fraction(1), "time"),
}
"""A word of a unit: how many base units it is, and of which base ("" is a share)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Powers of the base units, in the order fen, person, day, month, time."""

    powers: tuple[int, ...] = (0, 0, 0, 0, 0)

    def __mul__(self, other: "Unit") -> "Unit":
        return Unit(tuple(a + b for a, b in zip(self.powers, other.powers, strict=True)))

    def __truediv__(self, other: "Unit") -> "Unit":
        return Unit(tuple(a - b for a, b in zip(self.powers, other.powers, strict=True)))

    def __str__(self) -> str:
        above = [
            name for name, power in zip(_BASES, self.powers, strict=True) for _ in range(power)
        ]
        below = [n for n, power in zip(_BASES, self.powers, strict=True) for _ in range(-power)]
        return "/".join(["*".join(above) or "1", *below])

    @property
    def money(self) -> bool:
        """Return whether fen is in it."""
        return self.powers[0] != 0


NONE = Unit()


def base(name: str) -> Unit:
    """Return a base unit: fen, person, day, month, time, or "" for a share."""
    return Unit(tuple(int(name == one) for one in _BASES))


def parse_unit(text: str) -> tuple[Fraction, Unit] | None:
    """Read `yuan/person`, `人`, `%` or "" (a bare share).

    Returns:
        How many base units one of it is, and the unit; None where a word is not known.
    """
    scale, unit = Fraction(1), NONE
    for index, word in enumerate(text.split("/") if text else ()):
        known = WORDS.get(word.strip())
        if known is None:
            return None
        times, name = known
        scale = scale / times if index else scale * times
        unit = unit / base(name) if index else unit * base(name)
    return scale, unit
