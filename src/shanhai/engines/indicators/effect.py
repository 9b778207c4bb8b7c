"""Did help work: difference-in-differences with clustered errors, event study and placebo.

y_it = α_i + λ_t + β · Treated_i × Post_t + X γ + ε. Unit and time effects are swept out by alternating projections
(Guimarães, Portugal 2010); errors are clustered by unit or a column, with the usual G/(G - 1) · (N - 1)/(N - K)
where unit effects, nested in the clusters, are not counted in K (Cameron, Miller 2015). Treatment that starts at
different times is estimated by the same two-way model, and said so: with effects that differ, read the event study.
"""

import csv
import io
import tomllib
from typing import Any

import msgspec
import numpy as np
import statsmodels.api as sm
from scipy import stats

from shanhai.engines.indicators.arrays import Bools, Floats, Ints
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.methods import build
from shanhai.kernel.spelling import nearest

FEW_CLUSTERS = 10
SWEEPS = 1000


class Design(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: columns of unit, time and outcome; when each unit's treatment starts (empty: never)."""

    unit: str
    time: str
    outcome: str
    start: str
    covariates: tuple[str, ...] = ()
    cluster: str = ""
    leads: int = 4
    lags: int = 4
    placebo: int = 500
    seed: int = 1
    confidence: float = 0.95


class Panel(msgspec.Struct, frozen=True):
    """Complete rows of a panel: codes of unit, time and cluster, outcome, covariates (n, m), start (NaN: never)."""

    units: tuple[str, ...]
    unit: Ints
    times: Floats
    clusters: Ints
    y: Floats
    x: Floats
    start: Floats
    dropped: int


def read_design(text: str) -> Design:
    """Read a design from TOML.

    Raises:
        InvalidInputError: If it is no TOML, or a name or value is wrong.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refused("toml", detail=str(error)) from error
    return build(Design, raw, "")


def read_panel(text: str, design: Design) -> Panel:
    """Read the columns a design names; rows where one is missing are left out and counted.

    Raises:
        InvalidInputError: If a column is not there, a cell is no number, or a unit stands twice at a time.
    """
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows:
        raise refused("empty")
    names = [design.unit, design.time, design.outcome, design.start, *design.covariates]
    for name in [*names, *([design.cluster] if design.cluster else [])]:
        if name not in rows[0]:
            raise refused(
                "column", column=name, place="design", nearest=nearest(name, list(rows[0]))
            )
    kept, seen = [], dict[tuple[str, str], int]()
    for line, row in enumerate(rows, 2):
        key = (row[design.unit], row[design.time])
        if key in seen:
            raise refused("unit_twice", unit=" @ ".join(key), first=seen[key], second=line)
        seen[key] = line
        numbers = [_number(row, name, line, key[0]) for name in names[1:]]
        if not np.isnan([number for at, number in enumerate(numbers) if at != 2]).any():  # noqa: PLR2004 - start
            kept.append((*key, row[design.cluster or design.unit], numbers))
    if not kept:
        raise refused("empty")
    kept.sort(key=lambda one: (one[0], one[3][0]))
    units, unit = np.unique([one[0] for one in kept], return_inverse=True)
    _, clusters = np.unique([one[2] for one in kept], return_inverse=True)
    numbers_of = np.array([one[3] for one in kept])
    return Panel(
        units=tuple(str(name) for name in units),
        unit=unit,
        times=numbers_of[:, 0],
        clusters=clusters,
        y=numbers_of[:, 1],
        x=numbers_of[:, 3:],
        start=numbers_of[:, 2],
        dropped=len(rows) - len(kept),
    )


def _number(row: dict[str, str], name: str, line: int, unit: str) -> float:
    text = (row[name] or "").strip()
    if text in {"", "NA"}:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = float("inf")
    if not np.isfinite(value):
        raise refused("number", line=line, unit=unit, column=name, text=text)
    return value


def within(values: Floats, unit: Ints, time: Ints) -> Floats:
    """Sweep unit and time means out of columns (n, k), exactly for a balanced panel, to 1e-10 otherwise."""
    values = values.copy()
    for _ in range(SWEEPS):
        before = values.copy()
        for codes in (unit, time):
            count = np.bincount(codes)[:, None]
            sums = np.zeros((len(count), values.shape[1]))
            np.add.at(sums, codes, values)
            values -= (sums / count)[codes]
        if np.abs(values - before).max() < 1e-10 * max(1.0, float(np.abs(before).max())):
            break
    return values


def _fit(panel: Panel, design: Design, treated: Floats) -> Any:
    """Fit the outcome on treatment columns (n, k) and covariates within units and times."""
    _, time = np.unique(panel.times, return_inverse=True)
    swept = within(np.column_stack([panel.y, treated, panel.x]), panel.unit, time)
    fit = sm.OLS(swept[:, 0], swept[:, 1:])
    found = fit.fit(
        cov_type="cluster", cov_kwds={"groups": panel.clusters, "use_correction": False}, use_t=True
    )
    g, n = len(np.unique(panel.clusters)), len(panel.y)
    k = swept.shape[1] - 1 + len(np.unique(time))
    k += 0 if not design.cluster or _nested(panel) else len(panel.units) - 1
    if g < 2 or n <= k:  # noqa: PLR2004 - errors between clusters take two
        raise refused(
            "few", place="design", child=design.outcome, found=n, method="did", wanted=k + 2
        )
    scale = g / (g - 1) * (n - 1) / (n - k)
    return found, np.sqrt(np.diag(found.cov_params()) * scale), g


def _nested(panel: Panel) -> bool:
    """Return whether every unit lies in one cluster."""
    return len(np.unique(np.column_stack([panel.unit, panel.clusters]), axis=0)) == len(panel.units)


def _after(panel: Panel, start: Floats) -> Bools:
    return np.asarray(~np.isnan(start) & (panel.times >= np.nan_to_num(start, nan=np.inf)))


def estimate(design: Design, panel: Panel) -> dict[str, Any]:
    """Estimate the effect.

    Returns:
        `did`, `event_study` (None where no lead or lag exists), `placebo` (None where none is asked), `notes`.

    Raises:
        InvalidInputError: If nobody is treated, nobody is left to compare with, or there are too few rows.
    """
    after = _after(panel, panel.start)
    if not after.any() or after.all():
        raise refused(
            "value", place="design.start", detail="some rows must be treated, and some not"
        )
    did = _did(panel, design, after)
    notes = []
    if did["clusters"] < FEW_CLUSTERS:
        notes.append(
            "聚类不足十个，标准误偏小 fewer than ten clusters: standard errors are too small"
        )
    if len(np.unique(panel.start[~np.isnan(panel.start)])) > 1:
        notes.append(
            "开始时间不一，双向固定效应可能有偏，请看事件研究 staggered starts: two-way estimates may be biased"
        )
    if panel.dropped:
        notes.append(f"{panel.dropped} 行有缺失，未用 rows with gaps left out")
    return {
        "did": did,
        "event_study": _events(panel, design),
        "placebo": _placebo(panel, design, did["effect"]) if design.placebo else None,
        "notes": notes,
    }


def _did(panel: Panel, design: Design, after: Bools) -> dict[str, Any]:
    found, errors, g = _fit(panel, design, after.astype(float)[:, None])
    return _row(float(found.params[0]), float(errors[0]), g, design) | {
        "n": len(panel.y),
        "units": len(panel.units),
        "treated_units": len(np.unique(panel.unit[after])),
        "clusters": g,
    }


def _row(effect: float, se: float, clusters: int, design: Design) -> dict[str, float]:
    t = effect / se if se > 0 else float("inf")
    reach = float(stats.t.ppf(0.5 + design.confidence / 2, clusters - 1)) * se
    p = float(2 * stats.t.sf(abs(t), clusters - 1))
    return {
        "effect": effect,
        "se": se,
        "t": t,
        "p": p,
        "low": effect - reach,
        "high": effect + reach,
    }


def _events(panel: Panel, design: Design) -> dict[str, Any] | None:
    """Estimate an effect for each time since the start, -1 being the base; ends gather what lies beyond."""
    since = panel.times - panel.start
    held = np.clip(since, -design.leads, design.lags)
    steps = [int(s) for s in np.unique(held[~np.isnan(held)]) if s != -1]
    if not steps or not (held == -1).any():
        return None
    columns = np.column_stack([(held == step).astype(float) for step in steps])
    found, errors, g = _fit(panel, design, columns)
    rows = [
        {"since": step, **_row(float(found.params[at]), float(errors[at]), g, design)}
        for at, step in enumerate(steps)
    ]
    before = [at for at, step in enumerate(steps) if step < -1]
    return {
        "base": -1,
        "coefficients": rows,
        "pre_trend": _joint(found, before, g) if before else None,
    }


def _joint(found: Any, at: list[int], clusters: int) -> dict[str, float]:
    """Test that the effects before the start are all zero (Wald, over clusters - 1)."""
    cov = np.asarray(found.cov_params())[np.ix_(at, at)]
    b = np.asarray(found.params)[at]
    f = float(b @ np.linalg.pinv(cov) @ b / len(at))
    return {"f": f, "p": float(stats.f.sf(f, len(at), clusters - 1))}


def _placebo(panel: Panel, design: Design, effect: float) -> dict[str, Any]:
    """Give the starts to other units at random: how often chance makes as large an effect."""
    random = np.random.default_rng(design.seed)
    _, time = np.unique(panel.times, return_inverse=True)
    first = np.array([panel.start[panel.unit == u][0] for u in range(len(panel.units))])
    base = within(np.column_stack([panel.y, panel.x]), panel.unit, time)
    y, x = base[:, 0], base[:, 1:]
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0] if x.shape[1] else y
    effects = []
    for _ in range(design.placebo):
        start = random.permutation(first)[panel.unit]
        d = within(_after(panel, start).astype(float)[:, None], panel.unit, time)[:, 0]
        d = d - x @ np.linalg.lstsq(x, d, rcond=None)[0] if x.shape[1] else d
        effects.append(float(d @ left / (d @ d)) if d @ d > 0 else 0.0)
    larger = sum(abs(one) >= abs(effect) - 1e-12 for one in effects)
    return {
        "draws": design.placebo,
        "p": (1 + larger) / (1 + design.placebo),
        "mean": float(np.mean(effects)),
        "q05": float(np.quantile(effects, 0.05)),
        "q95": float(np.quantile(effects, 0.95)),
    }
