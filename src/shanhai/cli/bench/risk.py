"""`shanhai bench risk`: the risk score beside persistence on three real panels, forward in time.

`ece` and `ap_minus_persistence` are by panel; `intervals` are 95 %, bootstrap of whole households. `small`
tests the last year, `full` the last three.
"""

import os
from time import perf_counter
from typing import Any

import msgspec

SCALES = {"small": 1, "full": 3}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    from shanhai.cli.bench._risk_panels import PANELS, load
    from shanhai.engines.screening.risk.train import train

    found: dict[str, Any] = {"tested_years": SCALES[scale], "ece": {}, "ap_minus_persistence": {}}
    started = perf_counter()
    for name in PANELS:
        rows, spec = load(name)
        card = train(rows, msgspec.structs.replace(spec, test_years=SCALES[scale]))[0].card
        gap = card.ap_minus_persistence["ebm"]
        found["ece"][name] = round(card.models["ebm"]["ece"], 4)
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
