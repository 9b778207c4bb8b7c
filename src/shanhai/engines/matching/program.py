"""From a profile and two tables to a program of columns that a kernel runs over every pair.

Whatever compares texts or lists is worked out once for each pair of *different* values and looked up; numbers
are compared as they are.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.matching.lottery import LEFT, RIGHT, keys
from shanhai.engines.matching.market import Ints, Keys, Points
from shanhai.engines.matching.places import EARTH_KM, Point, point_of
from shanhai.engines.matching.profile import Component, Predicate, Profile
from shanhai.engines.matching.rows import Rows, reader, unit_of
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.regions import stem

TABLE, SAME, AT_LEAST, AT_MOST, MORE, LESS, OFFER, NEED = range(8)
"""What an instruction does."""
_CELLS = 40_000_000
_CUTS = (2, 4, 6, 9, 12)
Cells = tuple[str, ...]
Grid = NDArray[np.float64]


class Program(NamedTuple):
    """Instructions over columns.

    Attributes:
        need: Shape (columns, needs).
        offer: Shape (columns, offers).
        tests: Shape (tests, 6): what, need column, offer column, start and width of its table, what a blank does.
        parts: Shape (parts, 7): what, need column, offer column, start, width, weight, scale.
        table: All tables, one after another.
        need_key: Lottery keys.
        offer_key: Lottery keys.
    """

    need: Ints
    offer: Ints
    tests: Ints
    parts: Ints
    table: Points
    need_key: Keys
    offer_key: Keys


class Compiled(NamedTuple):
    """A program, and the predicate that each test belongs to."""

    program: Program
    owner: tuple[int, ...]


class Maker:
    """Collects columns, tables and instructions."""

    def __init__(
        self, profile: Profile, needs: Rows, offers: Rows, centres: dict[str, Point] | None = None
    ) -> None:
        self.profile, self.needs, self.offers, self.centres = profile, needs, offers, centres or {}
        self.need: list[Ints] = []
        self.offer: list[Ints] = []
        self.tests: list[list[int]] = []
        self.parts: list[list[int]] = []
        self.owner: list[int] = []
        self.tables: list[Points] = []
        self.size = 0

    def compile(self) -> Compiled:
        """Return the program.

        Raises:
            InvalidInputError: A cell cannot be read, or a column has too many different values.
        """
        for number, predicate in enumerate(self.profile.predicates):
            self.owner += [number] * self._test(predicate)
        for component in self.profile.components:
            self._part(component)
        for priority in self.profile.priorities:
            held = [priority.value in cells for cells in self.needs.lists(priority.need)]
            self._column(np.where(held, priority.points, 0), None)
            self.parts.append([NEED, len(self.need) - 1, 0, 0, 0, priority.points, 1])
        seed = self.profile.seed
        program = Program(
            _stack(self.need, len(self.needs.ids)),
            _stack(self.offer, len(self.offers.ids)),
            np.array(self.tests, np.int64).reshape(-1, 6),
            np.array(self.parts, np.int64).reshape(-1, 7),
            np.concatenate([np.zeros(1, np.int32), *self.tables]),
            keys(self.needs.ids, seed, LEFT),
            keys(self.offers.ids, seed, RIGHT),
        )
        return Compiled(program, tuple(self.owner))

    def _column(self, need: NDArray[np.generic] | None, offer: NDArray[np.generic] | None) -> None:
        """Add a column to each side; zeros where one is not needed."""
        self.need.append(
            np.zeros(len(self.needs.ids), np.int64) if need is None else need.astype(np.int64)
        )
        self.offer.append(
            np.zeros(len(self.offers.ids), np.int64) if offer is None else offer.astype(np.int64)
        )

    def _test(self, one: Predicate) -> int:
        """Add the tests of a predicate; return how many."""
        passes = int(one.unknown == "pass")
        if one.test in {"at_least", "at_most"}:
            what = AT_LEAST if one.test == "at_least" else AT_MOST
            self._compare(one.need, one.offer, one.type)
            self.tests.append([what, len(self.need) - 1, len(self.offer) - 1, 0, 0, passes])
            return 1
        if one.test == "overlap":
            (begin, end), (opens, closes) = _two(one.need), _two(one.offer)
            self._compare(end, opens, "date")
            self.tests.append([AT_MOST, len(self.need) - 1, len(self.offer) - 1, 0, 0, passes])
            self._compare(begin, closes, "date")
            self.tests.append([AT_LEAST, len(self.need) - 1, len(self.offer) - 1, 0, 0, passes])
            return 2
        grid = self._grid(one.test, one.need, one.offer, one)
        start, width = self._keep(np.where(np.isnan(grid), passes, grid > 0))
        self.tests.append([TABLE, len(self.need) - 1, len(self.offer) - 1, start, width, passes])
        return 1

    def _part(self, one: Component) -> None:
        if one.points in {"more", "less"}:
            self._compare(one.need, one.offer, one.type)
            what, scale = (MORE if one.points == "more" else LESS), unit_of(one.type)
            numbers = [0, 0, one.weight, max(1, round(one.scale * scale))]
            self.parts.append([what, len(self.need) - 1, len(self.offer) - 1, *numbers])
        elif one.points == "value":
            read = reader(one.type, self.profile.days, self.profile.hours)
            number = self.offers.numbers(one.offer, one.type, read)
            full = max(1, round(one.scale * unit_of(one.type)))
            self._column(
                None, np.clip(np.clip(number, 0, full) * one.weight // full, 0, one.weight)
            )
            self.parts.append([OFFER, 0, len(self.offer) - 1, 0, 0, one.weight, 1])
        else:
            grid = self._grid(one.points, one.need, one.offer, one)
            share = np.clip(np.nan_to_num(grid, nan=0.0), 0, 1)
            start, width = self._keep(np.floor(share * one.weight + 1e-9))
            self.parts.append(
                [TABLE, len(self.need) - 1, len(self.offer) - 1, start, width, one.weight, 1]
            )

    def _compare(self, need: str, offer: str, kind: str) -> None:
        read = reader(kind, self.profile.days, self.profile.hours)
        self._column(self.needs.numbers(need, kind, read), self.offers.numbers(offer, kind, read))

    def _grid(self, how: str, need: str, offer: str, one: Predicate | Component) -> Grid:
        """Add coded columns; return 0 to 1 for each pair of different values, NaN where one is blank."""
        mine, need_code = _different(_cells(self.needs, need, how))
        theirs, offer_code = _different(_cells(self.offers, offer, how))
        if len(mine) * len(theirs) > _CELLS:
            raise InvalidInputError("match.set_wide", column=f"{need}/{offer}", count=len(mine))
        self._column(need_code, offer_code)
        if how == "is":
            row = [np.nan if not v else float(one.value in v) for v in theirs]  # type: ignore[union-attr]
            return np.tile(np.array(row), (len(mine), 1))
        if how == "near":
            return self._nearness(mine, theirs, one)
        grid = _HOW[how](mine, theirs)
        grid[[k for k, cells in enumerate(mine) if not cells], :] = np.nan
        grid[:, [k for k, cells in enumerate(theirs) if not cells]] = np.nan
        return grid

    def _nearness(self, mine: list[Cells], theirs: list[Cells], one: Predicate | Component) -> Grid:
        far = _kilometres(_points(mine, self.centres), _points(theirs, self.centres))
        if isinstance(one, Predicate):
            return np.where(np.isnan(far), np.nan, (far <= one.limit).astype(float))
        return 1 - far / one.scale

    def _keep(self, grid: NDArray[np.generic]) -> tuple[int, int]:
        """Keep a table; return its start in the whole and its width."""
        start, width = self.size + 1, grid.shape[1]
        self.tables.append(grid.astype(np.int32).ravel())
        self.size += grid.size
        if self.size > 4 * _CELLS:
            raise InvalidInputError("match.set_wide", column="*", count=self.size)
        return start, width


def _stack(columns: list[Ints], length: int) -> Ints:
    return np.stack(columns) if columns else np.zeros((0, length), np.int64)


def _two(names: str) -> tuple[str, str]:
    first, _, second = names.partition(",")
    return first.strip(), second.strip() or first.strip()


def _cells(rows: Rows, column: str, how: str) -> list[Cells]:
    """Return the cells that a comparison looks at."""
    if how == "keep":
        return rows.lists(column) if column in rows.columns else [()] * len(rows.ids)
    if how == "near":
        return [(cell,) if cell else () for cell in rows.text(column)]
    if how == "gap":
        names = [name.strip() for name in column.split(",")]
        return list(zip(*(rows.text(name) for name in names), strict=True))
    return rows.lists(column)


def _different(cells: Sequence[Cells]) -> tuple[list[Cells], Ints]:
    """Return the different values, sorted, and each row's number among them."""
    values = sorted(set(cells)) or [()]
    number = {value: k for k, value in enumerate(values)}
    return values, np.array([number[value] for value in cells], np.int64)


