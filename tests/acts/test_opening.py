"""Opening balances: inert until a second officer confirms, 期初 for ever, both officers doers of the past."""

from typing import Any

import pytest

from acts.opening_world import batches, confirm, entered, lot, lots
from acts.project_world import ACCEPTANCE, DOC, WAN, ProjectWorld
from shanhai.acts.line import FundingLine, LineState
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.lot_work import AcceptTownship
from shanhai.acts.machine import ACTS, Did
from shanhai.acts.opening import Opening, OpeningState
from shanhai.acts.opening_balance import (
    LOT_STEPS,
    PROJECT_STEPS,
    AddOpening,
    ConfirmOpening,
    RefuseOpening,
)
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.roles import Role


@pytest.fixture
def world() -> ProjectWorld:
    made = ProjectWorld()
    made.officer("office2", Role.COUNTY_OFFICE)
    return made


def test_what_was_entered_is_inert(world: ProjectWorld) -> None:
    project = entered(world)
    world.ok()
    assert world.state_of(project) is ProjectState.OPENING
    assert world.total(Lot, "unfinished", project) == 0
    assert world.total(Lot, "live_fen", project) == 0
    (line,) = (one for one in world.store.objects.values() if isinstance(one, FundingLine))
    assert (line.state, line.available_fen) == (LineState.OPENING, 0)
    act = AcceptTownship(**ACCEPTANCE)
    world.when(act, by="township", on=lots(world, project)[0].id)
    world.refused("object.state", "lot.project_stage")


def test_a_confirmed_project_lives_on_marked_for_ever(world: ProjectWorld) -> None:
    project = entered(world)
    confirm(world, project)
    found = world.ok().get(Project, project)
    assert (found.state, found.opening, found.paid_before_fen) == (
        ProjectState.EXECUTING,
        True,
        120 * WAN,
    )
    (first,) = lots(world, project)
    assert (first.state, first.opening) == (LotState.COMPLETED, True)
    assert world.total(Lot, "unfinished", project) == 1
    world.when(AcceptTownship(**ACCEPTANCE), by="township", on=first.id).ok()


def test_both_officers_count_as_doers_of_every_earlier_step(world: ProjectWorld) -> None:
    project = entered(world)
    confirm(world, project)
    first = lots(world.ok(), project)[0].id
    for step in ("project.declare", "project.approve"):
        assert world.get(Did, f"{step}/{project}").persons == ("office", "office2")
    assert world.store.find(Did, f"project.evaluate/{project}") is None
    assert world.get(Did, f"lot.self_check/{first}").persons == ("office", "office2")
    assert world.store.find(Did, f"lot.accept_township/{first}") is None
    for name, person in (("moved", "office"), ("moved-too", "office2")):
        world.second(name, Role.TOWNSHIP, person=person)
        world.when(AcceptTownship(**ACCEPTANCE), by=name, on=first).refused("authority.same")


def test_every_separation_of_project_and_lot_is_covered() -> None:
    """An earlier step that separates must be among those written down (frozen decision 23)."""
    written = {f"project.{verb}" for _, verbs in PROJECT_STEPS for verb in verbs}
    written |= {f"lot.{verb}" for _, verb in LOT_STEPS}
    later = {"project.suspend", "project.open", "project.amend", "project.resubmit"}
    named = {never.act for act in ACTS.values() for never in act.row.not_by}
    ours = {name for name in named if name.partition(".")[0] in ("project", "lot")}
    assert ours - later <= written


def test_nobody_confirms_what_they_entered(world: ProjectWorld) -> None:
    project = entered(world)
    world.second("twice", Role.COUNTY_LEADERS, person="office")
    world.deputy("stand-in", Role.COUNTY_LEADERS, of="office")
    for by in ("office", "twice", "stand-in"):
        confirm(world, project, by)
        world.refused("authority.same")


def test_large_projects_are_entered_in_batches_and_confirmed_whole(world: ProjectWorld) -> None:
    project = entered(world)
    add = AddOpening(project=project, basis="补录", document=DOC, lots=(lot(estimate_fen=WAN),))
    world.when(add, by="office2", on=world.id("opn")).ok()
    confirm(world, project, by="office2")
    world.refused("authority.same")
    world.when(ConfirmOpening(openings=batches(world, project)[:1]), by="finance", on=project)
    world.refused("opening.incomplete")
    confirm(world, project, by="finance")
    assert len(lots(world.ok(), project)) == 2
    world.when(add, by="office", on=world.id("opn")).refused("opening.confirmed")


def test_a_refusal_voids_everything(world: ProjectWorld) -> None:
    project = entered(world)
    act = RefuseOpening(openings=batches(world, project), reason=DOC)
    world.when(act, by="finance", on=project).ok()
    assert world.state_of(project) is ProjectState.VOID
    assert lots(world, project)[0].state is LotState.VOID
    assert world.get(Opening, batches(world, project)[0]).state is OpeningState.REFUSED
    entered(world)
    world.ok()  # the line's number is free again


def test_lots_stay_within_the_approval_once_they_count(world: ProjectWorld) -> None:
    project = entered(world, lots=(lot(), lot(estimate_fen=201 * WAN)))
    confirm(world.ok(), project)
    world.refused("total.over")


def test_an_entry_touches_a_bounded_number_of_objects(world: ProjectWorld) -> None:
    many = tuple(lot(LotState.ACCEPTED, estimate_fen=WAN) for _ in range(32))
    project = entered(world, lots=many)
    confirm(world.ok(), project)
    world.refused("opening.too_large")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"approved_fen": 0, "paid_before_fen": 0}, "opening.amounts"),
        ({"paid_before_fen": 501 * WAN}, "opening.amounts"),
        ({"approved_ms": 2_000_000_000_000}, "opening.approved_ahead"),
        ({"lots": (lot(LotState.TERMINATED),)}, "opening.lot_stage"),
    ],
)
def test_an_entry_is_refused(world: ProjectWorld, change: dict[str, Any], code: str) -> None:
    entered(world, **change)
    world.refused(code)
