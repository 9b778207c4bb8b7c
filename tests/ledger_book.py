"""A small ledger in Django's database, the same bytes in every run, for tests of pages and of the API."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client as Browser

from node.world import World
from shanhai.domains.book.handle import forget, node, storage
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


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Let this test's ledger have its key and anchor in a folder of its own."""
    before = settings.DATA_DIR, os.environ.get("SHANHAI_ANCHORS")
    settings.DATA_DIR, os.environ["SHANHAI_ANCHORS"] = folder, str(folder / "anchors")
    make_log_key(folder, INTL.name, bytes(range(32)))
    try:
        yield
    finally:
        settings.DATA_DIR = before[0]
        if before[1] is None:
            del os.environ["SHANHAI_ANCHORS"]
        else:
            os.environ["SHANHAI_ANCHORS"] = before[1]
        forget()


def found_here(**more: Any) -> Book:
    """Found the ledger in this test's database."""
    made = Book(storage(), **more)
    made.node = node()
    return made
