"""What the shell of every page asks of the ledger."""

from typing import Any

from django.http import HttpRequest

from shanhai.domains.book.handle import ledger_now_ms, node_or_none
from shanhai.web.actor import resolve
from shanhai.web.context import Head, Slots


def head() -> Head | None:
    """Return the ledger's head for the footer; one query."""
    node = node_or_none()
    if node is None:
        return None
    found = node.head()
    return Head(found.size, found.root.hex())


def simulated() -> bool:
    """Return whether this ledger is a demonstration."""
    node = node_or_none()
    return bool(node and node.constants.simulated)


def posts(request: HttpRequest) -> list[Any]:
    """Return the posts that the signed-in officer may switch to."""
    return resolve(request)[1]


def fill() -> None:
    """Put the ledger's answers into the shell's slots."""
    Slots.head, Slots.simulated, Slots.posts = head, simulated, posts
    Slots.now = ledger_now_ms
