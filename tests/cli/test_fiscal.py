"""The command: files, columns, exit codes, refusals in both languages."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shanhai.cli.bench import fiscal as bench
from shanhai.cli.main import app
from shanhai.engines.fiscal import library


def shanhai(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["fiscal", *map(str, words)])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "states.csv"
    path.write_text(library.example("de-2020"), encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_run_writes_result_and_trace_the_same_every_time(tmp_path: Path, data: Path) -> None:
    for name in ("one", "two"):
        assert shanhai("run", "de-2020", data, "--out", tmp_path / name).exit_code == 0
    one, two = ((tmp_path / name) for name in ("one", "two"))
    assert sorted(p.name for p in one.iterdir()) == ["result.csv", "result.json", "trace.json"]
    assert all((two / p.name).read_bytes() == p.read_bytes() for p in one.iterdir())
    found = rows(one / "result.csv")
    assert list(found[0])[:5] == ["unit", "label", "paid_fen", "received_fen", "net_fen"]
    assert sum(int(row["net_fen"]) for row in found) == 0
    assert all(
        int(row["received_fen"]) - int(row["paid_fen"]) == int(row["net_fen"]) for row in found
    )
    trace = json.loads((one / "trace.json").read_bytes())
    steps = trace["units"]["BE"]
    assert all(step["article"] for step in steps)
    by_name = {step["name"]: step for step in steps}
    assert by_name["fkm"]["inputs"].keys() == {"fkm_state", "fkm_municipal"}
    assert str(by_name["ausgleich_received"]["value"]) == next(
        row["received_fen"] for row in found if row["unit"] == "BE"
    )


def test_a_trace_is_told_in_lines(tmp_path: Path, data: Path) -> None:
    shanhai("run", "de-2020", data, "--out", tmp_path / "o")
    told = shanhai("trace", "BE", "--dir", tmp_path / "o", "--figure", "bez_received")
    assert "§11(2) FAG" in told.output
    wrong = shanhai("trace", "BEE", "--dir", tmp_path / "o")
    assert wrong.exit_code == 1
    assert "BE" in wrong.output
    one = shanhai("trace", "BE", "--dir", tmp_path / "o", "--json")
    assert json.loads(one.output)[0]["name"] == "code"


def test_solving_writes_what_it_found(tmp_path: Path, data: Path) -> None:
    words = ("--target", "lowest(after) = 98.5%", "--vary", "bez_rate", "--out", tmp_path / "s")
    assert shanhai("solve", "de-2020", data, *words).exit_code == 0
    solved = json.loads((tmp_path / "s" / "solved.json").read_bytes())
    assert solved["parameter"] == "bez_rate"
    assert solved["reached"].startswith(("0.985", "0.98499999"))
    assert (tmp_path / "s" / "result.csv").exists()


def test_comparing_counts_winners_and_losers(tmp_path: Path, data: Path) -> None:
    done = shanhai("compare", "de-2020", "de-2026", data, "--out", tmp_path / "c")
    assert done.exit_code == 0
    found = rows(tmp_path / "c" / "compare.csv")
    assert {row["verdict"] for row in found} <= {"winner", "loser", "same"}
    summary = json.loads((tmp_path / "c" / "compare.json").read_bytes())
    assert summary["winners"] == sum(row["verdict"] == "winner" for row in found)
    assert any("relief" in one["place"] for one in summary["rules"])


def test_one_scheme_is_compared_with_itself_changed(tmp_path: Path, data: Path) -> None:
    words = ("--set-b", "rate=70%", "--out", tmp_path / "c")
    assert shanhai("compare", "de-2020", "de-2020", data, *words).exit_code == 0
    found = rows(tmp_path / "c" / "compare.csv")
    assert any(int(row["change_fen"]) for row in found)


def test_pairs_write_who_gives_to_whom(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(library.example("cn-east-west-pairs"), encoding="utf-8")
    assert shanhai("run", "cn-east-west-pairs", path, "--out", tmp_path / "o").exit_code == 0
    flows = rows(tmp_path / "o" / "flows.csv")
    assert len(flows) == 11
    assert sum(int(row["amount_fen"]) for row in flows) == 229 * 10**10
    assert all(int(row["amount_fen"]) >= 5 * 10**10 for row in flows)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "de-202", "{data}"), "fiscal.scheme.none"),
        (("run", "de-2020", "nowhere.csv"), "fiscal.file"),
        (("run", "de-2020", "{data}", "--set", "rate"), "fiscal.set"),
        (("run", "de-2020", "{data}", "--set", "rat=1"), "fiscal.parameter"),
        (("run", "de-2020", "{data}", "--date", "2030-01-01"), "fiscal.date"),
        (("solve", "de-2020", "{data}", "--target", "x"), "fiscal.target"),
    ],
)
def test_refusals_are_one_line_in_each_language(
    tmp_path: Path, data: Path, words: tuple[str, ...], code: str
) -> None:
    told = shanhai(*(w.format(data=data) for w in words), "--out", tmp_path / "o")
    assert told.exit_code == 1
    assert told.output.startswith(code)
    assert not (tmp_path / "o").exists()


def test_schemes_are_listed_and_printed() -> None:
    listed = shanhai("schemes").output
    assert all(name in listed for name in library.names())
    assert shanhai("schemes", "cl-fcm").output == library.scheme_text("cl-fcm")
    assert shanhai("schemes", "cl-fcm", "--data").output == library.example("cl-fcm")


def test_the_benchmark_runs_what_it_says() -> None:
    assert min(bench.timed(bench.COUNTY, bench.counties(60), 1)) > 0
    assert bench.whole_run(bench.fundeb(), bench.entities(80)) > 80 * 1000


def test_settling_and_designing_write_their_tables(tmp_path: Path, data: Path) -> None:
    scheme = tmp_path / "s.toml"
    rule = """
[settlement]
article = "示例"
interest = "3%"
instalment = [{ name = "一", due = 2020-06-30, share = 1 }]
"""
    scheme.write_text(library.scheme_text("de-2020") + rule, encoding="utf-8")
    other = tmp_path / "final.csv"
    text = data.read_text(encoding="utf-8").splitlines()
    cells = text[1].split(",")
    text[1] = ",".join([*cells[:3], str(int(cells[3]) + 500), *cells[4:]])
    other.write_text("\n".join(text) + "\n", encoding="utf-8")
    words = ("--settled", "2021-06-30", "--out", tmp_path / "s")
    assert shanhai("settle", scheme, data, other, *words).exit_code == 0
    found = rows(tmp_path / "s" / "settlement.csv")
    assert any(int(row["interest_fen"]) for row in found)
    axis = ("--vary", "rate=50%:70%:2", "--out", tmp_path / "d")
    assert shanhai("design", "de-2020", data, *axis).exit_code == 0
    assert len(rows(tmp_path / "d" / "design.csv")) == 2


def test_pictures_are_drawn_when_asked(tmp_path: Path, data: Path) -> None:
    words = ("--out", tmp_path / "o", "--unit", "BE")
    assert shanhai("run", "de-2020", data, *words).exit_code == 0
    assert {"sankey.svg", "waterfall-BE.svg"} <= {p.name for p in (tmp_path / "o").iterdir()}
    wrong = shanhai("run", "de-2020", data, "--out", tmp_path / "x", "--unit", "BEE")
    assert wrong.output.startswith("fiscal.unit.none")
