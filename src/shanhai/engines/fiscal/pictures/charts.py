"""The four pictures of a run: who gives to whom, one unit's waterfall, Lorenz before and after, marginal retention."""

from typing import NamedTuple

from shanhai.engines.fiscal.level import gini, lorenz
from shanhai.engines.fiscal.margin import Point, ratios_of
from shanhai.engines.fiscal.pictures.svg import (
    GET,
    GRID,
    HEIGHT,
    INK,
    PAY,
    TOP,
    WIDTH,
    Canvas,
    yuan,
)
from shanhai.engines.fiscal.run import Result

SHOWN = 16
OTHERS = "其余 others"
POOL = "资金池 pool"
_TOP, _GAP, _BAR = 60, 6, 16
_PLACES = {"<": 220.0, "|": WIDTH / 2, ">": WIDTH - 236.0}


class Band(NamedTuple):
    """Money from a left end to a right end, fen; an end's first letter says its column: < payer, | pool, > recipient."""

    left: str
    right: str
    amount: int


def bands_of(result: Result) -> list[Band]:
    """Return who gives to whom: by pair where a transfer has pairs, else through its pool; payers outside included.

    Beyond 16 at a side the smallest are drawn together.
    """
    names = dict(zip(result.units, result.labels, strict=True))
    paid, got = list[Band](), list[Band]()
    for transfer in result.scheme.transfers:
        outcome = result.transfers[transfer.name]
        for (donor, recipient), amount in outcome.flows.items():
            left, right = names[result.units[donor]], names[result.units[recipient]]
            paid.append(Band(f"<{left}", f">{right}", amount))
        if outcome.flows:
            continue
        pool = f"|{POOL} {transfer.title_zh or transfer.name}"
        for at, unit in enumerate(result.units):
            paid.append(Band(f"<{names[unit]}", pool, outcome.paid[at]))
            got.append(Band(pool, f">{names[unit]}", outcome.received[at]))
        if transfer.payer:
            paid.append(Band(f"<{transfer.payer}", pool, sum(outcome.received)))
    return [*_fewer(paid, 0), *_fewer(got, 1)]


def _fewer(bands: list[Band], side: int) -> list[Band]:
    sums = dict[str, int]()
    for band in bands:
        end = band.right if side else band.left
        sums[end] = sums.get(end, 0) + band.amount
    kept = {name for name, _ in sorted(sums.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]}
    merged = dict[tuple[str, str], int]()
    for band in bands:
        ends = [band.left, band.right]
        ends[side] = ends[side] if ends[side] in kept else ends[side][0] + OTHERS
        key = ends[0], ends[1]
        merged[key] = merged.get(key, 0) + band.amount
    return [Band(*key, amount) for key, amount in merged.items() if amount]


def sankey(result: Result) -> bytes:
    """Draw who gives to whom."""
    bands = bands_of(result)
    canvas = Canvas(f"资金流向 Flows · {result.scheme.head.title_zh}")
    if not bands:
        canvas.text(24, 80, "没有资金流动 nothing flows")
        return canvas.svg()
    columns = [_ends(bands, mark) for mark in _PLACES]
    most = max(sum(amount for _, amount in column) for column in columns)
    gaps = max(len(column) for column in columns) * _GAP
    scale = (HEIGHT - _TOP - 24 - gaps) / most
    places: dict[str, tuple[float, float]] = {}
    for column, x in zip(columns, _PLACES.values(), strict=True):
        y: float = _TOP
        for name, amount in column:
            places[name] = x, y
            _end(canvas, (x, y), name, amount, scale)
            y += amount * scale + _GAP
    _flow(canvas, bands, places, scale)
    return canvas.svg()


def _ends(bands: list[Band], mark: str) -> list[tuple[str, int]]:
    """Return the ends of a column with their sums, largest first; a pool counts what flows in."""
    sums = dict[str, int]()
    for band in bands:
        end = band.left if mark == "<" else band.right
        if end[0] == mark:
            sums[end] = sums.get(end, 0) + band.amount
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _end(canvas: Canvas, at: tuple[float, float], name: str, amount: int, scale: float) -> None:
    (x, y), height = at, max(1.0, amount * scale)
    told = f"{name[1:]} {yuan(amount)}"
    canvas.box(x, y, (_BAR, height), {"<": PAY, "|": INK, ">": GET}[name[0]], told)
    left = name[0] == "<"
    canvas.text(
        x - 6 if left else x + _BAR + 6, y + height / 2 + 4, told, "end" if left else "start", 11
    )


def _flow(
    canvas: Canvas, bands: list[Band], places: dict[str, tuple[float, float]], scale: float
) -> None:
    used: dict[tuple[str, int], float] = {}
    for band in sorted(bands, key=lambda b: (-b.amount, b.left, b.right)):
        width, ends = band.amount * scale, []
        for side, name in ((0, band.left), (1, band.right)):
            x, y = places[name]
            start = used.get((name, side), 0.0)
            used[name, side] = start + width
            ends.append((x + (0 if side else _BAR), y + start))
        told = f"{band.left[1:]} → {band.right[1:]} {yuan(band.amount)}"
        canvas.band(ends[0], ends[1], max(width, 0.4), told)


