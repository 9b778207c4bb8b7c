"""The token bucket: five at once, then one every ten minutes, and no address kept."""

import pytest
from django.core.cache import cache, caches
from hypothesis import given
from hypothesis import strategies as st

from shanhai.domains.portal import bucket
from shanhai.kernel.errors import InvalidInputError

T0 = 1_780_000_000_000


@pytest.fixture(autouse=True)
def empty() -> None:
    cache.clear()


def test_five_at_once_and_the_sixth_waits() -> None:
    for _ in range(bucket.CAPACITY):
        bucket.take("a", T0)
    with pytest.raises(InvalidInputError) as refused:
        bucket.take("a", T0)
    assert refused.value.facts == {"minutes": 11}
    bucket.take("a", T0 + bucket.REFILL_MS)


def test_senders_have_a_bucket_each() -> None:
    for _ in range(bucket.CAPACITY):
        bucket.take("a", T0)
    bucket.take("b", T0)


def test_a_larger_bucket_refills_faster() -> None:
    for _ in range(bucket.MANY):
        bucket.take("a", T0, capacity=bucket.MANY)
    with pytest.raises(InvalidInputError):
        bucket.take("a", T0, capacity=bucket.MANY)
    bucket.take("a", T0 + bucket.CAPACITY * bucket.REFILL_MS // bucket.MANY, capacity=bucket.MANY)


def test_no_address_is_kept() -> None:
    bucket.take("203.0.113.9", T0)
    kept = repr(caches["default"]._cache)  # type: ignore[attr-defined]  # noqa: SLF001 - the memory's own dict
    assert "portal.bucket/" in kept
    assert "203.0.113.9" not in kept


@given(gaps=st.lists(st.integers(0, 3 * bucket.REFILL_MS), max_size=60))
def test_never_more_than_capacity_and_what_refilled(gaps: list[int]) -> None:
    cache.clear()
    now, taken = T0, 0
    for gap in gaps:
        now += gap
        try:
            bucket.take("x", now)
        except InvalidInputError:
            continue
        taken += 1
    assert taken <= bucket.CAPACITY + (now - T0) // bucket.REFILL_MS
