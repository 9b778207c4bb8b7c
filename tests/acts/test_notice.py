"""Notices and objections: whole periods, unedited pages, answers before the next stage."""

from typing import Any

import pytest

from acts.project_world import CONTENT, DAY, DOC, MINUTES, OTHER, PAGE, PHOTO, VILLAGE, ProjectWorld
from shanhai.acts.machine import Setting
from shanhai.acts.notice import Notice, NoticeState, Objection, ObjectionState, Stage
from shanhai.acts.notice_run import CloseNotice, RestartNotice
from shanhai.acts.objection import AcceptObjection, AnswerObjection, RefuseObjection
from shanhai.acts.project import ProjectState
from shanhai.acts.project_declare import Amend
from shanhai.acts.project_review import VillagePass
from shanhai.acts.roles import Role

CLOSE = CloseNotice(page=PAGE, photo=PHOTO)


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


@pytest.fixture
def project(world: ProjectWorld) -> str:
    return world.declare()


@pytest.fixture
def notice(world: ProjectWorld, project: str) -> str:
    made = world.open_notice(project, Stage.VILLAGE, "village")
    world.ok()
    return made


def object_to(world: ProjectWorld, notice: str, by: str = "office", receipt: str = DOC) -> str:
    made = world.id("obj")
    act = AcceptObjection(notice=notice, receipt=receipt, received_ms=world.now)
    world.when(act, by=by, on=made)
    return made


def leave(world: ProjectWorld, project: str, notice: str) -> ProjectWorld:
    gate = VillagePass(notice=notice, minutes=MINUTES)
    world.when(gate, by="village", on=project)
    return world


def test_a_notice_keeps_the_days_of_the_day_it_began(world: ProjectWorld, notice: str) -> None:
    world.value("P11", 15, region="51")
    assert world.get(Notice, notice).days == 10


def test_without_a_parameter_there_is_no_notice(world: ProjectWorld, project: str) -> None:
    del world.store.objects[Setting, "P11/51"]
    world.open_notice(project, Stage.VILLAGE, "village")
    world.refused("parameter.unset")


@pytest.mark.parametrize(
    ("days", "codes"), [(0, ["notice.period"]), (10, ["notice.period"]), (11, [])]
)
def test_the_period_is_whole_and_leaves_its_first_day_out(
    world: ProjectWorld, notice: str, days: int, codes: list[str]
) -> None:
    world.later(days=days).when(CLOSE, by="village", on=notice).refused(*codes)


def test_the_last_millisecond_is_too_early(world: ProjectWorld, notice: str) -> None:
    world.later(days=11, ms=-1).when(CLOSE, by="village", on=notice).refused("notice.period")


def test_a_closed_notice_opens_the_gate(world: ProjectWorld, project: str, notice: str) -> None:
    leave(world, project, notice).refused("notice.not_passed")
    world.later(days=11).when(CLOSE, by="village", on=notice).ok()
    leave(world, project, notice).ok()
    assert world.state_of(project) is ProjectState.TOWNSHIP_REVIEW


def test_a_page_edited_during_the_period_does_not_pass(world: ProjectWorld, notice: str) -> None:
    world.later(days=11).when(CloseNotice(page=OTHER, photo=PHOTO), by="village", on=notice)
    world.refused("notice.edited")


def test_changed_content_restarts_the_period(
    world: ProjectWorld, project: str, notice: str
) -> None:
    world.when(Amend(**{**CONTENT, "place": "模拟村九组"}), by="village", on=project).ok()
    world.later(days=11).when(CLOSE, by="village", on=notice).refused("notice.outdated")
    world.when(RestartNotice(page=OTHER, photo=PHOTO), by="village", on=notice).ok()
    assert world.get(Notice, notice).round == 1
    again = CloseNotice(page=OTHER, photo=PHOTO)
    world.later(days=10).when(again, by="village", on=notice).refused("notice.period")
    world.later(days=1).when(again, by="village", on=notice).ok()
    leave(world, project, notice).ok()


def test_content_changed_after_the_notice_passed_closes_the_gate(
    world: ProjectWorld, project: str, notice: str
) -> None:
    world.later(days=11).when(CLOSE, by="village", on=notice).ok()
    world.when(Amend(**{**CONTENT, "people": 431}), by="village", on=project).ok()
    leave(world, project, notice).refused("notice.outdated")


def test_nothing_restarts_without_a_change(world: ProjectWorld, notice: str) -> None:
    world.when(RestartNotice(page=PAGE, photo=PHOTO), by="village", on=notice)
    world.refused("notice.unchanged")


def test_a_stage_left_behind_has_no_notice(world: ProjectWorld, project: str) -> None:
    notice = world.passed(project, Stage.VILLAGE, "village")
    leave(world, project, notice).ok()
    world.when(RestartNotice(page=OTHER, photo=PHOTO), by="village", on=notice)
    world.refused("notice.stage_over")
    world.open_notice(project, Stage.VILLAGE, "village")
    world.refused("notice.stage")


