"""The project page: where it stands, who acts next, its money, what changed, and what each reader may see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demo_world import DemoDatabase
from shanhai.acts.machine import ACTS
from shanhai.acts.notice import Stage
from shanhai.acts.project import ProjectState
from shanhai.acts.project_declare import Amend, RecordPublished
from shanhai.domains.demo.cast import VILLAGE
from shanhai.web.projects import lifecycle
from web.workbench.village_world import CONTENT, WAN, World
from web.worlds import SignIn, add_lot

PAGES = ("daylily", "pond")


def page(client: Client, project: str) -> str:
    answer = client.get(f"/project/{project}")
    assert answer.status_code == 200
    text: str = answer.text
    return text


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (ProjectState.VILLAGE_NOTICE, "村级公示"),
        (ProjectState.APPRAISAL, "县级论证"),
        (ProjectState.EXECUTING, "采购招标"),
    ],
)
def test_the_line_stands_where_the_state_is(
    world: World, sign_in: SignIn, state: ProjectState, label: str
) -> None:
    project = world.reach(state)
    world.set_clock()
    text = page(sign_in("owner"), project)
    here = text.split('aria-current="step"', 1)[1][:600]
    assert label in here


def test_lots_carry_the_line_through_execution(
    world: World, sign_in: SignIn, executing: str
) -> None:
    add_lot(world, executing, "模拟：一标段")
    add_lot(world, executing, "模拟：二标段")
    text = page(sign_in("owner"), executing)
    assert "0/2" in text
    assert "模拟：二标段" in text


def test_the_next_act_is_named_with_its_roles_and_linked_for_who_may_do_it(
    world: World, sign_in: SignIn
) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    world.set_clock()
    assert f'href="/project/{project}/township_review"' in page(sign_in("town"), project)
    other = page(sign_in("owner"), project)
    assert "乡镇政府" in other
    assert f'href="/project/{project}/township_review"' not in other


def test_a_passed_notice_opens_the_gate_and_a_running_one_does_not(
    world: World, sign_in: SignIn
) -> None:
    project = world.declare()
    world.opened(project, Stage.VILLAGE, "village")
    world.set_clock()
    assert "/village_pass" not in _next(page(sign_in("village"), project))
    passed = world.declare(name="模拟：又一个项目")
    world.passed(passed, Stage.VILLAGE, "village")
    world.set_clock()
    assert f"/project/{passed}/village_pass" in _next(page(sign_in("village"), passed))


def _next(text: str) -> str:
    return text.split('<ul class="next">')[1].split("</ul>", maxsplit=1)[0]


def test_money_says_what_was_asked_and_approved(sign_in: SignIn, executing: str) -> None:
    text = page(sign_in("finance"), executing)
    assert '<span class="money__amount num">480</span>' in text
    assert "批复文件确定的资金" in text


def test_what_changed_between_versions_is_shown(world: World, sign_in: SignIn) -> None:
    project = world.declare()
    papers = {name: world.paper(name) for name in ("application", "targets", "linkage")}
    bodies = {"owner": world.body("owner"), "department": world.body("department")}
    changed = {**CONTENT, **papers, **bodies, "planned_fen": 520 * WAN}
    world.do("village", Amend(**changed), project)
    world.set_clock()
    text = page(sign_in("village"), project)
    assert "<del>5,000,000.00</del>" in text
    assert "<ins>5,200,000.00</ins>" in text


def test_a_published_project_shows_its_source_and_invents_nothing(
    world: World, sign_in: SignIn
) -> None:
    record = RecordPublished(
        name="模拟：公告里的项目",
        region=VILLAGE,
        year=2021,
        planned_fen=10 * WAN,
        source="模拟公告，第 3 页",
    )
    project = world.do("desk", record)
    text = page(Client(), project)
    assert "模拟公告，第 3 页" in text
    assert "公布日期未载明" in text
    assert 'id="progress"' not in text
    assert "接下来由谁办" not in text


def test_an_unknown_project_is_not_found(world: World) -> None:
    assert Client().get("/project/prj00000000000000000000000000").status_code == 404


def test_findings_are_for_those_who_may_see_them(demo_db: DemoDatabase) -> None:
    project = demo_db.project("road")
    assert 'id="audit"' in page(demo_db.client("auditor"), project)
    assert 'id="audit"' not in page(Client(), project)
    assert 'id="audit"' not in page(demo_db.client("village"), project)


def test_the_public_sees_sums_but_not_single_payments(demo_db: DemoDatabase) -> None:
    project = demo_db.project("road")
    public, officer = page(Client(), project), page(demo_db.client("finance"), project)
    assert 'href="/payment/pay' in officer
    assert 'href="/payment/pay' not in public
    paid = officer.split('id="why-paid"')[1].split("</span>")[0].rsplit(">", 1)[1]
    assert paid in public


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_story_has_a_page_in_both_languages(
    demo_db: DemoDatabase, name: str, language: str
) -> None:
    client = demo_db.client("finance")
    client.cookies["django_language"] = language
    assert page(client, demo_db.project(name))


def test_no_query_more_for_more_lots(world: World, sign_in: SignIn, executing: str) -> None:
    client = sign_in("owner")
    page(client, executing)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, executing)
        return len(found)

    add_lot(world, executing, "模拟：一标段", 10)
    few = queries()
    for number in range(6):
        add_lot(world, executing, f"模拟：又一标段{number}", 10)
    assert queries() == few


def test_every_step_of_the_line_names_acts_that_exist() -> None:
    plain = {act.row.plain for act in ACTS.values()}
    assert {name for step in lifecycle.STEPS for name in step.acts} <= plain


def test_every_state_of_a_project_has_a_place() -> None:
    placed = {*lifecycle.AT, *lifecycle.HALTED, *lifecycle.ENDED}
    assert placed | {ProjectState.EXECUTING, ProjectState.RECORDED} == set(ProjectState)
