"""Train a score: evaluate it honestly, then fit it on every year and write the model with its card."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from shanhai.engines.screening.risk import evaluate, model
from shanhai.engines.screening.risk.card import Card, markdown
from shanhai.engines.screening.risk.panel import Panel, Rejected, build, clean
from shanhai.engines.screening.risk.spec import Spec
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.files import beside, write_bytes

FORMAT = "shanhai-risk-1"
BESIDE = ("card.json", "card.md", "rejects.csv")
"""What lies beside a model."""


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trained score as plain numbers: terms, calibration, baseline, the range it has seen, its card.

    `ranges` are the smallest and largest value of each feature in training; None where it was never known.
    """

    format: str
    spec: Spec
    names: tuple[str, ...]
    levels: dict[str, tuple[str, ...]]
    ranges: tuple[tuple[float, float] | None, ...]
    score: model.Additive
    calibration: model.Line
    baseline: model.Line
    card: Card


def train(rows: Sequence[Mapping[str, Any]], spec: Spec) -> tuple[Model, list[Rejected]]:
    """Evaluate and fit; the same rows in any order give the same model.

    Args:
        rows: One a household and year, with the columns of `spec`.
        spec: Columns and settings.

    Raises:
        InvalidInputError: A column is not there, or there are too few years or cases.
    """
    households, rejected, repeated = clean(rows, spec)
    panel = build(households, spec)
    mask = evaluate.learnable(panel, spec)
    card = _card(panel, spec, evaluate.crossfit(panel, spec), (len(rows), len(rejected), repeated))
    known = model.usable(panel.x, panel.y)
    last = panel.years[mask].max()
    held, before = mask & (panel.years == last), known & (panel.years < last)
    early = model.fit_ebm(panel.x[before], panel.y[before], spec)
    seen = panel.x[known]
    return (
        Model(
            FORMAT,
            spec,
            panel.names,
            panel.levels,
            tuple(_range(seen[:, place]) for place in range(seen.shape[1])),
            model.fit_ebm(seen, panel.y[known], spec),
            model.calibration(early.margin(panel.x[held]), panel.y[held]),
            model.persistence(panel.x[mask, 0], panel.y[mask]),
            card,
        ),
        rejected,
    )


def _range(column: "np.ndarray[Any, np.dtype[np.float64]]") -> tuple[float, float] | None:
    known = column[~np.isnan(column)]
    return (float(known.min()), float(known.max())) if len(known) else None


def _card(
    panel: Panel, spec: Spec, found: evaluate.Predictions, counts: tuple[int, int, int]
) -> Card:
    return Card(
        task=spec.task,
        rows=counts[0],
        set_aside=counts[1],
        repeated=counts[2],
        households=len(set(panel.units)),
        years=tuple(int(year) for year in np.unique(panel.years)),
        tested_years=found.years,
        tested_rows=len(found.y),
        tested_positives=int(found.y.sum()),
        capacity=spec.capacity,
        models=evaluate.figures(panel, found, spec),
        ap_minus_persistence={
            name: asdict(one) for name, one in evaluate.gaps(panel, found, spec).items()
        },
        subgroups=tuple(evaluate.subgroups(panel, found, spec)),
    )


def write(trained: Model, rejected: Sequence[Rejected], out: Path) -> None:
    """Write the model, `<stem>.card.json`, `<stem>.card.md` and `<stem>.rejects.csv`, each at once."""
    write_bytes(out, msgspec.json.format(msgspec.json.encode(trained), indent=1))
    card = msgspec.json.format(msgspec.json.encode(trained.card), indent=1)
    made = (card, markdown(trained.card).encode(), rejects(rejected))
    for suffix, content in zip(BESIDE, made, strict=True):
        write_bytes(beside(out, suffix), content)


def rejects(rejected: Sequence[Rejected]) -> bytes:
    """Return the rows set aside as CSV: row, reason, content (JSON)."""
    lines = [
        (r.row, r.reason, msgspec.json.encode(r.content, enc_hook=str).decode()) for r in rejected
    ]
    return table(("row", "reason", "content"), lines)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8 with a mark that spreadsheets read."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *rows])
    return text.getvalue().encode("utf-8-sig")


def load(content: bytes, name: str = "model.json") -> Model:
    """Read a model.

    Raises:
        InvalidInputError: It is no model of this format.
    """
    try:
        found = msgspec.json.decode(content, type=Model)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError("screen.risk_model", where=name, detail=str(error)) from error
    if found.format != FORMAT:
        raise InvalidInputError("screen.risk_model", where=name, detail=found.format)
    return found
