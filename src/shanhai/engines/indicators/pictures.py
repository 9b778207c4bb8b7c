"""Pictures of a run as SVG or PNG: framework, bars with bands, radar, correlations, distributions, rank uncertainty.

The same run gives the same bytes. Letters are drawn as paths, in a Chinese face where the machine has one; without one
codes stand in for names.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from typing import Any, ParamSpec
from unicodedata import east_asian_width

import numpy as np

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.run import Run

FACES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK JP",
)
INK, BLUE, SAND, RED = "#1f2933", "#2f6f9f", "#d9c8a9", "#b5483a"
AXES = 3
UNIT = 36
"""A unit's name is so wide at most."""
WORDS = re.compile(r"\s*[A-Za-z0-9.,;:()&/'’-]+|\s*[^\s]")
"""What a line is broken between: Latin words and single Chinese characters."""
MOST = 60
"""So many units are drawn in a picture of units at most: the first by rank."""

Made = dict[str, bytes]


@cache
def face() -> str:
    """Return the machine's Chinese typeface, "" where it has none."""
    from matplotlib import font_manager  # noqa: PLC0415 - a second to import

    here = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FACES if name in here), "")


P = ParamSpec("P")


def styled(draw: Callable[P, bytes]) -> Callable[P, bytes]:
    """Have a picture drawn in the house's style: faces, ink, and nothing that differs from run to run."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> bytes:
        import matplotlib as mpl  # noqa: PLC0415 - a second to import

        style: Any = {
            "font.family": [face() or "DejaVu Sans"],
            "axes.unicode_minus": False,
            "svg.hashsalt": "shanhai",
            "svg.fonttype": "path",
            "font.size": 9,
            "text.color": INK,
        }
        with mpl.rc_context(style):
            return draw(*args, **kwargs)

    return drawn


class Sheet:
    """A figure of one axes; `bytes` closes it."""

    def __init__(self, width: float, height: float, **axes: Any) -> None:
        import matplotlib as mpl  # noqa: PLC0415 - a second to import
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415

        self.colormaps: Any = mpl.colormaps
        self.figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(self.figure)
        self.axes: Any = self.figure.add_subplot(**axes)
        if not axes:
            self.axes.spines[["top", "right"]].set_visible(False)

    def bytes(self, kind: str) -> bytes:
        """Return the picture, `svg` or `png`."""
        out = io.BytesIO()
        metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
        self.figure.savefig(out, format=kind, dpi=150, metadata=metadata)
        return out.getvalue()


def width_of(text: str) -> int:
    """Return how wide a text is drawn, in Latin letters: a Chinese character counts for two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(text: str, width: int) -> str:
    """Return a text of at most this width, its end replaced by an ellipsis where it is longer."""
    if width_of(text) <= width:
        return text
    while width_of(text) > width - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """Return a text broken into lines of at most this width, cut after the last; Latin words stay whole."""
    found = [""]
    for word in WORDS.findall(text):
        if found[-1] and width_of(found[-1] + word) > width:
            found.append("")
        found[-1] += word
    if len(found) > lines:
        found = [*found[: lines - 1], "".join(found[lines - 1 :])]
    return "\n".join(cut(line.strip(), width) for line in found)


def label(run: Run, code: str, width: int = 28, lines: int = 1) -> str:
    """Return a code's name where it can be drawn, broken into lines or cut."""
    name = run.scheme.label(code) if face() else code
    return cut(name, width) if lines == 1 else wrapped(name, width, lines)


def shown(run: Run, row: int) -> str:
    """Return what a row is called in a picture."""
    table = run.table
    name = cut(table.names[row] if face() else table.units[row], UNIT)
    return name if table.times is None else f"{name} {table.times[row]:g}"


def said(zh: str, en: str) -> str:
    """Return words in both languages, in English alone without a Chinese face."""
    return f"{zh} {en}" if face() else en


def _along(sheet: Sheet, angle: float, radius: float, words: str, size: int) -> None:
    """Write words along the radius, never upside down."""
    sheet.axes.text(
        angle,
        radius,
        words,
        rotation=(np.degrees(angle) + 180) % 180 - 90,
        rotation_mode="anchor",
        ha="center",
        va="center",
        in_layout=False,
        fontsize=size,
    )


