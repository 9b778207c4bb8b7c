"""Objections that a witness took: lodged by its receipt, they cannot be passed over. Invented names only."""

from typing import Any

import msgspec
import pytest

from acts.project_world import DAY, DOC, OTHER, PAGE, PHOTO, ProjectWorld
from acts.test_witness_policy import FIRST, LINES, SIGNERS
from shanhai.acts.notice import Notice, NoticeState, Objection, ObjectionState, Stage
from shanhai.acts.notice_run import CloseNotice
from shanhai.acts.objection import (
    AcceptObjection,
    AnswerObjection,
    DeclineObjection,
    LodgeObjection,
    TakeObjection,
)
from shanhai.acts.roles import Role
from shanhai.acts.witness_policy import WITNESSES, WitnessStep, WitnessSteps

COUNTRY, LEDGER = "000000", "0" * 64
CLOSE = CloseNotice(page=PAGE, photo=PHOTO)


@pytest.fixture
def world() -> ProjectWorld:
    made = ProjectWorld()
    made.post("node", Role.NODE, region=COUNTRY)
    steps = (WitnessStep(since=0, policy=FIRST.id),)
    return made.put(FIRST, WitnessSteps(id=WITNESSES, region=COUNTRY, steps=steps))


@pytest.fixture
def notice(world: ProjectWorld) -> str:
    made = world.open_notice(world.declare(), Stage.VILLAGE, "village")
    world.ok()
    return made


def lodging(notice: str, received_ms: int, by: int = 0, **change: Any) -> LodgeObjection:
    """Return the act that enters a witness's receipt."""
    made = LodgeObjection(
        notice=notice,
        receipt=DOC,
        received_ms=received_ms,
        witness=LINES[by],
        due_ms=received_ms + 1,
        sig="",
    )
    sig = made.receipt_of(LEDGER).signed(SIGNERS[by]).sig
    return msgspec.structs.replace(made, sig=sig, **change)


def lodged(world: ProjectWorld, notice: str) -> str:
    made = world.id("obj")
    world.when(lodging(notice, world.now), by="node", on=made).ok()
    return made


def test_a_lodged_objection_blocks_until_it_is_taken_and_answered(
    world: ProjectWorld, notice: str
) -> None:
    made = lodged(world, notice)
    assert world.get(Objection, made).state is ObjectionState.LODGED
    assert world.get(Objection, made).due_ms == world.now + 16 * DAY
    due = world.get(Objection, made).due_ms
    world.later(days=11).when(CLOSE, by="village", on=notice).refused("notice.objections")
    world.when(TakeObjection(), by="office", on=made).ok()
    assert world.get(Objection, made).due_ms == due
    world.when(CLOSE, by="village", on=notice).refused("notice.objections")
    world.when(AnswerObjection(answer=DOC), by="office", on=made).ok()
    world.when(CLOSE, by="village", on=notice).ok()


def test_a_lodged_objection_is_declined_with_a_reason(world: ProjectWorld, notice: str) -> None:
    made = lodged(world, notice)
    world.when(DeclineObjection(reason="与本项目无关"), by="office", on=made).ok()
    found = world.get(Objection, made)
    assert (found.state, found.reason) == (ObjectionState.REFUSED, "与本项目无关")
    world.later(days=11).when(CLOSE, by="village", on=notice).ok()


@pytest.mark.parametrize("act", [TakeObjection(), DeclineObjection(reason="模拟")])
def test_only_the_named_organ_decides(world: ProjectWorld, notice: str, act: Any) -> None:
    made = lodged(world, notice)
    world.when(act, by="township", on=made).refused("authority.organisation")


def test_what_is_lodged_is_not_lodged_or_accepted_again(world: ProjectWorld, notice: str) -> None:
    lodged(world, notice)
    again = lodging(notice, world.now, by=1)
    world.when(again, by="node", on=world.id("obj")).refused("object.taken")
    accept = AcceptObjection(notice=notice, receipt=DOC, received_ms=world.now)
    world.when(accept, by="office", on=world.id("obj")).refused("object.taken")


def test_only_a_witness_of_the_policy_lodges(world: ProjectWorld, notice: str) -> None:
    wrong = [
        lodging(notice, world.now, by=6),
        lodging(notice, world.now, receipt=OTHER),
        lodging(notice, world.now, due_ms=5),
        lodging(notice, world.now, witness=LINES[1]),
    ]
    for act in wrong:
        world.when(act, by="node", on=world.id("obj")).refused("objection.unwitnessed")
    act = lodging(notice, world.now)
    world.when(act, by="office", on=world.id("obj")).refused("authority.role")


def test_without_a_policy_nothing_is_lodged(world: ProjectWorld, notice: str) -> None:
    del world.store.objects[WitnessSteps, WITNESSES]
    act = lodging(notice, world.now)
    world.when(act, by="node", on=world.id("obj")).refused("objection.unwitnessed")


def test_it_was_received_while_the_notice_ran_and_stood(world: ProjectWorld, notice: str) -> None:
    act = lodging(notice, world.now + 1)
    world.when(act, by="node", on=world.id("obj")).refused("objection.period")
    act = lodging(notice, world.now)
    world.put(world.get(Notice, notice).but(state=NoticeState.VOID))
    world.when(act, by="node", on=world.id("obj")).refused("objection.notice_void")
