"""Proofs and logs that Python makes hold in JavaScript; with any byte changed they do not."""

import json
import random
from typing import Any

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page

from e2e.signing.books import FOUNDERS, OFFICER, ORIGIN, Book, full_book, witness_vkey
from e2e.signing.conftest import watched
from e2e.signing.server import Site
from shanhai.kernel.canonical import encode, to_base64
from shanhai.kernel.suite import INTL
from shanhai.ledger.checkpoint import parse_vkey
from shanhai.ledger.entry import SignatureBlock
from shanhai.ledger.proof import verify_proof

pytestmark = pytest.mark.e2e
PROVE = """async ([files, trust]) => {
  const { proveFile } = await import("/source/prove.js");
  const { fromBase64url } = await import("/source/bytes.js");
  const answers = [];
  for (const file of files) {
    const { verdict } = await proveFile(fromBase64url(file), trust);
    answers.push({ ok: verdict.ok, unproved: verdict.unproved, checks: verdict.checks });
  }
  return answers;
}"""
LOG = """async ([files, trust]) => {
  const { verifyLog } = await import("/source/logfile.js");
  const { fromBase64url } = await import("/source/bytes.js");
  const answers = [];
  for (const file of files) {
    const made = await verifyLog(new Blob([fromBase64url(file)]), trust);
    answers.push({ ok: made.verdict.ok, bad: made.bad, root: made.root, entries: made.entries,
      unproved: made.verdict.unproved, checks: made.verdict.checks });
  }
  return answers;
}"""


def prove(page: Page, files: list[bytes], trust: dict[str, Any]) -> list[dict[str, Any]]:
    return list(page.evaluate(PROVE, [[to_base64(file) for file in files], trust]))


def check_logs(page: Page, files: list[bytes], trust: dict[str, Any]) -> list[dict[str, Any]]:
    return list(page.evaluate(LOG, [[to_base64(file) for file in files], trust]))


def altered(raw: bytes, count: int) -> list[bytes]:
    """Change one byte at each of `count` places spread over the file."""
    source = random.Random(7)  # noqa: S311 - a sample of places, no secret
    places = sorted(source.sample(range(len(raw)), min(count, len(raw))))
    return [
        raw[:at] + bytes([raw[at] ^ (1 << source.randrange(8))]) + raw[at + 1 :] for at in places
    ]


@pytest.fixture
def anywhere(context: BrowserContext, site: Site) -> Page:
    """Open a blank page with and without Ed25519."""
    page = watched(context)
    page.goto(site.url("/"))
    return page


def test_a_proof_holds_in_javascript_as_in_python(anywhere: Page) -> None:
    book, index, opening, status = full_book()
    raw = book.proof(index, OFFICER, openings=(opening,), status=status, witnessed=True)
    trust = book.trust()
    assert verify_proof(INTL, raw, [parse_vkey(trust["vkey"])], ORIGIN, book.web).signer_checked
    (answer,) = prove(anywhere, [raw], trust | {"witnesses": [witness_vkey()]})
    assert answer["ok"], answer["checks"]
    assert answer["unproved"] == ["STATED", "UNANCHORED"]


def test_a_byte_changed_anywhere_in_a_proof_fails(anywhere: Page) -> None:
    book, index, opening, _ = full_book()
    raw = book.proof(index, OFFICER, openings=(opening,))
    bad = altered(raw, 150)
    answers = prove(anywhere, [raw, *bad], book.trust())
    assert answers[0]["ok"]
    assert [bad[at] for at, answer in enumerate(answers[1:]) if answer["ok"]] == []


