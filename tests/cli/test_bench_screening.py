"""`bench screening` at a tiny size: the shape of its answer, and equality with SQL and Spark."""

import json

import pytest
from typer.testing import CliRunner

from shanhai.cli.bench import screening
from shanhai.cli.main import app


def test_bench_screening_equals_sql_and_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        screening.SCALES, "small", screening.Size((500, 1_000), 500, 1, apache=False)
    )
    done = CliRunner().invoke(app, ["bench", "screening", "--json"])
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["equal_to_sql"] is True
    assert found["hash_equal_spark"] is True
    assert found["hash_equal_spilled"] is True
    assert found["incremental_equal"] is True
    assert (found["rows"], found["rules"], found["incremental_rows"]) == (1_000, 20, 10)
    assert {"rows_per_s", "rss_mb", "ratio_over_sql", "incremental_s"} <= found.keys()
