"""The generic act page: its form, the dry run while typing, the check, and what stands in the way."""

import json
import re

import pytest
from django.test import Client

from shanhai.acts.key import RevocationReason, Revoke
from shanhai.acts.lot import LotKind
from shanhai.acts.machine import Post
from shanhai.acts.post import Grant
from shanhai.acts.project import Project
from shanhai.acts.project_halt import SuspendProject
from shanhai.acts.roles import Role
from shanhai.domains.demo.cast import WEST
from shanhai.domains.rows import row_of
from shanhai.domains.vault.models import Value
from web.workbench.village_world import World
from web.worlds import SignIn

FILLED = {
    "name": "模拟：一标段",
    "kind": LotKind.WORKS.value,
    "estimate_fen": "120.5",
    "estimate_fen_unit": "wan",
}


def config_of(text: str) -> dict[str, object]:
    """Return what the signing element is given."""
    found = re.search(
        r'<shanhai-sign><script type="application/json">(.*?)</script>', text, re.DOTALL
    )
    assert found is not None
    made: dict[str, object] = json.loads(found[1])
    return made


@pytest.fixture
def owner(sign_in: SignIn, executing: str) -> Client:
    return sign_in("owner")


@pytest.fixture
def address(executing: str) -> str:
    return f"/lot/new/add?project={executing}"


def test_the_form_asks_each_field_and_fills_what_the_address_names(
    owner: Client, address: str, executing: str
) -> None:
    text = owner.get(address).text
    assert all(f'name="{name}"' in text for name in FILLED)
    assert f'value="{executing}" selected' in text


def test_trying_names_what_is_missing_and_writes_nothing(owner: Client, address: str) -> None:
    text = owner.post(address, {"step": "try"}).text
    assert "还有 4 项必填" in text
    assert "<html" not in text


def test_trying_says_every_rule_once_the_form_is_filled(
    owner: Client, address: str, executing: str
) -> None:
    text = owner.post(address, {**FILLED, "project": executing, "step": "try"}).text
    assert "规则核对：全部通过" in text
    assert "在岗位管辖范围内" in text


def test_trying_shows_a_failed_rule_in_words(owner: Client, address: str, executing: str) -> None:
    filled = {**FILLED, "project": executing, "step": "try", "estimate_fen": "999999"}
    text = owner.post(address, filled).text
    assert "全部通过" not in text
    assert "未通过：" in text


def test_trying_leaves_the_vault_alone(sign_in: SignIn, executing: str) -> None:
    before = Value.objects.count()
    filled = {"step": "try", "reason": "秘密的理由", "document": "0" * 64}
    assert "全部通过" in sign_in("leaders").post(f"/project/{executing}/suspend", filled).text
    assert Value.objects.count() == before


def test_a_wrong_answer_comes_back_with_422_and_what_was_entered(
    owner: Client, address: str, executing: str
) -> None:
    answer = owner.post(
        address, {**FILLED, "project": executing, "step": "check", "estimate_fen": "十二万"}
    )
    assert answer.status_code == 422
    assert 'value="十二万"' in answer.text
    assert "data-focus" in answer.text


def test_the_check_page_carries_the_bytes_and_the_way_back(
    owner: Client, address: str, executing: str
) -> None:
    text = owner.post(address, {**FILLED, "project": executing, "step": "check"}).text
    config = config_of(text)
    assert config["key_form"] == "act-again"
    assert str(config["next"]).startswith("/receipt/")
    assert 'name="estimate_fen" value="120.5"' in text


def test_an_officer_of_another_post_is_told_who_does_it(owner: Client, executing: str) -> None:
    answer = owner.get(f"/project/{executing}/approve")
    assert answer.status_code == 403
    assert "县领导小组" in answer.text


def test_an_officer_with_the_right_post_too_is_offered_it(
    world: World, sign_in: SignIn, executing: str
) -> None:
    world.do(
        "registrar",
        Grant(
            person=world.actors.persons["office"].id,
            role=Role.COUNTY_LEADERS,
            organisation=world.body("leaders"),
            region=WEST,
            basis=world.paper("任职"),
        ),
    )
    world.set_clock()
    client = sign_in("office")
    post = row_of(Post).objects.get(
        role=Role.COUNTY_OFFICE, person=world.actors.persons["office"].id
    )
    client.post("/posts", {"post": post.pk, "next": "/"})
    text = client.get(f"/project/{executing}/approve").text
    assert "切换到 县领导小组" in text


def test_an_officer_without_key_is_sent_to_enrol(world: World, owner: Client, address: str) -> None:
    world.do("registrar", Revoke(reason=RevocationReason.LOST), world.actors.keys["owner"].id)
    text = owner.get(address).text
    assert "您还没有生效的密钥" in text
    assert 'href="/account"' in text


def test_a_subject_changed_meanwhile_shows_the_difference(
    world: World, sign_in: SignIn, executing: str
) -> None:
    client = sign_in("leaders")
    page = client.get(f"/project/{executing}/suspend")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    filled = {"step": "check", "seen": seen[1], "reason": "模拟理由", "document": "0" * 64}
    assert "已被他人改动" not in client.post(f"/project/{executing}/suspend", filled).text
    _suspend_elsewhere(world, executing)
    text = client.post(f"/project/{executing}/suspend", filled).text
    assert "已被他人改动" in text
    assert "<del>实施中</del>" in text


def _suspend_elsewhere(world: World, project: str) -> None:
    names = {name: world.paper(name) for name in SuspendProject.__struct_fields__}
    world.do("leaders", SuspendProject(**names), project)
    assert world.object(Project, project).suspended


def test_every_page_speaks_english(sign_in: SignIn, executing: str) -> None:
    text = sign_in("owner", "en").get(f"/lot/new/add?project={executing}").text
    assert "Checked as you type" in text
    assert "边填边核对" not in text
