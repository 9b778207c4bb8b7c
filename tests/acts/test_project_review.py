"""Review S1–S4: checklist, joint appraisal, negative list, pool; nobody reviews what they declared."""

from typing import Any

import pytest

from acts.project_world import (
    CHECKED,
    CLEARED,
    DOC,
    MINUTES,
    PHOTO,
    TOWNSHIP,
    ProjectWorld,
    conclusion,
)
from shanhai.acts.machine import Post, Setting
from shanhai.acts.notice import Stage
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_pool import Admit, Drop, Refresh
from shanhai.acts.project_return import Reason, RejectProject, ReturnProject
from shanhai.acts.project_review import TownshipReview, VillagePass
from shanhai.acts.roles import Role
from shanhai.kernel.text import TEXTS

REVIEW = TownshipReview(opinion=DOC, photo=PHOTO, **CHECKED)
PLACE = (Reason(field="place", reason="地点不清"),)


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


def test_the_village_reports_with_its_meetings_record(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    found = world.get(Project, project)
    assert found.minutes == MINUTES
    assert found.due_ms > world.now


def test_the_township_confirms_every_item(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    partly = TownshipReview(opinion=DOC, photo=PHOTO, **{**CHECKED, "genuine": False})
    world.when(partly, by="township", on=project).refused("review.unchecked")
    assert world.last is not None
    assert "真实性" in TEXTS["review.unchecked"].say("zh", world.last.refusals[0][1])
    world.when(REVIEW, by="township", on=project).ok()


def test_a_project_run_for_income_is_linked_to_the_villagers(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW, linkage="")
    world.when(REVIEW, by="township", on=project).refused("review.no_linkage")
    plain = world.reach(ProjectState.TOWNSHIP_REVIEW, linkage="", operating=False)
    world.when(REVIEW, by="township", on=plain).ok()


def test_a_township_does_not_review_what_it_declared(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.VILLAGE_NOTICE)
    made = world.declare("township")
    world.ok().village_pass(made)
    world.when(REVIEW, by="township", on=made).refused("authority.same")
    world.village_pass(project)
    world.second("twice", Role.TOWNSHIP, person="village", region=TOWNSHIP)
    world.deputy("stand-in", Role.TOWNSHIP, of="village", region=TOWNSHIP)
    for by in ("twice", "stand-in"):
        world.when(REVIEW, by=by, on=project).refused("authority.same")


def test_departments_appraise_in_parallel_and_the_office_concludes(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    one = world.appraisal(project, "agriculture")
    world.ok().when(conclusion((one,)), by="office", on=project).refused("appraise.departments")
    two = world.appraisal(project, "resources")
    world.ok().when(conclusion((one, two)), by="office", on=project).ok()
    assert world.state_of(project) is ProjectState.COUNTY_NOTICE


def test_an_opinion_against_is_not_drawn_together(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    opinions = [world.appraisal(project, "agriculture"), world.appraisal(project, "resources")]
    against = world.appraisal(project, "finance", favourable=False)
    world.ok().when(conclusion((*opinions, against)), by="office", on=project)
    world.refused("appraise.departments")


def test_opinions_of_another_project_do_not_count(world: ProjectWorld) -> None:
    projects = [world.reach(ProjectState.APPRAISAL) for _ in range(2)]
    pairs = [(world.appraisal(p, "agriculture"), world.appraisal(p, "resources")) for p in projects]
    world.when(conclusion(pairs[0]), by="office", on=projects[1]).refused("appraise.departments")


def test_a_department_speaks_once_and_only_during_the_appraisal(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    world.appraisal(project, "agriculture")
    world.ok().appraisal(project, "agriculture")
    world.refused("object.taken")
    world.appraisal(world.declare(), "agriculture")
    world.refused("appraisal.stage")


def test_the_negative_list_is_confirmed_item_by_item(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    given = tuple(world.appraisal(project, by) for by in ("agriculture", "resources"))
    partly = conclusion(given, cleared=CLEARED[:-1])
    world.when(partly, by="office", on=project).refused("appraise.negative_list")
    del world.store.objects[Setting, "P2/51"]
    world.when(partly, by="office", on=project).ok()


@pytest.mark.parametrize("unconfirmed", ["compliant", "land_ready", "not_duplicate"])
def test_the_conclusion_attests_what_it_must(world: ProjectWorld, unconfirmed: str) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    given = tuple(world.appraisal(project, by) for by in ("agriculture", "resources"))
    open_one: dict[str, Any] = {unconfirmed: False}
    world.when(conclusion(given, **open_one), by="office", on=project)
    world.refused("appraise.unattested")


def test_who_gave_an_opinion_does_not_conclude(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    given = tuple(world.appraisal(project, by) for by in ("agriculture", "resources"))
    world.second("both", Role.COUNTY_OFFICE, person="resources")
    world.when(conclusion(given), by="both", on=project).refused("authority.same")


def test_without_targets_nothing_enters_the_pool_where_the_rule_applies(
    world: ProjectWorld,
) -> None:
    project = world.reach(ProjectState.COUNTY_NOTICE, targets="")
    notice = world.passed(project, Stage.COUNTY, "office")
    admit = Admit(notice=notice, document=DOC)
    world.when(admit, by="leaders", on=project).refused("pool.no_targets")
    del world.store.objects[Setting, "P7/51"]
    world.when(admit, by="leaders", on=project).ok()


def test_who_concluded_the_appraisal_does_not_admit(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.COUNTY_NOTICE)
    notice = world.passed(project, Stage.COUNTY, "office")
    world.second("both", Role.COUNTY_LEADERS, person="office")
    world.when(Admit(notice=notice, document=DOC), by="both", on=project).refused("authority.same")


def test_the_pool_is_refreshed_once_a_year(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.IN_POOL)
    assert world.get(Project, project).pool_year == 2026
    refresh = Refresh(document=DOC)
    world.when(refresh, by="office", on=project).refused("pool.refreshed")
    world.later(days=365).when(refresh, by="office", on=project).ok()
    assert world.get(Project, project).pool_year == 2027


def test_a_project_is_dropped_from_the_pool(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.IN_POOL)
    world.when(Drop(reason=DOC, document=DOC), by="office", on=project).ok()
    assert world.state_of(project) is ProjectState.OUT_OF_POOL


def test_a_return_keeps_the_clock_and_points_at_fields(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    due = world.get(Project, project).due_ms
    unknown = ReturnProject(reasons=(Reason(field="pool_year", reason="？"),))
    world.when(unknown, by="township", on=project).refused("review.unknown_field")
    world.when(ReturnProject(reasons=PLACE), by="township", on=project).ok()
    found = world.get(Project, project)
    assert (found.returned_to, found.due_ms) == (ProjectState.TOWNSHIP_REVIEW, due)


def test_each_level_returns_at_its_own_stage(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    world.when(ReturnProject(reasons=PLACE), by="township", on=project)
    world.refused("review.not_your_stage")
    world.when(RejectProject(reason=DOC, document=DOC), by="leaders", on=project).ok()
    assert world.state_of(project) is ProjectState.REJECTED


def test_only_a_post_that_covers_the_village_passes_it(world: ProjectWorld) -> None:
    project = world.declare()
    notice = world.passed(project, Stage.VILLAGE, "village")
    world.second("far", Role.VILLAGE, person="far", region=TOWNSHIP + "001")
    act = VillagePass(notice=notice, minutes=MINUTES)
    world.when(act, by="far", on=project).refused("authority.scope")
    assert world.get(Post, world.posts["far"]).region != world.get(Project, project).region
