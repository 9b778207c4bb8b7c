"""An officer's keys: which sign, and from when each may do what."""

from typing import NamedTuple

from shanhai.acts.machine import Key, KeyState, Post, Setting
from shanhai.acts.machine.values import KEY_DELAY
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.kernel.regions import look_up

HOUR_MS = 3_600_000


def active_kids(person: str) -> list[str]:
    """Return the kids a person may sign with, the newest first; one query."""
    rows = row_of(Key).objects.filter(person=person, state=KeyState.ACTIVE)
    return [key.id for key in sorted(structs(Key, rows), key=lambda key: -key.confirmed_ms)]


class HeldKey(NamedTuple):
    """A key and the time from which it may approve and pay, 0 where there is no delay."""

    key: Key
    heavy_ms: int

    def waiting(self, now_ms: int) -> bool:
        """Return whether approving and paying has to wait still."""
        return self.key.state is KeyState.ACTIVE and self.heavy_ms > now_ms


def keys_of(person: str, post: Post | None, now_ms: int) -> list[HeldKey]:
    """Return a person's keys, the newest first; two queries.

    Args:
        person: Whose keys.
        post: The post acted in: its region sets the delay, and it starts no earlier than its grant.
        now_ms: Epoch ms.
    """
    found = structs(Key, row_of(Key).objects.filter(person=person).order_by("-confirmed_ms", "id"))
    delay = key_delay_ms(post.region if post else "", now_ms)
    granted = post.granted_ms if post else 0
    return [HeldKey(key, max(key.confirmed_ms, granted) + delay if delay else 0) for key in found]


def key_delay_ms(region: str, now_ms: int) -> int:
    """Return how long a new approver's or payer's key waits, 0 where the delay is unset."""
    cuts = [f"{KEY_DELAY.id}/{cut}" for cut in look_up(region)] if region else []
    known = by_id(Setting, cuts)
    dated = next((found for cut in cuts if cut in known and (found := known[cut].at(now_ms))), None)
    return dated.value * HOUR_MS if dated else 0
