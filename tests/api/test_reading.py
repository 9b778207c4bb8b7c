"""Lists, objects and the log over the API: the page's own filters and pages, cut to the reader's scope."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ledger_book import Book
from node.world import made_id
from shanhai.acts.officer import Organisation
from shanhai.domains.listings import LISTINGS
from shanhai.kernel.canonical import encode, from_base64
from shanhai.ledger.entry import unpack

pytestmark = pytest.mark.django_db
Get = Callable[..., Any]


def follow(get: Get, path: str) -> list[dict[str, Any]]:
    found = []
    while path:
        part = get(path.removeprefix("/api"))
        found += part["items"]
        path = part["next"]
    return found


def test_a_list_is_read_to_its_end_by_its_own_links(get: Get) -> None:
    names = [one["name"] for one in follow(get, "/organisation?size=7&sort=name&q=模拟合作社")]
    assert len(names) == 40
    assert names == sorted(names)


def test_the_way_back_is_the_way_there(get: Get) -> None:
    first = get("/organisation?size=7")
    second = get(first["next"].removeprefix("/api"))
    assert get(second["previous"].removeprefix("/api"))["items"] == first["items"]
    assert first["previous"] == ""


def test_filters_are_the_pages(get: Get) -> None:
    assert get("/organisation?kind=government")["count"] == 1
    assert get("/organisation?region=510722")["count"] == 40
    assert get("/organisation?q=模拟合作社7")["count"] == 1


def test_a_foreign_marker_is_422(get: Get) -> None:
    assert get("/organisation?after=e30", 422)["code"] == "listing.cursor"


def test_an_object_carries_the_digest_that_on_is_made_of(book: Book, get: Get) -> None:
    id_ = made_id("org", 1007)
    answer = get(f"/organisation/{id_}")
    known = book.node.storage.find(Organisation, id_)
    assert answer["digest"] == sha256(encode(known)).hexdigest()
    assert answer["object"]["name"] == "模拟合作社7"
    assert [one["act"] for one in answer["timeline"]] == ["organisation.register/1"]
    assert answer["timeline"][0]["text"]["zh"]


def test_the_public_sees_no_officers_and_cannot_tell_missing_from_hidden(get: Get) -> None:
    assert get("/person")["items"] == []
    hidden, missing = get(f"/person/{made_id('per', 1)}", 404), get("/person/per0", 404)
    assert hidden == missing


def test_every_list_answers_the_public(get: Get) -> None:
    for name in LISTINGS:
        assert get(f"/{name}")["noun"] == name


def test_a_longer_page_asks_no_more_of_the_database(get: Get) -> None:
    counts = []
    for size in (5, 40):
        with CaptureQueriesContext(connection) as queries:
            get(f"/organisation?size={size}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_head_is_the_signed_one(book: Book, get: Get) -> None:
    head = get("/head")
    assert head["size"] == 41
    assert head["root"] == book.node.head().root.hex()
    assert head["checkpoint"].encode() == book.get("checkpoint")[2]
    assert head["ledger"] == book.node.constants.ledger


def test_entries_are_read_newest_first(get: Get) -> None:
    part = get("/entries?size=30&noun=organisation")
    assert [one["index"] for one in part["entries"]] == list(range(40, 10, -1))
    assert part["older"]
    rest = get("/entries?size=30&noun=organisation&before=11")
    assert [one["index"] for one in rest["entries"]] == list(range(10, 0, -1))
    assert not rest["older"]


@pytest.mark.parametrize("query", ["day=x", "before=-1", "size=x", "after=9999999999999999"])
def test_a_wrong_filter_is_422(get: Get, query: str) -> None:
    assert get(f"/entries?{query}", 422)["code"] == "listing.filter"


def test_an_entry_gives_its_bytes(get: Get) -> None:
    found = get("/entries/7")
    packed = from_base64(found["entry"])
    assert sha256(b"\0" + packed).hexdigest() == found["leaf"]
    assert unpack(packed).body == from_base64(found["body"])
    assert get(f"/entries/{found['act_id']}") == found
    assert get("/entries/41", 404)["code"] == "ledger.unknown"


@pytest.mark.parametrize("path", ["/nothing", "/no/such/thing", "/acts/x/y"])
def test_an_unknown_address_is_a_problem_and_no_page(get: Get, path: str) -> None:
    assert get(path, 404)["code"] == "api.not_found"


def test_a_wrong_verb_is_405(book: Book) -> None:
    found = Client().delete("/api/organisation")
    assert found.status_code == 405
    assert found.headers["Content-Type"] == "application/problem+json"
    assert found.headers["Allow"]


def test_head_answers_like_get(book: Book) -> None:
    assert Client().head("/api/organisation").status_code == 200
