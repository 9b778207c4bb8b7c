"""The flow of money as a drawing: one column a stage, a ribbon from each to the next, made on the server.

The drawing repeats the table beside it; screen readers and phones get the table alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

from shanhai.domains.funds.stages import Amount

WIDTH, HEIGHT = 1120, 250
TOP, FLOOR = 46, 214
NODE = 14
LEAST = 2


class Column(NamedTuple):
    """One stage of the drawing; lengths in the drawing's units."""

    amount: Amount
    x: int
    y: int
    height: int
    middle: int
    ribbon: str
    rest: str


class Drawing(NamedTuple):
    """All that the template needs."""

    width: int
    height: int
    floor: int
    columns: list[Column]
    box: str


def _height(fen: int, most: int) -> int:
    return max(LEAST, (FLOOR - TOP) * fen // most) if fen and most else 0


def draw(amounts: Sequence[Amount]) -> Drawing:
    """Return the drawing of a chain; stages stand on one floor, heights are proportional to amounts."""
    most = max((one.fen for one in amounts), default=0)
    step = (WIDTH - NODE) // max(1, len(amounts) - 1) if len(amounts) > 1 else WIDTH
    columns = []
    for place, one in enumerate(amounts):
        x, height = place * step, _height(one.fen, most)
        following = amounts[place + 1] if place + 1 < len(amounts) else None
        ribbon = rest = ""
        if following is not None:
            passed = min(_height(following.fen, most), height)
            ribbon = _band(x + NODE, x + step, passed, passed)
            rest = _fade(x + NODE, step, height, passed)
        columns.append(Column(one, x, FLOOR - height, height, x + NODE // 2, ribbon, rest))
    return Drawing(WIDTH, HEIGHT, FLOOR, columns, f"-50 0 {WIDTH + 100} {HEIGHT}")


def _band(left: int, right: int, start: int, end: int) -> str:
    if not start:
        return ""
    return f"M{left} {FLOOR}V{FLOOR - start}L{right} {FLOOR - end}V{FLOOR}Z"


def _fade(left: int, step: int, height: int, passed: int) -> str:
    """Return the shape of what did not pass on: it leaves the ribbon's upper edge and ends half-way."""
    if height <= passed:
        return ""
    top, edge, end = FLOOR - height, FLOOR - passed, left + step // 3
    return f"M{left} {top}C{end} {top} {end} {edge} {end} {edge}H{left}Z"
