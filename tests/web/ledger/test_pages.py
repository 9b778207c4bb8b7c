"""The explorer and the proof page: every page says what it should, in both languages, at a fixed cost."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ledger_book import Book
from node.world import made_id
from shanhai.acts.genesis import Publication
from shanhai.domains.accounts.actor import PUBLIC
from shanhai.domains.book.entries import Wanted, listed
from shanhai.ledger.body import act_id
from shanhai.ledger.entry import unpack
from shanhai.web.objects.cells import address

pytestmark = pytest.mark.django_db


def text(path: str, lang: str = "zh-hans", status: int = 200) -> str:
    browser = Browser()
    browser.cookies["django_language"] = lang
    found = browser.get(path)
    assert found.status_code == status, path
    return found.content.decode()


def id_of(book: Book, index: int) -> str:
    packed = next(iter(book.node.storage.packed(index, index + 1)))
    return act_id(book.node.constants.suite, unpack(packed).body)


def test_the_explorer_says_where_the_ledger_stands(book: Book) -> None:
    found = text("/explorer")
    assert book.node.head().root.hex() in found
    assert book.node.constants.ledger in found
    assert found.count("<polygon") == (300).bit_count()
    assert "登记" in found
    assert "Register" in text("/explorer", "en")


def test_entries_are_paged_from_the_newest_to_genesis(book: Book) -> None:
    seen, want = list[int](), Wanted(size=40)
    while True:
        found = listed(PUBLIC, want)
        seen += [event.index for event in found.events]
        if not found.older:
            break
        want = Wanted(size=40, before=seen[-1])
    assert seen == list(range(299, -1, -1))
    back = listed(PUBLIC, Wanted(size=40, after=10))
    assert [event.index for event in back.events] == list(range(50, 10, -1))
    assert back.newer
    assert back.older


def test_filters_cut_the_list(book: Book) -> None:
    assert [e.index for e in listed(PUBLIC, Wanted(act="genesis")).events] == [0]
    assert [e.index for e in listed(PUBLIC, Wanted(noun="ledger")).events] == [0]
    assert len(listed(PUBLIC, Wanted(noun="organisation", size=400)).events) == 299
    assert listed(PUBLIC, Wanted(noun="claim")).events == []
    assert listed(PUBLIC, Wanted(act="no.such")).events == []
    subject = made_id("org", 1007)
    assert [e.index for e in listed(PUBLIC, Wanted(subject=subject)).events] == [7]


def test_a_day_is_a_range_of_the_log(book: Book) -> None:
    assert len(listed(PUBLIC, Wanted(day="2026-06-01", size=400)).events) == 300
    assert listed(PUBLIC, Wanted(day="2026-05-31")).events == []
    assert listed(PUBLIC, Wanted(day="2026-06-02")).events == []


@pytest.mark.parametrize("query", ["day=yesterday", "before=x", "after=-5", "before=" + "9" * 40])
def test_a_query_that_cannot_be_is_ignored(book: Book, query: str) -> None:
    text(f"/explorer?{query}")


def test_a_search_goes_where_the_word_leads(book: Book) -> None:
    browser, node = Browser(), book.node
    leaf = node.storage.node(0, 9).hex()
    for word in ("9", id_of(book, 9), f" {id_of(book, 9).upper()} ", leaf):
        assert browser.get("/explorer", {"q": word}).headers["Location"] == "/explorer/9"
    subject = made_id("org", 1009)
    assert browser.get("/explorer", {"q": subject}).headers["Location"] == (
        f"/explorer?subject={subject}#rows"
    )
    kid = next(iter(book.officers.values())).kid(node.constants.suite)
    assert f"kid={kid}" in browser.get("/explorer", {"q": kid}).headers["Location"]
    assert "没有找到" in text("/explorer?q=" + "0" * 64)
    assert "没有找到" in text("/explorer?q=300")


def test_an_entry_is_shown_down_to_its_bytes(book: Book) -> None:
    found = text("/explorer/7")
    packed = next(iter(book.node.storage.packed(7, 8)))
    assert unpack(packed).body.decode().replace('"', "&quot;") in found
    assert id_of(book, 7) in found
    assert "模拟合作社7" in found
    assert found.count("tree__box--sibling") == 9
    assert 'href="/explorer/6"' in found
    assert 'href="/explorer/8"' in found
    assert "<h1>" in text(f"/explorer/{id_of(book, 7)}")


def test_genesis_and_the_newest_entry_have_pages(book: Book) -> None:
    assert "创世" in text("/explorer/0")
    assert 'rel="next"' not in text("/explorer/299")


def test_an_entry_that_is_not_there_is_404_with_a_search(book: Book) -> None:
    for path in ("/explorer/300", "/proof/300", f"/proof/{'0' * 64}"):
        assert "账本中没有这一条" in text(path, status=404)


def test_the_proof_page_carries_what_the_browser_needs(book: Book) -> None:
    found = text("/proof/7")
    assert f"/ledger/proof/{id_of(book, 7)}" in found
    assert book.get("vkey")[2].decode().strip().replace("/", "\\u002F") in found.replace(
        "/", "\\u002F"
    )
    for word in ("SELF-ASSERTED", "UNANCHORED", "UNWITNESSED", "STATED", "RULES"):
        assert word in found
    assert "<svg" in found
    assert "/p/E" in found
    assert "What is not proved" in text("/proof/7", "en")


def test_the_short_address_leads_to_the_proof(book: Book) -> None:
    found = text("/proof/7")
    short = found.split("/p/")[1].split('"')[0]

    assert Browser().get(f"/p/{short}").headers["Location"] == f"/proof/{id_of(book, 7)}"


def test_the_printed_commands_are_true(book: Book) -> None:
    found = text("/explorer/verify")
    start = found.index("import base64")
    script = found[start : found.index("</pre>", start)]
    script = script.replace("&quot;", '"').replace("&amp;", "&")
    files = {
        "http://testserver/ledger/proof/299.json": book.get("proof/299.json")[2],
        "http://testserver/ledger/checkpoint": book.get("checkpoint")[2],
    }
    setup = f"import io, urllib.request\nurllib.request.urlopen = lambda url: io.BytesIO({files!r}[url])\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + script], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("True\nexample.org/moni\n300\n")


def test_the_bundle_is_held_against_the_ledgers_releases(book: Book) -> None:
    assert text("/explorer/verify").count("账本中没有这个哈希") == 3


@pytest.mark.parametrize("path", ["/explorer", "/explorer/7", "/proof/7", "/explorer/verify"])
def test_no_page_costs_more_in_a_longer_log(found_book: Callable[..., Book], path: str) -> None:
    made, counts = found_book(), list[int]()
    for grown in (60, 200):
        made.grow(grown)
        text(path)
        with CaptureQueriesContext(connection) as queries:
            text(path)
        tree = [q for q in queries if "tree_node" in q["sql"] or '"leaf"' in q["sql"]]
        counts.append(len(queries) - len(tree))
        assert len(tree) <= 2 * made.node.head().size.bit_length() + 4
    assert counts[0] == counts[1]


def test_a_members_ledger_shows_strangers_its_head_alone(found_book: Callable[..., Book]) -> None:
    made = found_book(publication=Publication.MEMBERS)
    made.grow(5)
    found = text("/explorer")
    assert "成员账本" in found
    assert "没有符合条件的记录" in found
    assert "只对成员单位公开" in text("/explorer/3", status=403)
    assert "只对成员单位公开" in text("/proof/3", status=403)


def test_without_a_ledger_the_pages_say_so(db: None) -> None:
    assert "这里还没有账本" in text("/explorer")
    assert "这里还没有账本" in text("/explorer/verify")


def test_an_object_whose_id_is_a_path_has_no_page_of_its_own() -> None:
    assert address("setting", "P15a/51") == ""
    assert address("organisation", "org1") == "/organisation/org1"


def test_old_addresses_of_entries_lead_to_their_proofs(book: Book) -> None:
    assert Browser().get("/ledger/entry/7").headers["Location"] == "/proof/7"