def test_names_what_was_not_proved(page: Page) -> None:
    book, index, _, _ = full_book()
    (answer,) = prove(page, [book.proof(index)], {})
    assert answer["ok"]
    assert answer["unproved"] == ["SELF-ASSERTED", "UNSIGNED", "UNWITNESSED", "UNANCHORED"]


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        (
            {"vkey": "other.example+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"},
            "signed by the ledger",
        ),
        ({"ledger": "0" * 64}, "entry is whole"),
        ({"anchor": {"size": 9, "root": "0" * 64}}, "Continues"),
        ({"quorum": 2}, "Witnesses"),
    ],
)
def test_another_trust_fails_the_check_that_it_concerns(
    page: Page, change: dict[str, Any], failed: str
) -> None:
    book, index, _, _ = full_book()
    trust = book.trust() | {"witnesses": [witness_vkey()]} | change
    (answer,) = prove(page, [book.proof(index, OFFICER, witnessed=True)], trust)
    (name,) = [check["en"] for check in answer["checks"] if check["ok"] is False]
    assert failed in name


def test_an_opening_of_another_value_fails(page: Page) -> None:
    book, index, opening, _ = full_book()
    false = msgspec.structs.replace(opening, value=msgspec.Raw(encode("别人的账户")))
    (answer,) = prove(page, [book.proof(index, OFFICER, openings=(false,))], book.trust())
    assert not answer["ok"]


def test_an_earlier_checkpoint_is_continued(page: Page) -> None:
    book, index, _, _ = full_book()
    early = book.seen
    book.act(OFFICER)
    anchor = {"size": early.size, "root": early.root, "path": book.consistency(early.size)}
    (answer,) = prove(page, [book.proof(index, OFFICER)], book.trust() | {"anchor": anchor})
    assert answer["ok"], answer["checks"]
    assert "UNANCHORED" not in answer["unproved"]


def test_a_log_holds_and_gives_python_s_root(anywhere: Page) -> None:
    book, *_ = full_book()
    (answer,) = check_logs(anywhere, [book.log()], book.trust())
    assert answer["ok"], answer["checks"]
    assert (answer["entries"], answer["root"]) == (9, book.tree.root().hex())
    assert answer["unproved"] == ["UNWITNESSED", "UNANCHORED", "RULES"]


def test_a_byte_changed_anywhere_in_a_log_fails(page: Page) -> None:
    book, *_ = full_book()
    raw = book.log()
    bad = altered(raw, 200)
    answers = check_logs(page, [raw, *bad, raw + b"\n", raw[:-1]], book.trust())
    assert answers[0]["ok"]
    assert [at for at, answer in enumerate(answers[1:]) if answer["ok"]] == []


def test_a_log_names_its_first_bad_entry(page: Page) -> None:
    book, *_ = full_book()
    block = SignatureBlock("ed25519", to_base64(bytes(64)))
    bad = book.append(book.body(OFFICER, act="claim.review/1"), block)
    book.act(OFFICER)
    (answer,) = check_logs(page, [book.log()], book.trust())
    assert (answer["ok"], answer["bad"]) == (False, bad)


@pytest.mark.parametrize(
    "fields",
    [
        {"seen": {"root": "0" * 64, "size": 3}},
        {"made_ms": 1, "not_after_ms": 2},
        {"kid": "2" * 64},
        {"ledger": "3" * 64},
    ],
)
def test_a_log_refuses_what_an_officer_could_not_have_signed(
    page: Page, fields: dict[str, Any]
) -> None:
    book, *_ = full_book()
    raw = encode(json.loads(book.body(OFFICER)) | fields)
    index = book.append(raw, book.signed(OFFICER, raw))
    (answer,) = check_logs(page, [book.log()], book.trust())
    assert (answer["ok"], answer["bad"]) == (False, index)


def test_a_rewritten_log_is_found_by_an_anchor(page: Page) -> None:
    book, *_ = full_book()
    kept = {"size": book.seen.size, "root": book.seen.root}
    book.act(OFFICER)
    short = Book()
    for number in range(9):
        short.act(FOUNDERS[0], act="year.open/1", payload={"year": number})
    answers = check_logs(page, [book.log(), short.log()], book.trust() | {"anchor": kept})
    assert [answer["ok"] for answer in answers] == [True, False]
