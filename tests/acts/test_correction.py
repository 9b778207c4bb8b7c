"""Corrections: the original stays, the same level and one above consent, few things can be voided."""

from typing import Any

import pytest

from acts.project_world import DOC, PAGE, PHOTO, ProjectWorld
from shanhai.acts.correction import (
    ApproveCorrection,
    ConsentCorrection,
    Correction,
    CorrectionState,
    ProposeNote,
    ProposeVoid,
    RefuseCorrection,
)
from shanhai.acts.lot import LotState
from shanhai.acts.notice import Notice, NoticeState, Stage
from shanhai.acts.notice_run import CloseNotice
from shanhai.acts.project import ProjectState
from shanhai.acts.roles import Role


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


@pytest.fixture
def notice(world: ProjectWorld) -> str:
    made = world.open_notice(world.declare(), Stage.VILLAGE, "village")
    world.ok()
    return made


def about(target: str, **more: Any) -> dict[str, Any]:
    given = {"target_noun": "notice", "target": target, "entry": 1}
    return {**given, "wrong": "照片有误", "right": DOC, "document": DOC, **more}


def proposed(world: ProjectWorld, act: ProposeNote | ProposeVoid) -> str:
    made = world.id("cor")
    world.when(act, by="office", on=made)
    return made


def consented(world: ProjectWorld, correction: str) -> None:
    world.when(ApproveCorrection(), by="leaders", on=correction).ok()
    world.when(ConsentCorrection(), by="prefecture", on=correction)


def test_a_note_leaves_the_original_as_it_is(world: ProjectWorld, notice: str) -> None:
    before = world.get(Notice, notice)
    correction = proposed(world, ProposeNote(**about(notice)))
    consented(world.ok(), correction)
    assert world.ok().get(Correction, correction).state is CorrectionState.IN_FORCE
    assert world.get(Notice, notice) == before


def test_a_voided_notice_stays_visible(world: ProjectWorld, notice: str) -> None:
    correction = proposed(world, ProposeVoid(**about(notice)))
    consented(world.ok(), correction)
    assert world.ok().get(Notice, notice).state is NoticeState.VOID
    world.later(days=11).when(CloseNotice(page=PAGE, photo=PHOTO), by="village", on=notice)
    world.refused("object.state")


def test_a_voided_opinion_or_asset_frees_its_place(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    opinion = world.appraisal(project, "agriculture")
    lot = world.lot(LotState.SETTLED)
    asset = world.register(lot, number="模拟-7")
    for noun, target in (("appraisal", opinion), ("asset", asset)):
        act = ProposeVoid(**about(target, target_noun=noun))
        consented(world, proposed(world, act))
        world.ok()
    world.appraisal(project, "agriculture")
    world.ok().register(lot, number="模拟-7")
    world.ok()


def test_what_others_hang_on_is_not_voided(world: ProjectWorld, notice: str) -> None:
    project = world.get(Notice, notice).project
    proposed(world, ProposeVoid(**about(project, target_noun="project")))
    world.refused("correction.not_voidable")


def test_a_thing_that_moved_on_is_not_voided(world: ProjectWorld, notice: str) -> None:
    first, second = (proposed(world, ProposeVoid(**about(notice))) for _ in range(2))
    consented(world, first)
    consented(world.ok(), second)
    world.refused("correction.moved_on")
    world.when(RefuseCorrection(reason=DOC), by="prefecture", on=second).ok()
    assert world.get(Correction, second).state is CorrectionState.REFUSED


@pytest.mark.parametrize(("noun", "target"), [("notice", "nobody"), ("nothing", "x"), ("did", "x")])
def test_a_correction_is_about_something_in_the_ledger(
    world: ProjectWorld, noun: str, target: str
) -> None:
    proposed(world, ProposeNote(**about(target, target_noun=noun, entry=0)))
    assert "correction.unknown_target" in world.codes


def test_a_correction_names_an_earlier_entry(world: ProjectWorld, notice: str) -> None:
    proposed(world, ProposeNote(**about(notice, entry=world.index + 1)))
    world.refused("correction.entry")


def test_the_level_and_the_one_above_are_other_people(world: ProjectWorld, notice: str) -> None:
    correction = proposed(world, ProposeNote(**about(notice)))
    world.second("twice", Role.COUNTY_LEADERS, person="office")
    world.when(ApproveCorrection(), by="twice", on=correction).refused("authority.same")
    world.when(ApproveCorrection(), by="leaders", on=correction).ok()
    world.second("risen", Role.PREFECTURE_OFFICE, person="leaders")
    world.deputy("stand-in", Role.PREFECTURE_OFFICE, of="leaders")
    for by in ("risen", "stand-in"):
        world.when(ConsentCorrection(), by=by, on=correction).refused("authority.same")
