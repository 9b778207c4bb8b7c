"""Holds: in force from the audit head's approval until lifted; asked for by the east, executed by finance."""

from typing import Any

import pytest

from acts.county import DOC, WAN
from acts.money_world import MoneyWorld
from acts.scenario import EAST, WEST
from shanhai.acts.contract import Contract
from shanhai.acts.hold import Hold, HoldState, HoldTarget, TargetKind
from shanhai.acts.hold_flow import (
    ApproveHold,
    DeclineHold,
    DraftHold,
    ExecuteHold,
    HoldRow,
    LiftHold,
    RequestHold,
)
from shanhai.acts.payment import Payment
from shanhai.acts.payment_flow import CountersignPayment
from shanhai.acts.roles import Role


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


def row(kind: TargetKind, target: str) -> HoldRow:
    return HoldRow(kind=kind, target=target)


def draft(world: MoneyWorld, *rows: HoldRow, **more: Any) -> str:
    given = {"number": "模拟审通〔2026〕1号", "document": DOC, "region": WEST, **more}
    return world.make("hld", DraftHold(reason=DOC, targets=rows, **given), "auditor")


def held(world: MoneyWorld, kind: TargetKind, target: str) -> str:
    made = draft(world, row(kind, target))
    world.ok().when(ApproveHold(), by="audit_head", on=made).ok()
    return made


def active(world: MoneyWorld, name: str) -> int:
    return world.total(HoldTarget, "active", name)


def test_a_hold_blocks_from_its_approval_until_it_is_lifted(world: MoneyWorld) -> None:
    hold = draft(world, row(TargetKind.ORGANISATION, "org-owner"))
    assert active(world.ok(), "org-owner") == 0
    world.when(ApproveHold(), by="audit_head", on=hold).ok()
    assert active(world, "org-owner") == 1
    world.when(ExecuteHold(), by="finance", on=hold).ok()
    assert world.get(Hold, hold).state is HoldState.EXECUTED
    world.when(LiftHold(document=DOC, reason=DOC), by="audit_head", on=hold).ok()
    assert (active(world, "org-owner"), world.get(Hold, hold).state) == (0, HoldState.LIFTED)


def test_two_holds_are_lifted_one_by_one(world: MoneyWorld) -> None:
    holds = [held(world, TargetKind.ORGANISATION, "org-owner") for _ in range(2)]
    world.when(LiftHold(document=DOC, reason=DOC), by="audit_head", on=holds[0]).ok()
    assert active(world, "org-owner") == 1


def test_whoever_drafted_does_not_approve(world: MoneyWorld) -> None:
    world.second("acting_head", Role.AUDIT_HEAD, person="auditor")
    hold = draft(world, row(TargetKind.ORGANISATION, "org-owner"))
    world.ok().when(ApproveHold(), by="acting_head", on=hold).refused("authority.same")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (TargetKind.PROJECT, "prj-nobody"),
        (TargetKind.ORGANISATION_YEAR, "org-nobody/2026"),
        (TargetKind.FIELD, f"{EAST}/种植业"),
    ],
)
def test_a_hold_names_what_exists_here(world: MoneyWorld, kind: TargetKind, name: str) -> None:
    draft(world, row(kind, name))
    world.refused("hold.target_unknown")


def test_a_target_is_listed_once(world: MoneyWorld) -> None:
    draft(world, *[row(TargetKind.ORGANISATION, "org-owner")] * 2)
    world.refused("hold.target_twice")


def test_eastern_auditors_ask_and_the_western_head_decides(world: MoneyWorld) -> None:
    targets = (row(TargetKind.ORGANISATION, "org-owner"),)
    ask = RequestHold(
        region=WEST, east_region=EAST, number="模拟", reason=DOC, document=DOC, targets=targets
    )
    first, second = (world.make("hld", ask, "east_auditor") for _ in range(2))
    world.ok().when(DeclineHold(reason=DOC), by="audit_head", on=second).ok()
    world.when(ApproveHold(), by="audit_head", on=first).ok()
    assert (active(world, "org-owner"), world.get(Hold, second).state) == (1, HoldState.DECLINED)


SCOPES = ["project", "contract", "claim", "lot", "payee", "payee_year", "owner", "line", "field"]


@pytest.mark.parametrize("scope", SCOPES)
def test_nothing_that_a_hold_names_is_paid(world: MoneyWorld, scope: str) -> None:
    budget, contract_id = world.building()
    world.later(days=16)
    claim = world.claim(contract_id, payable_fen=50 * WAN)
    waiting = world.order(claim, (budget, WAN))
    payment = world.ok().get(Payment, waiting)
    contract = world.get(Contract, contract_id)
    kind, target = {
        "project": (TargetKind.PROJECT, contract.project),
        "contract": (TargetKind.CONTRACT, contract.id),
        "claim": (TargetKind.CLAIM, claim),
        "lot": (TargetKind.LOT, contract.lot),
        "payee": (TargetKind.ORGANISATION, "org-builder"),
        "payee_year": (TargetKind.ORGANISATION_YEAR, "org-builder/2026"),
        "owner": (TargetKind.ORGANISATION, "org-owner"),
        "line": (TargetKind.LINE, payment.lines[0]),
        "field": (TargetKind.FIELD, f"{WEST}/种植业"),
    }[scope]
    hold = held(world, kind, target)
    world.order(claim, (budget, WAN))
    world.refused("hold.active")
    world.when(CountersignPayment(), by="cadre", on=waiting).refused("hold.active")
    world.when(LiftHold(document=DOC, reason=DOC), by="audit_head", on=hold).ok()
    world.when(CountersignPayment(), by="cadre", on=waiting).ok()