def test_each_level_publishes_its_own(world: ProjectWorld, project: str, notice: str) -> None:
    world.open_notice(project, Stage.VILLAGE, "township")
    world.refused("notice.publisher")
    world.later(days=11).when(CLOSE, by="township", on=notice).refused("notice.closer")


def test_the_owner_takes_no_objections_to_its_project(world: ProjectWorld, project: str) -> None:
    world.open_notice(project, Stage.VILLAGE, "village", organ="org-owner")
    world.refused("notice.organ_interested")


def test_the_gate_takes_this_projects_notice_of_this_stage(
    world: ProjectWorld, project: str
) -> None:
    other = world.passed(world.declare(), Stage.VILLAGE, "village")
    leave(world, project, other).refused("notice.mismatch")


def test_an_accepted_objection_blocks_until_answered(
    world: ProjectWorld, project: str, notice: str
) -> None:
    objection = object_to(world, notice)
    world.ok().later(days=11).when(CLOSE, by="village", on=notice).refused("notice.objections")
    world.when(AnswerObjection(answer=DOC), by="office", on=objection).ok()
    world.when(CLOSE, by="village", on=notice).ok()
    leave(world, project, notice).ok()


def test_an_objection_accepted_after_the_notice_closed_still_blocks(
    world: ProjectWorld, project: str, notice: str
) -> None:
    received = world.later(days=5).now
    world.later(days=6).when(CLOSE, by="village", on=notice).ok()
    late = AcceptObjection(notice=notice, receipt=DOC, received_ms=received)
    world.when(late, by="office", on=world.id("obj")).ok()
    leave(world, project, notice).refused("notice.objections")


def test_an_upheld_objection_voids_the_notice(
    world: ProjectWorld, project: str, notice: str
) -> None:
    objection = object_to(world, notice)
    world.when(AnswerObjection(answer=DOC, upheld=True), by="office", on=objection).ok()
    assert world.get(Notice, notice).state is NoticeState.VOID
    leave(world, project, notice).refused("notice.not_passed")
    object_to(world, notice, receipt=OTHER)
    world.refused("objection.notice_void")


def test_an_objection_has_a_deadline_where_one_is_set(world: ProjectWorld, notice: str) -> None:
    assert world.get(Objection, object_to(world, notice)).due_ms == world.now + 16 * DAY
    del world.store.objects[Setting, "P11o/51"]
    assert world.get(Objection, object_to(world, notice, receipt=OTHER)).due_ms == 0


def test_a_refused_objection_stays_visible_and_blocks_nothing(
    world: ProjectWorld, notice: str
) -> None:
    made = world.id("obj")
    act = RefuseObjection(notice=notice, receipt=DOC, received_ms=world.now, reason="与本项目无关")
    world.when(act, by="office", on=made).ok()
    found = world.get(Objection, made)
    assert (found.state, found.reason) == (ObjectionState.REFUSED, "与本项目无关")
    world.later(days=11).when(CLOSE, by="village", on=notice).ok()


def test_a_submission_is_dealt_with_once(world: ProjectWorld, notice: str) -> None:
    object_to(world, notice)
    object_to(world, notice)
    world.refused("object.taken")


def test_only_the_named_organ_deals_with_objections(world: ProjectWorld, notice: str) -> None:
    object_to(world, notice, by="township")
    world.refused("authority.organisation")


def test_an_objection_is_raised_within_the_period(world: ProjectWorld, notice: str) -> None:
    late: dict[str, Any] = {"notice": notice, "receipt": DOC}
    act = AcceptObjection(received_ms=world.now - 1, **late)
    world.when(act, by="office", on=world.id("obj")).refused("objection.period")
    act = AcceptObjection(received_ms=world.now + 11 * DAY, **late)
    world.later(days=12).when(act, by="office", on=world.id("obj")).refused("objection.period")


def test_the_declarer_deals_with_no_objection_in_any_post(world: ProjectWorld, notice: str) -> None:
    office: dict[str, Any] = {"organisation": "org-office"}
    world.second("cousin", Role.COUNTY_OFFICE, person="village", **office)
    world.second("stand-in", Role.COUNTY_OFFICE, person="third", principal="village", **office)
    for by in ("cousin", "stand-in"):
        object_to(world, notice, by=by)
        world.refused("authority.same")
    objection = object_to(world, notice)
    world.ok().when(AnswerObjection(answer=DOC), by="cousin", on=objection)
    world.refused("authority.same")


def test_a_village_notice_belongs_to_the_village(world: ProjectWorld, project: str) -> None:
    world.second("neighbour", Role.VILLAGE, person="other", region=VILLAGE[:9] + "999")
    world.open_notice(project, Stage.VILLAGE, "neighbour")
    world.refused("authority.scope")
