"""Drills, small: each holds as it is, and fails with its planted fault."""

import os

import pytest
from typer.testing import CliRunner

from shanhai.cli.main import app

SIZES = {"tamper": "120", "kill": "14", "model": "300", "verify-live": "12", "restore": "18"}


def last_line(name: str, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["drill", name, *more])
    return done.exit_code, done.output.strip().splitlines()[-1]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("name", SIZES)
def test_a_drill_passes(name: str) -> None:
    code, line = last_line(name, "--n", SIZES[name])
    assert code == 0, line
    assert line.startswith(f"{name}: ")
    assert " 0 failed, " in line


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(
    ("name", "size"),
    [("tamper", "60"), ("kill", "21"), ("model", "500"), ("verify-live", "60"), ("restore", "9")],
)
def test_a_planted_fault_makes_it_fail(name: str, size: str) -> None:
    code, line = last_line(name, "--n", size, "--plant")
    assert code == 1
    assert " 0 failed, " not in line


def test_power_cuts_lose_nothing_or_the_drill_says_why_it_could_not_run() -> None:
    code, line = last_line("power", "--n", "2")
    assert code == 0, line
    assert line == "power: 2 passed, 0 failed, 2 fired" or line.startswith("power: SKIPPED ")


@pytest.mark.skipif(os.geteuid() != 0, reason="SKIPPED: needs root, to mount a loop device")
def test_power_cuts_without_sync_lose_acts() -> None:
    code, line = last_line("power", "--n", "2", "--plant")
    assert line.startswith("power: SKIPPED ") or code == 1, line


def test_an_unknown_drill_is_named() -> None:
    assert last_line("nonsense")[0] == 2
