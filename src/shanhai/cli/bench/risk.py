"""`shanhai bench risk`: the risk score beside persistence on three real panels, forward in time.

`ece` and `ap_minus_persistence` are by panel; `intervals` are 95 %, bootstrap of whole households;
`ece_chance` is the error that perfect calibration would show on so few rows (mean, 95 % quantile). `small` tests
the last three years in three folds, `full` every year that has two before it, in five.
"""

import os
from time import perf_counter
from typing import Any

import msgspec

SCALES = {"small": {"test_years": 3, "folds": 3}, "full": {"test_years": 20, "folds": 5}}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    from shanhai.cli.bench._risk_panels import PANELS, load
    from shanhai.engines.screening.risk.train import train

    found: dict[str, Any] = {"ece": {}, "ap_minus_persistence": {}}
    started = perf_counter()
    for name in PANELS:
        rows, spec = load(name)
        card = train(rows, msgspec.structs.replace(spec, **SCALES[scale]))[0].card
        gap = card.ap_minus_persistence["ebm"]
        ebm = card.models["ebm"]
        found["ece"][name] = round(ebm["ece"], 4)
        chance = [round(ebm[key], 4) for key in ("ece_chance", "ece_chance_high")]
        found.setdefault("ece_chance", {})[name] = chance
        found.setdefault("tested_years", {})[name] = card.tested_years
        found["ap_minus_persistence"][name] = round(gap["value"], 4)
        shown = {
            key: [round(one["low"], 4), round(one["high"], 4)]
            for key, one in card.ap_minus_persistence.items()
        }
        found.setdefault("intervals", {})[name] = shown
        found.setdefault("models", {})[name] = card.models
        found.setdefault("rows", {})[name] = card.tested_rows
    found["seconds"] = round(perf_counter() - started, 1)
    found["load"] = round(os.getloadavg()[0], 1)
    return found
