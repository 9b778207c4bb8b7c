"""Dated parameters: a value holds in a region from a day until before another; elsewhere there is none.

The longest region prefix wins (county before city before province before everywhere). There is no default: a
region without a value on the day of the screening is refused, never guessed. Source: reference §2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import lcm

from shanhai.engines.screening.lang.check import INT64, Range
from shanhai.engines.screening.lang.parser import parse_quantity
from shanhai.engines.screening.lang.units import Unit, parse_unit
from shanhai.engines.screening.rules.file import ParameterRow, ValueRow
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

UNCONFIRMED = "待核"
TEXTS |= {
    "screen.parameter_value": Text(
        "{where}：参数 {name} 的值“{found}”不是以 {unit} 为单位的数，请写如 8800 yuan/person",
        "{where}: value “{found}” of parameter {name} is no number in {unit}; write it like 8800 yuan/person",
    ),
    "screen.parameter_unit": Text(
        "{where}：参数 {name} 的单位“{unit}”不认识，请用 yuan、person、day、month、time、% 或其比",
        "{where}: parameter {name} has unknown unit “{unit}”; use yuan, person, day, month, time, % or a ratio of them",
    ),
    "screen.parameter_overlap": Text(
        "{where}：参数 {name} 在地区“{region}”自 {day} 起的两个值重叠，请改其一的有效期",
        "{where}: two values of parameter {name} overlap in region “{region}” from {day}; change one validity",
    ),
    "screen.parameter_period": Text(
        "{where}：参数 {name} 的有效期止于开始之前，请改正",
        "{where}: a value of parameter {name} ends before it begins; correct it",
    ),
    "screen.parameter_missing": Text(
        "参数 {name} 在地区“{region}”于 {day} 没有值，请在规则文件里填写并注明来源，或用 --set {name}=值",
        "Parameter {name} has no value in region “{region}” on {day}; add one with its source, or use --set {name}=VALUE",
    ),
}


@dataclass(frozen=True, slots=True)
class Dated:
    """One value: exact, in base units; `scaled` is it times the parameter's denominator."""

    value: Fraction
    scaled: int
    text: str
    region: str
    start: date
    end: date
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named threshold with all its values."""

    name: str
    unit: Unit
    denominator: int
    values: tuple[Dated, ...]
    zh: str = ""
    en: str = ""

    @property
    def range(self) -> Range:
        """Return what the checker needs to know."""
        scaled = [one.scaled for one in self.values] or [0]
        return Range(self.unit, self.denominator, min(scaled), max(scaled))

    def at(self, region: str, day: date) -> Dated | None:
        """Return the value of the longest matching region on a day, or None."""
        fits = [
            one
            for one in self.values
            if region.startswith(one.region) and one.start <= day < one.end
        ]
        return max(fits, key=lambda one: len(one.region), default=None)


def read_parameter(row: ParameterRow, where: Sequence[str]) -> Parameter:
    """Read and check one parameter.

    Args:
        row: As written.
        where: The place of the parameter, then one of each value.

    Raises:
        InvalidInputError: Its unit, a value or a period is wrong, or two periods overlap.
    """
    unit = parse_unit(row.unit)
    if unit is None:
        raise InvalidInputError(
            "screen.parameter_unit", where=where[0], name=row.name, unit=row.unit
        )
    exact = [
        _exact(row, one, unit, place) for one, place in zip(row.values, where[1:], strict=True)
    ]
    bottom = lcm(*(value.denominator for value in exact)) if exact else 1
    values = tuple(
        Dated(
            value,
            int(value * bottom),
            one.value,
            one.region,
            one.valid_from or date.min,
            one.valid_to or date.max,
            one.source,
            one.status,
        )
        for one, value in zip(row.values, exact, strict=True)
    )
    _no_overlap(row.name, values, where)
    return Parameter(row.name, unit[1], bottom, values, row.zh, row.en)


def _exact(row: ParameterRow, one: ValueRow, unit: tuple[Fraction, Unit], where: str) -> Fraction:
    found = parse_quantity(one.value)
    wrong = InvalidInputError(
        "screen.parameter_value", where=where, name=row.name, found=one.value, unit=row.unit
    )
    if found is None:
        raise wrong
    value, scale = found[0], unit[0] if _bare(one.value) else Fraction(1)
    if (not _bare(one.value) and found[1] != unit[1]) or abs(value * scale) > INT64:
        raise wrong
    return value * scale


def _bare(text: str) -> bool:
    """Return whether a value was written without unit, so that the parameter's own holds."""
    return text.strip().lstrip("-").replace(",", "").replace(".", "").isdigit()


def _no_overlap(name: str, values: Iterable[Dated], where: Sequence[str]) -> None:
    ordered = sorted(
        zip(values, where[1:], strict=True), key=lambda one: (one[0].region, one[0].start)
    )
    for one, place in ordered:
        if one.end <= one.start:
            raise InvalidInputError("screen.parameter_period", where=place, name=name)
    for (a, _), (b, place) in pairwise(ordered):
        if a.region == b.region and b.start < a.end:
            facts = {"name": name, "region": b.region, "day": str(b.start)}
            raise InvalidInputError("screen.parameter_overlap", where=place, **facts)