def _hits(mine: Sequence[Cells], theirs: Sequence[Cells]) -> Grid:
    """Return how many values each pair of lists shares."""
    tokens = {token: k for k, token in enumerate(sorted({t for cells in mine for t in cells}))}
    one, other = (np.zeros((len(side), len(tokens)), np.float32) for side in (mine, theirs))
    for matrix, side in ((one, mine), (other, theirs)):
        for k, cells in enumerate(side):
            matrix[k, [tokens[t] for t in cells if t in tokens]] = 1
    return np.asarray(one @ other.T, np.float64)


def _shared(mine: Sequence[Cells], theirs: Sequence[Cells]) -> Grid:
    size = np.array([max(1, len(set(cells))) for cells in mine], np.float64)
    return _hits(mine, theirs) / size[:, None]


def _meets(mine: Sequence[Cells], theirs: Sequence[Cells]) -> Grid:
    return (_hits(mine, theirs) > 0).astype(np.float64)


def _covers(mine: Sequence[Cells], theirs: Sequence[Cells]) -> Grid:
    return (_shared(mine, theirs) >= 1).astype(np.float64)


def _inside(mine: Sequence[Cells], theirs: Sequence[Cells]) -> Grid:
    """Tell for each offer whether it lies in one of the need's regions: one of its prefixes is theirs."""
    outer = [tuple(stem(code) for code in cells) for cells in mine]
    inner = [tuple({"", *(code[:cut] for code in cells for cut in _CUTS)}) for cells in theirs]
    return _meets(outer, inner)


