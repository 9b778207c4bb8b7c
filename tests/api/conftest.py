"""A ledger with forty organisations, and a client that speaks JSON."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from ledger_book import Book, found_here, kept_in
from shanhai.domains import clock
from shanhai.kernel.canonical import to_base64
from shanhai.node.admission import Signed

Call = Callable[..., HttpResponse]


@pytest.fixture
def book(db: None, tmp_path: Path) -> Iterator[Book]:
    """Found the ledger and fill it."""
    cache.clear()
    with kept_in(tmp_path):
        made = found_here()
        made.grow(40)
        clock.set_offset(tmp_path, made.now - clock.machine_ms())
        yield made


@pytest.fixture
def get(book: Book) -> Callable[..., Any]:
    """Return what fetches an address and decodes its JSON."""

    def fetch(path: str, status: int = 200) -> Any:
        found = Client().get(f"/api{path}")
        assert found.status_code == status, found.content[:300]
        return msgspec.json.decode(found.content)

    return fetch


@pytest.fixture
def post(book: Book) -> Callable[..., Any]:
    """Return what posts JSON, without cookie or token."""
    client = Client(enforce_csrf_checks=True)

    def send(path: str, value: Any, status: int = 200, **more: Any) -> Any:
        raw = value if isinstance(value, bytes) else msgspec.json.encode(value)
        options = {"content_type": "application/json"} | more
        found = client.post(f"/api{path}", raw, **options)
        assert found.status_code == status, found.content[:300]
        return msgspec.json.decode(found.content)

    return send


def wire(signed: Signed) -> dict[str, Any]:
    """Return a signed act as the API takes it."""
    return {"body": to_base64(signed.body), "signature": msgspec.json.decode(signed.signature)}
