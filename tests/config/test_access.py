"""The authorisation table: whole, exact, and enforced before any view."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from shanhai.config import access
from shanhai.config.access_table import NOUNS
from shanhai.domains.rows import MODELS

pytestmark = pytest.mark.django_db


def test_every_route_has_a_row_and_every_row_is_a_route() -> None:
    assert access.table_is_whole() == []


def test_a_renamed_route_is_reported_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.ROWS, "gone", access.ROWS["healthz"])
    monkeypatch.delitem(access.ROWS, "healthz")
    assert [one.msg for one in access.table_is_whole()] == [
        "config/access_table.py names gone, which is no route",
        "route healthz has no row in config/access_table.py",
    ]


def test_a_closed_route_is_not_found(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404


def test_a_route_without_a_row_is_not_found(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/healthz").status_code == 200
    monkeypatch.delitem(access.ROWS, "healthz")
    assert client.get("/healthz").status_code == 404


def test_a_method_without_a_place_in_the_row_is_refused(client: Client) -> None:
    response = client.delete("/healthz")
    assert (response.status_code, response["Allow"]) == (405, "GET")
    assert client.head("/healthz").status_code == 200


def test_visitors_are_sent_to_sign_in_and_strangers_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = access.read("healthz GET officer")["healthz"]
    monkeypatch.setitem(access.ROWS, "healthz", row)
    assert client.get("/healthz").headers["Location"].startswith("/accounts/login/")
    client.force_login(get_user_model().objects.create_user("nobody"))
    assert client.get("/healthz").status_code == 403


@pytest.mark.parametrize("path", ["/demo", "/demo/key", "/demo/confirm", "/demo/forward"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_the_demonstrations_routes_do_not_exist_without_a_simulated_ledger(
    client: Client, path: str, method: str
) -> None:
    assert getattr(client, method)(path).status_code == 404


@pytest.mark.parametrize("table", ["a GET public\na GET public", "a GET everybody"])
def test_a_wrong_table_is_refused(table: str) -> None:
    with pytest.raises(ValueError, match=r"two rows|not a valid"):
        access.read(table)


def test_the_table_says_who_sees_each_noun() -> None:
    named = [noun for line in NOUNS.splitlines() for noun in line.split()[1:]]
    nouns = {kind.noun for kind in MODELS if not kind.derived and kind.noun != "did"}
    assert sorted(named) == sorted(nouns)
