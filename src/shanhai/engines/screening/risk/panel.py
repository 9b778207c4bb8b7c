"""A panel: one row a household and year, cleaned, with the features of the score and next year's outcome."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shanhai.engines.screening.risk.spec import Covariate, Spec
from shanhai.kernel.errors import InvalidInputError

Floats = NDArray[np.float64]
YEARS = (1900, 2200)
HISTORY = ("rel", "rel_1", "rel_2", "below", "below_1", "change", "mean", "low", "share_below")


@dataclass(frozen=True, slots=True)
class Household:
    """One household in one year; `rel` is income ÷ line; values that are missing are None."""

    unit: str
    year: int
    rel: float | None
    values: tuple[float | str | None, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row set aside: its number (the first below the heading is 1), the reason, the row as it came."""

    row: int
    reason: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Panel:
    """Features and outcomes, ordered by household and year.

    `x` has the columns `names` (n × p, NaN where missing); `y` is 1.0, 0.0, or NaN where next year is unknown.
    `levels` are the categories of each covariate, coded by their place.
    """

    units: tuple[str, ...]
    years: NDArray[np.int64]
    x: Floats
    y: Floats
    groups: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    levels: dict[str, tuple[str, ...]]

    @property
    def below(self) -> NDArray[np.bool_]:
        """Tell who is below the line now."""
        return np.asarray(self.x[:, HISTORY.index("below")] == 1.0)


def clean(
    rows: Sequence[Mapping[str, Any]], spec: Spec
) -> tuple[list[Household], list[Rejected], int]:
    """Read rows; set aside what cannot be read.

    Returns:
        Households in order of unit and year, rows set aside, and how many rows only repeat another.

    Raises:
        InvalidInputError: There is no row, or a column is not there.
    """
    names = [spec.unit, spec.year, spec.income, spec.line]
    names += [*(one.name for one in spec.covariates), *spec.groups]
    if not rows:
        raise InvalidInputError("screen.risk_empty")
    for name in names:
        if name not in rows[0]:
            raise InvalidInputError("screen.risk_column", name=name)
    found: dict[tuple[str, int], list[tuple[int, Household]]] = {}
    rejected = []
    for number, row in enumerate(rows, 1):
        try:
            one = _household(row, spec)
        except ValueError as error:
            rejected.append(Rejected(number, str(error), dict(row)))
            continue
        found.setdefault((one.unit, one.year), []).append((number, one))
    kept, repeated = [], 0
    for key in sorted(found):
        several = found[key]
        if len({one for _, one in several}) == 1:
            kept.append(several[0][1])
            repeated += len(several) - 1
            continue
        reason = "同户同年内容不同 rows of one household and year differ"
        rejected += [Rejected(number, reason, dict(rows[number - 1])) for number, _ in several]
    return kept, sorted(rejected, key=lambda one: one.row), repeated


def _household(row: Mapping[str, Any], spec: Spec) -> Household:
    unit, year = text(row[spec.unit]), _number(row[spec.year], spec.year)
    if not unit:
        raise ValueError(f"{spec.unit}：空 blank")
    if year is None or not year.is_integer() or not YEARS[0] <= year <= YEARS[1]:
        raise ValueError(f"{spec.year}：年份不对 no year: {row[spec.year]}")
    income, line = _number(row[spec.income], spec.income), _number(row[spec.line], spec.line)
    if income is not None and income < 0:
        raise ValueError(f"{spec.income}：负数 negative: {row[spec.income]}")
    if line is not None and line <= 0:
        raise ValueError(f"{spec.line}：应大于 0 should be above 0: {row[spec.line]}")
    rel = None if income is None or line is None else income / line
    values = tuple(_value(row[one.name], one) for one in spec.covariates)
    return Household(unit, int(year), rel, values, tuple(text(row[one]) for one in spec.groups))


def _value(given: object, covariate: Covariate) -> float | str | None:
    if covariate.kind == "category":
        return text(given) or None
    return _number(given, covariate.name)


def text(given: object) -> str:
    """Return a cell as text: NFKC, without blanks around it."""
    return "" if given is None else unicodedata.normalize("NFKC", str(given)).strip()


_MARKS = re.compile(r"[,，￥¥元\s]|(?<=[0-9])年$")
"""What people write into numbers: thousands commas, signs of money, the word for year."""


def _number(given: object, name: str) -> float | None:
    digits = _MARKS.sub("", text(given))
    if not digits:
        return None
    digits = {"true": "1", "false": "0"}.get(digits.lower(), digits)
    try:
        number = float(digits)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name}：不是数 no number: {given}")
    return number


def build(
    households: Sequence[Household], spec: Spec, levels: Mapping[str, tuple[str, ...]] | None = None
) -> Panel:
    """Make the features of every household and year, and whether it is below the line the year after.

    Args:
        households: As from `clean`, ordered by unit and year.
        spec: Columns.
        levels: Categories of a trained model; a category that is not among them becomes −1.
    """
    known = dict(levels) if levels is not None else _levels(households, spec)
    rel = {(one.unit, one.year): one.rel for one in households}
    series: dict[str, list[Household]] = {}
    for one in households:
        series.setdefault(one.unit, []).append(one)
    rows = [
        [*_history(rel, series[one.unit], one), *_coded(one, spec, known)] for one in households
    ]
    names = (*HISTORY, *(one.name for one in spec.covariates))
    return Panel(
        tuple(one.unit for one in households),
        np.array([one.year for one in households], np.int64),
        np.array(rows, np.float64).reshape(len(rows), len(names)),
        np.array([_below(rel.get((one.unit, one.year + 1))) for one in households], np.float64),
        tuple(one.groups for one in households),
        names,
        known,
    )


def _levels(households: Iterable[Household], spec: Spec) -> dict[str, tuple[str, ...]]:
    return {
        one.name: tuple(sorted({str(h.values[i]) for h in households if h.values[i] is not None}))
        for i, one in enumerate(spec.covariates)
        if one.kind == "category"
    }


def _history(
    rel: Mapping[tuple[str, int], float | None], series: Sequence[Household], now: Household
) -> list[float]:
    current, one, two = (_or_nan(rel.get((now.unit, now.year - lag))) for lag in range(3))
    recent = [value for value in (current, one, two) if not math.isnan(value)]
    past = [h.rel for h in series if h.year <= now.year and h.rel is not None]
    return [
        *(current, one, two, _below(current), _below(one), current - one),
        sum(past) / len(past) if past else math.nan,
        min(past, default=math.nan),
        float(np.mean([value < 1 for value in recent])) if recent else math.nan,
    ]


def _coded(now: Household, spec: Spec, levels: Mapping[str, tuple[str, ...]]) -> list[float]:
    coded = []
    for covariate, value in zip(spec.covariates, now.values, strict=True):
        if isinstance(value, str):
            known = levels[covariate.name]
            coded.append(float(known.index(value)) if value in known else -1.0)
        else:
            coded.append(_or_nan(value))
    return coded


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _below(rel: float | None) -> float:
    return math.nan if rel is None or math.isnan(rel) else float(rel < 1)
