"""What a run writes: scores.csv, stages/*.csv and result.json, each to a temporary name first.

Same scheme, data and seed give the same bytes; a missing value is an empty cell or null, never NaN.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from shanhai.engines.indicators.frame import Note
from shanhai.engines.indicators.run import Run
from shanhai.engines.indicators.table import Table
from shanhai.kernel.files import write_bytes

VERSION = 1
"""Of the form of result.json."""


def write_json(path: Path, found: Any) -> None:
    """Write JSON, indented, NaN as null."""
    encoded = msgspec.json.encode(plain(found))
    write_bytes(path, msgspec.json.format(encoded, indent=1) + b"\n")


def plain(value: Any) -> Any:
    """Return what JSON can hold: arrays as lists, NaN and infinities as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV: numbers in full, whole ones without a point, missing ones empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([cell(value) for value in row] for row in rows)
    write_bytes(path, out.getvalue().encode())


def cell(value: Any) -> str:
    """Return a value as a cell shows it."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value)


def rank_cell(value: float) -> int | None:
    """Return a rank as a whole number, None where there is none."""
    return None if math.isnan(value) else int(value)


def keys_of(table: Table) -> tuple[list[str], list[list[Any]]]:
    """Return the headings and cells that say which row it is."""
    heading, columns = ["unit"], [list(table.units)]
    if table.names != table.units:
        heading.append("name")
        columns.append(list(table.names))
    if table.times is not None:
        heading.append("time")
        columns.append([f"{time:g}" for time in table.times])
    if "class" in table.keys:
        heading.append("class")
        columns.append(list(table.keys["class"]))
    return heading, [list(row) for row in zip(*columns, strict=True)]


def write_run(found: Run, out: Path, inputs: Mapping[str, str]) -> None:
    """Write a run into a folder.

    Args:
        found: The run.
        out: The folder, made where it is not there.
        inputs: SHA-256 of scheme and data.
    """
    _write_scores(found, out / "scores.csv")
    written = set()
    for at, stage in enumerate(found.stages):
        path = out / "stages" / f"{at:02}_{safe_name(stage.name)}.csv"
        heading, keys = keys_of(stage.frame.table)
        rows = [[*key, *row] for key, row in zip(keys, stage.frame.x.tolist(), strict=True)]
        write_csv(path, [*heading, *stage.frame.codes], rows)
        written.add(path.name)
    path = out / "stages" / f"{len(found.stages):02}_aggregate.csv"
    nodes = found.combined.tree.down()
    heading, keys = keys_of(found.table)
    columns = [found.combined.values[node].tolist() for node in nodes]
    write_csv(
        path,
        [*heading, *nodes],
        ([*k, *r] for k, r in zip(keys, zip(*columns, strict=True), strict=True)),
    )
    written |= {path.name, "weights.csv"}
    _write_weights(found, out / "stages" / "weights.csv")
    for old in (out / "stages").glob("*.csv"):
        if old.name not in written:
            old.unlink()
    write_json(out / "result.json", result(found, inputs))


def safe_name(name: str) -> str:
    """Return a name that is safe in a path."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)


def _write_scores(found: Run, path: Path) -> None:
    judged, combined, frame = found.judged, found.combined, found.stages[-1].frame
    heading, keys = keys_of(found.table)
    columns: dict[str, list[Any]] = {
        "score": judged.scores.tolist(),
        "rank": [rank_cell(rank) for rank in judged.ranks],
    }
    if judged.class_ranks is not None:
        columns["class_rank"] = [rank_cell(rank) for rank in judged.class_ranks]
    if judged.grades is not None:
        columns["grade"] = judged.grades
    codes = [*combined.tree.down(), *frame.codes]
    columns |= {code: combined.values[code].tolist() for code in codes}
    rows = zip(keys, zip(*columns.values(), strict=True), strict=True)
    write_csv(path, [*heading, *columns], ([*key, *row] for key, row in rows))


def _write_weights(found: Run, path: Path) -> None:
    tree, effective = found.combined.tree, found.combined.effective()
    rows = []
    for node in tree.down():
        means = found.combined.weights[node].mean(axis=0)
        for child, weight in zip(tree.children[node], means.tolist(), strict=True):
            rows.append([child, node, tree.level[child], weight, effective[child]])
    write_csv(path, ["code", "parent", "level", "weight", "effective"], rows)


def note_dict(note: Note) -> dict[str, str]:
    """Return a note for JSON."""
    return {"code": note.code, "place": note.place, "zh": note.zh, "en": note.en}


def result(found: Run, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return what result.json holds."""
    scheme, combined = found.scheme, found.combined
    first = found.stages[0].frame
    effective = combined.effective()
    return {
        "format": VERSION,
        "scheme": {**msgspec.to_builtins(scheme.about), "sha256": inputs.get("scheme", "")},
        "data": {
            "sha256": inputs.get("data", ""),
            "rows": len(first.table.units),
            "rows_left": len(found.table.units),
            "missing": [gap._asdict() for gap in first.table.gaps],
        },
        "units": _units(found),
        "nodes": {
            node: {
                "name": scheme.label(node),
                "level": combined.tree.level[node],
                "aggregate": scheme.weighings[node].aggregate.method.name,
                "weights": scheme.weighings[node].weights.method.name,
                "children": _children(found, node, effective),
                "details": combined.told.get(node, {}),
            }
            for node in combined.tree.down()
        },
        "steps": [
            {"name": step.name, "step": step.kind, "method": step.chosen.method.name}
            for step in scheme.steps
        ],
        "details": found.stages[-1].frame.details,
        "notes": [note_dict(note) for note in found.notes],
    }


def _children(found: Run, node: str, effective: Mapping[str, float]) -> dict[str, Any]:
    means = found.combined.weights[node].mean(axis=0).tolist()
    return {
        child: {"name": found.scheme.label(child), "weight": weight, "effective": effective[child]}
        for child, weight in zip(found.combined.tree.children[node], means, strict=True)
    }


def _units(found: Run) -> list[dict[str, Any]]:
    judged, heading_keys = found.judged, keys_of(found.table)
    rows = []
    for row, key in enumerate(heading_keys[1]):
        one: dict[str, Any] = dict(zip(heading_keys[0], key, strict=True))
        one |= {"score": float(judged.scores[row]), "rank": rank_cell(judged.ranks[row])}
        if judged.class_ranks is not None:
            one["class_rank"] = rank_cell(judged.class_ranks[row])
        if judged.grades is not None:
            one["grade"] = judged.grades[row] or None
        one["rules"] = judged.applied[row]
        rows.append(one)
    return rows


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as CSV under the keys of the first, which all share."""
    heading = list(dict.fromkeys(key for row in rows for key in row))
    write_csv(path, heading, ([row.get(key) for key in heading] for row in rows))
