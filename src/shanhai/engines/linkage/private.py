"""Private linkage from files to files: tokens, Bloom filters, and the steps of a private set intersection.

What each way reveals, and to whom, is said in `tokens`, `clk` and `psi`, and in the guide.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shanhai.engines.linkage import clk, psi, tokens
from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.exact import number_column
from shanhai.engines.linkage.files import Task, Told, load, tally
from shanhai.engines.linkage.paths import apart, rejects_path, tables
from shanhai.engines.linkage.prepare import Prepared
from shanhai.engines.linkage.tables import read, write
from shanhai.kernel.files import replacing, write_bytes

_META: Final = b"shanhai.clk"
T = TypeVar("T", bound=msgspec.Struct)


class Secret(NamedTuple):
    """What two departments share and the linkage unit must not have: a key, and the project's name in it."""

    key: bytes
    project: str


class Recipe(msgspec.Struct, frozen=True):
    """What went into filters; two files can be compared only if it is equal."""

    fields: list[clk.Field]
    blocks: list[list[str]]
    check: str
    """16 hex digits that differ where key or project do."""


class Asking(msgspec.Struct, frozen=True):
    """What the asker keeps to itself: its key, and the ids of the records with each number."""

    key: bytes
    reveal: bool
    numbers: dict[str, list[str]]


class Asked(msgspec.Struct, frozen=True):
    """What goes to the other department."""

    reveal: bool
    count: int
    requests: list[bytes]


class Answered(msgspec.Struct, frozen=True):
    """What comes back."""

    setups: list[bytes]
    answer: bytes


def _numbers(path: Path, task: Task) -> tuple[Prepared, Any, Any]:
    """Return a file's records, and the ids and numbers of those whose number is valid."""
    records = load(path, task, "left")
    column = number_column(task.model)
    if column is None or column not in records.columns:
        wanted = column or "id_no"
        raise LinkageError("linkage.no_columns", file=path.name, wanted=wanted)
    kept = records.table.filter(pc.is_valid(records.table[f"{column}_valid"]))
    return records, kept["id"].combine_chunks(), kept[f"{column}_valid"].combine_chunks()


def _told(records: Prepared, used: int, out: Path, counts: dict[str, int]) -> Told:
    aside = records.rejects.table()
    write(aside, rejects_path(out))
    rows = records.table.num_rows
    return Told((rows,), used, {"without_number": rows - used} | counts, tally(aside))


def tokens_file(path: Path, task: Task, secret: Secret, out: Path) -> Told:
    """Write id and token of every record with a valid number.

    Raises:
        LinkageError: If the file is not as it must be or has no numbers; nothing is written then.
    """
    tables(out)
    apart([out], [path])
    records, identity, numbers = _numbers(path, task)
    made = tokens.tokens(numbers, *secret)
    write(pa.table({"id": identity, "token": made}), out)
    return _told(records, len(identity), out, {})


def filters_file(
    path: Path,
    task: Task,
    secret: Secret,
    out: Path,
    *,
    columns: tuple[str, ...] = (),
    flip: float = 0.0,
) -> Told:
    """Write id, Bloom filter and block keys of every record, for a linkage unit.

    Args:
        path: The records.
        task: The spec; its model says whether names are Chinese or in Latin letters.
        secret: Key and project.
        out: A .parquet file.
        columns: The model's columns to use: those that both departments have; all that are there if empty.
        flip: With what probability each bit is flipped, 0 to 0.5; see `clk.flip`.

    Raises:
        LinkageError: If the file is not as it must be, or `out` is no .parquet file.
    """
    apart([out], [path])
    if out.suffix.lower() != ".parquet":
        raise LinkageError("linkage.filters_kind", file=out.name)
    records = load(path, task, "left")
    missing = [one for one in columns if one not in records.columns]
    if missing:
        there = "、".join(sorted(records.columns))
        raise LinkageError("linkage.no_column", file=path.name, column=missing[0], columns=there)
    recipe = _recipe(task, records.columns & frozenset(columns or records.columns), secret)
    if not recipe.fields:
        wanted = "、".join(one.column for one in _known(task)[0])
        raise LinkageError("linkage.no_columns", file=path.name, wanted=wanted)
    rules = tuple(tuple(rule) for rule in recipe.blocks)
    made = clk.encode(records.table, tuple(recipe.fields), rules, *secret)
    filters = made.filters
    if flip:
        filters = clk.flip(filters, flip, records.table["id"].to_pylist(), *secret)
    table = {"id": records.table["id"], "filter": _binary(filters)}
    for at, keys in enumerate(made.blocks):
        table[f"block{at}"] = pa.array([one or None for one in keys], pa.binary())
    with replacing(out) as passing:
        meta = {_META: msgspec.json.encode(recipe)}
        pq.write_table(pa.table(table).replace_schema_metadata(meta), passing)
    aside = records.rejects.table()
    write(aside, rejects_path(out))
    rows = records.table.num_rows
    counts = {"fields": len(recipe.fields), "blocks": len(rules)}
    return Told((rows,), rows, counts, tally(aside))


