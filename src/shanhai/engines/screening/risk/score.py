"""Score households with a trained model, in words, and add the highest to the visit list; nobody leaves it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from shanhai.engines.screening.risk.panel import Floats, Panel, Rejected, build, clean
from shanhai.engines.screening.risk.train import Model

HEADINGS = (
    "household_id",
    "year",
    "state",
    "probability",
    "persistence",
    "visit",
    "reason_zh",
    "reason_en",
)
LABELS = {
    "rel": ("收入与线之比", "income ÷ line"),
    "rel_1": ("上一年收入与线之比", "income ÷ line a year ago"),
    "rel_2": ("前年收入与线之比", "income ÷ line two years ago"),
    "below": ("今年低于线", "below the line now"),
    "below_1": ("上一年低于线", "below the line a year ago"),
    "change": ("收入与线之比的变化", "change of income ÷ line"),
    "mean": ("历年平均收入与线之比", "mean income ÷ line so far"),
    "low": ("历年最低收入与线之比", "lowest income ÷ line so far"),
    "share_below": ("近三年低于线的比例", "share of the last three years below the line"),
}
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Scored:
    """One household: `state` is scored, abstain, below (already, in an entry task) or absent (only on the list).

    `visit` is rules, score, both or blank; probabilities are None unless scored.
    """

    household_id: str
    year: int | None
    state: str
    probability: float | None
    persistence: float | None
    visit: str
    reason_zh: str
    reason_en: str

    @property
    def row(self) -> tuple[Any, ...]:
        """Return the columns of `HEADINGS`."""
        return astuple(self)


def score(
    rows: Sequence[Mapping[str, Any]],
    trained: Model,
    visits: Collection[str] = (),
    capacity: float | None = None,
) -> tuple[list[Scored], list[Rejected]]:
    """Score every household in its latest year.

    Args:
        rows: A panel with the columns of the model; earlier years give the history.
        trained: As from `train` or `load`.
        visits: Households that rules or self-reports have put on the list; all of them stay.
        capacity: Share of scored households to add, the model's own if None.

    Raises:
        InvalidInputError: A column is not there.
    """
    households, rejected, _ = clean(rows, trained.spec)
    panel = build(households, trained.spec, trained.levels)
    last = {unit: row for row, unit in enumerate(panel.units)}
    doubts = {row: _doubt(panel, row, trained) for row in last.values()}
    good = np.array([row for row, doubt in doubts.items() if doubt is None], np.int64)
    x = panel.x[good]
    p = trained.calibration.probability(trained.score.margin(x)) if len(good) else np.empty(0)
    share = trained.spec.capacity if capacity is None else capacity
    added = set(good[np.argsort(-p, kind="stable")[: int(np.ceil(len(good) * share))]].tolist())
    place = {int(row): at for at, row in enumerate(good)}
    parts = trained.score.contributions(x) if len(good) else np.empty((0, 0))
    base = trained.baseline.probability(np.log1p(x[:, 0])) if len(good) else np.empty(0)
    found = []
    for unit, row in last.items():
        visit = _visit(unit in visits, row in added)
        year, doubt = int(panel.years[row]), doubts[row]
        if doubt is not None:
            found.append(Scored(unit, year, doubt[0], None, None, visit, doubt[1], doubt[2]))
            continue
        at = place[row]
        zh, en = _words(trained, panel.x[row], parts[at])
        found.append(Scored(unit, year, "scored", float(p[at]), float(base[at]), visit, zh, en))
    missing = ("面板中没有这户", "not in the panel")
    found += [
        Scored(unit, None, "absent", None, None, "rules", *missing)
        for unit in set(visits) - set(last)
    ]
    return sorted(found, key=lambda one: one.household_id), rejected


def _visit(by_rules: bool, by_score: bool) -> str:  # noqa: FBT001 - two flags make one word
    return {(True, True): "both", (True, False): "rules", (False, True): "score"}.get(
        (by_rules, by_score), ""
    )


def _doubt(panel: Panel, row: int, trained: Model) -> tuple[str, str, str] | None:
    """Return why a household gets no score: state, zh, en."""
    x = panel.x[row]
    if np.isnan(x[0]):
        return "abstain", "本年收入或线未知，不打分", "income or line of the year unknown: no score"
    if trained.spec.task == "entry" and panel.below[row]:
        return "below", "本年已低于线，不打分", "below the line already: no score"
    for name, value, span in zip(trained.names, x, trained.ranges, strict=True):
        if np.isnan(value) or (span is not None and span[0] <= value <= span[1]):
            continue
        zh, en = _label(trained, name)
        return (
            "abstain",
            f"{zh}超出训练数据范围，不打分",
            f"{en} outside the training range: no score",
        )
    return None


def _label(trained: Model, name: str) -> tuple[str, str]:
    for one in trained.spec.covariates:
        if one.name == name:
            return one.zh or name, one.en or name
    return LABELS[name]


def _words(trained: Model, x: Floats, parts: Floats) -> tuple[str, str]:
    """Say the baseline and the terms that move the odds most, each as a factor of the odds."""
    order = np.argsort(-np.abs(parts), kind="stable")[:SHOWN]
    zh, en = [f"收入是线的 {x[0]:.2f} 倍"], [f"income is {x[0]:.2f} × the line"]
    for at in order:
        name = trained.names[at]
        label, value = _label(trained, name), _value(trained, name, float(x[at]))
        factor = np.exp(parts[at])
        zh.append(f"{label[0]}（{value[0]}）：几率×{factor:.2f}")
        en.append(f"{label[1]} ({value[1]}): odds ×{factor:.2f}")
    return "；".join(zh), "; ".join(en)


def _value(trained: Model, name: str, value: float) -> tuple[str, str]:
    if np.isnan(value):
        return "未知", "unknown"
    if name in trained.levels:
        return (trained.levels[name][int(value)],) * 2
    return (f"{value:.4g}",) * 2
