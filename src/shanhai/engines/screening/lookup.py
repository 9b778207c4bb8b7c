"""Look the few households of a delivery up in a snapshot of many, which lies in the order of its keys.

Each row group of the snapshot spans keys that no other has; a group is read only where the delivery has a key in its span, and
the keys are found in it by halving. So a delivery of some households costs what it touches, not what there is.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_THREADS = 2
MOST = 500_000
"""Households of a delivery that are looked up; more are joined."""


def spans(snapshot: Path) -> Any:
    """Return the greatest key of each row group, rising, or None where the file does not lie in the order of its keys."""
    found = pq.read_metadata(snapshot)
    names = [found.schema.column(index).name for index in range(found.num_columns)]
    groups = [found.row_group(index) for index in range(found.num_row_groups)]
    stats = [group.column(names.index("key")).statistics for group in groups]
    if not all(one is not None and one.has_min_max for one in stats):
        return None
    ends = np.array([(one.min, one.max) for one in stats], np.uint64).reshape(-1, 2)
    rising = (ends[1:, 0] > ends[:-1, 1]).all()
    return ends[:, 1] if rising else None


def differing(snapshot: Path, ends: Any, delivery: Mapping[str, Any]) -> pa.Table:
    """Return which households are new or changed.

    Args:
        snapshot: A Parquet file with `key` and `state`, in the order of keys.
        ends: From `spans`.
        delivery: Arrays `key` and `state`, uint64, shape (n,).

    Returns:
        A table of `key`, each once, and `is_new`.
    """
    keys, states = delivery["key"], delivery["state"]
    order = np.argsort(keys)
    keys, states = keys[order], states[order]
    known, same = np.zeros(len(keys), bool), np.zeros(len(keys), bool)
    at, file = np.searchsorted(ends, keys), str(snapshot)

    def look(groups: list[int]) -> None:
        opened = pq.ParquetFile(file)
        for group in groups:
            inside = slice(*np.searchsorted(at, [group, group + 1]))
            held = opened.read_row_group(group, columns=["key", "state"], use_threads=False)
            kept, state = (held[name].to_numpy() for name in ("key", "state"))
            place = np.minimum(np.searchsorted(kept, keys[inside]), len(kept) - 1)
            known[inside] = kept[place] == keys[inside]
            same[inside] = known[inside] & (state[place] == states[inside])

    touched = np.unique(at[at < len(ends)]).tolist()
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(look, (touched[turn::_THREADS] for turn in range(_THREADS))))
    changed, first = np.unique(keys[~same], return_index=True)
    return pa.table({"key": changed, "is_new": ~known[~same][first]})
