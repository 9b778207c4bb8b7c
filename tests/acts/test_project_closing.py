"""S14–S16, and the whole life of a project in one scenario."""

import pytest

from acts.project_world import DAY, DOC, MINUTES, VILLAGE, WAN, ProjectWorld
from shanhai.acts.change import ChangeField, ChangeItem
from shanhai.acts.change_flow import RequestChange
from shanhai.acts.finding import DismissFinding, FindingKind, RaiseFinding
from shanhai.acts.lot import LotKind, LotState
from shanhai.acts.machine import Did
from shanhai.acts.notice import Stage
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_closing import (
    AnnounceCompletion,
    CloseProject,
    CloseWarranty,
    EvaluateProject,
)
from shanhai.acts.project_review import VillagePass
from shanhai.acts.roles import Role

EVALUATE = EvaluateProject(score_permille=900, report=DOC)


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


def test_the_whole_life_of_a_project(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.CLOSED)
    found = world.get(Project, project)
    assert found.declared_ms < found.approved_ms <= found.announced_ms < found.completed_ms
    assert found.completed_ms < found.warranty_until_ms <= found.closed_ms == world.now
    hands = {
        "project.declare": "village",
        "project.township_review": "township",
        "project.appraise": "office",
        "project.plan": "leaders",
        "project.confirm_plan": "cadre",
        "project.approve": "leaders",
        "project.evaluate": "agriculture",
        "project.close": "leaders",
    }
    for act, person in hands.items():
        assert world.get(Did, f"{act}/{project}").persons == (person,)


def test_no_stage_can_be_skipped(world: ProjectWorld) -> None:
    """Every gate refuses while its project stands anywhere else (D36)."""
    project = world.declare()
    for act, by in (
        (EVALUATE, "agriculture"),
        (CloseProject(archive=DOC), "leaders"),
        (CloseWarranty(certificate=DOC), "agriculture"),
    ):
        world.when(act, by=by, on=project)
        assert "object.state" in world.codes
    notice = world.passed(project, Stage.VILLAGE, "village")
    world.when(VillagePass(notice=notice, minutes=MINUTES), by="village", on=project).ok()
    world.when(VillagePass(notice=notice, minutes=MINUTES), by="village", on=project)
    world.refused("object.state")


def test_a_project_is_evaluated_once_every_lot_is_handed_over(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.EXECUTING)
    world.when(EVALUATE, by="agriculture", on=project).refused("closing.lots")
    world.lot(LotState.FINISHED, project)
    other = world.lot(LotState.SETTLED, project, estimate_fen=20 * WAN, kind=LotKind.GOODS)
    world.when(EVALUATE, by="agriculture", on=project).refused("closing.lots")
    world.hand_over(other)
    world.when(EVALUATE, by="agriculture", on=project).ok()


def test_a_pending_change_is_settled_before_evaluation(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.EXECUTING)
    world.lot(LotState.FINISHED, project)
    item = ChangeItem(field=ChangeField.PEOPLE, before="430", after="440")
    act = RequestChange(project=project, items=(item,), reason=DOC, document=DOC)
    world.when(act, by="owner", on=world.id("cng")).ok()
    world.when(EVALUATE, by="agriculture", on=project).refused("closing.change_pending")


def test_the_defects_period_ends_in_the_future_and_is_kept(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.EVALUATED)
    notice = world.passed(project, Stage.COMPLETION, "office")
    past = AnnounceCompletion(notice=notice, warranty_until_ms=world.now)
    world.when(past, by="office", on=project).refused("closing.warranty_date")
    act = AnnounceCompletion(notice=notice, warranty_until_ms=world.now + 2 * DAY)
    world.when(act, by="office", on=project).ok()
    close = CloseWarranty(certificate=DOC)
    world.later(days=1).when(close, by="agriculture", on=project)
    world.refused("closing.warranty_running")
    world.later(days=1).when(close, by="agriculture", on=project).ok()


def test_a_project_with_an_open_finding_is_not_archived(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.ARCHIVING)
    finding = world.id("fnd")
    act = RaiseFinding(
        project=project,
        region=VILLAGE,
        east_region="330182",
        kind=FindingKind.IDLE,
        number="取证-1",
        evidence=DOC,
        statement=DOC,
        auditee="org-owner",
    )
    world.when(act, by="auditor", on=finding).ok()
    close = CloseProject(archive=DOC)
    world.when(close, by="leaders", on=project).refused("closing.findings")
    world.when(DismissFinding(decision=DOC), by="audit_head", on=finding).ok()
    world.when(close, by="leaders", on=project).ok()


def test_who_evaluated_does_not_close(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.ARCHIVING)
    world.second("risen", Role.COUNTY_LEADERS, person="agriculture")
    world.deputy("stand-in", Role.COUNTY_LEADERS, of="agriculture")
    for by in ("risen", "stand-in"):
        world.when(CloseProject(archive=DOC), by=by, on=project).refused("authority.same")