@styled
def framework(run: Run, kind: str = "svg") -> bytes:
    """Draw the hierarchy as rings, each code as wide as its effective weight."""
    tree, effective = run.combined.tree, run.combined.effective()
    sheet = Sheet(7, 7, projection="polar")
    sheet.axes.set_axis_off()
    sheet.axes.set_theta_zero_location("N")
    depth = {tree.root: 0}
    start = {tree.root: 0.0}
    for node in tree.down():
        at = start[node]
        for child in tree.children[node]:
            start[child], depth[child] = at, depth[node] + 1
            at += effective[child]
    top = [*tree.children[tree.root]]
    for code, begin in start.items():
        if code == tree.root:
            continue
        branch = code
        while tree.parent[branch] != tree.root:
            branch = tree.parent[branch]
        angle, width = 2 * np.pi * (begin + effective[code] / 2), 2 * np.pi * effective[code]
        color = sheet.colormaps["Set2"](top.index(branch) % 8)
        fade = 1 - 0.22 * (depth[code] - 1)
        sheet.axes.bar(
            angle, 1, width, depth[code] - 0.2, color=color, alpha=max(fade, 0.3), edgecolor="white"
        )
        if effective[code] > 0.008:  # noqa: PLR2004 - narrower holds no word
            words = label(run, code, 14, 2 if effective[code] > 0.03 else 1)  # noqa: PLR2004 - wide enough for two
            _along(sheet, angle, depth[code] + 0.3, words, 7 if max(depth.values()) < 3 else 5)  # noqa: PLR2004 - rings grow thin
    sheet.axes.text(
        0, 0, label(run, tree.root, 12, 3), ha="center", va="center", fontsize=9, in_layout=False
    )
    sheet.axes.set_ylim(0, max(depth.values()) + 0.85)
    return sheet.bytes(kind)


