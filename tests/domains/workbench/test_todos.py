"""To-dos: what is due and allowed is listed, what is not is absent, at a constant number of queries."""

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from domains.workbench.conftest import Acting
from shanhai.acts.machine import Did
from shanhai.acts.notice import Stage
from shanhai.acts.notice_run import CloseNotice
from shanhai.acts.post import Delegate
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_declare import Amend
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import row_of
from shanhai.domains.workbench import duties, todos
from shanhai.domains.workbench.clocks import Urgency, clock
from shanhai.kernel.canonical import encode
from shanhai.kernel.periods import DAY_MS
from shanhai.node.tables import columns_of, values_of
from web.workbench.village_world import CONTENT, World


def codes(actor: Actor, now_ms: int) -> dict[str, int]:
    return {group.duty.code: group.count for group in todos.groups(actor, now_ms)}


def copied(project: Project, number: int, **changes: object) -> None:
    """Put a copy of a project straight into its table: many rows, no signatures."""
    made = msgspec.structs.replace(project, id=f"{project.id[:-4]}{number:04}", **changes)
    names = [column.name for column in columns_of(Project)]
    values = (*values_of(Project)(made), encode(made))
    row_of(Project).objects.create(**dict(zip([*names, "object"], values, strict=True)))


def test_the_village_first_puts_its_notice_up(world: World, acting: Acting) -> None:
    world.declare()
    assert codes(acting("village"), world.now) == {"notice.open": 1}


def test_a_running_notice_is_no_work_until_it_is_over(world: World, acting: Acting) -> None:
    world.opened(world.declare(), Stage.VILLAGE, "village")
    assert codes(acting("village"), world.now) == {}
    assert codes(acting("village"), world.now + 11 * DAY_MS) == {"notice.close": 1}


def test_a_notice_of_older_content_has_to_restart(world: World, acting: Acting) -> None:
    project = world.declare()
    world.opened(project, Stage.VILLAGE, "village")
    given = {name: world.body(name) for name in ("owner", "department")}
    papers = {"application": world.paper("application"), "targets": world.paper("targets")}
    papers["linkage"] = world.paper("linkage")
    world.do("village", Amend(**(CONTENT | given | papers | {"place": "别处"})), project)
    assert codes(acting("village"), world.now + 11 * DAY_MS) == {
        "notice.open": 1,
        "notice.restart": 1,
    }


def test_a_passed_notice_opens_the_next_step(world: World, acting: Acting) -> None:
    world.passed(world.declare(), Stage.VILLAGE, "village")
    assert codes(acting("village"), world.now) == {"project.village_pass": 1}


def test_a_stage_that_came_to_the_township_is_its_work(world: World, acting: Acting) -> None:
    world.reach(ProjectState.TOWNSHIP_REVIEW)
    assert codes(acting("town"), world.now) == {"project.township_review": 1}
    assert codes(acting("village"), world.now) == {}


def test_every_department_gives_its_own_opinion_once(world: World, acting: Acting) -> None:
    project = world.reach(ProjectState.APPRAISAL)
    assert codes(acting("department"), world.now) == {"appraisal.give": 1}
    assert codes(acting("office"), world.now) == {}
    world.appraise(project)
    assert codes(acting("department"), world.now) == {"notice.open": 1}
    assert codes(acting("office"), world.now) == {"notice.open": 1}


def test_whoever_did_the_other_step_is_not_offered_this_one(world: World, acting: Acting) -> None:
    project = world.declare(by="town")
    world.village_pass(project)
    assert codes(acting("town"), world.now) == {}
    assert codes(acting("town2"), world.now) == {"project.township_review": 1}


def test_a_delegate_is_kept_from_what_the_principal_did(world: World, acting: Acting) -> None:
    project = world.declare(by="town")
    world.village_pass(project)
    given = Delegate(
        person=world.actors.persons["town2"].id,
        from_ms=world.now,
        to_ms=world.now + 30 * DAY_MS,
        basis=world.paper("代理"),
    )
    post = world.do("town", given)
    assert codes(acting("town2"), world.now) == {"project.township_review": 1}
    assert codes(acting("town2", post=post), world.now) == {}


def test_the_same_records_decide_as_in_judge(world: World, acting: Acting) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    did = row_of(Did).objects.filter(pk=f"project.declare/{project}")
    assert did.exists()
    did.update(object=did.get().object.replace(b"per", b"xxx"))
    assert codes(acting("town"), world.now) == {"project.township_review": 1}


