"""Too many requests are told how long to wait; reading and writing have buckets of their own."""

import pytest
from django.core.cache import cache
from django.test import Client

from ledger_book import Book
from shanhai.api import limits
from shanhai.api.limits import Bucket
from shanhai.kernel.errors import InvalidInputError

SMALL = Bucket("test", 60)


def test_a_bucket_empties_and_fills_again() -> None:
    cache.clear()
    for _ in range(60):
        SMALL.take("a", 0)
    with pytest.raises(InvalidInputError, match=r"api\.too_many") as refused:
        SMALL.take("a", 0)
    assert refused.value.facts == {"seconds": 2}
    SMALL.take("b", 0)
    SMALL.take("a", 1_000)
    with pytest.raises(InvalidInputError):
        SMALL.take("a", 1_500)


def test_the_answer_says_how_long_to_wait(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READS", Bucket("few", 2))
    statuses = [Client().get("/api/").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = Client().get("/api/")
    assert refused.headers["Retry-After"] == "30"
    assert refused.json()["code"] == "api.too_many"
    assert Client().post("/api/acts", b"{}", "application/json").status_code == 422
