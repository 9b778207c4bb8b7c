"""The ledger's files answer a client written from the C2SP texts, and say no where they must."""

import base64
import hashlib
import json
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from ledger_book import Book
from shanhai.acts.genesis import Publication
from shanhai.ledger.proof import verify_proof
from shanhai.web.ledger.files import takes_gzip
from web.ledger.c2sp_client import (
    Wrong,
    consistency_roots,
    inclusion_root,
    leaf_hash,
    tree_hash,
)

pytestmark = pytest.mark.django_db


def test_an_independent_client_follows_the_log(book: Book) -> None:
    client = book.client()
    client.follow()
    assert client.size == 300
    entries = client.entries(300)
    assert tree_hash([leaf_hash(one) for one in entries]) == client.root
    book.grow(20)
    client.follow()
    assert client.size == 320


def test_an_independent_client_checks_inclusion(book: Book) -> None:
    client = book.client()
    size, root = client.checkpoint()
    for index in (0, 1, 255, 256, 299):
        found = json.loads(book.get(f"proof/{index}.json")[2])
        path = [base64.b64decode(part) for part in found["path"]]
        entry = base64.urlsafe_b64decode(found["entry"] + "==")
        assert inclusion_root(leaf_hash(entry), index, size, path) == root
        assert inclusion_root(leaf_hash(entry + b"!"), index, size, path) != root


def test_an_independent_client_checks_consistency(book: Book) -> None:
    client = book.client()
    size, root = client.checkpoint()
    leaves = client.level(0, size)
    for old in (1, 2, 128, 255, 256, 257, 299, 300):
        found = json.loads(book.get(f"consistency?from={old}&to={size}")[2])
        path = [bytes.fromhex(part) for part in found["path"]]
        old_root = tree_hash(leaves[:old])
        assert consistency_roots(old, size, path, old_root) == (old_root, root)


def test_a_changed_database_is_caught_by_the_client(book: Book) -> None:
    client = book.client()
    client.follow()
    client.root = hashlib.sha256(b"another history").digest()
    with pytest.raises(Wrong, match="history"):
        client.follow()


def test_another_key_than_the_one_given_is_refused(book: Book) -> None:
    client = book.client()
    client.key_id = b"\0\0\0\0"
    with pytest.raises(Wrong, match="signed"):
        client.checkpoint()


def test_full_and_partial_tiles_are_cached_for_ever_and_for_everyone(book: Book) -> None:
    for path in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"):
        status, headers, _ = book.get(path)
        assert status == 200
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in headers.get("Vary", "")
        assert "Content-Language" not in headers
        assert headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002",
        "tile/0/001",
        "tile/0/001.p/45",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/entries/001",
        "tile/data/000",
        "tile/0/x000/000",
    ],
)
def test_what_the_tree_does_not_have_is_not_served(book: Book, path: str) -> None:
    assert book.get(path)[0] == 404


def test_only_bundles_are_compressed_and_only_when_asked(book: Book) -> None:
    gzip = {"Accept-Encoding": "gzip"}
    assert book.get("tile/entries/000", gzip)[1]["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in book.get("tile/entries/000", {})[1]
    assert book.get("tile/entries/000", {})[1]["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in book.get("tile/0/000", gzip)[1]
    assert "Content-Encoding" not in book.get("checkpoint", gzip)[1]


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("identity", False),
        ("", False),
    ],
)
def test_accept_encoding_is_read_as_http_says(header: str, *, takes: bool) -> None:
    assert takes_gzip(header) is takes


def test_head_answers_like_get_and_other_verbs_are_refused(book: Book) -> None:
    assert Browser().head("/ledger/checkpoint").status_code == 200
    assert Browser().post("/ledger/checkpoint").status_code == 405


def test_a_proof_is_found_by_index_and_by_act_id(book: Book) -> None:
    known = book.node.constants
    by_index = book.get("proof/7")
    act = json.loads(book.get("proof/7.json")[2])
    assert act["index"] == 7
    client = book.client()
    from shanhai.domains.book.archive import opened  # noqa: PLC0415 - beside its only use

    key = opened()[1].vkey(book.node)
    found = verify_proof(known.suite, by_index[2], [key], client.name, known.web)
    assert found.signer_checked
    assert found.status is not None
    assert found.status.voided_by == 0
    from shanhai.ledger.body import act_id  # noqa: PLC0415
    from shanhai.ledger.entry import unpack  # noqa: PLC0415

    packed = next(iter(book.node.storage.packed(7, 8)))
    assert book.get(f"proof/{act_id(known.suite, unpack(packed).body)}")[2] == by_index[2]


@pytest.mark.parametrize("ref", ["300", "0" * 64, "abc", "00", "1" * 40])
def test_an_unknown_proof_is_404_in_both_languages(book: Book, ref: str) -> None:
    status, headers, body = book.get(f"proof/{ref}")
    assert status == 404
    assert headers["Content-Type"].startswith("text/plain")
    assert "请核对" in body.decode()
    assert "The ledger has no entry" in body.decode()


@pytest.mark.parametrize("query", ["", "?from=1", "?from=0&to=3", "?from=9&to=301", "?from=x&to=2"])
def test_a_consistency_path_that_cannot_be_is_refused(book: Book, query: str) -> None:
    assert book.get(f"consistency{query}")[0] == 422


def test_the_whole_log_verifies_after_download(book: Book) -> None:
    import io  # noqa: PLC0415

    from shanhai.node.verify import Trust, verify_log  # noqa: PLC0415

    status, headers, body = book.get("log")
    assert status == 200
    assert headers["Content-Disposition"].endswith('-300.log"')
    report = verify_log(io.BytesIO(body), Trust(ledger=book.node.constants.ledger))
    assert report.entries == 300


def test_without_a_ledger_there_are_no_files(db: None) -> None:
    assert Browser().get("/ledger/checkpoint").status_code == 404


def test_a_members_ledger_keeps_entries_to_its_members(found_book: Callable[..., Book]) -> None:
    made = found_book(publication=Publication.MEMBERS)
    made.grow(5)
    assert made.get("tile/0/000.p/6")[0] == 200
    assert made.get("checkpoint")[0] == 200
    for path in ("tile/entries/000.p/6", "proof/2", "proof/2.json", "log"):
        status, headers, body = made.get(path)
        assert status == 403, path
        assert "只对成员单位公开" in body.decode()
        assert "immutable" not in headers["Cache-Control"]
