"""`shanhai indicators`: files written, refusals in two languages with exit 1, the template and the benchmark."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shanhai.cli.bench import indicators as bench
from shanhai.cli.main import app
from shanhai.engines.indicators import read_scheme

SCHEME = """[scheme]
name = "模拟"
[data]
time = "year"
[[indicators]]
code = "x"
[[indicators]]
code = "y"
direction = -1
[[steps]]
step = "normalise"
method = "minmax"
low = 1
[grades]
grades = [{ name = "好", from = 60 }, { name = "差" }]
[sensitivity]
[[sensitivity.assumptions]]
name = "how"
path = "aggregate.method"
values = ["arithmetic", "geometric"]
"""
DATA = "unit,year,x,y\na,2023,1,9\nb,2023,5,4\na,2024,3,\nb,2024,8,1\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "s.toml").write_text(SCHEME, "utf-8")
    (tmp_path / "d.csv").write_bytes(DATA.encode("gb18030"))
    return [str(tmp_path / "s.toml"), str(tmp_path / "d.csv")]


def call(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["indicators", *words])
    return done.exit_code, done.output


def test_run_sensitivity_statistics_and_compare_write_their_files(
    files: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for command in ("run", "statistics"):
        code, said = call(command, *files, "--out", str(out))
        assert code == 0, said
    assert (out / "scores.csv").read_text("utf-8").splitlines()[
        0
    ] == "unit,time,score,rank,grade,index,x,y"
    assert sorted(path.name for path in (out / "stages").iterdir()) == [
        "00_data.csv", "01_normalise.csv", "02_aggregate.csv", "weights.csv",
    ]  # fmt: skip
    result = json.loads((out / "result.json").read_text("utf-8"))
    assert result["data"]["missing"] == [{"line": 4, "unit": "a", "column": "y"}]
    assert (out / "trends.csv").exists()
    assert call("sensitivity", *files, "--out", str(tmp_path / "s"))[0] == 0
    assert {path.name for path in (tmp_path / "s").iterdir()} == {
        "bands.csv", "effects.csv", "remove_one.csv", "result.json",
    }  # fmt: skip
    code, said = call("compare", str(out), str(out), "--out", str(tmp_path / "c"))
    assert code == 0
    assert "mean_abs_rank_change: 0.0" in said


def test_explain_compares_with_the_unit_itself_at_another_time(
    files: list[str], tmp_path: Path
) -> None:
    code, said = call("explain", "b", *files, "--since", "2023", "--out", str(tmp_path))
    assert code == 0, said
    assert said.startswith("b@2024")
    told = json.loads((tmp_path / "explain.json").read_text("utf-8"))
    assert told["reference"] == "b@2023"


def test_a_refusal_is_one_line_in_each_language_and_exit_1(
    files: list[str], tmp_path: Path
) -> None:
    Path(files[0]).write_text(SCHEME.replace("minmax", "minmaks"), "utf-8")
    code, said = call("run", *files, "--out", str(tmp_path / "no"))
    assert code == 1
    assert "minmax" in said
    assert "不认识" in said
    assert not (tmp_path / "no").exists()
    assert call("run", str(tmp_path / "none.toml"), files[1], "--out", str(tmp_path))[0] == 1


def test_the_template_is_a_scheme_of_44_indicators_marked_as_an_example() -> None:
    code, said = call("template")
    assert code == 0
    scheme = read_scheme(said)
    assert len(scheme.indicators) == 44
    assert scheme.about.status == "示例"
    assert "aggregate arithmetic" in call("methods")[1]


def test_the_benchmark_has_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SIZES", {"small": (20, 30)})
    monkeypatch.setattr(bench, "DRAWS", 64)
    few = bench.FIVE.replace(f"replications = {bench.REPLICATIONS}", "replications = 16")
    monkeypatch.setattr(bench, "FIVE", few)
    found = bench.run("small")
    assert {"draws10k_s", "montecarlo_s", "rss_mb", "growth_s"} <= found.keys()
