"""The space of assumptions: points of the unit cube become schemes, weights and data, and these become scores.

Points that differ in weights only share their steps and are aggregated together, so ten thousand draws of weights
cost little more than one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy import stats
from scipy.stats import qmc

from shanhai.engines.indicators import arrays
from shanhai.engines.indicators.arrays import Floats, Ints
from shanhai.engines.indicators.combine import combine
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.parts import Assumption, Sensitivity
from shanhai.engines.indicators.rules import grade_index, judge
from shanhai.engines.indicators.run import Memory, Run, prepare, run
from shanhai.engines.indicators.scheme import Scheme, scheme_from
from shanhai.engines.indicators.table import Table
from shanhai.engines.indicators.uncertainty.patch import patched
from shanhai.kernel.spelling import nearest

CHUNK = 100
"""So many draws are aggregated at once."""
VARIED = ("steps", "weights", "aggregate", "nodes", "indicators", "rules", "grades")
"""Tables that a path may begin with."""
VARIED_INDICATOR = (
    "direction", "weight", "scale", "goalposts", "target", "reference", "normalise", "treat", "impute",
)  # fmt: skip
MOST = 100_000
"""So many combinations are enumerated at most."""


class Answers(NamedTuple):
    """Scores, ranks and grade indices of every point, shape (points, n units); NaN and -1 where there is none."""

    scores: Floats
    ranks: Floats
    grades: Ints


class Space:
    """What is varied, on one scheme and table.

    Attributes:
        nominal: The run without changes.
        settings: The scheme's `[sensitivity]`.
        sizes: How many settings each assumption has, 0 where it is continuous.
    """

    def __init__(self, scheme: Scheme, table: Table) -> None:
        if scheme.sensitivity is None or not scheme.sensitivity.assumptions:
            raise refused("required", place="scheme", name="[[sensitivity.assumptions]]")
        self.scheme, self.table = scheme, table
        self.settings: Sensitivity = scheme.sensitivity
        self.assumptions = self.settings.assumptions
        self.memory: dict[tuple[Any, ...], Memory] = {}
        self.schemes: dict[tuple[Any, ...], Scheme] = {}
        self.nominal: Run = run(scheme, table, self.memory.setdefault(("",), {}))
        self.sizes = [
            _checked(one, f"sensitivity.assumptions[{at}]", scheme)
            for at, one in enumerate(self.assumptions)
        ]
        self.factors = [self._weight_sets(at) for at in range(len(self.assumptions))]
        self.rows = {
            self.nominal.table.row_name(i): i for i in range(len(self.nominal.table.units))
        }
        self._try_every_setting()

    @property
    def names(self) -> list[str]:
        """Return the assumptions' names."""
        return [one.name for one in self.assumptions]

    def _try_every_setting(self) -> None:
        """Read the scheme of each setting once, so that a wrong one is refused before the work begins."""
        for at, one in enumerate(self.assumptions):
            for setting in one.values or (one.range or ()):
                if one.path:
                    value = int(setting) if one.integer else setting
                    scheme_from(
                        patched(
                            self.scheme.raw, one.path, value, f"sensitivity.assumptions[{at}].path"
                        )
                    )

    def _weight_sets(self, at: int) -> dict[str, Floats]:
        """Return factors of weights by code, shape (draws,), uniform in 1 ± noise."""
        one = self.assumptions[at]
        if one.weights is None:
            return {}
        random = np.random.default_rng([self.settings.seed, at])
        tree = self.scheme.tree
        codes = [code for code in self.scheme.codes if code != tree.root]
        asked = [
            code
            for code in codes
            if (not one.level or tree.level[code] == one.level)
            and (not one.only or code in one.only)
        ]
        return {code: 1 + one.weights * random.uniform(-1, 1, one.draws) for code in asked}

    def sample(self, count: int, dimensions: int) -> Floats:
        """Return points of the unit cube from a scrambled Sobol sequence, shape (count, dimensions)."""
        engine = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(self.settings.seed))
        points = engine.random_base2(max(int(np.ceil(np.log2(max(count, 2)))), 1))
        return np.asarray(points[:count])

    def dependent(self, points: Floats) -> Floats:
        """Return points (N, d) with the rank correlations that the scheme states, by a Gaussian copula."""
        if not self.settings.dependence:
            return points
        cov = np.eye(len(self.assumptions))
        for at, pair in enumerate(self.settings.dependence):
            place = f"sensitivity.dependence[{at}]"
            for name in pair.of:
                if name not in self.names:
                    close = nearest(name, self.names)
                    raise refused("unknown", place=f"{place}.of", name=name, nearest=close)
            i, j = (self.names.index(name) for name in pair.of)
            cov[i, j] = cov[j, i] = 2 * np.sin(np.pi / 6 * pair.correlation)
        if np.linalg.eigvalsh(cov).min() <= 0:
            raise refused(
                "bounds",
                place="sensitivity.dependence",
                detail="the correlations contradict one another",
            )
        normal = stats.norm.ppf(np.clip(points, 1e-12, 1 - 1e-12))
        return np.asarray(stats.norm.cdf(normal @ np.linalg.cholesky(cov).T))

    def setting(self, at: int, u: float) -> Any:
        """Return what assumption `at` is at u in [0, 1): a value, or the number of a draw."""
        one, size = self.assumptions[at], self.sizes[at]
        if size:
            index = min(int(u * size), size - 1)
            if one.range is not None:
                return int(one.range[0]) + index
            return one.values[index] if one.values else index
        assert one.range is not None  # noqa: S101 - checked when the space was made
        return one.range[0] + u * (one.range[1] - one.range[0])

    def answers(self, points: Floats) -> Answers:
        """Return scores, ranks and grades of points (N, d)."""
        n = len(self.rows)
        found = Answers(
            np.full((len(points), n), np.nan),
            np.full((len(points), n), np.nan),
            np.full((len(points), n), -1, dtype=np.int64),
        )
        factors = self._factors(points)
        for key, rows in self._alike(points).items():
            for start in range(0, len(rows), CHUNK):
                some = np.array(rows[start : start + CHUNK])
                own = dict(zip(factors, (draws[some] for draws in factors.values()), strict=True))
                self._answer(key, (points[some[0]], own), some, found)
        return found

    def _alike(self, points: Floats) -> dict[tuple[str, ...], list[int]]:
        """Group points whose settings differ in weights only."""
        found: dict[tuple[str, ...], list[int]] = {}
        told = [
            [""] * len(points)
            if one.weights is not None
            else [msgspec.json.encode(self.setting(at, u)).decode() for u in points[:, at].tolist()]
            for at, one in enumerate(self.assumptions)
        ]
        for row, key in enumerate(zip(*told, strict=True)):
            found.setdefault(key, []).append(row)
        return found

    def _answer(
        self,
        key: tuple[str, ...],
        drawn: tuple[Floats, dict[str, Floats]],
        rows: Ints,
        found: Answers,
    ) -> None:
        point, factors = drawn
        scheme, data_draw = self._scheme(key, point)
        table = self._table(data_draw)
        raw = scheme.raw["indicators"]
        changed = "" if raw is self.scheme.raw["indicators"] else msgspec.json.encode(raw).decode()
        memory = self.memory.setdefault((changed, *data_draw), {})
        frame = prepare(scheme, table, memory)[-1].frame
        at = self._places(frame.table)
        kept = at >= 0
        for scores, ranks, grades, to in self._judged(scheme, frame, factors, rows):
            for whole, some in zip(found, (scores, ranks, grades), strict=True):
                if frame.table is self.nominal.table:
                    whole[to] = some
                else:
                    whole[np.ix_(to, at[kept])] = some[:, kept]

    def _places(self, table: Table) -> Ints:
        """Return where a table's rows stand in the nominal run, -1 where they do not."""
        if table is self.nominal.table:
            return np.arange(len(table.units))
        return np.array([self.rows.get(table.row_name(i), -1) for i in range(len(table.units))])

    def _judged(
        self, scheme: Scheme, frame: Any, factors: dict[str, Floats], rows: Ints
    ) -> Iterator[Any]:
        """Yield scores, ranks and grades of draws that share a frame, shape (draws, n) each."""
        combined = combine(frame, scheme, factors)
        if not scheme.rules:
            scores = np.broadcast_to(combined.scores, (len(rows), len(frame.table.units)))
            yield (
                scores,
                _ranks(scores, frame.table),
                self._grades(scheme, scores, frame.table),
                rows,
            )
            return
        for at, row in enumerate(rows):
            values = {code: v[at] if v.ndim > 1 else v for code, v in combined.values.items()}
            judged = judge(scheme, frame.table, replace(combined, values=values))
            names = [grade.name for grade in scheme.grades.grades] if scheme.grades else []
            grades = [
                names.index(g) if g else -1 for g in judged.grades or [""] * len(judged.scores)
            ]
            yield judged.scores[None], judged.ranks[None], np.array(grades)[None], [row]

    def _grades(self, scheme: Scheme, scores: Floats, table: Table) -> Ints:
        if scheme.grades is None:
            return np.full(scores.shape, -1, dtype=np.int64)
        keys = table.keys[scheme.grades.by] if scheme.grades.by else None
        if "time" in table.keys and scheme.grades.method == "quota":
            times = table.keys["time"]
            keys = (
                times
                if keys is None
                else tuple(f"{a}\0{b}" for a, b in zip(times, keys, strict=True))
            )
        index = grade_index(scheme, scores, keys)
        return np.where(np.isnan(scores), -1, index)

    def _factors(self, points: Floats) -> dict[str, Floats]:
        """Return the factors of weights of these points, by code, shape (draws,)."""
        found: dict[str, Floats] = {}
        for at, sets in enumerate(self.factors):
            for code, draws in sets.items():
                some = draws[np.minimum((points[:, at] * len(draws)).astype(int), len(draws) - 1)]
                found[code] = found[code] * some if code in found else some
        return found

    def _scheme(self, key: tuple[str, ...], point: Floats) -> tuple[Scheme, tuple[int, ...]]:
        """Return the scheme at a point, and which draws of data it takes."""
        raw, draws = self.scheme.raw, []
        for at, one in enumerate(self.assumptions):
            if one.data is not None:
                draws += [at, self.setting(at, float(point[at]))]
            elif one.path:
                raw = patched(raw, one.path, self.setting(at, float(point[at])), one.name)
        if key not in self.schemes:
            self.schemes[key] = (
                self.scheme if raw is self.scheme.raw else scheme_from(raw, self.scheme)
            )
        return self.schemes[key], tuple(draws)

    def _table(self, draws: Sequence[int]) -> Table:
        """Return the table with the noise of these draws on its indicators."""
        numbers = dict(self.table.numbers)
        for at, draw in zip(draws[::2], draws[1::2], strict=True):
            one = self.assumptions[at]
            random = np.random.default_rng([self.settings.seed, at, draw])
            for code, indicator in self.scheme.indicators.items():
                noise = random.standard_normal(len(self.table.units))
                if not one.only or code in one.only:
                    column = numbers[indicator.heading]
                    numbers[indicator.heading] = column * (1 + float(one.data or 0) * noise)
        return msgspec.structs.replace(self.table, numbers=numbers) if draws else self.table


