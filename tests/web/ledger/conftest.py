"""A small ledger in Django's database, its key and anchor in folders of the test."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client as Browser

from node.world import World
from shanhai.domains.book.handle import node, storage
from shanhai.kernel.suite import INTL
from shanhai.node.folder import make_log_key
from web.ledger.c2sp_client import Answer, Client


class Book(World):
    """A world in Django's database; the platform's own node is asked for afterwards."""

    def grow(self, count: int) -> None:
        """Append registrations of organisations."""
        made = self.node.head().size
        done = self.node.submit_many(self.organisations(made, count), self.now)
        assert all(one.accepted for one in done)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch a file below `/ledger/` as a stranger does."""
        found = Browser().get(f"/ledger/{path}", headers=dict(headers or {}))
        raw = b"".join(found.streaming_content) if found.streaming else found.content  # type: ignore[attr-defined]
        return found.status_code, found.headers, raw

    def client(self) -> Client:
        """Return an independent client that trusts the key served now."""
        return Client(self.get, self.get("vkey")[2].decode().strip())


@pytest.fixture
def found_book(
    db: None, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Book]]:
    """Give what founds a ledger in this test's database."""

    def found(**more: Any) -> Book:
        settings.DATA_DIR = tmp_path
        monkeypatch.setitem(os.environ, "SHANHAI_ANCHORS", str(tmp_path / "anchors"))
        make_log_key(tmp_path, INTL.name, bytes(range(32)))
        made = Book(storage(), **more)
        made.node = node()
        return made

    yield found
    connection._shanhai_node = None  # type: ignore[attr-defined]  # noqa: SLF001 - its rows go with this test


@pytest.fixture
def book(found_book: Callable[..., Book]) -> Book:
    """A ledger with 300 entries: two tiles of leaves, one of subtrees."""
    made = found_book()
    made.grow(299)
    return made
