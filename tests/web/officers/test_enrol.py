"""An invitation opens one account, for whoever holds its code, and lets its person alone make a key."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from demo_world import DemoDatabase
from shanhai.domains.accounts.invitations import code_fits, code_of
from shanhai.domains.accounts.selectors import account_of_person
from shanhai.domains.demo import door
from shanhai.domains.demo.door import Newcomer

PASSWORD = "huanghua-shiqiao-2026"


@pytest.fixture
def invited(demo_db: DemoDatabase) -> Newcomer:
    """Register and invite a person who has no account."""
    return door.welcome("owner")


def asked(invited: Newcomer, **changes: str) -> dict[str, str]:
    """Return what the form sends."""
    sent = {"code": code_of(invited.invitation), "username": "xiaolin"}
    return sent | {"password": PASSWORD, "again": PASSWORD, "name": "林"} | changes


def test_the_invited_person_is_signed_in_and_asked_for_a_key(invited: Newcomer) -> None:
    client, address = Client(), f"/enrol/{invited.invitation}"
    answer = client.post(address, asked(invited))
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "/api/acts/key.offer" in client.get(address).text
    found = account_of_person(invited.person)
    assert found is not None
    assert found.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "AAAA-AAAA-AAAA-AAAA"}, "邀请码不对"),
        ({"code": ""}, "请填写邀请码"),
        ({"password": "short", "again": "short"}, "12"),
        ({"password": "password1234", "again": "password1234"}, "常见"),
        ({"again": "something else"}, "两次输入的密码不一致"),
        ({"username": "a b"}, "不能有空格"),
    ],
)
def test_mistakes_are_said_and_open_nothing(
    invited: Newcomer, changes: dict[str, str], said: str
) -> None:
    answer = Client().post(f"/enrol/{invited.invitation}", asked(invited, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert account_of_person(invited.person) is None


def test_an_invitation_opens_no_second_account(invited: Newcomer) -> None:
    address = f"/enrol/{invited.invitation}"
    Client().post(address, asked(invited))
    again = Client().post(address, asked(invited, username="other"))
    assert again.status_code == 409
    assert "受邀人已有账号" in again.text
    assert not get_user_model().objects.filter(username="other").exists()


def test_a_name_that_is_taken_in_other_letters_is_refused(invited: Newcomer) -> None:
    get_user_model().objects.create_user("XiaoLin")
    answer = Client().post(f"/enrol/{invited.invitation}", asked(invited))
    assert "用户名已被使用" in answer.text


def test_nobody_else_offers_a_key(invited: Newcomer, demo_db: DemoDatabase) -> None:
    address = f"/enrol/{invited.invitation}/offer"
    assert Client().post(address, "{}", "application/json").status_code == 403
    assert demo_db.client("village").post(address, "{}", "application/json").status_code == 403


def test_sign_up_is_closed(demo_db: DemoDatabase) -> None:
    assert Client().post("/accounts/signup/", {}).status_code == 404
    assert Client().get("/enrol/inv00000000000000000000000000").status_code == 404


def test_only_administrators_see_the_letter(invited: Newcomer, demo_db: DemoDatabase) -> None:
    address = f"/enrol/{invited.invitation}/letter"
    admin = demo_db.client("admin")
    assert code_of(invited.invitation) in admin.get(address).text
    assert address in admin.get(f"/invitation/{invited.invitation}").text
    assert demo_db.client("village").get(address).status_code == 403


def test_a_code_is_read_as_people_write_it() -> None:
    code = code_of("inv1")
    assert code_fits("inv1", f" {code.lower().replace('-', ' ')} ")
    assert not code_fits("inv2", code)
    assert not code_fits("inv1", "")
    assert not code_fits("inv1", "密码")
