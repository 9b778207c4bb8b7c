"""Acts over the API: accepted once, refused with reasons, tried without a trace."""

from collections.abc import Callable
from typing import Any

import pytest

from api.conftest import wire
from ledger_book import Book
from node.world import made_id
from shanhai.acts.governance import ProposeParameter
from shanhai.acts.machine import Dated
from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.acts.roles import Role

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]
PATH = "/acts/organisation.register"


def registration(number: int) -> RegisterOrganisation:
    return RegisterOrganisation(
        name=f"模拟单位{number}",
        kind=OrganisationKind.COOPERATIVE,
        region="510722",
        code=f"9{number:017d}",
    )


def signed(book: Book, number: int, role: Role = Role.REGISTRAR) -> dict[str, Any]:
    return wire(book.signed(registration(number), made_id("org", number), role))


def test_a_signed_act_gets_a_receipt_and_a_proof(book: Book, post: Call) -> None:
    answer = post(PATH, signed(book, 5000))
    assert answer["receipt"]["index"] == 41
    assert answer["duplicate"] is False
    assert book.get(answer["proof_url"].removeprefix("/ledger/"))[0] == 200


def test_the_same_act_again_gets_its_first_receipt(book: Book, post: Call) -> None:
    act = signed(book, 5000)
    first, again = post(PATH, act), post(PATH, act)
    assert again == first | {"duplicate": True}
    assert book.node.head().size == 42


def test_a_batch_answers_for_each_act(book: Book, post: Call) -> None:
    acts = [signed(book, 5000), signed(book, 5001, Role.ADMIN), signed(book, 5002)]
    results = post("/acts", {"acts": acts})["results"]
    assert [("receipt" in one) for one in results] == [True, False, True]
    assert results[1]["code"].startswith("authority.")
    assert results[1]["zh"]
    assert results[1]["en"]


def test_a_foreign_role_is_403_with_its_reason(book: Book, post: Call) -> None:
    problem = post(PATH, signed(book, 5000, Role.ADMIN), 403)
    assert problem["code"] == "authority.role"
    assert problem["status"] == 403
    assert problem["checks"][0]["zh"]
    assert len(problem["act_id"]) == 64
    assert book.node.head().size == 41


def test_a_rule_refuses_with_409(book: Book, post: Call) -> None:
    payload = ProposeParameter(
        parameter="no_such", region="510000", dated=(Dated(value=1, basis="模拟", since_ms=1),)
    )
    act = wire(book.signed(payload, made_id("pch", 1), Role.RULEMAKER))
    codes = {one["code"] for one in post("/acts/parameter.propose", act, 409)["checks"]}
    assert codes == {"parameter.unknown", "parameter.retroactive"}


def test_trying_says_every_rule_and_writes_nothing(book: Book, post: Call) -> None:
    act = signed(book, 5000, Role.ADMIN)
    tried = post(f"{PATH}/check", {"body": act["body"]})
    assert tried["accepted"] is False
    assert {"authority.role": False}.items() <= {
        one["code"]: one["ok"] for one in tried["checks"]
    }.items()
    assert book.node.head().size == 41


def test_a_broken_signature_is_422(book: Book, post: Call) -> None:
    act = signed(book, 5000)
    act["signature"]["sig"] = "A" * 86
    assert post(PATH, act, 422)["code"].startswith("signature.")


@pytest.mark.parametrize(
    ("path", "value", "status", "code"),
    [
        (PATH, {"body": "", "signature": {}}, 422, "bytes.invalid"),
        (PATH, {"body": "!!", "signature": {}}, 422, "bytes.base64"),
        (PATH, {"body": "e30", "signature": {}}, 422, "api.act"),
        (PATH, {"body": "e30"}, 422, "api.json"),
        (PATH, {"body": "e30", "signature": {}, "more": 1}, 422, "api.json"),
        (PATH, b"[" * 5000, 422, "api.json"),
        (PATH, b"\xff", 422, "api.json"),
        (PATH, b" " * 100_000, 413, "api.too_large"),
        ("/acts/no.such", {"body": "e30", "signature": {}}, 404, "api.not_found"),
        ("/acts/genesis", {"body": "e30", "signature": {}}, 404, "api.not_found"),
        ("/acts", {"acts": []}, 422, "api.many"),
        (f"{PATH}/check", {"body": "e30", "signature": {}}, 422, "api.json"),
    ],
)
def test_what_is_malformed_is_said_in_both_languages(
    post: Call, path: str, value: Any, status: int, code: str
) -> None:
    problem = post(path, value, status)
    assert problem["code"] == code
    assert problem["title"] == problem["zh"]
    assert problem["en"] != problem["zh"]


def test_another_media_type_is_415(post: Call) -> None:
    assert post(PATH, b"{}", 415, content_type="text/plain")["code"] == "api.media_type"


def test_another_act_than_the_address_names_is_refused(book: Book, post: Call) -> None:
    assert post("/acts/person.register", signed(book, 1), 422)["code"] == "api.act"