@styled
def bars(run: Run, kind: str = "svg", bands: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Draw scores by rank, stacked by the root's children where they add up, with bands where they are known."""
    order = _first(run)
    sheet = Sheet(7, 1.2 + 0.22 * len(order))
    at = np.arange(len(order))
    scores = run.judged.scores[order]
    sheet.axes.barh(at, scores, color=SAND, height=0.75)
    if bands:
        low = np.array([bands[i]["score_low"] for i in order], dtype=float)
        high = np.array([bands[i]["score_high"] for i in order], dtype=float)
        sheet.axes.hlines(at, low, high, color=BLUE, linewidth=2)
    sheet.axes.plot(scores, at, "|", color=INK)
    sheet.axes.set_xlabel(
        said("得分，蓝线为区间", "score, blue its band") if bands else said("得分", "score")
    )
    sheet.axes.set_yticks(at, [shown(run, i) for i in order], fontsize=8)
    sheet.axes.invert_yaxis()
    sheet.axes.set_title(label(run, run.combined.tree.root, 60))
    return sheet.bytes(kind)


@styled
def radar(run: Run, row: int, kind: str = "svg") -> bytes:
    """Draw a row beside the median of all, each axis over the range of the units.

    Axes are the root's children, or the indicators where those are fewer than three.
    """
    tree = run.combined.tree
    codes = list(tree.children[tree.root])
    if len(codes) < AXES:
        codes = tree.leaves(tree.root)
    values = np.column_stack([run.combined.values[code] for code in codes])
    low, span = arrays.low(values), arrays.high(values) - arrays.low(values)
    scaled = np.where(span > 0, (values - low) / np.where(span > 0, span, 1), 0.5)
    angles = np.linspace(0, 2 * np.pi, len(codes), endpoint=False)
    sheet = Sheet(4.2, 4.2, projection="polar")
    for name, line, color in (
        (said("中位", "median"), arrays.median(scaled), SAND),
        (shown(run, row), scaled[row], BLUE),
    ):
        ring = np.nan_to_num(np.append(line, line[0]))
        sheet.axes.plot(np.append(angles, angles[0]), ring, color=color, linewidth=2, label=name)
        sheet.axes.fill(np.append(angles, angles[0]), ring, color=color, alpha=0.25)
    sheet.axes.set_xticks(angles, [label(run, code, 12, 3) for code in codes], fontsize=8)
    for angle, text in zip(angles, sheet.axes.get_xticklabels(), strict=True):
        east = np.cos(angle)
        text.set_horizontalalignment(
            "left" if east > 0.1 else "right" if east < -0.1 else "center"  # noqa: PLR2004 - beside, not on, the circle
        )
    sheet.axes.tick_params(axis="x", pad=0)
    sheet.axes.set_yticks([0, 0.5, 1], ["", "", ""])
    sheet.axes.set_ylim(0, 1)
    sheet.figure.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    return sheet.bytes(kind)


@styled
def correlation(run: Run, kind: str = "svg") -> bytes:
    """Draw Pearson correlations of the normalised indicators."""
    frame = run.stages[-1].frame
    k = len(frame.codes)
    r = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(k):
            there = ~np.isnan(frame.x[:, i]) & ~np.isnan(frame.x[:, j])
            x, y = frame.x[there, i], frame.x[there, j]
            if len(x) > 2 and np.ptp(x) > 0 and np.ptp(y) > 0:  # noqa: PLR2004 - two correlate always
                r[i, j] = np.corrcoef(x, y)[0, 1]
    sheet = Sheet(3.5 + 0.2 * k, 2.5 + 0.2 * k)
    image = sheet.axes.imshow(r, cmap="RdBu", vmin=-1, vmax=1)
    names = [label(run, code, 22) for code in frame.codes]
    sheet.axes.set_xticks(range(k), names, rotation=90, fontsize=7)
    sheet.axes.set_yticks(range(k), names, fontsize=7)
    sheet.figure.colorbar(image, shrink=0.6)
    return sheet.bytes(kind)


@styled
def distribution(run: Run, kind: str = "svg") -> bytes:
    """Draw each normalised indicator's units as dots, its median as a line."""
    frame = run.stages[-1].frame
    sheet = Sheet(7, 1.2 + 0.24 * len(frame.codes))
    for j in range(len(frame.codes)):
        there = frame.x[~np.isnan(frame.x[:, j]), j]
        sheet.axes.plot(there, np.full(len(there), j), "o", color=BLUE, alpha=0.35, markersize=3)
        if len(there):
            sheet.axes.plot([np.median(there)], [j], "|", color=RED, markersize=10)
    sheet.axes.set_yticks(
        range(len(frame.codes)), [label(run, code, 40) for code in frame.codes], fontsize=7
    )
    sheet.axes.set_xlabel(said("归一值，红线为中位", "normalised, red the median"))
    sheet.axes.invert_yaxis()
    return sheet.bytes(kind)


@styled
def uncertainty(run: Run, bands: Sequence[Mapping[str, Any]], kind: str = "svg") -> bytes:
    """Draw each unit's band of ranks, with its nominal and median rank."""
    order = _first(run)
    sheet = Sheet(7, 1.2 + 0.22 * len(order))
    at = np.arange(len(order))
    low, high, middle = (
        np.array([bands[i][key] for i in order], dtype=float)
        for key in ("rank_low", "rank_high", "rank_median")
    )
    sheet.axes.hlines(at, low, high, color=SAND, linewidth=5, label=said("区间", "band"))
    sheet.axes.plot(middle, at, "|", color=INK, markersize=9, label=said("中位", "median"))
    sheet.axes.plot(
        run.judged.ranks[order], at, "o", color=BLUE, markersize=3, label=said("名次", "rank")
    )
    sheet.axes.legend(loc="upper right", fontsize=7, frameon=False)
    sheet.axes.set_xlabel(said("名次", "rank"))
    sheet.axes.set_yticks(at, [shown(run, i) for i in order], fontsize=8)
    sheet.axes.invert_yaxis()
    sheet.axes.set_title(said("名次区间", "rank bands"))
    return sheet.bytes(kind)


def _first(run: Run) -> list[int]:
    """Return the rows drawn: the last time's, by rank, at most `MOST`."""
    table, ranks = run.table, run.judged.ranks
    last = max(table.times) if table.times is not None else None
    rows = [
        i
        for i in range(len(ranks))
        if not np.isnan(ranks[i]) and (table.times is None or table.times[i] == last)
    ]
    return sorted(rows, key=lambda i: (ranks[i], table.units[i]))[:MOST]


def pictures(
    run: Run, kind: str = "svg", bands: Sequence[Mapping[str, Any]] = (), row: int | None = None
) -> Made:
    """Return every picture of a run by file name.

    Args:
        run: The run.
        kind: `svg` or `png`.
        bands: Units of an analysis, for the bands.
        row: A row to draw as radar.
    """
    ways: dict[str, Callable[[], bytes]] = {
        "framework": lambda: framework(run, kind),
        "bars": lambda: bars(run, kind, bands),
        "correlation": lambda: correlation(run, kind),
        "distribution": lambda: distribution(run, kind),
    }
    if bands:
        ways["uncertainty"] = lambda: uncertainty(run, bands, kind)
    if row is not None:
        ways["radar"] = lambda: radar(run, row, kind)
    return {f"{name}.{kind}": way() for name, way in ways.items()}
