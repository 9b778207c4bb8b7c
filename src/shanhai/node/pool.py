"""What this node remembers of acts that wait for a block: decoded once, until when they count, which were refused."""

from collections.abc import Iterable
from typing import NamedTuple

from shanhai.kernel.errors import Refused
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import check_window
from shanhai.node.admission import Parsed, Signed, parse_act

MOST = 60_000
"""Waiting acts that are remembered; the node's own pool holds at most 50,000."""
QUOTA = 20_000
"""Acts of one key that may wait."""
TEXTS["pool.quota"] = Text(
    "该密钥等待入账的事项过多（{count}），请稍后再提交",
    "Too many acts of this key wait for a block ({count}); submit more later",
)


class Waiting(NamedTuple):
    """An act that waits."""

    kid: str
    not_after_ms: int
    parsed: Parsed


class Pool:
    """Acts by id; what is forgotten is read again."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._counts: dict[str, int] = {}
        self._refused: dict[str, None] = {}

    def parsed(self, act_id: str) -> Parsed | None:
        """Return an act as it was decoded when it came, None where that was not here."""
        found = self._waiting.get(act_id)
        return found.parsed if found is not None else None

    def read(self, act_id: str, signed: Signed, ledger: str, time_ms: int) -> Parsed:
        """Decode an act and let it wait.

        Raises:
            InvalidInputError: If its form does not hold.
            Refused: `pool.quota`, or as `check_window`.
        """
        found = self._waiting.get(act_id)
        parsed = found.parsed if found is not None else parse_act(signed.body)
        body = parsed[0]
        check_window(body, ledger, time_ms)
        if found is None:
            count = self._counts.get(body.kid, 0)
            if count >= QUOTA:
                raise Refused("pool.quota", count=count)
            if len(self._waiting) >= MOST:
                self._drop(next(iter(self._waiting)))
            self._counts[body.kid] = count + 1
            self._waiting[act_id] = Waiting(body.kid, body.not_after_ms, parsed)
        return parsed

    def waits(self, act_id: str, time_ms: int) -> bool:
        """Return whether an act may go on waiting; one that may not is forgotten."""
        found = self._waiting.get(act_id)
        if found is None:
            return False
        if act_id in self._refused or found.not_after_ms < time_ms:
            self._drop(act_id)
            return False
        return True

    def refuse(self, act_id: str) -> None:
        """Remember that the rules refused an act when its turn came."""
        if len(self._refused) >= MOST:
            del self._refused[next(iter(self._refused))]
        self._refused[act_id] = None

    def was_refused(self, act_id: str) -> bool:
        """Return whether an act was refused when its turn came, and forget it: it is judged anew."""
        return self._refused.pop(act_id, 0) is None

    def enter(self, act_ids: Iterable[str]) -> None:
        """Forget acts that stand in a block."""
        for act_id in act_ids:
            self._drop(act_id)

    def _drop(self, act_id: str) -> None:
        found = self._waiting.pop(act_id, None)
        if found is None:
            return
        left = self._counts[found.kid] - 1
        if left:
            self._counts[found.kid] = left
        else:
            del self._counts[found.kid]
