"""Synthetic households with a seed, for benchmarks and demonstrations: invented, and called 模拟 wherever shown.

About one household in thirty has an alert under the shipped rules, and one in a hundred misses an item.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 250_000
_COUNTIES = 88
_BLANK = 0.0004
Columns = dict[str, Any]


def write_households(path: Path, rows: int, seed: int = 1) -> None:
    """Write synthetic households, sorted by id.

    Args:
        path: A Parquet file.
        rows: How many households.
        seed: Same seed, same bytes.
    """
    writer: Any = None
    for table in households(rows, seed):
        writer = writer or pq.ParquetWriter(path, table.schema, compression="snappy")
        writer.write_table(table, row_group_size=CHUNK)
    if writer is not None:
        writer.close()


def households(rows: int, seed: int = 1) -> Iterator[pa.Table]:
    """Yield synthetic households in tables of up to 250,000 rows."""
    for chunk, start in enumerate(range(0, rows, CHUNK)):
        random = np.random.default_rng([seed, chunk])
        yield _table(random, start, min(CHUNK, rows - start))


def _table(random: np.random.Generator, start: int, n: int) -> pa.Table:
    persons = random.integers(1, 8, n)
    ids = np.arange(start, start + n) + 520_000_000_000
    county = 520_000 + random.integers(0, _COUNTIES, n) * 100 + 1
    columns: Columns = {
        "household_id": pa.array(ids),
        "region": pa.array(county.astype("U6")).dictionary_encode(),
        "persons": pa.array(persons),
        "was_poor": pa.array(_some(random, n, 0.15)),
    }
    columns |= _money(random, persons, n) | _counts(random, n) | _flags(random, n)
    grade = pa.array(random.choice(4, n, p=[0.6, 0.399, 0.0007, 0.0003]).astype(np.int8))
    columns["house_grade"] = pa.DictionaryArray.from_arrays(grade, pa.array(list("ABCD")))
    plain = {
        k: v.cast(pa.string()) if pa.types.is_dictionary(v.type) else v for k, v in columns.items()
    }
    return pa.table(plain)


def _some(random: np.random.Generator, n: int, share: float) -> Any:
    return random.random(n) < share


def _blank(random: np.random.Generator, values: Any) -> pa.Array:
    return pa.array(values, mask=random.random(len(values)) < _BLANK)


def _rare(random: np.random.Generator, n: int, share: float, values: Any) -> pa.Array:
    return _blank(random, np.where(random.random(n) < share, values, 0))


def _money(random: np.random.Generator, persons: Any, n: int) -> Columns:
    before = (persons * random.integers(1_300_000, 4_000_000, n)).astype(np.int64)
    fell = _some(random, n, 0.004)
    income = np.where(fell, before * random.integers(20, 80, n) // 100, before * 104 // 100)

    def amount(top: int) -> Any:
        return random.integers(100, top, n)

    return {
        "income_12m": _blank(random, income),
        "income_prev_12m": _blank(random, before),
        "oop_ytd": _rare(random, n, 0.04, amount(700_000) * (1 + 2 * (_some(random, n, 0.1)))),
        "outpatient_month": _rare(random, n, 0.1, amount(51_000)),
        "school_fees_net": _rare(random, n, 0.06, amount(1_050_000)),
        "disaster_loss": _rare(random, n, 0.002, amount(1_000_000)),
        "debt": _rare(random, n, 0.05, amount(4_000_000)),
    }


def _counts(random: np.random.Generator, n: int) -> Columns:
    return {
        "dropout_children": _rare(random, n, 0.0005, 1),
        "water_outage_days": _rare(random, n, 0.01, random.integers(1, 35, n)),
        "labour": _blank(random, random.choice(4, n, p=[0.01, 0.24, 0.55, 0.2])),
        "idle_months": _rare(random, n, 0.01, random.integers(1, 4, n)),
        "disabled_persons": _rare(random, n, 0.02, 1),
        "uninsured_persons": _rare(random, n, 0.002, 1),
    }


def _flags(random: np.random.Generator, n: int) -> Columns:
    shares = {
        "major_disease_new": 0.001,
        "only_house": 0.97,
        "house_problem": 0.0005,
        "water_quality_fail": 0.0005,
        "water_fetch_long": 0.0005,
        "disabled_severe_new": 0.0006,
        "assets_destroyed": 0.0003,
        "left_assistance": 0.004,
        "loan_overdue": 0.001,
        "worker_lost": 0.0006,
        "area_event": 0.0005,
        "authorised": 0.2,
        "on_payroll": 0.002,
        "company_owner": 0.002,
        "bought_house": 0.002,
        "owns_vehicle": 0.01,
    }
    return {name: _blank(random, random.random(n) < share) for name, share in shares.items()}
