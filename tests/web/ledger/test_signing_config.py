"""What the signing element is given: the checkpoint that the bytes name, the key that signed it, where proofs lie."""

import pytest
from django.test import RequestFactory

from ledger_book import Book
from node.world import made_id
from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.acts.roles import Role
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import desk
from shanhai.domains.book.desk import Prepared
from shanhai.ledger.checkpoint import parse_checkpoint, parse_note, parse_vkey, verify_note
from shanhai.web.acts.config import sign_config

pytestmark = pytest.mark.django_db


def prepared(book: Book, number: int) -> Prepared:
    officer = book.officers[Role.REGISTRAR]
    payload = RegisterOrganisation(
        name="模拟单位", kind=OrganisationKind.COMPANY, region="510722", code=f"{number:018d}"
    )
    actor = Actor(made_id("per", 0), officer.post, Role.REGISTRAR)
    kid = officer.kid(book.suite)
    return desk.prepare(actor=actor, payload=payload, subject=made_id("org", number), kid=kid)


def test_the_bytes_name_the_checkpoint_that_the_page_shows(book: Book) -> None:
    one = prepared(book, 9001)
    book.grow(3)  # somebody else acts between the bytes and the page
    config = sign_config(RequestFactory().get("/"), [one], [])
    note = parse_note(config["checkpoint"].encode())
    verify_note(note, [parse_vkey(config["vkey"])])
    shown = parse_checkpoint(note.text)
    assert one.body.seen is not None
    assert (shown.size, shown.root.hex()) == (one.body.seen.size, one.body.seen.root)
    assert shown.size == 300
    assert config["proof_url"] == "/ledger/proof/"
    assert config["ledger"] == book.node.constants.ledger


def test_bytes_made_at_two_heads_show_no_checkpoint(book: Book) -> None:
    first = prepared(book, 9001)
    book.grow(1)
    config = sign_config(RequestFactory().get("/"), [first, prepared(book, 9002)], [])
    assert "checkpoint" not in config
