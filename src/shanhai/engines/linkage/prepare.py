"""From a file's rows to comparable records: normalised columns, and what had to be set aside.

A prepared table has `uid` (position, from 0), `row` (in the file), `id` (as the file says), and for each of the
model's columns its comparable forms: a number gives `c` (cleaned) and `c_valid` (only if it counts), a name
`c`, `c_surname`, `c_sound`, `c_frame`, `c_turned`, everything else `c`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shanhai.engines.linkage import fields, ids, names
from shanhai.engines.linkage.errors import LinkageError
from shanhai.engines.linkage.model import Model
from shanhai.engines.linkage.rejects import Aside, Rejects
from shanhai.engines.linkage.spec import Side
from shanhai.engines.linkage.tables import Source
from shanhai.engines.linkage.text import Column, word

ID_NAMES: Final = ("id", "rec_id", "record_id", "uid", "编号", "记录号", "序号")
Flags = NDArray[np.bool_]


class Reading(NamedTuple):
    """How a file is to be read."""

    file: str
    side: Side
    model: Model
    on: date
    dates: str = "ymd"


class Prepared(NamedTuple):
    """Comparable records and the model's columns that this file has."""

    table: Any
    columns: frozenset[str]
    rejects: Rejects


def places(reading: Reading, header: list[str]) -> dict[str, str]:
    """Return which column of the file each of the model's columns is.

    A column named in the spec must be there; the others are found by the model's name or one of its
    aliases, and a model column that the file lacks is simply not compared.

    Raises:
        LinkageError: If a named column is missing, or none is found at all.
    """
    found = {}
    lower = {name.lower(): name for name in header}
    for column in reading.model.columns:
        named = reading.side.columns.get(column.name)
        if named is not None:
            found[column.name] = _there(named, header, reading.file)
            continue
        alias = next((a for a in (column.name, *column.aliases) if a.lower() in lower), None)
        if alias is not None:
            found[column.name] = lower[alias.lower()]
    if not found:
        wanted = "、".join(column.name for column in reading.model.columns)
        raise LinkageError("linkage.no_columns", file=reading.file, wanted=wanted)
    return found


def _there(name: str, header: list[str], file: str) -> str:
    if name not in header:
        raise LinkageError("linkage.no_column", file=file, column=name, columns="、".join(header))
    return name


def prepare(source: Source, reading: Reading) -> Prepared:
    """Make a file's records comparable.

    Args:
        source: The rows of the file.
        reading: Which column is what, the model, and the day that counts as today.

    Returns:
        The records in the order of their ids, so that the order of the file decides nothing.

    Raises:
        LinkageError: If a column that the spec names is not there.
    """
    where = places(reading, source.table.column_names)
    source, identity = identified(source, reading)
    rejects = Rejects(reading.file)
    rejects.rows(source.aside)
    columns: dict[str, Column] = {}
    readers = _readers(reading, rejects, source.rows, identity)
    for name in sorted(where, key=lambda one: reading.model.kind(one) == "number"):
        values = source.table[where[name]].combine_chunks()
        columns |= readers[reading.model.kind(name)](name, values, columns)
    table = pa.table({"row": pa.array(source.rows), "id": identity} | columns)
    table = table.append_column("uid", pa.array(np.arange(table.num_rows, dtype=np.int64)))
    return Prepared(table, frozenset(where), rejects)


def id_column(reading: Reading, header: list[str]) -> str | None:
    """Return the column that holds record ids, or None: then the row numbers are the ids.

    Raises:
        LinkageError: If the spec names a column that is not there.
    """
    if reading.side.id is not None:
        return _there(reading.side.id, header, reading.file)
    return next((one for one in ID_NAMES if one in header), None)


