"""A site with witnesses: it offers checkpoints, takes cosignatures, and calls nothing final without them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser

from ledger_book import Book
from node.witness.network import identity
from shanhai.acts.genesis import Publication
from shanhai.domains.clock import machine_ms
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.certificate import certify
from shanhai.ledger.checkpoint import parse_note
from shanhai.ledger.policy import parse_policy
from shanhai.ledger.proof import parse_proof
from shanhai.node.memory import Memory
from shanhai.node.witness.folder import POLICY
from shanhai.node.witness.letter import HEADER, letter
from shanhai.node.witness.mirror import Mirror, Shelves
from shanhai.node.witness.round import Round, Sequencer, run_round
from shanhai.node.witness.shelf import MemoryShelf

pytestmark = pytest.mark.django_db
NAMES = ("模拟东部省", "模拟西部省", "模拟审计署", "模拟银行")


def policy_text(vkey: str) -> str:
    """Return a policy of four domains; two are a pair."""
    lines = [f'log = "{vkey}"', "faults = 1"]
    for number, name in enumerate(NAMES):
        key = identity(number).vkey.line
        lines += ["[[domain]]", f'name = "{name}"', "[[domain.witness]]", f'vkey = "{key}"']
    return "\n".join(
        [*lines, "[[interest]]", 'name = "模拟结对"', f'domains = ["{NAMES[0]}", "{NAMES[1]}"]', ""]
    )


class Watched:
    """A book with mirrors that reach it through Django's client."""

    def __init__(self, book: Book) -> None:
        self.book = book
        text = policy_text(book.get("vkey")[2].decode().strip())
        (Path(settings.DATA_DIR) / POLICY).write_text(text, encoding="utf-8")
        self.policy = parse_policy(text.encode())
        self.mirrors = [
            Mirror(Memory(), self.policy, identity(n), Shelves(MemoryShelf(), MemoryShelf()))
            for n in range(len(NAMES))
        ]

    def get(self, path: str) -> bytes:
        """Read a file as a mirror does."""
        status, _, raw = self.book.get(path)
        if status != 200:
            raise InvalidInputError("remote.unreachable", url="", path=path, detail=str(status))
        return raw

    def deliver(self, note: bytes) -> str:
        """Deliver a cosigned note; no cookie, no token."""
        found = Browser(enforce_csrf_checks=True).post(
            "/ledger/cosignatures", note, content_type="text/plain"
        )
        assert found.status_code == 200, found.content.decode()
        return found.content.decode()

    def round(self, number: int) -> Round:
        """Run one mirror's round."""
        site = Sequencer(self.get, self.deliver, lambda _: None, lambda _: None)
        return run_round(self.mirrors[number], site, {}, self.book.now)


@pytest.fixture
def watched(book: Book) -> Watched:
    return Watched(book)


def test_three_of_four_make_the_checkpoint_final(watched: Watched) -> None:
    for number in (0, 1):
        assert watched.round(number).refused is None
    assert watched.book.get("final")[0] == 404
    assert watched.round(2).refused is None
    note = parse_note(watched.get("final"))
    assert certify(note, watched.policy).final
    assert parse_note(watched.get("checkpoint")).signatures == note.signatures


def test_a_proof_is_made_against_the_final_checkpoint(watched: Watched) -> None:
    for number in range(3):
        watched.round(number)
    watched.book.grow(3)
    old, new = (parse_proof(watched.get(f"proof/{index}")) for index in (5, 301))
    assert certify(parse_note(old.note), watched.policy).final
    assert old.note.split(b"\n")[1] == b"300"
    assert not certify(parse_note(new.note), watched.policy).signed


def test_the_proof_page_calls_nothing_final_without_a_quorum(watched: Watched) -> None:
    page = Browser().get("/proof/5").content.decode()
    assert "尚未最终确认" in page
    for number in range(3):
        watched.round(number)
    page = Browser().get("/proof/5").content.decode()
    assert "已最终确认：3 个故障域联署（需 3 个，共 4 个）" in page
    assert "“模拟结对”各方串通" in page
    watched.book.grow(1)
    assert "尚未最终确认" in Browser().get("/proof/300").content.decode()


def test_a_client_is_told_what_to_count(watched: Watched) -> None:
    found = json.loads(watched.get("trust.json"))
    assert (found["quorum"], found["faults"], found["domains"]) == (3, 1, list(NAMES))
    assert found["witnesses"][1] == [identity(1).vkey.line]


def test_a_witness_of_a_members_ledger_signs_in_with_its_key(
    found_book: Callable[..., Book],
) -> None:
    book = found_book(publication=Publication.MEMBERS)
    book.grow(5)
    text = policy_text(book.get("vkey")[2].decode().strip())
    (Path(settings.DATA_DIR) / POLICY).write_text(text, encoding="utf-8")
    path, now_s = "tile/entries/000.p/6", machine_ms() // 1000

    def status(by: int, of: str, at_s: int) -> int:
        return book.get(path, {HEADER: letter(identity(by), of, at_s)})[0]

    full = f"/ledger/{path}"
    assert status(1, full, now_s) == 200
    assert status(6, full, now_s) == 403  # a key that is no witness's
    assert status(1, f"{full}7", now_s) == 403
    assert status(1, full, now_s - 86_400) == 403
    assert book.get(path, {HEADER: "junk"})[0] == 403


def test_what_is_no_cosignature_is_refused_in_words(watched: Watched) -> None:
    for raw in (b"", b"junk", watched.get("checkpoint"), b"x" * 70_000):
        found = Browser().post("/ledger/cosignatures", raw, content_type="text/plain")
        assert found.status_code == 422
        assert len(found.content.decode().splitlines()) == 2
    assert Browser().get("/ledger/cosignatures").status_code == 405


def test_without_a_policy_nothing_is_taken(book: Book) -> None:
    found = Browser().post("/ledger/cosignatures", b"x", content_type="text/plain")
    assert found.status_code == 422
    assert "witness.none" in found.content.decode()
    assert "witnesses" not in json.loads(book.get("trust.json")[2])
    assert "最终确认：" not in Browser().get("/proof/5").content.decode()


def test_a_policy_that_cannot_hold_is_named(book: Book) -> None:
    (Path(settings.DATA_DIR) / POLICY).write_text("faults = 1\n")
    status, _, raw = book.get("checkpoint")
    assert status == 422
    assert "mirror example" in raw.decode()
