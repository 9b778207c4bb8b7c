"""Linkage from files to files; what the commands call."""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from shanhai.engines.linkage import ids, register, train
from shanhai.engines.linkage import spec as specs
from shanhai.engines.linkage.dedupe import Deduped, dedupe, golden
from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.link import run
from shanhai.engines.linkage.model import Model, dump
from shanhai.engines.linkage.paths import apart, rejects_path, tables
from shanhai.engines.linkage.prepare import Prepared, Reading, id_column, identified, prepare
from shanhai.engines.linkage.rejects import Rejects, merged
from shanhai.engines.linkage.session import LEFT, RIGHT, Limits, session, store
from shanhai.engines.linkage.tables import read, write
from shanhai.kernel.files import write_bytes

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


def load(path: Path, task: Task, side: str) -> Prepared:
    """Read a file and make its records comparable."""
    if path.suffix == register.SUFFIX:
        return register.open_register(path, task.model)
    reading = Reading(path.name, task.spec.side(side), task.model, task.on, task.spec.link.dates)
    return prepare(read(path), reading)


def index_file(path: Path, task: Task, out: Path) -> Told:
    """Make a register of a file: its records ready to be linked with one delivery after another.

    Raises:
        LinkageError: If the file is not as it must be, or `out` does not end in `.register`.
    """
    if out.suffix != register.SUFFIX:
        raise LinkageError("linkage.register_name", file=out.name)
    apart([out], [path])
    records = load(path, task, "left")
    register.save(records, task.model, out)
    aside = records.rejects.table()
    write(aside, rejects_path(out))
    rows = records.table.num_rows
    return Told((rows,), rows, {}, tally(aside))


def link_files(left: Path, right: Path, task: Task, out: Path) -> Told:
    """Link two files and write the pairs and the reject list.

    Raises:
        LinkageError: If a file, column or name is not as it must be; nothing is written then.
    """
    tables(out)
    apart([out], [left, right])
    with session(task.limits) as connection:
        sides = [
            _stored(connection, name, path, task, side)
            for name, path, side in ((LEFT, left, "left"), (RIGHT, right, "right"))
        ]
        model = task.model.only(sides[0].columns & sides[1].columns)
        rejects = (sides[0].rejects, sides[1].rejects)
        found = run(connection, model, task.spec.link, task.language, rejects)
    aside = merged(*rejects)
    write(found.pairs, out)
    write(aside, rejects_path(out))
    return Told((sides[0].rows, sides[1].rows), found.pairs.num_rows, found.stages, tally(aside))


class _Stored(NamedTuple):
    rows: int
    columns: frozenset[str]
    rejects: Rejects


def _stored(connection: Any, name: str, path: Path, task: Task, side: str) -> _Stored:
    """Read a file into the database; nothing of it stays in memory."""
    records = load(path, task, side)
    store(connection, name, records.table, task.model.only(records.columns))
    stored = _Stored(records.table.num_rows, records.columns, records.rejects)
    del records
    pa.default_memory_pool().release_unused()
    return stored


def train_files(
    left: Path, right: Path, truth: Path, task: Task, target: tuple[Path, int]
) -> Model:
    """Train the task's model on known pairs and write it.

    Args:
        left: The first file.
        right: The second.
        truth: Pairs known to be one person, columns id_left and id_right.
        task: The spec, whose model is trained anew.
        target: Where to write the model, and the seed of the random pairs.

    Raises:
        LinkageError: If a file is not as it must be or there are too few pairs.
    """
    out, seed = target
    apart([out], [left, right, truth])
    pairs = read(truth).table
    for name in ("id_left", "id_right"):
        if name not in pairs.column_names:
            columns = "、".join(pairs.column_names)
            raise LinkageError("linkage.no_column", file=truth.name, column=name, columns=columns)
    with session(task.limits) as connection:
        sides = [
            _stored(connection, name, path, task, side)
            for name, path, side in ((LEFT, left, "left"), (RIGHT, right, "right"))
        ]
        model = task.model.only(sides[0].columns & sides[1].columns)
        about = f"{left.name} × {right.name}, {pairs.num_rows} labelled pairs, seed {seed}"
        found = train.from_labels(connection, model, pairs, about, seed)
    write_bytes(out, dump(found))
    return found


def dedupe_file(
    path: Path, task: Task, out: Path, golden_out: Path | None = None, pairs_out: Path | None = None
) -> Told:
    """Cluster one file's records and write clusters, golden records, pairs and the reject list.

    Raises:
        LinkageError: If the file, a column or a name is not as it must be, or there are more duplicates
            than the spec allows; nothing is written then.
    """
    extra = [one for one in (golden_out, pairs_out) if one is not None]
    tables(out, *extra)
    apart([out, *extra], [path])
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
    return Told((records.table.num_rows,), found.members.num_rows, counts, tally(aside))


def check_ids(path: Path, column: str, on: date, out: Path, birth: str | None = None) -> Told:
    """Check the resident numbers of a column and write row, valid, reason.

    A row that could not be read at all is written as invalid with its reason.

    Raises:
        LinkageError: If the file or the column is not there.
    """
    from shanhai.engines.linkage import fields  # noqa: PLC0415 - small, and only for --birth
    from shanhai.engines.linkage.rejects import REASONS  # noqa: PLC0415

    tables(out)
    apart([out], [path])
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


def tally(aside: Any) -> dict[str, int]:
    """Return how many were set aside for each reason."""
    found = aside["code"].value_counts()
    pairs = zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)
    return dict(sorted(pairs))
