"""`shanhai link`: the three commands that share a word, from outside; specs and models that are wrong."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from shanhai.cli.main import app
from shanhai.engines.linkage import model as models
from shanhai.engines.linkage import spec as specs
from shanhai.engines.linkage.errors import LinkageError

HEAD = "id,id_no,name,birth,sex\n"
A = HEAD + "a1,11010519491231002X,李秀兰,1949-12-31,女\na2,,王强,1980-05-06,男\n"
B = HEAD + "b1,11010519491231002x,李秀蘭,1949/12/31,F\nb2,11010519491231002X,赵铁柱,1949-12-31,女\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(A, "utf-8")
    (tmp_path / "b.csv").write_text(B, "utf-8")
    (tmp_path / "s.toml").write_text('model = "persons"\n', "utf-8")
    return tmp_path


def shell(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error::SyntaxWarning", "-m", "shanhai.cli", "link", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_two_files_are_linked_from_outside(folder: Path) -> None:
    done = shell(folder, "a.csv", "b.csv", "--spec", "s.toml", "--out", "f.csv")
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = rows(folder / "f.csv")
    assert list(row) == ["id_left", "id_right", "probability", "stage", "reasons"]
    assert (row["id_left"], row["id_right"], row["stage"]) == ("a1", "b1", "exact")
    told = {(row["file"], row["id"], row["code"]) for row in rows(folder / "f.rejects.csv")}
    assert told == {("a.csv", "a1", "number_shared"), ("b.csv", "b2", "number_shared")}


def test_one_file_is_clustered_from_outside(folder: Path) -> None:
    (folder / "c.csv").write_text(B + "b3,11010519491231002X,李秀兰,,女\n", "utf-8")
    done = shell(
        folder,
        "dedupe",
        "c.csv",
        "--spec",
        "s.toml",
        "--out",
        "f.csv",
        "--golden",
        "g.csv",
        "--pairs",
        "p.csv",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [(row["id"], row["cluster"]) for row in rows(folder / "f.csv")] == [
        ("b1", "b1"),
        ("b2", "b2"),
        ("b3", "b1"),
    ]
    assert rows(folder / "g.csv")[0]["birth"] == "1949/12/31"
    assert "review" in {row["stage"] for row in rows(folder / "p.csv")}


def test_numbers_are_checked_from_outside(folder: Path) -> None:
    (folder / "n.csv").write_text("no\n11010519491231002X\n\n110105194912310021\n", "utf-8")
    done = shell(folder, "check-ids", "--column", "no", "--out", "f.csv", "n.csv")
    assert (done.returncode, done.stderr) == (0, "")
    found = rows(folder / "f.csv")
    assert [(row["row"], row["valid"]) for row in found] == [
        ("1", "true"),
        ("2", "false"),
        ("3", "false"),
    ]
    assert found[0]["reason"] == ""
    assert "校验码" in found[2]["reason"]


def invoke(folder: Path, *args: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["link", *(str(folder / a) if "." in a else a for a in args)])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ("model = \n", "line 1"),
        ('modell = "persons"', "modell"),
        ('model = "nobody"', "nobody"),
        ("[columns]\nheight = 'h'", "height"),
        ("[link]\naccept = 'much'", "accept"),
        ("[link]\nreview = 0.9\naccept = 0.8", "accept"),
        ("[link]\noverlap = 0.0", "overlap"),
        ("[link]\ndates = 'dym'", "dates"),
        ("[link]\ncardinality = 'two'", "cardinality"),
        ("[columns]\nname = '不在'", "不在"),
    ],
)
def test_a_wrong_spec_is_refused_with_the_place_and_nothing_is_written(
    folder: Path, spec: str, place: str
) -> None:
    (folder / "s.toml").write_text(spec, "utf-8")
    code, said = invoke(folder, "a.csv", "b.csv", "--spec", "s.toml", "--out", "f.csv")
    assert code == 1
    assert place in said
    assert not (folder / "f.csv").exists()


def test_options_may_come_before_the_files(folder: Path) -> None:
    code, said = invoke(folder, "--out", "a.csv", "a.csv", "b.csv")
    assert (code, "same_file" in said) == (1, True)


def test_inputs_are_never_written_over(folder: Path) -> None:
    code, said = invoke(folder, "a.csv", "b.csv", "--out", "a.csv")
    assert (code, "same_file" in said) == (1, True)
    assert (folder / "a.csv").read_text("utf-8") == A


def test_too_many_duplicates_are_not_believed(folder: Path) -> None:
    (folder / "c.csv").write_text(B + "b3,11010519491231002X,李秀兰,,女\n", "utf-8")
    (folder / "s.toml").write_text("[link]\nmax_duplicates = 0.2\n", "utf-8")
    code, said = invoke(folder, "dedupe", "c.csv", "--spec", "s.toml", "--out", "f.csv")
    assert (code, "33.3%" in said) == (1, True)
    assert not (folder / "f.csv").exists()


def test_a_register_gives_what_its_file_gives(folder: Path) -> None:
    assert invoke(folder, "index", "a.csv", "--out", "r.register")[0] == 0
    assert invoke(folder, "r.register", "b.csv", "--out", "g.csv")[0] == 0
    assert invoke(folder, "a.csv", "b.csv", "--out", "f.csv")[0] == 0
    assert (folder / "f.csv").read_bytes() == (folder / "g.csv").read_bytes()
    (folder / "s.toml").write_text('model = "febrl"\n', "utf-8")
    code, said = invoke(folder, "r.register", "b.csv", "--spec", "s.toml", "--out", "h.csv")
    assert (code, "linkage.register" in said) == (1, True)


def test_a_model_is_trained_on_known_pairs_and_used(folder: Path) -> None:
    (folder / "d").mkdir()
    assert (
        CliRunner()
        .invoke(app, ["link", "simulate", str(folder / "d"), "--records", "300"])
        .exit_code
        == 0
    )
    files = ["d/a.csv", "d/b.csv"]
    code, said = invoke(folder, "train", *files, "--truth", "d/truth.csv", "--out", "m.json")
    assert code == 0, said
    assert models.parse((folder / "m.json").read_bytes(), "m.json").trained_on.endswith("seed 1")
    (folder / "s.toml").write_text('model = "m.json"\n', "utf-8")
    assert invoke(folder, *files, "--spec", "s.toml", "--out", "f.csv")[0] == 0
    truth = {(row["id_left"], row["id_right"]) for row in rows(folder / "d/truth.csv")}
    found = {(row["id_left"], row["id_right"]) for row in rows(folder / "f.csv")}
    assert len(found & truth) > 0.98 * len(truth)


@given(st.text(max_size=80))
def test_any_text_is_a_spec_or_refused(text: str) -> None:
    try:
        found = specs.parse(text, "s.toml")
    except LinkageError as refusal:
        assert refusal.code == "linkage.spec"  # noqa: PT017 - either answer is right
    else:
        assert found.link.review <= found.link.accept


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"m":', b'"mm":'),
        (b'"kind": "date"', b'"kind": "day"'),
        (b'"u": 0.', b'"u": 7.'),
        (b"{", b"["),
    ],
)
def test_a_wrong_model_is_refused(old: bytes, new: bytes) -> None:
    good = models.dump(models.load("persons"))
    assert models.parse(good, "m.json") == models.load("persons")
    with pytest.raises(LinkageError):
        models.parse(good.replace(old, new, 1), "m.json")
