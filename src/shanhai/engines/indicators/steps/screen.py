"""Screening: leave out units, or indicators, with too little data (COINr, `Screen`).

Availability is the share of values that are there; the non-zero share is counted among those. A unit stays
where its share is at least the threshold.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

import numpy as np

from shanhai.engines.indicators.arrays import Bools
from shanhai.engines.indicators.errors import refused
from shanhai.engines.indicators.frame import Frame
from shanhai.engines.indicators.methods import Params, method
from shanhai.kernel.spelling import nearest


class Screen(Params, frozen=True, kw_only=True):
    """Thresholds and forced choices."""

    availability: float = 2 / 3
    nonzero: float = 0.05
    mode: Literal["byNA", "byzeros", "byNAandzeros"] = "byNA"
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@method("screen", "units", params=Screen)
def units(frame: Frame, params: Screen, only: tuple[str, ...]) -> Frame:
    """Leave out units; `keep` and `drop` name units that stay or go whatever their data."""
    columns = [j for j, code in enumerate(frame.codes) if not only or code in only]
    passed, shares = _passed(~np.isnan(frame.x[:, columns]), frame.x[:, columns] != 0, params)
    _known(frame.table.units, params)
    forced = np.array([_forced(unit, params) for unit in frame.table.units])
    stay = np.where(forced == 0, passed, forced > 0)
    rows = np.flatnonzero(stay)
    if not len(rows):
        raise refused("nothing_left", place="screen", what="units 单元")
    gone = [
        {"unit": frame.table.row_name(int(row)), **{k: float(v[row]) for k, v in shares.items()}}
        for row in np.flatnonzero(~stay)
    ]
    left = replace(frame, table=frame.table.take(list(rows)), x=frame.x[rows])
    return left.telling("screen", {"units_left_out": gone, "units_left": len(rows)})


@method("screen", "indicators", params=Screen)
def indicators(frame: Frame, params: Screen, only: tuple[str, ...]) -> Frame:
    """Leave out indicators; `keep` and `drop` name indicators."""
    passed, shares = _passed(~np.isnan(frame.x.T), frame.x.T != 0, params)
    _known(frame.codes, params)
    stay = []
    for j, code in enumerate(frame.codes):
        forced = _forced(code, params)
        asked = not only or code in only
        stay.append(forced > 0 or (forced == 0 and (not asked or bool(passed[j]))))
    columns = [j for j, one in enumerate(stay) if one]
    if not columns:
        raise refused("nothing_left", place="screen", what="indicators 指标")
    gone = [
        {"indicator": code, **{k: float(v[j]) for k, v in shares.items()}}
        for j, code in enumerate(frame.codes)
        if not stay[j]
    ]
    kept = tuple(frame.indicators[j] for j in columns)
    left = replace(frame, indicators=kept, x=frame.x[:, columns])
    return left.telling("screen_indicators", {"indicators_left_out": gone})


def _passed(there: Bools, nonzero: Bools, params: Screen) -> tuple[Bools, dict[str, np.ndarray]]:
    """Return which rows pass, and both shares, shape (n,)."""
    available = there.mean(axis=1)
    count = np.maximum(there.sum(axis=1), 1)
    share = (there & nonzero).sum(axis=1) / count
    by_gaps, by_zeros = available >= params.availability, share >= params.nonzero
    passed = {"byNA": by_gaps, "byzeros": by_zeros, "byNAandzeros": by_gaps & by_zeros}
    return passed[params.mode], {"availability": available, "nonzero": share}


def _known(names: Iterable[str], params: Screen) -> None:
    known = set(names)
    for field in ("keep", "drop"):
        for name in getattr(params, field):
            if name not in known:
                close = nearest(name, sorted(known))
                raise refused("unknown", place=f"screen.{field}", name=name, nearest=close)


def _forced(name: str, params: Screen) -> int:
    return 1 if name in params.keep else -1 if name in params.drop else 0
