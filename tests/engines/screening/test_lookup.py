"""A snapshot is looked up as it is joined, whatever its row groups."""

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from shanhai.engines.screening.lookup import differing, spans

KEYS = st.integers(0, 30).map(lambda one: one << 59)
"""Up to the greatest that 64 bits hold."""
STATES = st.dictionaries(KEYS, st.integers(0, 3), min_size=1, max_size=31)


def snapshot(folder: str, keys: list[int], states: list[int], group: int) -> Path:
    """Write a snapshot with row groups of a size."""
    path = Path(folder) / "kept.parquet"
    table = pa.table({"key": pa.array(keys, pa.uint64()), "state": pa.array(states, pa.uint64())})
    pq.write_table(table, path, row_group_size=group)
    return path


@settings(deadline=None, max_examples=50)
@given(kept=STATES, delivered=STATES, group=st.integers(1, 7), turn=st.randoms())
def test_new_and_changed_keys_are_found(
    kept: dict[int, int], delivered: dict[int, int], group: int, turn: object
) -> None:
    order = list(delivered)
    turn.shuffle(order)  # type: ignore[attr-defined]
    given_arrays = {
        "key": np.array(order, np.uint64),
        "state": np.array([delivered[one] for one in order], np.uint64),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = snapshot(folder, sorted(kept), [kept[one] for one in sorted(kept)], group)
        ends = spans(path)
        assert ends is not None
        found = differing(path, ends, given_arrays).to_pylist()
    changed = [
        {"key": one, "is_new": one not in kept}
        for one in sorted(delivered)
        if kept.get(one) != delivered[one]
    ]
    assert found == changed


def test_a_snapshot_in_another_order_is_not_looked_up(tmp_path: Path) -> None:
    assert spans(snapshot(str(tmp_path), [1, 2, 3, 4], [0] * 4, 2)) is not None
    assert spans(snapshot(str(tmp_path), [3, 4, 1, 2], [0] * 4, 2)) is None
    assert spans(snapshot(str(tmp_path), [1, 2, 2, 3], [0] * 4, 2)) is None