def _known(task: Task) -> tuple[tuple[clk.Field, ...], tuple[tuple[str, ...], ...]]:
    latin = any(column.name == "given_name" for column in task.model.columns)
    if latin:
        return clk.FEBRL_FIELDS, clk.FEBRL_BLOCKS
    return clk.PERSON_FIELDS, clk.PERSON_BLOCKS


def _recipe(task: Task, columns: frozenset[str], secret: Secret) -> Recipe:
    """Return the fields and blocks whose columns are there."""

    def there(part: str) -> bool:
        name = part.partition(":")[0]
        return name in columns or name.rpartition("_")[0] in columns

    fields, blocks = _known(task)
    kept = [list(rule) for rule in blocks if all(map(there, rule))]
    check = tokens.project_key(secret.key, secret.project, "check")[:8].hex()
    return Recipe([one for one in fields if there(one.column)], kept, check)


def _binary(filters: clk.Filters) -> pa.Array:
    whole = pa.py_buffer(np.ascontiguousarray(filters).tobytes())
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(clk.BYTES), len(filters), [None, whole])


def match_files(left: Path, right: Path, out: Path, threshold: float = 0.6) -> Told:
    """Compare two departments' tokens or filters: id_left, id_right, similarity.

    Raises:
        LinkageError: If a file is neither, or the two were not made alike.
    """
    tables(out)
    apart([out], [left, right])
    names = [_names(one) for one in (left, right)]
    pairs, rows = _filters(left, right, threshold) if "filter" in names[0] else _tokens(left, right)
    write(pairs, out)
    return Told(rows, pairs.num_rows, {}, {})


def _names(path: Path) -> list[str]:
    if path.suffix.lower() != ".parquet":
        return []
    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise LinkageError("linkage.private_file", file=path.name) from error


def _tokens(left: Path, right: Path) -> tuple[Any, tuple[int, ...]]:
    """Return pairs with equal tokens and how many records each side has; of equal tokens each pairs with each."""
    sides = [read(one).table for one in (left, right)]
    for path, table in zip((left, right), sides, strict=True):
        if not {"id", "token"}.issubset(table.column_names):
            raise LinkageError("linkage.private_file", file=path.name)
    a, b = (table.select(["id", "token"]) for table in sides)
    found = a.join(b, "token", join_type="inner", left_suffix="_left", right_suffix="_right")
    found = found.sort_by([("id_left", "ascending"), ("id_right", "ascending")])
    ones = pa.array(np.ones(found.num_rows))
    pairs = found.select(["id_left", "id_right"]).append_column("similarity", ones)
    return pairs, (a.num_rows, b.num_rows)


def _filters(left: Path, right: Path, threshold: float) -> tuple[Any, tuple[int, ...]]:
    (ids_a, a, made_a), (ids_b, b, made_b) = (_encoded(one) for one in (left, right))
    if made_a != made_b:
        raise LinkageError("linkage.private_differ", file=left.name, other=right.name)
    at, to, alike = clk.match(a, b, threshold)
    columns = {"id_left": ids_a.take(pa.array(at)), "id_right": ids_b.take(pa.array(to))}
    pairs = pa.table(columns | {"similarity": pa.array(alike.round(6))})
    return pairs, (len(ids_a), len(ids_b))


