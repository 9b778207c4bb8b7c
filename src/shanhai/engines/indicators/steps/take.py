"""Take one step: the parts of the frame that it treats, what it found, and what must be told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Frame, Note, Part, parts
from shanhai.engines.indicators.parts import Step
from shanhai.engines.indicators.steps.impute_em import Multiple, variance
from shanhai.engines.indicators.steps.treat import treat


def take(frame: Frame, step: Step) -> Frame:
    """Return the frame after a step.

    Raises:
        InvalidInputError: As the method does, or if a result is no finite number.
    """
    return _KINDS[step.kind](frame, step)


def _whole(frame: Frame, step: Step) -> Frame:
    """A step that may change rows, columns or single columns."""
    after: Frame = step.chosen.method.function(frame, step.chosen.params, step.only)
    return after


def _impute(frame: Frame, step: Step) -> Frame:
    x = frame.x.copy()
    told: dict[str, Any] = {}
    for chosen, part in parts(frame, step):
        block = np.ix_(part.rows, part.columns)
        before = np.isnan(frame.x[block])
        x[block] = chosen.method.function(part, chosen.params)
        if isinstance(chosen.params, Multiple):
            between = variance(part, chosen.params)
            told["variance"] = _cells(part, between, before)
        _finite(x[block], before, part, "impute")
    filled = np.isnan(frame.x) & ~np.isnan(x)
    whole = Part(frame, np.arange(len(x)), np.arange(x.shape[1]), step.name)
    told["imputed"] = _cells(whole, x, filled)
    left = [code for j, code in enumerate(frame.codes) if np.isnan(x[:, j]).any()]
    after = frame.with_x(x).telling(step.name, told)
    if not left:
        return after
    names = "、".join(left)
    return after.noting(
        Note(
            "gaps_left",
            step.name,
            f"插补后仍有缺失：{names}",
            f"Gaps are left after imputation: {names}",
        )
    )


def _cells(part: Part, values: Any, where: Any) -> list[dict[str, Any]]:
    return [
        {
            "unit": part.row_name(int(i)),
            "indicator": part.indicators[j].code,
            "value": float(values[i, j]),
        }
        for i, j in np.argwhere(where & ~np.isnan(values))
    ]


def _treat(frame: Frame, step: Step) -> Frame:
    x = frame.x.copy()
    told: dict[str, Any] = {}
    for chosen, part in parts(frame, step):
        block = np.ix_(part.rows, part.columns)
        x[block], found = treat(part, chosen)
        suffix = f" [{frame.table.keys[step.by][part.rows[0]]}]" if step.by else ""
        told |= {f"{code}{suffix}": one for code, one in found.items()}
        _finite(x[block], np.isnan(frame.x[block]), part, chosen.method.name)
    return frame.with_x(x).telling(step.name, told)


def _normalise(frame: Frame, step: Step) -> Frame:
    x, notes = frame.x.copy(), []
    if step.only and any(
        c not in step.only and i.direction < 0
        for c, i in zip(frame.codes, frame.indicators, strict=True)
    ):
        raise refused(
            "value",
            place=f"{step.name}.only",
            detail="every indicator with direction -1 must be normalised",
        )
    for chosen, part in parts(frame, step):
        found = chosen.method.function(part, chosen.params)
        if found.shape == x.shape:
            x = np.ascontiguousarray(found)
        else:
            x[np.ix_(part.rows, part.columns)] = found
        notes += _constant(found, part)
        if chosen.method.name in {"dist2ref", "dist2targ"}:
            notes += _outside(part)
    return replace(frame.with_x(x), oriented=True).noting(*notes)


def _constant(found: Any, part: Part) -> list[Note]:
    """Note columns without spread, which become missing; refuse anything else that is no number."""
    before, notes = part.x, []
    for j in np.flatnonzero((~np.isfinite(found) & ~np.isnan(before)).any(axis=0)):
        there = before[~np.isnan(before[:, j]), j]
        code = part.indicators[j].code
        if there.min() != there.max():
            _finite(
                found[:, [j]],
                np.isnan(before[:, [j]]),
                replace(part, columns=part.columns[[j]]),
                "normalise",
            )
        notes.append(
            Note(
                "constant",
                f"{part.place} ({code})",
                f"{code} 各单元全为 {there[0]:g}，无从归一，按缺失处理，其余指标的权重按比例放大",
                f"{code} is {there[0]:g} for every unit: it cannot be normalised and counts as missing, the others weigh more",
            )
        )
    return notes


def _outside(part: Part) -> list[Note]:
    """Note targets and references that lie outside the data."""
    notes = []
    for j, one in enumerate(part.indicators):
        column = part.x[:, j]
        for name, value in (("target", one.target), ("reference", one.reference)):
            if value is not None and not np.nanmin(column, initial=np.inf) <= value <= np.nanmax(
                column, initial=-np.inf
            ):
                notes.append(
                    Note(
                        "outside_data",
                        f"{one.code}.{name}",
                        f"{one.code} 的 {name} {value:g} 在数据范围之外",
                        f"The {name} of {one.code}, {value:g}, lies outside the data",
                    )
                )
    return notes


def _finite(found: Any, gap: Any, part: Part, place: str) -> None:
    wrong = ~np.isfinite(found) & ~gap
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        raise refused(
            "not_finite", place=place, child=part.indicators[j].code, unit=part.row_name(int(i))
        )


_KINDS: dict[str, Callable[[Frame, Step], Frame]] = {
    "denominate": _whole,
    "screen": _whole,
    "shrink": _whole,
    "impute": _impute,
    "treat": _treat,
    "normalise": _normalise,
}
