"""What `docs/dev/api.md` shows is what the API answers: recorded here, compared in every run.

`SHANHAI_RECORD=1 pytest tests/api/test_examples.py` writes the page anew.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from api.conftest import wire
from api.signing_client import Officer
from api.test_acts import registration
from ledger_book import Book
from node.world import made_id
from shanhai.acts.roles import Role
from shanhai.domains import clock

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/dev/api.md"
CLIENT = Path(__file__).with_name("signing_client.py")
INTRODUCTION = """# The API

Everything a page can show the API can read, everything a page can do the API can do. `/api/openapi.json` (OpenAPI 3.1) describes every
act and every list from the same declarations that make the pages; `/api/docs` is the page for people. This file is printed from
recorded requests by `tests/api/test_examples.py`, which fails when an answer changes.

- **Reading** is cut to the public's scope, or to the session's where there is one. What is missing and what is invisible answer alike, 404.
- **Writing** needs no session: the signature inside is the authority. An act's id is unique for ever, so sending the same bytes again is
  safe and gets the first receipt with `duplicate: true`.
- **Errors** have one shape, RFC 9457 with a code and both languages: 403 a missing right, 404 missing or invisible, 409 a rule (nothing was
  written; `checks` has every reason, `changed` says that what was signed is stale), 413, 415 and 422 for malformed requests, 429 with
  `Retry-After`, 503 when storage failed.
- **Limits**: a body 32 KiB, a request 96 KiB, a batch 500 acts and 4 MiB, a page 200 rows; each address 1,200 reads and 600 writes a minute
  (`SHANHAI_API_READS`, `SHANHAI_API_WRITES`).
- **Proofs** are files under `/ledger/`, C2SP tlog-tiles and tlog-proof: see `ledger-spec.md`.

## Recorded examples
"""


class Recorder:
    """Calls the API and keeps what was asked and answered."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def ask(self, title: str, method: str, path: str, value: Any = None) -> Any:
        """Make one request and record it."""
        found = self.call(method, path, value)
        kind = found.headers["Content-Type"].partition(";")[0]
        answer = found.json() if "json" in kind else None
        shown = _json(answer) if answer is not None else _cut(found.content.decode())
        lines = [f"### {title}", "", "```http", f"{method} {path}"]
        if value is not None:
            lines += ["Content-Type: application/json", "", _json(value)]
        lines += ["```", "", "```http", f"HTTP/1.1 {found.status_code}", f"Content-Type: {kind}"]
        self.parts.append("\n".join([*lines, "", shown, "```"]))
        return answer

    @staticmethod
    def call(method: str, path: str, value: Any = None) -> Any:
        """Make one request."""
        if method == "GET":
            return Client().get(path)
        return Client().post(path, json.dumps(value), "application/json")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _cut(text: str) -> str:
    lines = [line if len(line) <= 100 else f"{line[:97]}…" for line in text.splitlines()]
    return "\n".join(lines)


def record(book: Book) -> str:
    """Make every example and return the page."""
    made = Recorder()
    good = book.signed(registration(5000), made_id("org", 5000))
    foreign = book.signed(registration(5001), made_id("org", 5001), Role.ADMIN)
    path = "/api/acts/organisation.register"
    made.ask("Where the ledger stands", "GET", "/api/head")
    made.ask("A page of a list", "GET", "/api/organisation?kind=cooperative&sort=name&size=2")
    made.ask("One object with its timeline", "GET", f"/api/organisation/{made_id('org', 1007)}")
    made.ask("The JSON Schema of an act's payload", "GET", f"{path}/schema")
    made.ask("Trying an act", "POST", f"{path}/check", {"body": wire(foreign)["body"]})
    receipt = made.ask("Submitting a signed act", "POST", path, wire(good))
    made.ask("Submitting it again", "POST", path, wire(good))
    made.ask("An act that the post has no right to", "POST", path, wire(foreign))
    made.ask("The newest entry", "GET", "/api/entries?size=1")
    made.ask("Its proof file", "GET", receipt["proof_url"])
    made.ask("What is missing", "GET", "/api/organisation/none")
    client = CLIENT.read_text(encoding="utf-8").strip()
    ending = f"\n\n## A client that signs\n\n```python\n{client}\n```\n"
    return INTRODUCTION + "\n" + "\n\n".join(made.parts) + ending


def test_the_page_shows_what_the_api_answers(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "machine_ms", lambda: book.now)
    clock.set_offset(Path(_data_dir()), 0)
    page = record(book)
    if os.environ.get("SHANHAI_RECORD"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def _data_dir() -> str:
    from django.conf import settings  # noqa: PLC0415 - this test's folder

    return str(settings.DATA_DIR)


def test_the_printed_client_signs_with_nothing_but_the_api(book: Book) -> None:
    def call(method: str, path: str, value: Any = None) -> Any:
        return Recorder.call(method, path, value).json()

    seed = (100).to_bytes(32, "big")
    officer = Officer(seed, book.officers[Role.REGISTRAR].post, call)
    org, payload = made_id("org", 6000), {"kind": "company", "name": "模拟公司", "region": "510722"}
    accepted = officer.submit("organisation.register/1", org, payload | {"code": "9" * 18})
    assert accepted["receipt"]["index"] == 41, accepted
    person = {"name": "a" * 64, "organisation": org, "unique": True}
    accepted = officer.submit(
        "person.register/1", made_id("per", 6000), person, stands=[("organisation", org)]
    )
    assert accepted["receipt"]["index"] == 42, accepted
    stale = officer.submit("person.register/1", made_id("per", 6001), person)
    assert stale["changed"] is True
