"""`shanhai match assign` and `check` on files: results, proofs, refusals."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from shanhai.cli.main import app

EDGES = "left,right,score\na,x,5\na,y,4\nb,x,5\nb,y,1\nc,x,3\nc,x,2\nd,y,-3\n"
CAPACITY = "right,capacity\nx,1\ny,1\nz,0\n"
ONE = ["--capacity", "cap.csv", "--out", "f.csv", "--certificate", "k.json"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("edges.csv").write_text(EDGES, encoding="utf-8")
    Path("cap.csv").write_text(CAPACITY, encoding="utf-8")
    return tmp_path


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["match", *args])
    return result.exit_code, result.output


def checked() -> tuple[int, str]:
    return run(
        "check", "f.csv", "--edges", "edges.csv", "--capacity", "cap.csv", "--certificate", "k.json"
    )


@pytest.mark.parametrize("mode", ["greedy", "optimal", "stable"])
def test_a_matching_is_made_and_its_proof_holds(mode: str) -> None:
    assert run("assign", "edges.csv", "--mode", mode, *ONE)[0] == 0
    assert Path("f.csv").read_text(encoding="utf-8") == "left,right,score\na,y,4\nb,x,5\n"
    paper = json.loads(Path("k.json").read_text(encoding="utf-8"))
    assert {"mode", "solver", "primal", "dual", "gap", "blocking_pairs", "prices"} <= paper.keys()
    assert (paper["mode"], paper["primal"]) == (mode, 9)
    assert paper["dropped"]["duplicate"] == 1
    assert checked()[0] == 0


def test_prices_prove_the_optimum() -> None:
    run("assign", "edges.csv", "--mode", "optimal", *ONE)
    paper = json.loads(Path("k.json").read_text(encoding="utf-8"))
    assert (paper["dual"], paper["gap"]) == (9, 0)
    assert Path(paper["prices"]).read_text(encoding="utf-8") == "right,price\nx,3\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("f.csv", "a,y,4", "a,y,5", "score_differs"),
        ("f.csv", "a,y,4", "b,y,1", "left_over_demand"),
        ("f.csv", "a,y,4", "a,x,5", "right_over_capacity"),
        ("f.csv", "a,y,4", "c,y,4", "not_a_pair"),
        ("f.csv", "a,y,4\n", "", "primal"),
        ("k.prices.csv", "x,3", "x,9", "dual"),
        ("k.prices.csv", "x,3", "x,-3", "negative_price"),
        ("k.prices.csv", "x,3", "x,0", "dual"),
        ("k.json", '"primal": 9', '"primal": 8', "primal"),
        ("k.json", '"gap": 0.0', '"gap": 0.1', "gap"),
        ("k.json", '"matched": 2', '"matched": 3', "matched"),
        ("k.json", '"blocking_pairs": null', '"blocking_pairs": 0', "blocking_pairs"),
        ("k.json", '"prices": "k.prices.csv"', '"prices": null', "prices"),
        ("k.json", '"mode": "optimal"', '"mode": "perfect"', "mode"),
    ],
)
def test_a_changed_file_is_found(file: str, old: str, new: str, named: str) -> None:
    run("assign", "edges.csv", "--mode", "optimal", *ONE)
    text = Path(file).read_text(encoding="utf-8")
    assert old in text
    Path(file).write_text(text.replace(old, new), encoding="utf-8")
    code, output = checked()
    assert code == 1
    assert named in output


def test_a_blocking_pair_is_found() -> None:
    two = "left,right,left_score,right_score\na,x,2,1\na,y,1,2\nb,x,2,2\nb,y,1,1\n"
    Path("edges.csv").write_text(two, encoding="utf-8")
    run("assign", "edges.csv", "--mode", "stable", *ONE)
    assert checked()[0] == 0
    assert Path("f.csv").read_text(encoding="utf-8") == "left,right,score\na,y,1\nb,x,2\n"
    Path("f.csv").write_text("left,right,score\na,x,2\nb,y,1\n", encoding="utf-8")
    assert "blocking_pairs" in checked()[1]


def test_rows_in_another_order_give_the_same_bytes() -> None:
    run("assign", "edges.csv", "--mode", "optimal", *ONE)
    first = [Path(name).read_bytes() for name in ("f.csv", "k.json", "k.prices.csv")]
    head, *rows = EDGES.splitlines()
    Path("edges.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    run("assign", "edges.csv", "--mode", "optimal", *ONE)
    assert [Path(name).read_bytes() for name in ("f.csv", "k.json", "k.prices.csv")] == first


def test_parquet_goes_in_and_out() -> None:
    table = pa.table({"left": [1, 2], "right": [7, 7], "score": [3.0, 4.0]})
    pa.parquet.write_table(table, "edges.parquet")
    Path("cap.csv").write_text("right,capacity\n7,1\n", encoding="utf-8")
    code, output = run("assign", "edges.parquet", "--capacity", "cap.csv", "--out", "f.parquet")
    assert (code, pa.parquet.read_table("f.parquet").to_pylist()) == (
        0,
        [{"left": "2", "right": "7", "score": 4}],
    ), output


def test_hostile_ids_come_back_as_they_were() -> None:
    ids = ["=cmd|' /C calc'!A0", 'q"uo,te', "<script>", "Ω山海", "'; DROP TABLE edges; --"]
    quoted = ['"' + one.replace('"', '""') + '"' for one in ids]
    Path("edges.csv").write_text(
        "left,right,score\n" + "".join(f"{one},x,1\n" for one in quoted), encoding="utf-8"
    )
    Path("cap.csv").write_text("right,capacity\nx,9\n", encoding="utf-8")
    assert run("assign", "edges.csv", *ONE)[0] == 0
    assert checked()[0] == 0
    assert set(pa.csv.read_csv("f.csv")["left"].to_pylist()) == set(ids)


@pytest.mark.parametrize(
    ("edges", "code"),
    [
        ("left,right,score\na,x,nan\n", "match.not_integer"),
        ("left,right,score\na,x,\n", "match.not_integer"),
        ("left,right,score\na,x,1.5\n", "match.not_integer"),
        ("left,right,score\na,x,inf\n", "match.not_integer"),
        ("left,right,score\na,x,99999999999\n", "match.score_huge"),
        ("left,right,score\na,x,99999999999999999999999\n", "match.score_huge"),
        ("left,right,score\na,x,-9223372036854775808\n", "match.score_huge"),
        ("left,right,score\n,x,1\n", "match.empty_id"),
        ("left,right,score\na,q,1\n", "match.capacity_missing"),
        ("left,right\na,x\n", "match.columns"),
        ("left,right,score\na,x\n", "match.file"),
        ("", "empty file"),
    ],
)
def test_bad_pairs_are_refused_with_how_to_mend_them(edges: str, code: str) -> None:
    Path("edges.csv").write_text(edges, encoding="utf-8")
    result, output = run("assign", "edges.csv", *ONE)
    assert result == 1
    assert code in output
    assert not Path("f.csv").exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("gbk.csv", "left,right,score\n山,海,1\n".encode("gbk"), "GBK"),
        ("head.csv", "左,右,分\n".encode("gbk"), "GBK"),
        ("book.xlsx", b"PK\x03\x04\x8f", "workbook"),
        ("none.csv", None, "no such file"),
    ],
)
def test_a_file_of_another_kind_is_told_apart(name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        Path(name).write_bytes(data)
    result, output = run("assign", name, "--out", "f.csv")
    assert (result, said in output) == (1, True), output


@pytest.mark.parametrize(
    ("capacity", "code"),
    [
        ("right,capacity\nx,-1\ny,1\n", "match.capacity_bad"),
        ("right,capacity\nx,1\nx,2\ny,1\n", "match.capacity_twice"),
        ("right,capacity\nx,many\ny,1\n", "match.not_integer"),
    ],
)
def test_bad_capacities_are_refused(capacity: str, code: str) -> None:
    Path("cap.csv").write_text(capacity, encoding="utf-8")
    result, output = run("assign", "edges.csv", *ONE)
    assert (result, code in output) == (1, True)


def test_a_right_without_a_row_of_capacity_is_refused_with_the_line_to_write() -> None:
    Path("edges.csv").write_text('left,right,score\na,"q,1",1\na,x,1\n', encoding="utf-8")
    result, output = run("assign", "edges.csv", *ONE)
    assert result == 1
    assert "cap.csv" in output
    assert '"q,1",0' in output


@pytest.mark.parametrize("mode", ["greedy", "optimal", "stable"])
@pytest.mark.parametrize("edges", ["left,right,score\n", "left,right,score\na,z,5\n"])
def test_an_empty_result_is_explained(mode: str, edges: str) -> None:
    Path("edges.csv").write_text(edges, encoding="utf-8")
    assert run("assign", "edges.csv", "--mode", mode, *ONE)[0] == 0
    assert Path("f.csv").read_text(encoding="utf-8") == "left,right,score\n"
    paper = json.loads(Path("k.json").read_text(encoding="utf-8"))
    assert paper["notes"]
    assert paper["primal"] == 0
    assert checked()[0] == 0


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--mode", "fair"], "match.mode_unknown"),
        (["--mode", "greedy", "--solver", "flow"], "match.solver_unfit"),
        (["--gap", "2"], "match.gap_bad"),
        (["--gap", "nan"], "match.gap_bad"),
        (["--seed", "-1"], "match.seed_bad"),
        (["--eps", "1"], "match.eps_bad"),
        (["--solver", "auction", "--eps", "0"], "match.eps_bad"),
        (["--solver", "auction", "--eps", "nan"], "match.eps_bad"),
    ],
)
def test_impossible_wishes_are_refused(args: list[str], code: str) -> None:
    result, output = run("assign", "edges.csv", *ONE, *args)
    assert (result, code in output) == (1, True)


def test_a_left_may_take_several_rights() -> None:
    Path("edges.csv").write_text("left,right,score\na,x,5\na,y,4\nb,x,6\n", encoding="utf-8")
    Path("left.csv").write_text("left,capacity\na,2\n", encoding="utf-8")
    assert run("assign", "edges.csv", *ONE, "--left-capacity", "left.csv")[0] == 0
    assert Path("f.csv").read_text(encoding="utf-8").count("\n") == 3
    args = ["--edges", "edges.csv", "--capacity", "cap.csv", "--certificate", "k.json"]
    assert run("check", "f.csv", *args, "--left-capacity", "left.csv")[0] == 0
