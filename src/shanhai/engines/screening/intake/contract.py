"""Prove from a Parquet file's own statistics that it keeps the contract, without reading its rows.

Row groups store least and greatest values; where they lie within a field's bounds, every row does. Keys are read
once: strictly rising keys are unique. What cannot be proved is cleaned the slow way, never assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shanhai.engines.screening.fields import Field, Kind
from shanhai.engines.screening.intake.clean import date_bounds
from shanhai.kernel.periods import day_number, ms_of


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a file may be screened as it is, and whether its keys rise from row to row."""

    kept: bool
    rising: bool


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
        _column_kept(file, heading, fields[name], as_of) for name, heading in columns.items()
    )
    return Proof(kept, rising=kept and _rising(file, key))


def _key_type(kind: Any) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
    )


def _column_kept(file: Any, heading: str, field: Field, as_of: date) -> bool:
    kind = file.schema_arrow.field(heading).type
    if field.kind is Kind.TRUTH and pa.types.is_boolean(kind):
        return True
    if field.kind is Kind.TEXT:
        return bool(pa.types.is_string(kind) and _texts_kept(file, heading, field))
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


def _texts_kept(file: Any, heading: str, field: Field) -> bool:
    if not field.values:
        return True
    known = pa.array(field.values)
    for batch in file.iter_batches(1 << 17, columns=[heading], use_threads=False):
        column = batch.column(0)
        if not pc.all(pc.or_kleene(pc.is_in(column, known), pc.is_null(column))).as_py():
            return False
    return True


def _rising(file: Any, key: str) -> bool:
    last: Any = None
    for batch in file.iter_batches(1 << 17, columns=[key], use_threads=False):
        column = batch.column(0)
        if column.null_count or not len(column):
            return False
        if last is not None and not pc.greater(column[0], last).as_py():
            return False
        if not pc.all(pc.greater(column[1:], column[:-1]), min_count=0).as_py():
            return False
        last = column[-1]
    return True
