"""Judging the unit of amounts where nobody stated it: only where one reading is absurd."""

from collections.abc import Iterable

from shanhai.domains.imports.amounts import UNKNOWN
from shanhai.domains.imports.fields import squash

_YUAN_FROM = 100_000
_WAN_BELOW = 10_000


def assumed_unit(cells: Iterable[str]) -> str:
    """Return 万元 or 元 if the other would be absurd for every bare number, else blank.

    As yuan, a project under ten thousand is absurd; as 万元, one of a hundred thousand (十亿元) is. Anything
    between is a question for a person.

    Args:
        cells: Amount cells; those that carry their own unit do not count.
    """
    numbers = []
    for cell in cells:
        plain = squash(cell).replace(",", "")
        if plain in UNKNOWN:
            continue
        try:
            numbers.append(float(plain))
        except ValueError:
            continue
    if numbers and max(numbers) < _WAN_BELOW:
        return "万元"
    return "元" if numbers and min(numbers) >= _YUAN_FROM else ""
