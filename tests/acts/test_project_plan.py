"""S5 and S6 and the side exits: plan, eastern key, approval by three hands, announcement, halts."""

from typing import Any

import pytest

from acts.project_world import DOC, PAGE, WAN, ProjectWorld, approval, planned
from shanhai.acts.machine import Setting
from shanhai.acts.project import Project, ProjectState, Sector
from shanhai.acts.project_halt import ResumeProject, SuspendProject, TerminateProject
from shanhai.acts.project_plan import AnnounceProject, ConfirmPlan, DeclinePlan
from shanhai.acts.roles import Role

CONFIRM = ConfirmPlan(letter=DOC)
ANNOUNCE = AnnounceProject(page=PAGE, address="模拟网址")


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


def test_a_plan_awaits_the_east_that_the_pair_agreed_on(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.PLANNED)
    world.value("P23", words=("liaison",), region="51")
    world.when(CONFIRM, by="liaison", on=project).refused("east.wrong_confirmer")
    world.when(CONFIRM, by="cadre", on=project).ok()
    assert world.state_of(project) is ProjectState.CONFIRMED


def test_where_nobody_confirms_the_plan_stands_at_once(world: ProjectWorld) -> None:
    project = world.value("P23", words=("none",), region="51").reach(ProjectState.IN_POOL)
    world.when(planned(), by="leaders", on=project).ok()
    assert world.state_of(project) is ProjectState.CONFIRMED


def test_the_eastern_key_is_not_dropped_by_silence(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.IN_POOL)
    del world.store.objects[Setting, "P23/51"]
    world.when(planned(), by="leaders", on=project).refused("parameter.unset")


def test_a_posted_cadre_who_planned_does_not_confirm(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.IN_POOL)
    world.second("deputy-head", Role.COUNTY_LEADERS, person="cadre")
    world.when(planned(), by="deputy-head", on=project).ok()
    world.when(CONFIRM, by="cadre", on=project).refused("authority.same")


def test_the_east_may_decline(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.PLANNED)
    world.when(DeclinePlan(reason=DOC), by="liaison", on=project).refused("east.wrong_confirmer")
    world.when(DeclinePlan(reason=DOC), by="cadre", on=project).ok()
    assert world.state_of(project) is ProjectState.IN_POOL


@pytest.mark.parametrize("amount", [0, 500 * WAN + 1])
def test_no_more_is_planned_than_was_publicised(world: ProjectWorld, amount: int) -> None:
    project = world.reach(ProjectState.IN_POOL)
    world.when(planned(planned_fen=amount), by="leaders", on=project).refused("plan.amount")


def test_a_stale_project_is_not_planned(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.IN_POOL)
    world.when(planned(year=2028), by="leaders", on=project).refused("plan.stale")
    world.when(planned(year=2027), by="leaders", on=project).ok()


def test_the_share_of_industry_is_counted_by_county_and_year(world: ProjectWorld) -> None:
    world.reach(ProjectState.PLANNED)
    world.reach(ProjectState.PLANNED, sector=Sector.INFRASTRUCTURE, operating=False)
    total = [
        world.total(Project, field, "510722/2026") for field in ("in_plan_fen", "industry_fen")
    ]
    assert total == [1000 * WAN, 500 * WAN]


@pytest.mark.parametrize("amount", [0, 500 * WAN + 1])
def test_an_approval_stays_within_the_plan(world: ProjectWorld, amount: int) -> None:
    project = world.reach(ProjectState.CONFIRMED)
    act = approval(approved_fen=amount)
    world.when(act, by="leaders", on=project).refused("approve.over_plan")


@pytest.mark.parametrize(
    ("hands", "code"),
    [
        ({"drafter": "leaders"}, "approve.same_hands"),
        ({"signer": "builder"}, "approve.not_signer"),
        ({"drafter": "village"}, "approve.declarer_handled"),
        ({"reviewer": "office"}, "approve.declarer_handled"),
    ],
)
def test_an_approval_passes_three_independent_hands(
    world: ProjectWorld, hands: dict[str, Any], code: str
) -> None:
    project = world.reach(ProjectState.CONFIRMED)
    world.when(approval(**hands), by="leaders", on=project).refused(code)


def test_nobody_approves_what_they_declared_in_any_post(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.CONFIRMED)
    world.second("twice", Role.COUNTY_LEADERS, person="village")
    world.deputy("stand-in", Role.COUNTY_LEADERS, of="village")
    for by, signer in (("twice", "village"), ("stand-in", "stand-in")):
        world.when(approval(signer=signer), by=by, on=project).refused("authority.same")


def test_an_approval_is_to_be_announced_within_working_days(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPROVED)
    due = world.get(Project, project).announce_due_ms
    assert due > world.now
    world.later(days=30).when(ANNOUNCE, by="office", on=project).ok()  # late, yet not refused
    found = world.get(Project, project)
    assert (found.state, found.announced_ms > due) == (ProjectState.EXECUTING, True)


def test_holidays_and_worked_weekends_move_the_announcement(world: ProjectWorld) -> None:
    plain = world.get(Project, world.reach(ProjectState.APPROVED)).announce_due_ms
    world = ProjectWorld()
    days = [f"2026-07-{day:02}" for day in range(1, 32)]
    world.value("W1", words=tuple(days), region="51")
    moved = world.get(Project, world.reach(ProjectState.APPROVED)).announce_due_ms
    assert moved > plain
    world = ProjectWorld()
    world.value("W2", words=tuple(days), region="51")
    assert world.get(Project, world.reach(ProjectState.APPROVED)).announce_due_ms < plain


def test_without_a_parameter_no_clock_runs(world: ProjectWorld) -> None:
    del world.store.objects[Setting, "P19/51"]
    assert world.get(Project, world.reach(ProjectState.APPROVED)).announce_due_ms == 0


def test_a_suspended_project_goes_on_where_it_stood(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPROVED)
    world.when(SuspendProject(reason=DOC, document=DOC), by="leaders", on=project).ok()
    assert world.get(Project, project).suspended
    world.when(ANNOUNCE, by="office", on=project).refused("object.state")
    world.when(ResumeProject(document=DOC), by="leaders", on=project).refused("authority.same")
    world.officer("vice", Role.COUNTY_LEADERS).when(
        ResumeProject(document=DOC), by="vice", on=project
    )
    assert world.ok().state_of(project) is ProjectState.APPROVED


def test_a_terminated_project_says_what_is_to_be_recovered(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.EXECUTING)
    act = TerminateProject(reason=DOC, document=DOC, recover_fen=7 * WAN)
    world.when(act, by="leaders", on=project).ok()
    found = world.get(Project, project)
    assert (found.state, found.recover_fen, found.in_plan_fen) == (
        ProjectState.TERMINATED,
        7 * WAN,
        0,
    )
