"""`shanhai link tokens|clk|match|psi`: two departments and a linkage unit, with files alone."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shanhai.cli.main import app

HEAD = "id,id_no,name,birth,sex\n"
A = HEAD + "a1,11010519491231002X,李秀兰,1949-12-31,女\na2,,王强,1980-05-06,男\n"
B = HEAD + "b1,11010519491231002x,李秀蘭,1949/12/31,F\nb2,53010219200508011x,赵铁柱,1920-05-08,男\n"
DAY = ("--on", "2026-11-25")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.csv").write_text(A, "utf-8")
    (tmp_path / "b.csv").write_text(B, "utf-8")
    (tmp_path / "k").write_text("0123456789abcdef0123456789abcdef\n")
    (tmp_path / "k2").write_text("another key of thirty-two bytes!\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def link(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["link", *args])
    return done.exit_code, done.output


def well(*args: str) -> str:
    code, said = link(*args)
    assert code == 0, said
    return said


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_tokens_of_two_departments_meet(folder: Path) -> None:
    for side in "ab":
        made = ("tokens", f"{side}.csv", "--key", "k", "--project", "p", "--out", f"{side}t.csv")
        well(*made, *DAY)
    assert [row["id"] for row in rows(folder / "at.csv")] == ["a1"]
    assert "11010519491231002" not in (folder / "at.csv").read_text()
    well("match", "at.csv", "bt.csv", "--out", "f.csv")
    assert [(r["id_left"], r["id_right"]) for r in rows(folder / "f.csv")] == [("a1", "b1")]


def test_a_linkage_unit_compares_filters_made_alike_only(folder: Path) -> None:
    for side, key, columns in (
        ("a", "k", ""),
        ("b", "k", ""),
        ("b", "k2", ""),
        ("b", "k", "birth"),
    ):
        out = f"{side}{key}{columns}.parquet"
        made = ("clk", f"{side}.csv", "--key", key, "--project", "p", "--out", out)
        well(*made, "--columns", columns, *DAY)
    well("match", "ak.parquet", "bk.parquet", "--out", "f.csv")
    assert [(r["id_left"], r["id_right"]) for r in rows(folder / "f.csv")] == [("a1", "b1")]
    for other in ("bk2", "bkbirth"):
        code, said = link("match", "ak.parquet", f"{other}.parquet", "--out", "g.csv")
        assert code != 0
        assert "--columns" in said
    assert not (folder / "g.csv").exists()


def test_filters_with_noise_still_meet(folder: Path) -> None:
    for side in "ab":
        made = ("clk", f"{side}.csv", "--key", "k", "--project", "p", "--out", f"{side}.parquet")
        well(*made, "--flip", "0.02", *DAY)
    well("match", "a.parquet", "b.parquet", "--threshold", "0.5", "--out", "f.csv")
    assert [(r["id_left"], r["id_right"]) for r in rows(folder / "f.csv")] == [("a1", "b1")]


@pytest.mark.parametrize("size_only", [True, False])
def test_an_intersection_by_files(folder: Path, size_only: bool) -> None:  # noqa: FBT001 - a parameter
    ask = ("psi", "ask", "a.csv", "--state", "s.psi", "--out", "q.psi", *DAY)
    well(*ask, *(["--size-only"] if size_only else []))
    assert (folder / "s.psi").stat().st_mode & 0o077 == 0
    well("psi", "answer", "b.csv", "--request", "q.psi", "--out", "r.psi", *DAY)
    well("psi", "result", "--state", "s.psi", "--answer", "r.psi", "--out", "f.csv")
    assert rows(folder / "f.csv") == ([{"common": "1"}] if size_only else [{"id": "a1"}])


def test_what_is_no_step_of_an_exchange_is_refused(folder: Path) -> None:
    well("psi", "ask", "b.csv", "--state", "s.psi", "--out", "q.psi", *DAY)
    many = ("psi", "answer", "a.csv", "--request", "q.psi", "--out", "r.psi", "--most", "1", *DAY)
    for args in (
        many,
        ("psi", "answer", "a.csv", "--request", "a.csv", "--out", "r.psi"),
        ("psi", "result", "--state", "q.psi", "--answer", "q.psi", "--out", "f.csv"),
        ("match", "a.csv", "b.csv", "--out", "f.csv"),
        ("clk", "a.csv", "--key", "k", "--project", "p", "--out", "f.csv"),
    ):
        code, said = link(*args)
        assert code != 0, args
        assert ".csv" in said or ".psi" in said
    assert not (folder / "r.psi").exists()
    assert not (folder / "f.csv").exists()


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("dedupe", "a.csv", "--out", "f.csv", "--golden", "a.csv"), "same_file"),
        (("dedupe", "a.csv", "--out", "f.csv", "--pairs", "f.csv"), "same_result"),
        (("dedupe", "a.csv", "--out", "f.csv", "--pairs", "f.rejects.csv"), "same_result"),
        (("psi", "ask", "a.csv", "--state", "a.csv", "--out", "f.psi"), "same_file"),
        (("psi", "ask", "a.csv", "--state", "f.psi", "--out", "f.psi"), "same_result"),
        (("psi", "answer", "a.csv", "--request", "r.psi", "--out", "r.psi"), "same_file"),
        (("psi", "result", "--state", "s", "--answer", "r.csv", "--out", "r.csv"), "same_file"),
        (("train", "a.csv", "b.csv", "--truth", "t.csv", "--out", "t.csv"), "same_file"),
    ],
)
def test_nothing_that_is_read_is_written_over(
    folder: Path, args: tuple[str, ...], code: str
) -> None:
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    found, said = link(*args)
    assert (found, said.split(":")[0]) == (1, f"linkage.{code}")
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before


def test_a_column_that_is_not_there_is_no_part_of_a_filter(folder: Path) -> None:
    made = ("clk", "a.csv", "--key", "k", "--project", "p", "--columns", "name,phone")
    assert link(*made, "--out", "f.parquet")[1].startswith("linkage.no_column:")
    assert not (folder / "f.parquet").exists()


def test_a_damaged_file_of_filters_is_refused(folder: Path) -> None:
    (folder / "f.parquet").write_bytes(b"PAR1 cut in the middle")
    code, said = link("match", "f.parquet", "f.parquet", "--out", "g.csv")
    assert (code, said.split(":")[0]) == (1, "linkage.private_file")
