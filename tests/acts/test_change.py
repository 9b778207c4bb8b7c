"""Changes: from present values, by the original approver, never the nature, the material ones shown and confirmed."""

from typing import Any

import pytest

from acts.project_world import DOC, MINUTES, OTHER, WAN, ProjectWorld
from shanhai.acts.change import Change, ChangeField, ChangeItem, ChangeState
from shanhai.acts.change_flow import (
    CheckChange,
    ConfirmChange,
    DecideChange,
    RefuseChange,
    RequestChange,
    ReviewChange,
)
from shanhai.acts.machine import Setting
from shanhai.acts.notice import Stage
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.roles import Role

PLACE = ChangeItem(field=ChangeField.PLACE, before="模拟村三组", after="模拟村五组")


def money(after: int) -> ChangeItem:
    return ChangeItem(field=ChangeField.AMOUNT, before=str(500 * WAN), after=str(after))


def decision(**more: Any) -> DecideChange:
    return DecideChange(**{"number": "模拟农领复〔2026〕9号", "minutes": MINUTES, **more})


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


@pytest.fixture
def project(world: ProjectWorld) -> str:
    return world.reach(ProjectState.EXECUTING)


def request(world: ProjectWorld, project: str, *items: ChangeItem, by: str = "owner") -> str:
    made = world.id("cng")
    act = RequestChange(project=project, items=items, reason=DOC, document=DOC)
    world.when(act, by=by, on=made)
    return made


def checked(world: ProjectWorld, project: str, *items: ChangeItem) -> str:
    change = request(world, project, *items)
    world.ok().when(ReviewChange(opinion=DOC), by="resources", on=change).ok()
    world.when(CheckChange(opinion=DOC), by="finance", on=change).ok()
    return change


def test_a_small_change_of_money_is_decided_in_the_county(
    world: ProjectWorld, project: str
) -> None:
    change = checked(world, project, money(450 * WAN))
    assert not world.get(Change, change).material
    world.when(decision(), by="leaders", on=change).ok()
    assert world.get(Change, change).state is ChangeState.APPLIED
    assert world.get(Project, project).approved_fen == 450 * WAN


def test_a_material_change_is_shown_again_and_confirmed_in_the_east(
    world: ProjectWorld, project: str
) -> None:
    change = checked(world, project, PLACE)
    world.when(decision(), by="leaders", on=change).refused("change.no_notice")
    notice = world.passed(project, Stage.CHANGE, "office", page=OTHER)
    world.when(decision(notice=notice), by="leaders", on=change).ok()
    assert world.get(Project, project).place == "模拟村三组"
    confirm = ConfirmChange(letter=DOC)
    world.when(confirm, by="liaison", on=change).refused("east.wrong_confirmer")
    world.when(confirm, by="cadre", on=change).ok()
    found = world.get(Project, project)
    assert (found.place, found.version) == ("模拟村五组", 1)


def test_an_earlier_changes_notice_does_not_serve(world: ProjectWorld, project: str) -> None:
    notice = world.passed(project, Stage.CHANGE, "office")
    change = checked(world.later(days=1), project, PLACE)
    world.when(decision(notice=notice), by="leaders", on=change).refused("change.no_notice")


@pytest.mark.parametrize(
    ("after", "share", "material"),
    [(450 * WAN, 100, False), (450 * WAN - 1, 100, True), (499 * WAN, None, True)],
)
def test_how_much_money_is_material(
    world: ProjectWorld, project: str, after: int, share: int | None, *, material: bool
) -> None:
    if share is None:
        del world.store.objects[Setting, "P22/51"]
    change = request(world, project, money(after))
    assert world.ok().get(Change, change).material is material


def test_the_nature_of_the_money_never_changes(world: ProjectWorld, project: str) -> None:
    item = ChangeItem(field=ChangeField.SECTOR, before="industry", after="infrastructure")
    request(world, project, item)
    world.refused("change.nature")


@pytest.mark.parametrize(
    "item",
    [
        money(500 * WAN),
        money(0),
        ChangeItem(field=ChangeField.PEOPLE, before="430", after="四百"),
        ChangeItem(field=ChangeField.PEOPLE, before="430", after="0400"),
    ],
)
def test_new_values_are_well_formed(world: ProjectWorld, project: str, item: ChangeItem) -> None:
    request(world, project, item)
    world.refused("change.value")


def test_each_field_is_changed_once(world: ProjectWorld, project: str) -> None:
    request(world, project, PLACE, PLACE)
    world.refused("change.value")


def test_a_change_starts_from_what_stands_approved(world: ProjectWorld, project: str) -> None:
    stale = ChangeItem(field=ChangeField.PEOPLE, before="431", after="432")
    request(world, project, stale)
    world.refused("change.stale")


def test_a_project_that_moved_on_is_not_changed_blindly(world: ProjectWorld, project: str) -> None:
    change = checked(world, project, money(450 * WAN))
    world.put(world.get(Project, project).but(approved_fen=480 * WAN))
    world.when(decision(), by="leaders", on=change).refused("change.stale")


def test_changes_follow_one_another(world: ProjectWorld, project: str) -> None:
    change = request(world, project, PLACE)
    request(world, project, money(450 * WAN))
    world.refused("change.pending")
    world.when(RefuseChange(reason=DOC), by="finance", on=change).ok()
    request(world, project, money(450 * WAN))
    world.ok()


def test_only_an_approved_project_is_changed(world: ProjectWorld) -> None:
    project = world.reach(ProjectState.IN_POOL)
    request(world, project, PLACE)
    world.refused("change.stage")


def test_only_the_original_approver_decides(world: ProjectWorld, project: str) -> None:
    change = checked(world, project, money(450 * WAN))
    world.officer("other-leaders", Role.COUNTY_LEADERS)
    world.when(decision(), by="other-leaders", on=change).refused("authority.organisation")


def test_department_finance_and_leaders_are_three_people(world: ProjectWorld, project: str) -> None:
    change = request(world, project, money(450 * WAN), by="agriculture")
    world.ok().when(ReviewChange(opinion=DOC), by="agriculture", on=change)
    world.refused("authority.same")
    world.when(ReviewChange(opinion=DOC), by="resources", on=change).ok()
    world.second("twice", Role.COUNTY_FINANCE, person="resources")
    world.deputy("stand-in", Role.COUNTY_FINANCE, of="resources")
    for by in ("twice", "stand-in"):
        world.when(CheckChange(opinion=DOC), by=by, on=change).refused("authority.same")


def test_lots_bound_a_cut_of_the_approval(world: ProjectWorld, project: str) -> None:
    world.add_lot(project, estimate_fen=490 * WAN)
    change = checked(world, project, money(480 * WAN))
    world.when(decision(), by="leaders", on=change).refused("total.over")


def test_a_pending_change_is_settled_before_evaluation(world: ProjectWorld, project: str) -> None:
    request(world, project, PLACE)
    assert world.total(Change, "pending", project) == 1
