"""Whatever command: a file that cannot be written is refused in words, with no traceback and nothing half done."""

import errno
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shanhai.cli._failures import told
from shanhai.cli.main import app

PANEL = "id_no\n11010519491231002X\n"


@pytest.mark.parametrize("out", ["folder.csv", "a.csv/f.csv", f"{'x' * 300}.csv"])
def test_an_output_that_cannot_be_written_is_refused_in_words(tmp_path: Path, out: str) -> None:
    (tmp_path / "a.csv").write_text(PANEL)
    (tmp_path / "folder.csv").mkdir()
    before = sorted(tmp_path.rglob("*"))
    args = ["link", "check-ids", str(tmp_path / "a.csv"), "--column", "id_no"]
    done = CliRunner().invoke(app, [*args, "--out", str(tmp_path / out)])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "没有写出" in done.output
    assert "nothing was written" in done.output
    assert ".part" not in done.output
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("number", [errno.ECONNREFUSED, errno.EPIPE])
def test_an_error_of_the_system_that_is_no_file_is_none_of_these(number: int) -> None:
    assert told(OSError(number, os.strerror(number), "a.csv")) is None
