"""`shanhai screen DATA …` and `shanhai screen backtest …` share one word; both run from outside."""

import json
import subprocess
import sys
from pathlib import Path

RULES = """
[ruleset]
id = "t"
version = "1"
[fields.n]
type = "count"
unit = "person"
[[rules]]
id = "A"
when = "n > 3 persons"
zh = "{n} 人"
en = "{n} persons"
"""
DATA = "household_id,n\na,5\nb,1\nc,\n"
SPEC = 'k = "1/2"\n[[indicators]]\nname = "x"\nweight = "1/2"\n[[indicators]]\nname = "y"\nweight = "1/2"\n'


def shanhai(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command from outside."""
    command = [sys.executable, "-m", "shanhai.cli", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_a_delivery_and_sub_commands_share_the_word(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES)
    (tmp_path / "s.toml").write_text(RULES.replace("> 3", "> 0"))
    (tmp_path / "d.csv").write_text(DATA)
    done = shanhai("screen", "d.csv", "--rules", "r.toml", "--out", "f.csv", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "rows 行 3"
    assert any(line.startswith("seconds 秒 ") for line in lines)
    assert len(lines[-1].split()[-1]) == 32
    table = (tmp_path / "f.csv").read_text().splitlines()
    assert [line.split(",")[:5] for line in table[1:]] == [
        ["a", "", "A", "1", "alert"],
        ["c", "", "A", "1", "unknown"],
    ]
    first = shanhai(
        "screen", "--rules", "r.toml", "--out", "f.csv", "--json", "d.csv", cwd=tmp_path
    )
    assert json.loads(first.stdout)["alerts"] == 1
    done = shanhai(
        *("screen", "backtest", "d.csv", "--rules", "r.toml", "--against", "s.toml"),
        *("--out", "b.csv"),
        cwd=tmp_path,
    )
    assert "gained 新增 1" in done.stdout


def test_mistakes_are_said_in_both_languages_with_exit_1(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(RULES.replace("n > 3", "m > 3"))
    (tmp_path / "d.csv").write_text(DATA)
    done = shanhai("screen", "d.csv", "--rules", "r.toml", "--out", "f.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "r.toml:10 A when:1" in done.stderr
    assert "unknown name" in done.stderr
    assert not (tmp_path / "f.csv").exists()
    (tmp_path / "r.toml").write_text(RULES)
    done = shanhai("screen", "none.csv", "--rules", "r.toml", "--out", "f.csv", cwd=tmp_path)
    assert done.returncode == 2


def test_poverty_is_measured_from_files(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SPEC)
    (tmp_path / "d.csv").write_text("x,y\n1,1\n0,0\n1,0\n,1\n")
    done = shanhai("screen", "mpi", "d.csv", "--spec", "s.toml", "--out", "m.json", cwd=tmp_path)
    assert "MPI 0.500000" in done.stdout
    assert json.loads((tmp_path / "m.json").read_text())[""]["dropped"] == 1


def test_rows_that_cannot_be_measured_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SPEC)
    (tmp_path / "d.csv").write_text("x,y\n１,1\n2,0\n0,1e999999999\n0,0\n", "utf-8")
    done = shanhai("screen", "mpi", "d.csv", "--spec", "s.toml", "--out", "m.json", cwd=tmp_path)
    assert "rows 行 4 set aside 退回 2" in done.stdout
    assert "MPI 0.500000" in done.stdout
    lines = (tmp_path / "m.rejects.csv").read_text("utf-8-sig").splitlines()
    assert [one.partition(",")[0] for one in lines] == ["row", "2", "3"]
    assert "应为 0 或 1" in lines[1]
    (tmp_path / "s.toml").write_bytes("k = '线'".encode("gb18030"))
    done = shanhai("screen", "mpi", "d.csv", "--spec", "s.toml", "--out", "m.json", cwd=tmp_path)
    assert (done.returncode, done.stderr.partition(":")[0]) == (1, "screen.mpi_spec")
