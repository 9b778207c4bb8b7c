"""Prove from a Parquet file's own statistics that it keeps the contract, without reading its rows.

Row groups store least and greatest values; where they lie within a field's bounds, every row does. Keys are read
once: strictly rising keys are unique. Texts with fixed values are looked at by `odd_text` while the regions are counted.
What cannot be proved is cleaned the slow way, never assumed.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shanhai.engines.screening.fields import Field, Kind
from shanhai.engines.screening.intake.clean import date_bounds
from shanhai.engines.screening.sql import name, text
from shanhai.kernel.periods import day_number, ms_of

_BATCH = 1 << 17


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a file may be screened as it is, whether its keys rise from row to row, and whether as texts too."""

    kept: bool
    rising: bool
    sorted: bool


def prove(
    path: Path, columns: Mapping[str, str], fields: Mapping[str, Field], key: str, as_of: date
) -> Proof:
    """Check types and bounds by statistics, and the keys by reading them.

    Args:
        path: A Parquet file.
        columns: Field → heading.
        fields: The contract.
        key: Heading of the household's id.
        as_of: The day of the screening.
    """
    file = pq.ParquetFile(path)
    schema = file.schema_arrow
    kept = _key_type(schema.field(key).type) and all(
        _column_kept(file, heading, fields[one], as_of) for one, heading in columns.items()
    )
    rising = kept and _rising(path, key)
    return Proof(kept, rising, rising and _sorted(file, key))


def _key_type(kind: Any) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
    )


def _column_kept(file: Any, heading: str, field: Field, as_of: date) -> bool:
    kind = file.schema_arrow.field(heading).type
    if field.kind is Kind.TRUTH and pa.types.is_boolean(kind):
        return True
    if field.kind is Kind.TEXT:
        return bool(pa.types.is_string(kind))
    fits = pa.types.is_date32(kind) if field.kind is Kind.DATE else pa.types.is_integer(kind)
    low, high = (0, 1) if field.kind is Kind.TRUTH else (field.low, field.high)
    if field.kind is Kind.DATE:
        low, high = date_bounds(field, as_of)
    return bool(fits) and _within(file, heading, low, high)


def _within(file: Any, heading: str, low: int, high: int) -> bool:
    """Return whether every row group's statistics lie within bounds; one without statistics proves nothing."""
    index = file.schema_arrow.names.index(heading)
    for group in range(file.num_row_groups):
        stats = file.metadata.row_group(group).column(index).statistics
        if stats is None:
            return False
        if stats.has_null_count and stats.null_count == file.metadata.row_group(group).num_rows:
            continue
        if not stats.has_min_max or _number(stats.min) < low or _number(stats.max) > high:
            return False
    return True


def _number(value: Any) -> int:
    return day_number(ms_of(value)) if isinstance(value, date) else int(value)


def odd_text(columns: Mapping[str, str], fields: Mapping[str, Field]) -> str:
    """Return SQL that is true for a row in which a text is none of its field's values."""
    tests = [
        f"{name(columns[one])} NOT IN ({', '.join(text(value) for value in field.values)})"
        for one, field in fields.items()
        if field.kind is Kind.TEXT and field.values
    ]
    return " OR ".join(tests) or "false"


def _rising(path: Path, key: str) -> bool:
    """Return whether keys rise strictly, each row group read by itself and then joined to the one before."""
    groups = range(pq.ParquetFile(path).num_row_groups)
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda group: _ends(path, group, key), groups))
    found = [one for one in ends if one]
    return None not in ends and all(pc.less(a[1], b[0]).as_py() for a, b in pairwise(found))


def _ends(path: Path, group: int, key: str) -> tuple[Any, ...] | None:
    """Return the first and last key of a row group, nothing if it is empty, None if its keys do not rise."""
    ends: tuple[Any, ...] = ()
    for batch in pq.ParquetFile(path).iter_batches(
        _BATCH, row_groups=[group], columns=[key], use_threads=False
    ):
        column = batch.column(0)
        if column.null_count or (ends and not pc.less(ends[1], column[0]).as_py()):
            return None
        if not pc.all(pc.less(column[:-1], column[1:]), min_count=0).as_py():
            return None
        ends = (ends[0] if ends else column[0], column[-1])
    return ends


def _sorted(file: Any, key: str) -> bool:
    """Return whether rising keys rise as texts: whole numbers do while they have one length."""
    if not pa.types.is_integer(file.schema_arrow.field(key).type):
        return True
    index = file.schema_arrow.names.index(key)
    groups = (file.metadata.row_group(group) for group in range(file.num_row_groups))
    stats = [group.column(index).statistics for group in groups]
    if not all(one is not None and one.has_min_max for one in stats):
        return False
    low, high = min(one.min for one in stats), max(one.max for one in stats)
    return bool(low >= 0 and len(str(low)) == len(str(high)))
