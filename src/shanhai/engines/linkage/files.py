"""Linkage from files to files; what the commands call."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from shanhai.engines.linkage import ids
from shanhai.engines.linkage import spec as specs
from shanhai.engines.linkage.dedupe import Deduped, dedupe, golden
from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.link import Linked, link
from shanhai.engines.linkage.model import Model
from shanhai.engines.linkage.prepare import Prepared, Reading, id_column, identified, prepare
from shanhai.engines.linkage.rejects import merged
from shanhai.engines.linkage.session import Limits
from shanhai.engines.linkage.tables import read, write

PAIR_COLUMNS = ["id_left", "id_right", "probability", "stage", "reasons"]


class Task(NamedTuple):
    """How files are to be linked."""

    spec: specs.Spec
    model: Model
    on: date
    language: str = "both"
    limits: Limits = Limits()


class Told(NamedTuple):
    """What a command says when it is done."""

    records: tuple[int, ...]
    written: int
    counts: dict[str, int]
    aside: dict[str, int]


def rejects_path(out: Path) -> Path:
    """Return where the reject list of an output goes: beside it, `F.csv` → `F.rejects.csv`."""
    return out.with_name(f"{out.stem}.rejects.csv")


def load(path: Path, task: Task, side: str) -> Prepared:
    """Read a file and make its records comparable."""
    reading = Reading(path.name, task.spec.side(side), task.model, task.on, task.spec.link.dates)
    return prepare(read(path), reading)


def link_files(left: Path, right: Path, task: Task, out: Path) -> Told:
    """Link two files and write the pairs and the reject list.

    Raises:
        LinkageError: If a file, column or name is not as it must be; nothing is written then.
    """
    _differ(out, left, right)
    a, b = load(left, task, "left"), load(right, task, "right")
    found: Linked = link(a, b, task.model, task.spec.link, task.language, task.limits)
    aside = merged(a.rejects, b.rejects)
    write(found.pairs, out)
    write(aside, rejects_path(out))
    return Told(
        (a.table.num_rows, b.table.num_rows), found.pairs.num_rows, found.stages, _count(aside)
    )


def dedupe_file(
    path: Path, task: Task, out: Path, golden_out: Path | None = None, pairs_out: Path | None = None
) -> Told:
    """Cluster one file's records and write clusters, golden records, pairs and the reject list.

    Raises:
        LinkageError: If the file, a column or a name is not as it must be, or there are more duplicates
            than the spec allows; nothing is written then.
    """
    _differ(out, path)
    reading = Reading(path.name, task.spec.side("left"), task.model, task.on, task.spec.link.dates)
    source = read(path)
    records = prepare(source, reading)
    found: Deduped = dedupe(records, task.model, task.spec.link, task.language, task.limits)
    if golden_out is not None:
        kept, names = identified(source, reading)
        column = id_column(reading, source.table.column_names)
        write(golden(kept, names, found.members, column), golden_out)
    if pairs_out is not None:
        write(found.pairs.select(PAIR_COLUMNS), pairs_out)
    aside = records.rejects.table()
    write(found.members, out)
    write(aside, rejects_path(out))
    clusters = len(set(found.members["cluster"].to_pylist()))
    review = sum(stage == "review" for stage in found.pairs["stage"].to_pylist())
    counts = {
        "clusters": clusters,
        "duplicates": records.table.num_rows - clusters,
        "review": review,
    }
    return Told((records.table.num_rows,), found.members.num_rows, counts, _count(aside))


def check_ids(path: Path, column: str, on: date, out: Path, birth: str | None = None) -> Told:
    """Check the resident numbers of a column and write row, valid, reason.

    A row that could not be read at all is written as invalid with its reason.

    Raises:
        LinkageError: If the file or the column is not there.
    """
    from shanhai.engines.linkage import fields  # noqa: PLC0415 - small, and only for --birth
    from shanhai.engines.linkage.rejects import REASONS  # noqa: PLC0415

    _differ(out, path)
    source = read(path)
    for name in filter(None, (column, birth)):
        if name not in source.table.column_names:
            columns = "、".join(source.table.column_names)
            raise LinkageError("linkage.no_column", file=path.name, column=name, columns=columns)
    births = None
    if birth is not None:
        dates = fields.dates(source.table[birth], on).values
        births = np.asarray(dates.fill_null("0").cast(pa.int32()), dtype=np.int32)
    checked = ids.check(source.table[column], on, births)
    words = np.array([_words(one.zh, one.en) for one in (*ids.FAULTS, *ids.REMARKS)], dtype=object)
    valid = checked.valid
    chosen = words[np.where(valid, len(ids.FAULTS) + checked.remark, checked.fault)]
    extra = sorted(source.aside)
    rows = np.concatenate([source.rows, np.array([row for row, _ in extra], np.int64)])
    reasons = [*chosen.tolist(), *(_words(*REASONS[code]) for _, code in extra)]
    every = pa.table(
        {
            "row": rows,
            "valid": pa.array([*valid.tolist(), *[False] * len(extra)]),
            "reason": pa.array(reasons, pa.string()),
        }
    ).sort_by("row")
    write(every, out)
    good = int(valid.sum())
    return Told((len(rows),), len(rows), {"valid": good, "invalid": len(rows) - good}, {})


def _words(zh: str, en: str) -> str:
    return f"{zh} {en}".strip()


def _count(aside: Any) -> dict[str, int]:
    found = aside["code"].value_counts()
    pairs = zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)
    return dict(sorted(pairs))


def _differ(out: Path, *read_from: Path) -> None:
    """Refuse to write over what is read, and to begin what cannot be written."""
    if out.suffix.lower() not in (".csv", ".parquet", ".xlsx"):
        raise LinkageError("linkage.kind", file=out.name)
    if _same(out, read_from) or _same(rejects_path(out), read_from):
        raise LinkageError("linkage.same_file", file=out.name)


def _same(out: Path, paths: Sequence[Path]) -> bool:
    return any(out.resolve() == path.resolve() for path in paths)