def _encoded(path: Path) -> tuple[Any, clk.Encoded, Recipe]:
    try:
        table = pq.read_table(path)
        recipe = msgspec.json.decode((table.schema.metadata or {})[_META], type=Recipe)
    except (pa.ArrowException, msgspec.MsgspecError, KeyError, OSError) as error:
        raise LinkageError("linkage.private_file", file=path.name) from error
    flat = b"".join(table["filter"].to_pylist())
    filters = np.frombuffer(flat, np.uint8).reshape(-1, clk.BYTES)
    blocks = [
        [one or b"" for one in table[f"block{at}"].to_pylist()] for at in range(len(recipe.blocks))
    ]
    return table["id"].combine_chunks(), clk.Encoded(filters, blocks), recipe


def psi_ask(path: Path, task: Task, state: Path, out: Path, *, reveal: bool, workers: int) -> Told:
    """Write the questions about a file's valid numbers, and the state that only the asker keeps.

    Raises:
        LinkageError: If the file is not as it must be or has no numbers.
    """
    apart([out, state], [path])
    records, identity, values = _numbers(path, task)
    numbers: dict[str, list[str]] = {}
    for number, one in zip(values.to_pylist(), identity.to_pylist(), strict=True):
        numbers.setdefault(number, []).append(one)
    client = psi.Client(list(numbers), reveal=reveal, workers=workers)
    asked = Asked(reveal, len(numbers), client.requests())
    _save(state, Asking(client.key, reveal, numbers), private=True)
    _save(out, asked)
    return _told(records, len(identity), out, {"numbers": len(numbers)})


def psi_answer(
    path: Path, task: Task, request: Path, out: Path, *, most: int, workers: int
) -> Told:
    """Answer another department's questions with a file's valid numbers.

    Raises:
        LinkageError: If the request is none or asks about more than `most` numbers.
    """
    apart([out], [path, request])
    asked = _open(request, Asked)
    if asked.count > most:
        raise LinkageError("linkage.psi_most", file=request.name, count=asked.count, most=most)
    records, identity, values = _numbers(path, task)
    server = psi.Server(values.to_pylist(), reveal=asked.reveal, workers=workers)
    try:
        answer = server.answer(asked.requests)
    except RuntimeError as error:
        raise LinkageError("linkage.private_file", file=request.name) from error
    _save(out, Answered(server.setup(asked.count), answer))
    return _told(records, len(identity), out, {"asked": asked.count})


def psi_result(state: Path, answer: Path, out: Path, workers: int) -> Told:
    """Write which of the asker's records the other has too (column `id`), or only their number (`common`).

    Raises:
        LinkageError: If a file is not what it should be.
    """
    tables(out)
    apart([out], [state, answer])
    asking, answered = _open(state, Asking), _open(answer, Answered)
    client = psi.Client(list(asking.numbers), reveal=asking.reveal, workers=workers, key=asking.key)
    try:
        if not asking.reveal:
            size = client.size(answered.setups, answered.answer)
            write(pa.table({"common": [size]}), out)
            return Told((len(asking.numbers),), 1, {"common": size}, {})
        common = client.intersection(answered.setups, answered.answer)
    except RuntimeError as error:
        raise LinkageError("linkage.private_file", file=answer.name) from error
    found = sorted(one for number in common for one in asking.numbers[number])
    write(pa.table({"id": pa.array(found, pa.string())}), out)
    return Told((len(asking.numbers),), len(found), {"common": len(common)}, {})


def _save(path: Path, content: msgspec.Struct, *, private: bool = False) -> None:
    write_bytes(path, msgspec.msgpack.encode(content), private=private)


def _open(path: Path, kind: Callable[..., T]) -> T:
    if not path.is_file():
        raise LinkageError("linkage.no_file", file=str(path))
    try:
        found: T = msgspec.msgpack.decode(path.read_bytes(), type=kind)
    except msgspec.MsgspecError as error:
        raise LinkageError("linkage.private_file", file=path.name) from error
    return found