def identified(source: Source, reading: Reading) -> tuple[Source, Column]:
    """Return the rows in the order of their ids, and the ids; rows without a clear id are set aside.

    Raises:
        LinkageError: If the spec names an id column that is not there.
    """
    name = id_column(reading, source.table.column_names)
    if name is None:
        return source, pc.cast(pa.array(source.rows), pa.string())
    identity = pc.utf8_trim_whitespace(source.table[name].combine_chunks())
    identity = pc.if_else(pc.equal(identity, ""), None, identity)
    fault = _doubled(source.table, identity)
    fault[np.asarray(pc.is_null(identity), dtype=np.bool_)] = _NO_ID
    aside = [(int(source.rows[at]), _ROW_FAULTS[fault[at]]) for at in np.flatnonzero(fault)]
    keep = np.flatnonzero(fault == 0)
    chosen = keep[np.asarray(pc.sort_indices(identity.take(pa.array(keep))), dtype=np.int64)]
    kept = Source(source.table.take(pa.array(chosen)), source.rows[chosen], source.aside + aside)
    return kept, identity.take(pa.array(chosen))


_ROW_FAULTS: Final = ("", "no_id", "duplicate_row", "duplicate_id")
_NO_ID: Final = 1
_SAME: Final = 2
_OTHER: Final = 3


def _doubled(table: Any, identity: Column) -> NDArray[np.uint8]:
    """Say which rows repeat a record word for word, and which share an id but differ.

    Of rows that are the same the first counts; of rows that differ nobody knows which is right, so all
    are set aside.
    """
    fault = np.zeros(table.num_rows, dtype=np.uint8)
    code = np.asarray(pc.fill_null(pc.dictionary_encode(identity).indices, -1), dtype=np.int64) + 1
    shared = np.flatnonzero((np.bincount(code, minlength=1)[code] > 1) & (code > 0))
    rows: dict[int, dict[tuple[str | None, ...], list[int]]] = {}
    columns = [column.to_pylist() for column in table.take(pa.array(shared)).columns]
    for at, row in zip(shared.tolist(), zip(*columns, strict=True), strict=True):
        rows.setdefault(int(code[at]), {}).setdefault(row, []).append(at)
    for contents in rows.values():
        for places_of_one in contents.values():
            fault[places_of_one] = _OTHER if len(contents) > 1 else _SAME
            if len(contents) == 1:
                fault[places_of_one[0]] = 0
    return fault


Reader = Callable[[str, Column, dict[str, Column]], dict[str, Column]]


def _readers(
    reading: Reading, rejects: Rejects, rows: NDArray[np.int64], identity: Column
) -> dict[str, Reader]:
    """Return for each kind what makes a column of it comparable; dates come before numbers."""

    def noted(name: str, read: fields.Read) -> dict[str, Column]:
        rejects.values(Aside(rows, identity, name, f"bad_{reading.model.kind(name)}"), read.bad)
        return {name: read.values}

    def number(name: str, values: Column, columns: dict[str, Column]) -> dict[str, Column]:
        checked = ids.check(values, reading.on, _births(reading.model, columns))
        for at, fault in enumerate(ids.FAULTS[2:], 2):
            rejects.values(Aside(rows, identity, name, fault.value), checked.fault == at)
        return {name: checked.text, f"{name}_valid": checked.number}

    def name(name: str, values: Column, _: dict[str, Column]) -> dict[str, Column]:
        forms = names.forms(values)
        suffixes = ("", "_surname", "_sound", "_frame", "_turned")
        return {f"{name}{suffix}": one for suffix, one in zip(suffixes, forms, strict=True)}

    return {
        "number": number,
        "name": name,
        "date": lambda n, v, _: noted(n, fields.dates(v, reading.on, reading.dates)),
        "sex": lambda n, v, _: noted(n, fields.sexes(v)),
        "region": lambda n, v, _: noted(n, fields.region_codes(v)),
        "phone": lambda n, v, _: noted(n, fields.phones(v)),
        "address": lambda n, v, _: {n: fields.addresses(v)},
        "word": lambda n, v, _: {n: word(v)},
        "code": lambda n, v, _: {n: fields.codes(v)},
    }


def _births(model: Model, columns: dict[str, Column]) -> NDArray[np.int32] | None:
    """Return the recorded dates of birth as yyyymmdd, 0 for unknown."""
    name = next((c.name for c in model.columns if c.kind == "date" and c.name in columns), None)
    if name is None:
        return None
    return np.asarray(pc.fill_null(pc.cast(columns[name], pa.int32()), 0), dtype=np.int32)