def waterfall(result: Result, unit: str) -> bytes:
    """Draw how one unit's capacity becomes what it has after all transfers, a step a transfer with its article."""
    at = result.units.index(unit)
    start = ratios_of(result).given.values(result.env)["capacity"][at]
    canvas = Canvas(
        f"{result.labels[at]}：从财力到转移后 From capacity to after · {result.scheme.head.title_zh}"
    )
    steps = [("财力 capacity", start, "")]
    steps += [
        (t.title_zh or t.name, result.at(t.name)[at], t.article) for t in result.scheme.transfers
    ]
    levels = [float(start)]
    for _, change, _ in steps[1:]:
        levels.append(levels[-1] + float(change))
    low, high = min(0.0, *levels), max(levels) or 1.0
    if len(steps) > 1 and min(levels) > 0.6 * high:
        low = 0.8 * min(levels)  # a broken axis, said below
        canvas.text(24, HEIGHT - 12, "纵轴不从 0 开始 the axis does not begin at 0", size=11)
    scale = (HEIGHT - 150) / (high - low)
    wide = (WIDTH - 80) / (len(steps) + 1)
    before = low
    for number, ((name, amount, article), level) in enumerate(zip(steps, levels, strict=True)):
        base = before if number else low
        colour = INK if not number else GET if amount >= 0 else PAY
        _column(canvas, number, wide, (base, level, low, scale), colour)
        _told(canvas, number, wide, (name, yuan(amount), article))
        before = level
    _column(canvas, len(steps), wide, (low, levels[-1], low, scale), TOP)
    _told(canvas, len(steps), wide, ("转移后 after", yuan(round(levels[-1])), ""))
    return canvas.svg()


def _column(
    canvas: Canvas, number: int, wide: float, span: tuple[float, float, float, float], colour: str
) -> None:
    base, level, low, scale = span
    bottom = HEIGHT - 90
    top = bottom - (max(base, level) - low) * scale
    canvas.box(40 + number * wide, top, (wide * 0.7, max(1.0, abs(level - base) * scale)), colour)


def _told(canvas: Canvas, number: int, wide: float, words: tuple[str, str, str]) -> None:
    for line, one in enumerate(words):
        canvas.text(40 + (number + 0.35) * wide, HEIGHT - 70 + 18 * line, one, "middle", 12)


def lorenz_curve(result: Result) -> bytes:
    """Draw the Lorenz curves of capacity per need before and after, with both Gini coefficients."""
    need = ratios_of(result).given.values(result.env)["need"]
    canvas = Canvas(f"洛伦兹曲线 Lorenz curves · {result.scheme.head.title_zh}")
    side, left, top = HEIGHT - 154, 90, 84
    canvas.line([(left, top + side), (left + side, top)], GRID, 1.5, "5,4")
    canvas.line([(left, top), (left, top + side), (left + side, top + side)], INK, 1)
    canvas.text(
        left + side / 2, HEIGHT - 36, "需要（人口）累计份额 cumulative share of need", "middle"
    )
    canvas.text(left, top - 10, "财力累计份额 cumulative share of capacity", "start")
    for name, colour, dash, line in (("before", PAY, "7,4", 0), ("after", GET, "", 1)):
        values = result.values[name]
        if min(values) < 0:
            continue
        points = [
            (left + side * float(x), top + side * (1 - float(y))) for x, y in lorenz(values, need)
        ]
        canvas.line(points, colour, 2.5, dash)
        word = {"before": "转移前 before", "after": "转移后 after"}[name]
        y = top + 40 + 28 * line
        canvas.line([(left + side + 60, y - 5), (left + side + 100, y - 5)], colour, 2.5, dash)
        canvas.text(left + side + 110, y, f"{word}  Gini {float(gini(values, need)):.4f}")
    return canvas.svg()


def retention_curve(result: Result, points: list[Point]) -> bytes:
    """Draw, poorest first, what share of one more unit of own revenue each unit keeps."""
    canvas = Canvas(f"边际留存 Marginal retention · {result.scheme.head.title_zh}")
    left, right, top, bottom = 80, WIDTH - 40, 70, HEIGHT - 70
    low = min([0.0, *(float(p.retention) for p in points)])
    high = max([1.0, *(float(p.retention) for p in points)])
    first, last = float(points[0].before), float(points[-1].before)
    wide = last - first or 1.0

    def place(before: float, kept: float) -> tuple[float, float]:
        x = left + (right - left) * (before - first) / wide
        return x, bottom - (bottom - top) * (kept - low) / (high - low)

    for mark in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = place(first, mark)[1]
        canvas.line([(left, y), (right, y)], GRID, 1)
        canvas.text(left - 8, y + 4, f"{mark:.0%}", "end", 12)
    spots = [place(float(p.before), float(p.retention)) for p in points]
    canvas.line(spots, GET, 1.5)
    names = dict(zip(result.units, result.labels, strict=True))
    for point, (x, y) in zip(points, spots, strict=True):
        canvas.dot(x, y, GET, f"{names[point.unit]} {float(point.retention):.1%}")
    canvas.text(
        (left + right) / 2,
        HEIGHT - 28,
        "转移前财力水平，由低到高 capacity per need before, poorest first",
        "middle",
    )
    return canvas.svg()
