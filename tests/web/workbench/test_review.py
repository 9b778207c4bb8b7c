"""The review queue: filtered, beside the case, decided on together with a result for every row."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanhai.acts.notice import Stage
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_return import Reason, ReturnProject
from shanhai.acts.project_review import CHECKLIST, TownshipReview
from shanhai.domains.workbench.models import Draft
from shanhai.kernel.canonical import from_base64
from web.workbench.village_world import World

Officer = Callable[[str], Client]
CODE = "project.township_review"
PAPER = "5c" * 32
CONFIRMED = {"opinion": PAPER, "photo": PAPER, **dict.fromkeys(CHECKLIST, "1")}


@pytest.fixture
def projects(world: World) -> list[str]:
    names = [f"模拟：第{number}号桥涵" for number in range(3)]
    return [world.reach(ProjectState.TOWNSHIP_REVIEW, name=name) for name in names]


@pytest.fixture
def town(projects: list[str], officer: Officer) -> Client:
    return officer("town")


def reviewed() -> TownshipReview:
    confirmed: dict[str, Any] = dict.fromkeys(CHECKLIST, True)
    return TownshipReview(opinion=PAPER, photo=PAPER, **confirmed)


def begin(client: Client, ids: list[str], decision: str = CODE, code: str = CODE) -> str:
    answer = client.post(f"/review/{code}/decide", {"ids": ids, "decision": decision})
    return answer.headers["Location"]


def signed_config(client: Client, batch: str) -> dict[str, Any]:
    text = client.get(f"{batch}/sign").text
    start = text.index('<script type="application/json">') + len('<script type="application/json">')
    found: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
    return found


def test_the_queue_opens_at_the_most_urgent_work(town: Client) -> None:
    assert town.get("/review").headers["Location"] == f"/review/{CODE}"


def test_an_empty_queue_says_what_will_come(world: World, officer: Officer) -> None:
    assert "现在没有轮到您办理的事项" in officer("auditor").get("/review").text


def test_another_roles_work_is_not_found(town: Client) -> None:
    assert town.get("/review/project.admit").status_code == 404


def test_words_and_deadlines_narrow_the_queue(town: Client) -> None:
    assert town.get(f"/review/{CODE}").text.count("data-review-row") == 3
    assert town.get(f"/review/{CODE}?q=第1号").text.count("data-review-row") == 1
    assert town.get(f"/review/{CODE}?due=overdue").text.count("data-review-row") == 2
    assert "请放宽筛选条件" in town.get(f"/review/{CODE}?q=没有").text


def test_a_forged_page_marker_is_refused(town: Client) -> None:
    assert town.get(f"/review/{CODE}?after=zz").status_code == 422


def test_the_case_shows_content_past_and_the_last_change(world: World, officer: Officer) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    reason = Reason(field="planned_fen", reason="请核减")
    world.do("town", ReturnProject(reasons=(reason,)), project)
    world.resubmit(project, planned_fen=40_000_000)
    world.village_pass(project)
    page = officer("town").get(f"/review/{CODE}/{project}").text
    assert "<del>5,000,000.00</del>" in page
    assert "<ins>400,000.00</ins>" in page
    assert "退回修改" in page


def test_a_neighbours_case_is_not_shown_in_the_queue(projects: list[str], world: World) -> None:
    client = Client()
    client.force_login(world.user("village"))
    assert client.get(f"/review/{CODE}/{projects[0]}").status_code == 404


def test_nothing_chosen_goes_back_with_a_word(town: Client) -> None:
    answer = town.post(f"/review/{CODE}/decide", {"decision": CODE}, follow=True)
    assert "请先勾选要办理的事项" in answer.text
    assert not Draft.objects.exists()


def test_a_decision_that_is_not_offered_is_not_begun(town: Client, projects: list[str]) -> None:
    assert begin(town, projects, decision="project.admit") == f"/review/{CODE}"


def test_what_belongs_to_all_is_asked_once_and_mistakes_are_kept(
    town: Client, projects: list[str]
) -> None:
    batch = begin(town, projects)
    answer = town.post(batch, {"opinion": PAPER})
    assert answer.status_code == 422
    assert f'value="{PAPER}"' in town.get(batch).text


def test_every_row_is_an_act_of_its_own(town: Client, projects: list[str]) -> None:
    batch = begin(town, projects)
    assert town.post(batch, CONFIRMED).headers["Location"] == f"{batch}/sign"
    config = signed_config(town, batch)
    bodies = [json.loads(from_base64(act["body"])) for act in config["acts"]]
    assert [body["subject"] for body in bodies] == projects
    assert config["submit"] == "/api/acts"
    assert config["next"] == f"{batch}/result"


def test_rows_that_the_rules_refuse_stay_out_with_their_reasons(
    town: Client, projects: list[str]
) -> None:
    batch = begin(town, projects)
    town.post(batch, CONFIRMED | {"genuine": ""})
    page = town.get(f"{batch}/sign").text
    assert "尚未核对：真实性" in page
    assert "3 件暂不能办理" in page
    assert "<shanhai-sign>" not in page


def test_each_row_finds_its_own_notice(world: World, officer: Officer) -> None:
    projects = [world.reach(ProjectState.TOWNSHIP_NOTICE) for _ in range(2)]
    notices = [world.passed(one, Stage.TOWNSHIP, "town") for one in projects]
    client, code = officer("town2"), "project.township_pass"
    batch = begin(client, projects, decision=code, code=code)
    client.post(batch, {})
    bodies = [json.loads(from_base64(act["body"])) for act in signed_config(client, batch)["acts"]]
    assert [body["payload"]["notice"] for body in bodies] == notices


def test_a_return_keeps_its_reasons_at_the_fields(town: Client, projects: list[str]) -> None:
    batch = begin(town, projects, decision="project.return")
    reasons = {"reasons-rows": "1", "reasons-0-field": "content", "reasons-0-reason": "不清楚"}
    town.post(batch, reasons)
    body = json.loads(from_base64(signed_config(town, batch)["acts"][0]["body"]))
    assert body["payload"]["reasons"] == [{"field": "content", "reason": "不清楚"}]


def test_the_result_comes_from_the_ledger_and_survives_a_reload(
    town: Client, projects: list[str], world: World
) -> None:
    batch = begin(town, projects)
    town.post(batch, CONFIRMED)
    world.do("town", reviewed(), projects[0])
    for _ in range(2):
        page = town.get(f"{batch}/result").text
        assert page.count("已记入账本") >= 1
        assert page.count("尚未签名") == 2
    bodies = [json.loads(from_base64(act["body"])) for act in signed_config(town, batch)["acts"]]
    assert [body["subject"] for body in bodies] == projects[1:]


def test_what_another_officer_did_meanwhile_is_said(
    town: Client, projects: list[str], world: World
) -> None:
    batch = begin(town, projects)
    town.post(batch, CONFIRMED)
    world.do("town2", reviewed(), projects[0])
    assert "当前状态为“乡镇公示”" in town.get(f"{batch}/result").text


def test_a_batch_is_its_persons_alone(town: Client, projects: list[str], officer: Officer) -> None:
    batch = begin(town, projects)
    assert officer("town2").get(batch).status_code == 404


def test_the_queue_costs_the_same_as_it_grows(world: World, officer: Officer) -> None:
    counts = []
    for more in (2, 16):
        for _ in range(more):
            world.reach(ProjectState.TOWNSHIP_REVIEW)
        client = officer("town")
        client.get(f"/review/{CODE}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/review/{CODE}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert world.object(Project, world.declare()).version == 0


def test_the_queue_turns_its_pages(world: World, officer: Officer) -> None:
    for _ in range(22):
        world.reach(ProjectState.TOWNSHIP_REVIEW)
    client = officer("town")
    first = client.get(f"/review/{CODE}").text
    assert first.count("data-review-row") == 20
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(f"/review/{CODE}{after}").text.count("data-review-row") == 2