def _prefix(mine: Sequence[Cells], theirs: Sequence[Cells]) -> Grid:
    """Return the share of a code's levels that both have: x-xx-xx-xx has four, an adcode three."""
    best = np.zeros((len(mine), len(theirs)))
    one, other = [_levels(c) for c in mine], [_levels(c) for c in theirs]
    for level in (0.25, 0.5, 0.75, 1.0):
        at = [tuple(p for share, p in row if share >= level) for row in one]
        to = [tuple(p for _, p in row) for row in other]
        best = np.maximum(best, _meets(at, to) * level)
    return best


def _levels(cells: Cells) -> list[tuple[float, str]]:
    found = []
    for code in cells:
        parts = (
            code.split("-") if "-" in code else [code[k : k + 2] for k in range(0, len(code), 2)]
        )
        count = len(parts)
        found += [(k / count, "/".join(parts[:k])) for k in range(1, count + 1)]
    return found


def _gap(mine: Sequence[Cells], theirs: Sequence[Cells]) -> Grid:
    """Return the share of a need's gaps (0–100 each) that an offer's strengths (0–100 each) fill."""
    gaps, strengths = (
        np.array([[_percent(c) for c in row] for row in side]) for side in (mine, theirs)
    )
    total = gaps.sum(axis=1, keepdims=True)
    return np.asarray(gaps @ strengths.T / np.where(total > 0, total, 1))


def _percent(cell: str) -> float:
    """Return a number of 0 to 100 as a share; a blank gives no gap and no strength."""
    try:
        value = float(cell) if cell else 0.0
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:  # noqa: PLR2004 - percent
        raise InvalidInputError(
            "match.value", file="gap", row=0, column="gap", value=cell[:40], wanted="0–100"
        )
    return value / 100


def _points(cells: Sequence[Cells], centres: dict[str, Point]) -> Grid:
    found = [point_of(cell[0], centres) if cell else None for cell in cells]
    return np.radians([point or (np.nan, np.nan) for point in found])


def _kilometres(one: Grid, other: Grid) -> Grid:
    """Return great-circle distances, km, shape (one, other); NaN where a place is unknown (haversine)."""
    lon = other[None, :, 0] - one[:, None, 0]
    lat = other[None, :, 1] - one[:, None, 1]
    chord = np.sin(lat / 2) ** 2
    chord = chord + np.cos(one[:, None, 1]) * np.cos(other[None, :, 1]) * np.sin(lon / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))))


_HOW: dict[str, Callable[[Sequence[Cells], Sequence[Cells]], Grid]] = {
    "equal": _meets,
    "among": _meets,
    "contains": _meets,
    "meets": _meets,
    "keep": _meets,
    "covers": _covers,
    "shared": _shared,
    "inside": _inside,
    "prefix": _prefix,
    "gap": _gap,
}
