"""One expression on several engines, with little memory, and in any order: the same hash and the same bytes."""

import os
import random
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engines.screening.rule_world import DAY, monitoring, rules, run, write
from shanhai.engines.screening import apache
from shanhai.engines.screening.generate import write_households
from shanhai.engines.screening.screen import Options, screen
from shanhai.engines.screening.sql import open_duckdb
from shanhai.kernel.errors import InvalidInputError

SPARKS = ["sail", *(["apache"] if os.environ.get("SHANHAI_TEST_APACHE") else [])]
"""Apache Spark takes half a minute to start, so it is asked for: SHANHAI_TEST_APACHE=1."""
SMALL = '[fields.n]\ntype = "count"\nunit = "person"\n[[rules]]\nid = "A"\nwhen = "n > 3 persons"\nzh = "{n}"\nen = "{n}"\n'


@pytest.mark.parametrize("spark", SPARKS)
def test_synthetic_households_give_the_same_hash_on_spark(tmp_path: Path, spark: str) -> None:
    path = tmp_path / "d.parquet"
    write_households(path, 2_000, seed=3)
    here = run(path, monitoring())
    there = run(path, monitoring(), engine="spark", spark=spark)
    assert (here.hash, here.rules, here.silent_regions) == (
        there.hash,
        there.rules,
        there.silent_regions,
    )
    assert here.alerts > 0


def test_without_java_apache_spark_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert not apache.has_java()
    path = write(tmp_path / "d.parquet", household_id=["a"], n=[5])
    with pytest.raises(InvalidInputError) as refused:
        run(path, rules(SMALL), engine="spark", spark="apache")
    assert refused.value.code == "screen.no_java"
    assert [one.name for one in tmp_path.iterdir()] == ["d.parquet"]


def test_whole_numbers_of_any_length_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    """Ids that rise as numbers do not rise as texts: 9, 10."""
    ids = list(range(5, 125))
    random.Random(1).shuffle(mixed := list(ids))  # noqa: S311 - no secret
    first, second = tmp_path / "a.parquet", tmp_path / "b.parquet"
    found: list[Any] = []
    for path, order in ((first, ids), (second, mixed)):
        write(path, household_id=order, n=[one % 7 for one in order])
        found.append((run(path, rules(SMALL)).hash, path.with_name("out.parquet").read_bytes()))
    assert found[0] == found[1]


@pytest.mark.parametrize("ids", [[1, 2, 2], [2, 1, 2], [1, 2, None]])
def test_keys_across_row_groups_are_proved_or_cleaned(
    tmp_path: Path, ids: list[int | None]
) -> None:
    path = write(tmp_path / "d.parquet", household_id=[0, *ids], n=[5, 5, 5, 5])
    pq.write_table(pq.read_table(path), path, row_group_size=2)
    report = run(path, rules(SMALL))
    assert report.rows == 4
    assert report.set_aside == 1
    assert report.alerts == 3


def test_little_memory_spills_and_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every household is a hit, and none comes in order; without a place to spill to, it fails."""
    path, out = tmp_path / "d.parquet", tmp_path / "out.parquet"
    write_households(path, 50_000)
    rows = pq.read_table(path)
    income = rows.column_names.index("income_12m")
    rows = rows.set_column(income, "income_12m", pa.nulls(len(rows), pa.int64()))
    pq.write_table(rows.take(pa.array(range(len(rows) - 1, -1, -1))), path)
    little = Options(memory_mb=16)
    much = screen(path, monitoring(), out, DAY)
    assert screen(path, monitoring(), out, DAY, little).hash == much.hash

    def without_disk(*given: Any) -> Any:
        connection = open_duckdb(*given)
        connection.execute("SET max_temp_directory_size = '0 KiB'")
        return connection

    monkeypatch.setattr("shanhai.engines.screening.screen.open_duckdb", without_disk)
    with pytest.raises(duckdb.OutOfMemoryException):
        screen(path, monitoring(), out, DAY, little)
