"""Intake roots: committed by the node, once, for a period behind."""

from acts.scenario import Scenario
from shanhai.acts.intake import Commit, Intake
from shanhai.acts.roles import Role

ROOT = "ef" * 32


def world() -> Scenario:
    return Scenario().post("node", Role.NODE, region="000000")


def test_a_root_is_committed_once() -> None:
    made = world()
    act = Commit(root=ROOT, size=3, first_ms=made.now - 10, last_ms=made.now)
    first = made.id("itk")
    made.when(act, by="node", on=first).ok()
    assert made.get(Intake, first).size == 3
    made.when(act, by="node", on=made.id("itk")).refused("object.taken")


def test_a_period_runs_forward_and_lies_behind() -> None:
    made = world()
    for first, last in ((made.now, made.now - 1), (made.now, made.now + 1)):
        act = Commit(root=ROOT, size=3, first_ms=first, last_ms=last)
        made.when(act, by="node", on=made.id("itk")).refused("intake.period")
