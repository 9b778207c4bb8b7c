"""The workbench page: for officers only, in both languages, with links that work, at a constant cost."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanhai.acts.post import Delegate
from shanhai.acts.project import ProjectState
from shanhai.kernel.periods import DAY_MS
from web.workbench.village_world import World

Officer = Callable[[str], Client]


def test_visitors_are_sent_to_sign_in(world: World, client: Client) -> None:
    response = client.get("/workbench")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_lists_what_is_to_do_and_how_late_it_is(world: World, officer: Officer) -> None:
    project = world.reach(ProjectState.TOWNSHIP_REVIEW)
    world.later(days=8)
    text = officer("town").get("/workbench").text
    assert "乡镇审核通过" in text
    assert f"/project/{project}/township_review" in text
    assert "已逾期 3 天" in text


def test_says_so_in_english(world: World, officer: Officer) -> None:
    world.reach(ProjectState.TOWNSHIP_REVIEW)
    world.later(days=8)
    client = officer("town")
    client.cookies["django_language"] = "en"
    text = client.get("/workbench").text
    assert "Pass the township review" in text
    assert "3 days overdue" in text
    assert "件待办" not in text


def test_every_to_do_leads_to_its_act(world: World, officer: Officer) -> None:
    world.declare()
    client = officer("village")
    page = client.get("/workbench").text
    href = page.split('work__do" href="')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(href)
    assert form.status_code == 200
    assert "发布公示" in form.text


def test_an_empty_workbench_says_what_will_come(world: World, officer: Officer) -> None:
    text = officer("auditor").get("/workbench").text
    assert "现在没有轮到您办理的事项" in text


def test_a_village_without_work_is_invited_to_declare(world: World, officer: Officer) -> None:
    assert 'href="/declare"' in officer("village").get("/workbench").text
    assert 'href="/declare"' not in officer("auditor").get("/workbench").text


def test_what_i_did_and_what_waits_for_others_with_proofs(world: World, officer: Officer) -> None:
    world.reach(ProjectState.TOWNSHIP_REVIEW)
    text = officer("village").get("/workbench").text
    assert "/proof/" in text
    assert "现由 乡镇政府" in text


def test_a_delegation_is_announced_to_both(world: World, officer: Officer) -> None:
    given = Delegate(
        person=world.actors.persons["town2"].id,
        from_ms=world.now,
        to_ms=world.now + 30 * DAY_MS,
        basis=world.paper("代理"),
    )
    world.do("town", given)
    assert "您已委托他人代理" in officer("town").get("/workbench").text
    assert "您正在代理" in officer("town2").get("/workbench").text


def test_an_account_without_a_post_learns_what_is_missing(
    world: World, officer: Officer, client: Client
) -> None:
    officer("town")
    client.force_login(world.user("town"))
    from shanhai.domains.accounts.models import Account  # noqa: PLC0415 - beside its only use

    Account.objects.update(person="per" + "0" * 26)
    assert "您的账号还没有有效岗位" in client.get("/workbench").text


def test_the_bell_counts_and_says_so(world: World, officer: Officer) -> None:
    assert officer("town").get("/workbench/bell").text.strip() == ""
    world.reach(ProjectState.TOWNSHIP_REVIEW)
    world.later(days=8)
    assert "1 件待办，1 件已逾期" in officer("town").get("/workbench/bell").text


@pytest.mark.parametrize("name", ["town", "office"])
def test_the_page_costs_the_same_as_work_grows(world: World, officer: Officer, name: str) -> None:
    counts = []
    for more in (1, 9):
        for _ in range(more):
            world.reach(ProjectState.TOWNSHIP_REVIEW)
            world.reach(ProjectState.COUNTY_NOTICE)
        client = officer(name)
        client.get("/workbench")
        with CaptureQueriesContext(connection) as queries:
            client.get("/workbench")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 45


def test_offers_what_each_role_may_begin(world: World, officer: Officer) -> None:
    audit = officer("auditor").get("/workbench").text
    assert "可以发起" in audit
    assert "/finding/new/raise" in audit
    assert "/hold/new/draft" in audit
    finance = officer("finance").get("/workbench").text
    assert "/budget/new/assign" in finance
    assert "/hold/new/draft" not in finance
    assert "/payment/new/order" not in finance  # from the claim that waits for it
