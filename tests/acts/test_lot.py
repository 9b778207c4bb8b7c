"""Lots: within the approval, evaluated before they are bought, accepted by others than their owner."""

from typing import Any

import pytest

from acts.project_world import ACCEPTANCE, DOC, OTHER, PHOTO, WAN, ProjectWorld
from shanhai.acts.lot import Lot, LotKind, LotState
from shanhai.acts.lot_work import (
    AcceptCounty,
    AcceptTownship,
    EvaluateLot,
    SelfCheck,
    SendBack,
    StartLot,
    TerminateLot,
)
from shanhai.acts.machine import Person, Setting
from shanhai.acts.procurement import Method, Tender
from shanhai.acts.project import ProjectState
from shanhai.acts.project_halt import SuspendProject
from shanhai.acts.roles import Role

START = StartLot(report=DOC, permit=DOC, board_photo=PHOTO)


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


def test_lots_stay_within_the_approval(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPROVED)
    first = world.add_lot(project, estimate_fen=400 * WAN)
    world.ok().add_lot(project, estimate_fen=101 * WAN)
    world.refused("total.over")
    end = TerminateLot(reason=DOC, document=DOC)
    world.when(end, by="leaders", on=first).ok()
    world.add_lot(project, estimate_fen=101 * WAN)
    world.ok()


def test_only_an_approved_project_has_lots(world: ProjectWorld) -> None:
    world.add_lot(world.reach(ProjectState.CONFIRMED))
    world.refused("lot.stage", "total.over")


def test_a_lot_costs_something_and_has_months_to_start(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPROVED)
    world.add_lot(project, estimate_fen=0)
    world.refused("lot.amount")
    lot = world.get(Lot, world.add_lot(project))
    assert 181 <= (lot.start_due_ms - world.now) // 86_400_000 <= 186
    del world.store.objects[Setting, "P9/51"]
    assert world.get(Lot, world.add_lot(project, estimate_fen=WAN)).start_due_ms == 0


@pytest.mark.parametrize("price", [0, 300 * WAN + 1])
def test_the_control_price_stays_within_the_estimate(world: ProjectWorld, price: int) -> None:
    lot = world.lot(LotState.ADDED)
    world.when(EvaluateLot(control_fen=price, report=DOC), by="finance", on=lot)
    world.refused("lot.control_price")


def test_works_need_permit_and_board_others_do_not(world: ProjectWorld) -> None:
    lot = world.lot(LotState.CONTRACTED)
    world.when(StartLot(report=DOC, board_photo=PHOTO), by="owner", on=lot)
    world.refused("lot.no_permit")
    world.when(StartLot(report=DOC, permit=DOC), by="owner", on=lot).refused("lot.no_board")
    free = StartLot(report=DOC, permit_free=True, board_photo=PHOTO)
    world.when(free, by="owner", on=lot).ok()
    goods = world.lot(LotState.CONTRACTED, kind=LotKind.GOODS)
    world.when(StartLot(report=DOC), by="owner", on=goods).ok()


def test_nothing_starts_in_a_suspended_project(world: ProjectWorld) -> None:
    lot = world.lot(LotState.CONTRACTED)
    project = world.get(Lot, lot).project
    world.when(SuspendProject(reason=DOC, document=DOC), by="office", on=project).ok()
    world.when(START, by="owner", on=lot).refused("lot.project_stage")


def test_nothing_is_accepted_or_bought_in_a_suspended_project(world: ProjectWorld) -> None:
    lot, other = world.lot(LotState.COMPLETED), world.lot(LotState.EVALUATED)
    for one in (lot, other):
        halt = SuspendProject(reason=DOC, document=DOC)
        world.when(halt, by="office", on=world.get(Lot, one).project).ok()
    world.when(AcceptTownship(**ACCEPTANCE), by="township", on=lot).refused("lot.project_stage")
    tender = Tender(lot=other, method=Method.OPEN_TENDER, document=DOC)
    world.when(tender, by="owner", on=world.id("awd")).refused("lot.project_stage")


def test_a_lot_is_checked_once_all_of_it_is_done(world: ProjectWorld) -> None:
    lot = world.lot(LotState.STARTED)
    partly = SelfCheck(done_permille=999, drawings=DOC, supervision=DOC)
    world.when(partly, by="owner", on=lot).refused("lot.unfinished")
    world.self_check(lot)
    assert world.get(Lot, lot).accept_due_ms > world.now


def test_only_the_owner_starts_its_lot(world: ProjectWorld) -> None:
    lot = world.officer("rival", Role.OWNER).lot(LotState.CONTRACTED)
    world.when(START, by="rival", on=lot).refused("authority.organisation")


def test_nobody_of_the_owner_sits_on_the_panel(world: ProjectWorld) -> None:
    lot = world.lot(LotState.COMPLETED)
    world.put(Person(id="cashier", organisation="org-owner", region="510722", name=DOC))
    act = AcceptTownship(**{**ACCEPTANCE, "panel": ("cashier", "agriculture")})
    world.when(act, by="township", on=lot).refused("lot.panel_owner")
    ours: dict[str, Any] = {"organisation": "org-owner", "region": "510722"}
    world.post("insider", Role.TOWNSHIP, **ours)
    world.when(AcceptTownship(**ACCEPTANCE), by="insider", on=lot).refused("lot.panel_owner")


@pytest.mark.parametrize("unconfirmed", ["measured", "defects_mended"])
def test_acceptance_measures_and_sees_defects_mended(world: ProjectWorld, unconfirmed: str) -> None:
    lot = world.lot(LotState.COMPLETED)
    act = AcceptTownship(**{**ACCEPTANCE, unconfirmed: False})
    world.when(act, by="township", on=lot).refused("lot.not_measured")


def test_nobody_accepts_what_they_built_or_accepted_before(world: ProjectWorld) -> None:
    lot = world.lot(LotState.COMPLETED)
    world.second("changed-sides", Role.TOWNSHIP, person="owner")
    world.when(AcceptTownship(**ACCEPTANCE), by="changed-sides", on=lot).refused("authority.same")
    world.accept_township(lot)
    world.second("promoted", Role.PANEL, person="township")
    world.deputy("stand-in", Role.PANEL, of="township")
    for by in ("promoted", "stand-in"):
        world.when(AcceptCounty(**ACCEPTANCE), by=by, on=lot).refused("authority.same")
    world.accept_county(lot)
    assert world.get(Lot, lot).accepted_ms == world.now


def test_a_lot_with_defects_goes_back_to_work(world: ProjectWorld) -> None:
    lot = world.lot(LotState.TOWNSHIP_ACCEPTED)
    world.when(SendBack(defects=OTHER), by="panel", on=lot).ok()
    assert world.get(Lot, lot).state is LotState.STARTED


def test_a_terminated_lot_is_not_unfinished(world: ProjectWorld) -> None:
    lot = world.lot(LotState.STARTED)
    project = world.get(Lot, lot).project
    assert world.total(Lot, "unfinished", project) == 1
    world.when(TerminateLot(reason=DOC, document=DOC), by="leaders", on=lot).ok()
    assert world.total(Lot, "unfinished", project) == 0
