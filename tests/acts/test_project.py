"""Declaring: what is asked for, by whom, for whose place; what is recorded as published."""

from typing import Any

import pytest

from acts.project_world import CONTENT, DOC, OTHER, VILLAGE, WAN, ProjectWorld
from shanhai.acts.machine import Standing
from shanhai.acts.pairing import Pairing, PairingState
from shanhai.acts.project import AmountKind, Project, ProjectState, Sector
from shanhai.acts.project_declare import Amend, RecordPublished, Resubmit, WithdrawProject
from shanhai.acts.project_return import Reason, ReturnProject
from shanhai.acts.roles import Role


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


def returned(world: ProjectWorld, state: ProjectState, by: str) -> str:
    project = world.reach(state)
    reasons = (Reason(field="planned_fen", reason="概算偏高"),)
    world.when(ReturnProject(reasons=reasons), by=by, on=project).ok()
    return project


def test_a_village_declares_for_its_place(world: ProjectWorld) -> None:
    project = world.get(Project, world.declare())
    world.ok()
    assert project.state is ProjectState.VILLAGE_NOTICE
    assert (project.declarer, project.declared_ms) == ("org-village", world.now)
    assert project.east_region == world.get(Pairing, world.pair).east_region


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"planned_fen": 0}, "project.amount"),
        ({"finish_ms": CONTENT["start_ms"]}, "project.dates"),
        ({"poor_people": 431}, "project.people"),
        ({"poor_households": 121}, "project.people"),
        ({"department": "org-nobody"}, "project.unknown_organisation"),
    ],
)
def test_unsound_content_is_refused(
    world: ProjectWorld, content: dict[str, Any], code: str
) -> None:
    world.declare(**content)
    world.refused(code)


def test_an_owner_declares_its_own_projects_only(world: ProjectWorld) -> None:
    world.declare("owner")
    world.ok().declare("owner", owner="org-builder")
    world.refused("project.owner_only")


def test_the_pair_must_be_active_and_cover_the_place(world: ProjectWorld) -> None:
    pair = world.get(Pairing, world.pair)
    world.put(pair.but(region="510723")).declare()
    world.refused("project.pairing")
    world.put(pair.but(state=PairingState.ENDED)).declare()
    world.refused("project.pairing")


def test_a_village_declares_nothing_for_another_place(world: ProjectWorld) -> None:
    world.declare(region="510722101204")
    world.refused("authority.scope")


def test_amending_raises_the_version_of_public_content_only(world: ProjectWorld) -> None:
    project = world.declare()
    world.when(Amend(**{**CONTENT, "application": OTHER}), by="village", on=project).ok()
    assert world.get(Project, project).version == 0
    world.when(Amend(**{**CONTENT, "place": "模拟村四组"}), by="village", on=project).ok()
    assert world.get(Project, project).version == 1


def test_only_the_declaring_organisation_amends(world: ProjectWorld) -> None:
    project = world.declare()
    world.when(Amend(**CONTENT), by="township", on=project).refused("authority.organisation")


def test_a_resubmission_goes_back_to_the_stage_that_returned_it(world: ProjectWorld) -> None:
    project = returned(world, ProjectState.APPRAISAL, "office")
    world.when(Resubmit(**{**CONTENT, "application": OTHER}), by="village", on=project).ok()
    found = world.get(Project, project)
    assert (found.state, found.version) == (ProjectState.APPRAISAL, 0)


def test_a_resubmission_with_other_public_content_is_publicised_again(world: ProjectWorld) -> None:
    project = returned(world, ProjectState.APPRAISAL, "office")
    world.when(Resubmit(**{**CONTENT, "planned_fen": 400 * WAN}), by="village", on=project).ok()
    found = world.get(Project, project)
    assert (found.state, found.version) == (ProjectState.VILLAGE_NOTICE, 1)


def test_a_project_is_withdrawn_by_its_declarer_before_it_is_planned(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.IN_POOL)
    world.when(WithdrawProject(reason=DOC), by="township", on=project).refused(
        "authority.organisation"
    )
    world.when(WithdrawProject(reason=DOC), by="village", on=project).ok()
    assert world.state_of(project) is ProjectState.WITHDRAWN


def published(**more: Any) -> RecordPublished:
    given: dict[str, Any] = {
        "name": "蔬菜大棚",
        "region": "510722",
        "year": 2021,
        "category": "产业",
        "sector": Sector.INDUSTRY,
        "planned_fen": 1200 * WAN,
        "source": "某县公告",
        "source_ms": 1_600_000_000_000,
        "standing": Standing.UNCONFIRMED,
        **more,
    }
    return RecordPublished(**given)


def test_a_published_project_is_recorded_as_it_was_published(world: ProjectWorld) -> None:
    project = world.id("prj")
    world.when(published(), by="desk", on=project).ok()
    found = world.get(Project, project)
    assert (found.state, found.standing) == (ProjectState.RECORDED, Standing.UNCONFIRMED)
    assert (found.approved_fen, found.in_plan_fen, found.declarer) == (0, 0, "")


def test_a_published_row_is_recorded_once(world: ProjectWorld) -> None:
    world.when(published(), by="desk", on=world.id("prj")).ok()
    world.when(published(), by="desk", on=world.id("prj")).refused("object.taken")


def test_an_amount_that_was_not_stated_is_no_zero(world: ProjectWorld) -> None:
    unknown = published(planned_fen=0)
    world.when(unknown, by="desk", on=world.id("prj")).refused("project.amount_kind")
    stated = published(planned_fen=0, amount_kind=AmountKind.NOT_STATED)
    world.when(stated, by="desk", on=world.id("prj")).ok()


def test_nothing_is_recorded_before_it_is_published(world: ProjectWorld) -> None:
    early = published(source_ms=world.now + 1)
    world.when(early, by="desk", on=world.id("prj")).refused("project.published_ahead")


def test_a_second_post_or_a_deputy_of_the_declarer_reviews_nothing(world: ProjectWorld) -> None:
    project = world.declare()
    world.village_pass(project)
    world.second("chief", Role.TOWNSHIP, person="village", region=VILLAGE[:9])
    world.deputy("stand-in", Role.TOWNSHIP, of="village", region=VILLAGE[:9])
    reasons = (Reason(field="place", reason="不实"),)
    for by in ("chief", "stand-in"):
        world.when(ReturnProject(reasons=reasons), by=by, on=project).refused("authority.same")
