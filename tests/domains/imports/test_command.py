"""`shanhai import projects`: the JSON and the exit codes that others rely on."""

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from shanhai.cli.imports import app, run
from shanhai.cli.main import app as shanhai
from shanhai.domains.imports.result import Project

ROWS = [
    ["县", "项目名称", "投资(万元)"],
    ["姚安县", "甲", 10],
    ["姚安县", "乙", "约5"],
    ["合计", None, 10],
]


def test_a_dry_run_prints_one_json_object(write: Callable[..., Path], tmp_path: Path) -> None:
    file = write({"表": ROWS})
    arguments = ["projects", str(file), "--data-dir", str(tmp_path / "d"), "--dry-run", "--json"]
    done = CliRunner().invoke(app, arguments)
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (found["accepted"], found["rejected"], found["skipped_totals"]) == (1, 1, 1)
    assert found["errors"][0].keys() == {"sheet", "row", "column", "code", "zh", "en"}
    project = found["projects"][0]
    assert (project["name"], project["county_code"]) == ("甲", "532325")
    assert (project["amount_fen"], project["source_row"]) == (10_000_000, 2)
    assert not (tmp_path / "d").exists()


def test_the_command_is_called_import(tmp_path: Path) -> None:
    arguments = ["import", "projects", str(tmp_path / "无.xlsx"), "--data-dir", "d", "--dry-run"]
    done = CliRunner().invoke(shanhai, arguments)
    assert done.exit_code == 1
    assert "import.file.missing" in done.stdout


def test_without_a_dry_run_the_accepted_projects_are_handed_on(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    taken: list[Project] = []
    file = write({"表": ROWS})

    def submit(_: Path, projects: tuple[Project, ...]) -> None:
        taken.extend(projects)

    assert run(file, tmp_path, submit=submit, dry_run=False, as_json=False) == 0
    assert [project.name for project in taken] == ["甲"]


def test_without_a_key_nothing_is_submitted(write: Callable[..., Path], tmp_path: Path) -> None:
    arguments = ["projects", str(write({"表": ROWS})), "--data-dir", str(tmp_path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1
    assert "--dry-run" in done.stderr