def _ranks(scores: Floats, table: Table) -> Floats:
    ranks = np.empty(scores.shape)
    for rows in arrays.groups(table.keys.get("time"), scores.shape[1]):
        ranks[:, rows] = arrays.ranks_down(scores[:, rows])
    return ranks


def _check_path(path: list[str], place: str) -> None:
    """Refuse a path to what was read with the data: an assumption is about the rules, not about the table."""
    if path[0] and path[0] not in VARIED:
        raise refused(
            "unknown", place=f"{place}.path", name=path[0], nearest=nearest(path[0], VARIED)
        )
    if path[0] == "indicators" and len(path) > 2 and path[2] not in VARIED_INDICATOR:  # noqa: PLR2004 - code, field
        close = nearest(path[2], VARIED_INDICATOR)
        raise refused("unknown", place=f"{place}.path", name=path[2], nearest=close)


def _checked(one: Assumption, place: str, scheme: Scheme) -> int:
    """Return how many settings an assumption has, 0 where it is continuous.

    Raises:
        InvalidInputError: If it says nothing to vary, or more than one thing.
    """
    ways = [bool(one.values), one.range is not None, one.weights is not None, one.data is not None]
    if sum(ways) != 1 or bool(one.path) != (ways[0] or ways[1]):
        detail = "say one of: path with values, path with range, weights, data"
        raise refused("value", place=f"{place} ({one.name})", detail=detail)
    _check_path(one.path.split("."), place)
    for code in one.only:
        if code not in scheme.nodes and code not in scheme.indicators:
            close = nearest(code, scheme.codes)
            raise refused("unknown", place=f"{place}.only", name=code, nearest=close)
    if one.range is not None and not one.range[0] < one.range[1]:
        raise refused(
            "bounds",
            place=f"{place}.range",
            detail=f"{one.range[0]:g} is not below {one.range[1]:g}",
        )
    if (one.weights is not None and not 0 <= one.weights < 1) or one.draws < 1:
        raise refused("value", place=place, detail="weights from 0 to below 1, draws at least 1")
    if one.values:
        return len(one.values)
    if one.range is not None:
        return int(one.range[1]) - int(one.range[0]) + 1 if one.integer else 0
    return one.draws
