"""The file of alerts: its hash as documented, its order, its groups; and the turns in which it is made."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import sleep

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engines.screening.rule_world import DAY, alerts, monitoring, run
from shanhai.engines.screening import alerts as module
from shanhai.engines.screening.generate import write_households
from shanhai.engines.screening.screen import Options, screen
from shanhai.engines.screening.turns import in_turn

HASHED = ("household_id", "region", "rule", "version", "state", "level", "parameters", "inputs")


def documented_hash(path: Path) -> str:
    """Sum the halves of each row's MD5 as the guide says."""
    sums = [0, 0]
    for row in alerts(path):
        content = "\x1f".join(str(row[one]) for one in HASHED)
        digest = hashlib.md5(content.encode(), usedforsecurity=False).digest()
        for half in (0, 1):
            sums[half] += int.from_bytes(digest[8 * half : 8 * half + 8], "little")
    return "".join(f"{one % 2**64:016x}" for one in sums)


def test_the_hash_is_what_the_guide_says(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    write_households(path, 3_000)
    report = run(path, monitoring())
    assert report.alerts > 0
    assert report.hash == documented_hash(path)


def test_groups_of_any_size_give_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By rule, then household, whole groups first; with more threads the same bytes."""
    path, one, other = (tmp_path / name for name in ("d.parquet", "1.parquet", "2.parquet"))
    write_households(path, 3_000)
    monkeypatch.setattr(module, "_GROUP", 7)
    first = screen(path, monitoring(), one, DAY, Options(threads=1))
    second = screen(path, monitoring(), other, DAY, Options(threads=3))
    assert first.hash == second.hash
    assert one.read_bytes() == other.read_bytes()
    found = pq.read_table(one)
    assert found.schema.field("rule").type == pa.string()
    rules = [rule.id for rule in monitoring().rules]
    keys = [(rules.index(a["rule"]), a["household_id"]) for a in found.to_pylist()]
    assert keys == sorted(keys)
    metadata = pq.read_metadata(one)
    sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    assert max(sizes) == 7


def _numbers(start: int) -> Iterator[int]:
    for one in range(start, start + 5):
        sleep(0.001 * (start % 3))
        yield one


@pytest.mark.parametrize("threads", [1, 2, 9])
def test_pieces_come_in_the_order_of_jobs(threads: int) -> None:
    jobs = [partial(_numbers, start) for start in range(0, 40, 5)]
    assert list(in_turn(jobs, threads)) == list(range(40))


def test_what_a_job_raises_is_raised_in_its_turn_and_ends_the_rest() -> None:
    def fails() -> Iterator[int]:
        yield 5
        raise LookupError

    jobs: list[Callable[[], Iterator[int]]] = [partial(_numbers, 0), fails, partial(_numbers, 10)]
    turns = in_turn(jobs, 2)
    assert [next(turns) for _ in range(6)] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(LookupError):
        next(turns)


def test_one_who_stops_taking_ends_the_threads() -> None:
    before = threading.active_count()
    turns = in_turn([partial(iter, range(10**9)) for _ in range(3)], 3)
    assert next(turns) == 0
    turns.close()
    assert threading.active_count() == before
