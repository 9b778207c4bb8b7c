"""`shanhai demo`: loaded once, kept afterwards, never half, never over a real ledger."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import databases
from demo_world import DemoFolder

FOUNDERS = """
name = "账本"
origin = "example.org/zhenshi"

[organisations.office]
name = "登记中心"
kind = "government"
region = "000000"

[persons.registrar]
organisation = "office"
name = "登记员"
posts = [{ role = "registrar", region = "000000" }]
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[DemoFolder]:
    """Return a folder where nothing is."""
    with databases.lent() as database:
        yield DemoFolder(tmp_path / "data", tmp_path / "anchors", database)


def test_a_second_run_keeps_what_is_there(demo_folder: DemoFolder) -> None:
    before = demo_folder.ask('SELECT * FROM "head"')
    done = demo_folder.run("demo", "--no-serve", "--data-dir", str(demo_folder.data))
    assert done.returncode == 0, done.stderr
    assert "演示已在 kept" in done.stdout
    assert demo_folder.ask('SELECT * FROM "head"') == before


def test_a_run_broken_off_leaves_nothing_and_the_next_begins_again(empty: DemoFolder) -> None:
    command = [sys.executable, "-u", "-m", "shanhai.cli", "demo", "--no-serve", "--data-dir"]
    with subprocess.Popen(
        [*command, str(empty.data)], env=empty.environ, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("[5/"):
                break
        running.kill()
    done = empty.run("demo", "--no-serve", "--data-dir", str(empty.data))
    assert done.returncode == 0, done.stderr
    assert "演示已装载 loaded" in done.stdout
    assert empty.run("ledger", "fsck", "--data-dir", str(empty.data)).returncode == 0


def test_a_real_ledger_is_left_alone(empty: DemoFolder, tmp_path: Path) -> None:
    founders = tmp_path / "founders.toml"
    founders.write_text(FOUNDERS, encoding="utf-8")
    data = str(empty.data)
    founded = empty.run("ledger", "init", "--data-dir", data, "--founders", str(founders))
    assert founded.returncode == 0, founded.stderr
    done = empty.run("demo", "--no-serve", "--data-dir", data)
    assert done.returncode == 1
    assert "demo.real_ledger" in done.stderr
    assert not (empty.data / "regions.json").exists()
