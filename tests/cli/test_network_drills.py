"""Drills on real consensus nodes, small: cut from one another, and upgraded one by one."""

import pytest
from typer.testing import CliRunner

from shanhai.cli.main import app

RUNS_THREADS = "ignore:This process .* is multi-threaded:DeprecationWarning"


def drilled(name: str, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["drill", name, *more])
    return done.exit_code, done.output


@pytest.mark.filterwarnings(RUNS_THREADS)
def test_a_node_cut_off_stands_still_and_comes_back_equal() -> None:
    code, said = drilled("partition", "--n", "1")
    assert code == 0, said
    last = said.strip().splitlines()[-1]
    assert last == "partition: 1 passed, 0 failed, 1 fired" or last.startswith("partition: SKIPPED")


@pytest.mark.filterwarnings(RUNS_THREADS)
def test_a_cable_that_stays_in_is_found_out() -> None:
    code, said = drilled("partition", "--n", "1", "--plant")
    assert "partition: SKIPPED" in said or (code == 1 and "went on" in said), said


@pytest.mark.filterwarnings(RUNS_THREADS)
def test_nodes_are_upgraded_without_a_stop_and_the_wrong_one_stops_itself() -> None:
    code, said = drilled("upgrade")
    assert code == 0, said
    assert said.strip().splitlines()[-1] == "upgrade: 7 passed, 0 failed, 7 fired"
