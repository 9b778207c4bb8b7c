"""Declaring as a task list: every section saved as typed, nothing lost, nobody else's business."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from shanhai.acts.project import Project
from shanhai.acts.project_return import Reason, ReturnProject
from shanhai.domains.workbench.models import Draft
from shanhai.kernel.text import TEXTS
from web.workbench.village_world import World

Officer = Callable[[str], Client]
PAPER = "5c" * 32


def answers(world: World) -> dict[str, dict[str, str]]:
    return {
        "basics": {
            "name": "模拟：石桥村冷库",
            "year": "2026",
            "category": "农产品仓储",
            "sector": "industry",
            "operating": "1",
        },
        "place": {
            "region": "519901101201",
            "place": "三组",
            "pairing": world.pair,
            "owner": world.body("owner"),
            "department": world.body("department"),
        },
        "content": {
            "content": "冷库 500 立方米（模拟）",
            "start_ms": "2027-01-10",
            "finish_ms": "2027-06-30",
            "households": "40",
            "people": "130",
        },
        "money": {"planned_fen": "120.5", "planned_fen_unit": "wan"},
        "documents": {"application": PAPER},
        "targets": {"targets": PAPER},
        "linkage": {"linkage": PAPER},
    }


@pytest.fixture
def village(officer: Officer) -> Client:
    return officer("village")


@pytest.fixture
def draft(village: Client) -> str:
    return village.post("/declare").headers["Location"]


def send(client: Client, draft: str, section: str, **fields: str) -> Any:
    return client.post(f"{draft}/{section}", {"version": "0", "then": "next", **fields})


def fill(client: Client, draft: str, world: World, **changes: dict[str, str]) -> None:
    for section, fields in (answers(world) | changes).items():
        assert send(client, draft, section, **fields).status_code == 302, section


@pytest.mark.parametrize("name", ["town", "owner"])
def test_village_township_and_owner_declare(officer: Officer, name: str) -> None:
    assert officer(name).get("/declare").status_code == 200


def test_nobody_else_declares(officer: Officer) -> None:
    assert officer("auditor").get("/declare").status_code == 403


def test_a_draft_is_invisible_to_everyone_else(officer: Officer, draft: str) -> None:
    assert officer("town").get(draft).status_code == 404


def test_a_new_draft_knows_place_year_and_the_only_pair(village: Client, draft: str) -> None:
    page = village.get(f"{draft}/place").text
    assert '<option value="519901101201" selected>' in page
    assert "海滨区" in page or "339901" in page
    assert 'value="2026"' in village.get(f"{draft}/basics").text


def test_the_list_says_how_each_section_stands(village: Client, draft: str) -> None:
    page = village.get(draft).text
    assert page.count("未开始") >= 3
    assert "已预填，待核对" in page
    assert "核对并提交" not in page


def test_a_mistake_is_saved_and_explained(village: Client, draft: str) -> None:
    answer = send(village, draft, "money", planned_fen="十二万", planned_fen_unit="wan")
    assert answer.status_code == 422
    assert 'value="十二万"' in answer.text
    assert 'value="十二万"' in village.get(f"{draft}/money").text
    assert "已看未完成" in village.get(draft).text


def test_sections_lead_one_to_the_next_and_to_the_check(
    village: Client, draft: str, world: World
) -> None:
    order = list(answers(world))
    for here, there in pairwise(order):
        answer = send(village, draft, here, **answers(world)[here])
        assert answer.headers["Location"] == f"{draft}/{there}"
    send(village, draft, "linkage", **answers(world)["linkage"])
    assert "核对并提交" in village.get(draft).text


def test_the_check_runs_every_rule_and_offers_the_bytes(
    village: Client, draft: str, world: World
) -> None:
    fill(village, draft, world)
    page = village.get(f"{draft}/check").text
    assert "条规则全部通过" in page
    assert "<shanhai-sign>" in page
    assert '"project.declare/1"' in page


def test_a_failing_rule_leads_to_the_section_that_mends_it(
    village: Client, draft: str, world: World
) -> None:
    late = answers(world)["content"] | {"finish_ms": "2026-12-01"}
    fill(village, draft, world, content=late)
    page = village.get(f"{draft}/check").text
    assert TEXTS["project.dates"].zh in page
    assert f'href="{draft}/content"' in page
    assert "<shanhai-sign>" not in page


def test_an_incomplete_draft_goes_back_to_the_list(village: Client, draft: str) -> None:
    assert village.get(f"{draft}/check").headers["Location"] == draft


def test_saving_by_itself_answers_with_time_and_version(village: Client, draft: str) -> None:
    fields = {"version": "0", "planned_fen": "3"}
    answer = village.post(f"{draft}/money", fields, headers={"X-Autosave": "1"})
    assert answer.json()["version"] == 1
    assert len(answer.json()["saved"]) == 5


def test_two_devices_see_their_differences(village: Client, draft: str) -> None:
    send(village, draft, "money", planned_fen="3", planned_fen_unit="wan")
    answer = send(village, draft, "money", planned_fen="5", planned_fen_unit="wan")
    assert answer.status_code == 409
    assert "<del>3 万元</del>" in answer.text
    assert "<ins>5 万元</ins>" in answer.text
    fields = {"force": "1", "planned_fen": "5", "planned_fen_unit": "wan"}
    assert send(village, draft, "money", **fields).status_code == 302


def test_a_draft_not_entered_is_not_called_done(village: Client, draft: str, world: World) -> None:
    fill(village, draft, world)
    assert village.get(f"{draft}/done").headers["Location"] == f"{draft}/check"


def test_a_deleted_draft_is_gone(village: Client, draft: str) -> None:
    assert village.post(f"{draft}/remove").headers["Location"] == "/declare"
    assert not Draft.objects.exists()


@pytest.fixture
def returned(world: World) -> str:
    project = world.declare()
    world.village_pass(project)
    reason = Reason(field="planned_fen", reason="请附概算依据")
    world.do("town", ReturnProject(reasons=(reason,)), project)
    return project


def test_a_returned_project_is_taken_up_with_its_reasons(
    village: Client, world: World, returned: str
) -> None:
    answer = village.get(f"/project/{returned}/resubmit", follow=True)
    assert "请附概算依据" in answer.text
    assert "需修改" in answer.text
    again = village.get(f"/declare/change/{returned}", follow=True)
    assert again.redirect_chain[-1] == answer.redirect_chain[-1]


def test_a_resubmission_shows_what_it_changes(village: Client, world: World, returned: str) -> None:
    draft = village.get(f"/project/{returned}/resubmit", follow=True).redirect_chain[-1][0]
    found = world.object(Project, returned)
    for section, fields in answers(world).items():
        kept = {name: value for name, value in fields.items() if name not in ("year", "region")}
        kept |= {"name": found.name, "operating": "1"} if section == "basics" else {}
        assert send(village, draft, section, **kept).status_code == 302
    page = village.get(f"{draft}/check").text
    assert "<del>5,000,000.00</del>" in page
    assert "<ins>1,205,000.00</ins>" in page


def test_only_the_declarer_changes_a_project(officer: Officer, returned: str) -> None:
    answer = officer("town").get(f"/declare/change/{returned}")
    assert answer.headers["Location"] == f"/project/{returned}"
    assert not Draft.objects.exists()
