"""`shanhai bench risk`: the risk score beside persistence on three real panels, forward in time.

`ece` and `ap_minus_persistence` are by panel, `intervals` and `ece_interval` 95 %, bootstrap of whole households.
`ece_chance` is the error that perfect calibration would show on so few rows (mean, 95 % quantile), `ece_p` how often it
would show as much as was found, `ece_goal_chance` how often no more than the goal of 0.02: where that is near 0, the goal
is below the noise. `full` adds `grouped`: households apart, years mixed, as published figures are made.
"""

import os
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from shanhai.engines.screening.risk.spec import Spec

PROTOCOL = {"test_years": 20, "folds": 5}
"""Every year that has two before it, each predicted from earlier years of other households; five folds."""


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    from shanhai.cli.bench._risk_panels import PANELS, load
    from shanhai.engines.screening.risk.train import train

    found: dict[str, Any] = {"ece": {}, "ap_minus_persistence": {}}
    started = perf_counter()
    for name in PANELS:
        rows, spec = load(name)
        spec = msgspec.structs.replace(spec, **PROTOCOL)
        card = train(rows, spec)[0].card
        for key, one in _forward(card.models, card.ap_minus_persistence).items():
            found.setdefault(key, {})[name] = one
        found.setdefault("tested_years", {})[name] = card.tested_years
        found.setdefault("rows", {})[name] = card.tested_rows
        found.setdefault("positives", {})[name] = card.tested_positives
        if scale == "full":
            found.setdefault("grouped", {})[name] = _grouped(rows, spec)
    found["seconds"] = round(perf_counter() - started, 1)
    found["load"] = round(os.getloadavg()[0], 1)
    return found


def _forward(
    models: dict[str, dict[str, float]], gaps: dict[str, dict[str, float]]
) -> dict[str, Any]:
    ebm = models["ebm"]
    return {
        "ece": round(ebm["ece"], 4),
        "ece_interval": _rounded(ebm["ece_low"], ebm["ece_high"]),
        "ece_chance": _rounded(ebm["ece_chance"], ebm["ece_chance_high"]),
        "ece_p": round(ebm["ece_p"], 3),
        "ece_goal_chance": round(ebm["ece_goal_chance"], 3),
        "ap_minus_persistence": round(gaps["ebm"]["value"], 4),
        "intervals": {key: _rounded(one["low"], one["high"]) for key, one in gaps.items()},
        "models": models,
    }


def _grouped(rows: list[dict[str, Any]], spec: "Spec") -> dict[str, Any]:
    from dataclasses import asdict

    from shanhai.engines.screening.risk import evaluate
    from shanhai.engines.screening.risk.panel import build, clean

    panel = build(clean(rows, spec)[0], spec)
    predicted = evaluate.grouped(panel, spec)
    gaps = {name: asdict(one) for name, one in evaluate.gaps(panel, predicted, spec).items()}
    return {
        **_forward(evaluate.figures(panel, predicted, spec), gaps),
        "rows": len(predicted.y),
        "positives": int(predicted.y.sum()),
    }


def _rounded(*values: float) -> list[float]:
    return [round(one, 4) for one in values]
