"""No result over a source or over another result; files of another kind or encoding than they seem; who does not answer."""

import shutil
import socket
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from engines.screening.rule_world import rules
from shanhai.cli.main import app
from shanhai.engines.screening.backtest import backtest
from shanhai.engines.screening.intake.raw import read_raw
from shanhai.engines.screening.intake.table import read_table
from shanhai.engines.screening.spark import session
from shanhai.kernel.errors import InvalidInputError

TEXT = "household_id,收入\nh1,100\nh2,200\n"
RULE = """
[fields.income]
type = "money"
[[rules]]
id = "A1"
when = "income < {limit} fen"
zh = "低"
en = "low"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("d.csv", "f.csv", "f.rejects.csv", "m.json", "m.card.md", "s.toml", "v.csv"):
        (tmp_path / name).write_text(TEXT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ("d.csv --set line=8500 --out d.csv", "same_file"),
        ("f.rejects.csv --set line=8500 --out f.parquet", "same_file"),
        ("d.csv --set line=8500 --since f.csv --out f.csv", "same_file"),
        ("d.csv --set line=8500 --snapshot f.parquet --out f.parquet", "same_result"),
        ("backtest d.csv --rules monitoring --against monitoring --out d.csv", "same_file"),
        ("backtest d.csv --rules monitoring --against monitoring --out f.parquet", "ending"),
        ("mpi d.csv --spec s.toml --out f.csv", "ending"),
        ("figures d.csv --until 2026-11-25 --out f.csv", "ending"),
        ("train d.csv --spec s.toml --out f.csv", "ending"),
        ("score d.csv --model m.json --out f.parquet", "ending"),
        ("mpi f.rejects.csv --spec s.toml --out f.json", "same_file"),
        ("figures f.rejects.csv --until 2026-11-25 --out f.json", "same_file"),
        ("train d.csv --spec m.json --out m.json", "same_file"),
        ("train m.card.md --spec s.toml --out m.json", "same_file"),
        ("score d.csv --model m.json --out v.csv --visits v.csv", "same_file"),
        ("score d.csv --model v.csv --out v.csv", "same_file"),
    ],
)
def test_nothing_that_is_read_is_written_over(folder: Path, args: str, code: str) -> None:
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    done = CliRunner().invoke(app, ["screen", *args.split()])
    assert (done.exit_code, done.output.split(":")[0]) == (1, f"screen.{code}"), done.output
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "gb18030"])
def test_encodings_without_a_mark_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "d.csv").write_bytes(TEXT.encode(encoding))
    assert read_table(tmp_path / "d.csv")[0] == {"household_id": "h1", "收入": "100"}


def test_what_is_not_what_its_name_says_is_refused_with_the_cure(tmp_path: Path) -> None:
    pq.write_table(pa.table({"household_id": ["h1"]}), tmp_path / "p.csv")
    book = openpyxl.Workbook()
    book.create_sheet("data").append(["household_id"])
    book.save(tmp_path / "cover.xlsx")
    shutil.copy(tmp_path / "cover.xlsx", tmp_path / "w.csv")
    (tmp_path / "zeros.csv").write_bytes(b"\0" * 100)
    (tmp_path / "none.xlsx").touch()
    for name, code in (
        ("p.csv", "other_kind"),
        ("w.csv", "other_kind"),
        ("cover.xlsx", "empty_sheet"),
        ("zeros.csv", "encoding"),
        ("none.xlsx", "empty"),
    ):
        with pytest.raises(InvalidInputError) as told:
            read_raw(tmp_path / name, tmp_path)
        assert told.value.code == f"screen.{code}", name


def test_a_server_that_does_not_answer_is_said_at_once(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for where, code in (("sail2", "spark_address"), (f"sc://127.0.0.1:{port}", "spark_silent")):
        with pytest.raises(InvalidInputError) as told, session(where, tmp_path):
            pass
        assert told.value.code == f"screen.{code}"


def test_deliveries_of_one_name_are_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / year / "d.parquet" for year in ("2025", "2026")]
    for path, income in zip(paths, ([1, 5], [5, 5]), strict=True):
        path.parent.mkdir()
        pq.write_table(pa.table({"household_id": ["h1", "h2"], "income": income}), path)
    old, new = (rules(RULE.format(limit=limit)) for limit in (3, 9))
    found = backtest(paths, old, new, tmp_path / "new" / "f.csv", date(2026, 11, 25))
    assert [(one.delivery, one.before, one.gained) for one in found] == [
        (str(paths[0]), 1, 1),
        (str(paths[1]), 0, 2),
    ]


def test_a_table_without_rows_or_with_a_heading_twice_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": pa.array([], pa.int64())}), tmp_path / "none.parquet")
    twice = pa.table([[1], [2]], names=["收入", "收入"])
    pq.write_table(twice, tmp_path / "twice.parquet")
    (tmp_path / "twice.csv").write_text("收入,收入\n1,2\n", "utf-8")
    for name, code in (
        ("none.parquet", "empty"),
        ("twice.parquet", "heading_twice"),
        ("twice.csv", "heading_twice"),
    ):
        with pytest.raises(InvalidInputError) as told:
            read_table(tmp_path / name)
        assert told.value.code == f"screen.{code}", name
