"""Drills of witnessed ledgers, small: they hold, and fail with their planted fault."""

import pytest
from typer.testing import CliRunner

from shanhai.cli.drills.sim import Life
from shanhai.cli.drills.world import World
from shanhai.cli.main import app


def last_line(name: str, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["drill", name, *more])
    return done.exit_code, done.output.strip().splitlines()[-1]


@pytest.mark.parametrize(("name", "size"), [("sim", "2"), ("byz", "44")])
def test_a_drill_passes(name: str, size: str) -> None:
    assert last_line(name, "--n", size) == (0, f"{name}: {size} passed, 0 failed, {size} fired")


@pytest.mark.parametrize(("name", "size"), [("sim", "1"), ("byz", "8")])
def test_a_planted_fault_makes_it_fail(name: str, size: str) -> None:
    code, line = last_line(name, "--n", size, "--plant")
    assert code == 1
    assert " 0 failed, " not in line


def test_the_same_seed_lives_the_same_life() -> None:
    world = World(1, 40)
    first, second = (Life(world, 5, 4, plant=False) for _ in range(2))
    assert first.live() == second.live() == ""
    assert first.fired == second.fired
    assert [one.newest() for one in first.cast.mirrors] == [
        one.newest() for one in second.cast.mirrors
    ]
