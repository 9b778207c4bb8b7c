"""Procurement: methods by the sum of parts, periods, bidders, candidates, control price, exemptions."""

from typing import Any

import pytest

from acts.project_world import DAY, DOC, OTHER, WAN, ProjectWorld, awarded
from shanhai.acts.lot import Lot, LotKind, LotState
from shanhai.acts.machine import Setting
from shanhai.acts.notice import Stage
from shanhai.acts.procurement import (
    Award,
    AwardState,
    Exempt,
    Method,
    Tender,
    VoidAward,
)
from shanhai.acts.project import ProjectState


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


def exempt(world: ProjectWorld, lot: str, method: Method, **more: Any) -> str:
    made = world.id("awd")
    given: dict[str, Any] = {"winner": "org-village", "price_fen": WAN, "minutes": DOC, **more}
    world.when(Exempt(lot=lot, method=method, **given), by="owner", on=made)
    return made


def test_parts_that_can_be_merged_are_summed(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.EXECUTING)
    lots = [world.lot(LotState.EVALUATED, project, estimate_fen=200 * WAN) for _ in range(2)]
    inquiry = Tender(lot=lots[0], method=Method.INQUIRY, document=DOC)
    world.when(inquiry, by="owner", on=world.id("awd")).refused("award.tender_required")
    exempt(world, lots[0], Method.SELF_BUILT)
    world.refused("award.tender_required")
    exempt(world, lots[0], Method.WORK_RELIEF)
    world.ok()


@pytest.mark.parametrize(
    ("kind", "estimate"), [(LotKind.GOODS, 199 * WAN), (LotKind.SERVICES, 99 * WAN)]
)
def test_each_kind_has_its_threshold(world: ProjectWorld, kind: LotKind, estimate: int) -> None:
    lot = world.lot(LotState.EVALUATED, kind=kind, estimate_fen=estimate)
    world.tender(lot, Method.NEGOTIATION)
    above = world.lot(LotState.EVALUATED, kind=kind, estimate_fen=estimate + WAN)
    act = Tender(lot=above, method=Method.NEGOTIATION, document=DOC)
    world.when(act, by="owner", on=world.id("awd")).refused("award.tender_required")


def test_without_a_threshold_nothing_is_bought(world: ProjectWorld) -> None:
    lot = world.lot(LotState.EVALUATED)
    del world.store.objects[Setting, "P13w/51"]
    act = Tender(lot=lot, method=Method.OPEN_TENDER, document=DOC)
    world.when(act, by="owner", on=world.id("awd")).refused("parameter.unset")


def test_the_control_price_comes_before_the_tender(world: ProjectWorld) -> None:
    lot = world.lot(LotState.ADDED)
    act = Tender(lot=lot, method=Method.OPEN_TENDER, document=DOC)
    world.when(act, by="owner", on=world.id("awd")).refused("award.stage")


def test_an_exemption_is_no_tender_and_a_tender_no_exemption(world: ProjectWorld) -> None:
    lot = world.lot(LotState.EVALUATED)
    act = Tender(lot=lot, method=Method.SELF_BUILT, document=DOC)
    world.when(act, by="owner", on=world.id("awd")).refused("award.nobody_bids")
    exempt(world, lot, Method.INQUIRY)
    world.refused("award.not_exempt")


def test_direct_purchase_is_small(world: ProjectWorld) -> None:
    large = world.lot(LotState.EVALUATED, estimate_fen=31 * WAN)
    exempt(world, large, Method.DIRECT)
    world.refused("award.over_direct_limit")
    small = world.lot(LotState.EVALUATED, estimate_fen=30 * WAN)
    made = exempt(world, small, Method.DIRECT)
    assert world.ok().get(Award, made).state is AwardState.AWARDED
    assert world.get(Lot, small).state is LotState.AWARDED


@pytest.mark.parametrize("price", [0, 270 * WAN + 1])
def test_an_exempt_price_stays_within_the_control_price(world: ProjectWorld, price: int) -> None:
    exempt(world, world.lot(LotState.EVALUATED), Method.SELF_BUILT, price_fen=price)
    world.refused("award.exempt_price")


def tendering(world: ProjectWorld) -> tuple[str, dict[str, Any]]:
    """Return an award ready to be recorded, and what records it."""
    lot = world.lot(LotState.TENDERING)
    bids_ms = world.later(days=21).now
    found = world.get(Lot, lot)
    notice = world.passed(found.project, Stage.CANDIDATES, "owner", lot=lot, page=OTHER)
    return found.award, {"notice": notice, "price_fen": 260 * WAN, "bids_ms": bids_ms}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bidders": 2}, "award.too_few_bidders"),
        ({"notice": ""}, "award.no_candidates_notice"),
        ({"price_fen": 270 * WAN + 1}, "award.over_control"),
        ({"price_fen": 0}, "award.over_control"),
        ({"winner": "org-owner"}, "award.winner"),
        ({"winner": "org-nobody"}, "award.winner"),
    ],
)
def test_an_award_is_refused(world: ProjectWorld, change: dict[str, Any], code: str) -> None:
    award, given = tendering(world)
    world.when(awarded(**{**given, **change}), by="owner", on=award).refused(code)


def test_the_bid_period_is_whole(world: ProjectWorld) -> None:
    award, given = tendering(world)
    first = world.get(Award, award).tendered_ms + 21 * DAY
    early = awarded(**{**given, "bids_ms": first - DAY})
    world.when(early, by="owner", on=award).refused("award.bid_period")
    ahead = awarded(**{**given, "bids_ms": world.now + 1})
    world.when(ahead, by="owner", on=award).refused("award.bid_period")
    world.when(awarded(**given), by="owner", on=award).ok()


def test_candidates_of_another_lot_do_not_count(world: ProjectWorld) -> None:
    award, given = tendering(world)
    project = world.get(Award, award).project
    other = world.add_lot(project, estimate_fen=WAN, kind=LotKind.GOODS)
    notice = world.passed(project, Stage.CANDIDATES, "owner", lot=other, page=OTHER)
    act = awarded(**{**given, "notice": notice})
    world.when(act, by="owner", on=award).refused("award.no_candidates_notice")


def test_quotations_need_neither_period_nor_candidates(world: ProjectWorld) -> None:
    lot = world.lot(LotState.EVALUATED, estimate_fen=100 * WAN)
    world.tender(lot, Method.INQUIRY)
    act = awarded(price_fen=80 * WAN, bids_ms=world.now, bidders=1)
    world.when(act, by="owner", on=world.get(Lot, lot).award).ok()


def test_a_lot_has_one_award_and_a_void_one_frees_it(world: ProjectWorld) -> None:
    lot = world.lot(LotState.TENDERING)
    act = Tender(lot=lot, method=Method.OPEN_TENDER, document=DOC)
    world.when(act, by="owner", on=world.id("awd")).refused("award.stage", "object.taken")
    void = VoidAward(reason=DOC, document=DOC)
    world.when(void, by="owner", on=world.get(Lot, lot).award).ok()
    assert world.get(Lot, lot).state is LotState.EVALUATED
    world.tender(lot)


def test_a_contracted_award_is_not_voided(world: ProjectWorld) -> None:
    lot = world.lot(LotState.CONTRACTED)
    void = VoidAward(reason=DOC, document=DOC)
    world.when(void, by="owner", on=world.get(Lot, lot).award).refused("award.contracted")