def test_a_neighbour_countys_work_is_invisible(world: World, acting: Acting) -> None:
    found = world.object(Project, world.reach(ProjectState.APPRAISAL))
    copied(found, 1, region="519902101201")
    assert codes(acting("department"), world.now) == {"appraisal.give": 1}
    assert codes(acting("department", region="519902"), world.now) == {"appraisal.give": 1}
    assert codes(acting("department", region="519903"), world.now) == {}


def test_an_eastern_officer_is_measured_by_the_eastern_side(world: World, acting: Acting) -> None:
    world.reach(ProjectState.PLANNED)
    assert codes(acting("cadre"), world.now) == {"project.confirm_plan": 1}
    assert codes(acting("cadre", region="339902"), world.now) == {}


def test_only_ones_own_organisations_objects_are_offered(world: World, acting: Acting) -> None:
    world.reach(ProjectState.EXECUTING)
    assert codes(acting("owner"), world.now) == {"lot.add": 1}
    assert codes(acting("owner", organisation=world.body("contractor")), world.now) == {}


def test_the_public_has_no_work(world: World) -> None:
    assert todos.groups(Actor(), world.now) == []


@pytest.mark.parametrize("name", ["village", "town", "department", "leaders", "owner", "cadre"])
def test_queries_stay_the_same_as_rows_grow(world: World, acting: Acting, name: str) -> None:
    states = (
        ProjectState.VILLAGE_NOTICE,
        ProjectState.TOWNSHIP_REVIEW,
        ProjectState.APPRAISAL,
        ProjectState.PLANNED,
        ProjectState.CONFIRMED,
        ProjectState.EXECUTING,
    )
    found = [world.object(Project, world.reach(state)) for state in states]
    counts = []
    for batch in (range(1), range(1, 10), range(10, 100)):
        for project in found:
            for number in batch:
                copied(project, number)
        with CaptureQueriesContext(connection) as queries:
            todos.groups(acting(name), world.now)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 20


def test_counting_stops_and_says_so(world: World, acting: Acting) -> None:
    found = world.object(Project, world.reach(ProjectState.APPRAISAL))
    for number in range(todos.COUNTED + 20):
        copied(found, number)
    group = todos.groups(acting("department"), world.now)[0]
    assert group.more
    assert len(group.items) == todos.SHOWN
    assert todos.totals([group]).count == todos.COUNTED


def test_a_backlog_is_not_read_whole(
    world: World, acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = world.object(Project, world.reach(ProjectState.TOWNSHIP_REVIEW))
    for number in range(12):
        copied(found, number, due_ms=0)
    monkeypatch.setattr(todos, "WINDOW", 10)
    assert todos.groups(acting("town"), world.now)[0].count == 10


def test_the_most_urgent_come_first_and_without_a_deadline_last(
    world: World, acting: Acting
) -> None:
    found = world.object(Project, world.reach(ProjectState.TOWNSHIP_REVIEW))
    now = found.due_ms - 2 * DAY_MS
    copied(found, 1, due_ms=0)
    copied(found, 2, due_ms=now - DAY_MS)
    copied(found, 3, due_ms=now + 1)
    items = todos.groups(acting("town"), now)[0].items
    found_order = [one.clock.urgency for one in items]
    assert found_order == [Urgency.OVERDUE, Urgency.TODAY, Urgency.SOON, Urgency.NONE]


def test_a_closed_notice_leaves_the_list(world: World, acting: Acting) -> None:
    notice = world.opened(world.declare(), Stage.VILLAGE, "village")
    world.later(days=11)
    world.do("village", CloseNotice(page=world.paper("page"), photo=world.paper("end")), notice)
    assert "notice.close" not in codes(acting("village"), world.now)


def test_no_clock_where_no_deadline_is_set() -> None:
    assert clock(0, 1).urgency is Urgency.NONE


def test_a_deadline_is_over_on_its_first_moment_after() -> None:
    due = 20_000 * DAY_MS - 8 * 3_600_000  # midnight in Beijing
    assert clock(due, due - 1).urgency is Urgency.TODAY
    assert clock(due, due).urgency is Urgency.OVERDUE
    assert clock(due, due).late == 1
    assert clock(due, due - 2 * DAY_MS).days == 1


def test_only_work_that_is_there_is_asked_for(world: World, acting: Acting) -> None:
    """One question finds which kinds of work have anything in the officer's region; another county has none."""
    world.declare()
    here, elsewhere = acting("village"), acting("village", region="110101000000")
    assert here.role is not None
    wanted = duties.of_role(here.role)
    with CaptureQueriesContext(connection) as asked:
        found = todos.present(wanted, here)
    assert len(asked) == 1
    assert {duty.on for duty in found} == {Project}
    assert set(found) < set(wanted)
    assert not todos.present(wanted, elsewhere)
    assert not todos.present((), here)
