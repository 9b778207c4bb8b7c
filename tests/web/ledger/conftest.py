"""Ledgers of one test each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger_book import Book, found_here, kept_in


@pytest.fixture
def found_book(db: None, tmp_path: Path) -> Iterator[Callable[..., Book]]:
    """Give what founds a ledger in this test's database."""
    with kept_in(tmp_path):
        yield found_here


@pytest.fixture
def book(found_book: Callable[..., Book]) -> Book:
    """A ledger with 300 entries: two tiles of leaves, one of subtrees."""
    made = found_book()
    made.grow(299)
    return made
