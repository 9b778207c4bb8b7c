"""The linkage benchmarks, tiny: the promised keys, and scores straight from their definition."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shanhai.cli.bench import linkage, psi


def test_the_intersection_is_compared_with_the_open_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(psi.SCALES, "small", 60)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    found = psi.run("small")
    assert found["exact"] is True
    assert 0 < found["common"] < 31
    assert found["seconds_100k"] > 0


def test_scores_are_the_definition(tmp_path: Path) -> None:
    truth = {"id_left": ["1", "2", "3", "4"], "id_right": ["a", "b", "c", "d"]}
    found = {
        "id_left": ["1", "2", "3"],
        "id_right": ["a", "b", "x"],
        "probability": [0.9, 0.4, 0.9],
    }
    pq.write_table(pa.table(truth), tmp_path / "t.parquet")
    pq.write_table(pa.table(found), tmp_path / "p.parquet")
    every = linkage.scores(tmp_path / "p.parquet", tmp_path / "t.parquet", "true")
    assert every == {"precision": 0.666667, "recall": 0.5, "f1": 0.571429}
    sure = linkage.scores(tmp_path / "p.parquet", tmp_path / "t.parquet", "probability >= 0.5")
    assert sure == {"precision": 0.5, "recall": 0.25, "f1": 0.333333}


def test_a_program_that_fails_is_no_measurement() -> None:
    assert linkage.child("-c", "print('said')").said == "said\n"
    with pytest.raises(RuntimeError, match="gone"):
        linkage.child("-c", "raise SystemExit('gone')")


def test_a_delivery_is_the_records_named() -> None:
    people = pa.table({"id": ["1", "2", "3"], "name": ["a", "b", "c"]})
    named = pa.chunked_array([["3"], ["1"]])
    assert linkage.delivered(people, named)["name"].to_pylist() == ["a", "c"]
