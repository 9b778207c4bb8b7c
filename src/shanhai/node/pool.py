"""What this node remembers of acts that wait for a block: read once, until when they count, which were refused.

It remembers as well which acts entered lately, so that a waiting act need not be looked up in the log each time.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from shanhai.kernel.errors import Refused
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import EARLY_MS, act_id, check_window
from shanhai.node.admission import Parsed, Signed, parse_act
from shanhai.node.transactions import signed_of

MOST = 60_000
"""Waiting acts that are remembered; the node's own pool holds at most 50,000."""
ENTERED = 150_000
"""Acts that entered which are remembered: more than what 400 a second make in the time a signer's clock may be ahead."""
QUOTA = 20_000
"""Acts of one key that may wait."""
STANDS = frozenset({"consensus.known", "pool.waits"})
"""What is no refusal: the act is in the log, or on its way there."""
TEXTS |= {
    "pool.quota": Text(
        "该密钥等待入账的事项过多（{count}），请稍后再提交",
        "Too many acts of this key wait for a block ({count}); submit more later",
    ),
    "pool.waits": Text(
        "该事项已用另一个签名提交，正等待入账，无需再次提交",
        "The act was submitted under another signature and waits for a block; it need not be submitted again",
    ),
}


class Read(NamedTuple):
    """A transaction taken apart; `parsed` where it was decoded."""

    act_id: str
    signed: Signed
    parsed: Parsed | None


class Pool:
    """Acts by transaction; what is forgotten is read again."""

    def __init__(
        self, suite: Suite, since_ms: int = 0, entered: Iterable[tuple[str, int]] = ()
    ) -> None:
        """Begin.

        Args:
            suite: Of the ledger.
            since_ms: Ledger time up to which nothing is known of what entered.
            entered: Act ids and times of all that entered since, oldest first.
        """
        self._suite, self._since = suite, since_ms
        self._waiting: dict[bytes, tuple[Read, Parsed]] = {}
        self._ids: dict[str, bytes] = {}  # the transaction of each act that waits
        self._gone: list[bytes] = []
        self._counts: dict[str, int] = {}
        self._refused: dict[str, None] = {}
        self._entered = dict(entered)

    def read(self, tx: bytes) -> Read:
        """Take a transaction apart; one that waits was so before.

        Raises:
            InvalidInputError: `consensus.tx`.
        """
        found = self._waiting.get(tx)
        if found is not None:
            return found[0]
        signed = signed_of(tx)
        return Read(act_id(self._suite, signed.body), signed, None)

    def wait(self, tx: bytes, read: Read, ledger: str, time_ms: int) -> Parsed:
        """Decode an act and let it wait.

        Raises:
            InvalidInputError: If its form does not hold.
            Refused: `pool.waits`, `pool.quota`, or as `check_window`.
        """
        found = self._waiting.get(tx)
        parsed = found[1] if found is not None else parse_act(read.signed.body)
        body = parsed[0]
        check_window(body, ledger, time_ms)
        if found is None:
            if read.act_id in self._ids:
                raise Refused("pool.waits")
            count = self._counts.get(body.kid, 0)
            if count >= QUOTA:
                raise Refused("pool.quota", count=count)
            if len(self._waiting) >= MOST:
                self.drop(next(iter(self._waiting)))
            self._counts[body.kid] = count + 1
            self._waiting[tx] = read._replace(parsed=parsed), parsed
            self._ids[read.act_id] = tx
        return parsed

    def gone(self, time_ms: int) -> bytes:
        """Return the SHA-256 of every transaction that waits no longer and stood in no block, since this was last asked.

        Args:
            time_ms: Ledger time; what was signed for until before then waits no longer.
        """
        late = [tx for tx, (_, (body, _)) in self._waiting.items() if body.not_after_ms < time_ms]
        for tx in late:
            self.drop(tx)
        gone, self._gone = self._gone, []
        return b"".join(gone)

    def refuse(self, act_id: str) -> None:
        """Remember that the rules refused an act when its turn came; it waits no longer."""
        self.drop(self._ids.get(act_id, b""))
        if len(self._refused) >= MOST:
            del self._refused[next(iter(self._refused))]
        self._refused[act_id] = None

    def was_refused(self, act_id: str) -> bool:
        """Return whether an act was refused when its turn came, and forget it: it is judged anew."""
        return self._refused.pop(act_id, 0) is None

    def entered(self, act_id: str) -> bool:
        """Return whether an act is known to have entered lately."""
        return act_id in self._entered

    def may_stand(self, made_ms: int) -> bool:
        """Return whether an act made then may have entered unknown to this pool: before it began, or forgotten since."""
        return made_ms - EARLY_MS <= self._since

    def enter(self, time_ms: int, txs: Iterable[bytes], act_ids: Sequence[str]) -> None:
        """Note acts that stand in a block of that time; they wait no more, under whatever signature."""
        for tx in txs:
            self.forget(tx)
        for id in act_ids:  # noqa: A001 - the field's name
            self.drop(self._ids.get(id, b""))
        self._entered |= dict.fromkeys(act_ids, time_ms)
        while len(self._entered) > ENTERED:
            oldest = next(iter(self._entered))
            self._since = max(self._since, self._entered.pop(oldest))

    def drop(self, tx: bytes) -> None:
        """Forget a transaction, if it waits, and let the consensus node forget it."""
        if self.forget(tx):
            self._gone.append(sha256(tx).digest())

    def forget(self, tx: bytes) -> bool:
        """Forget a transaction that the consensus node does not hold; return whether it waited."""
        found = self._waiting.pop(tx, None)
        if found is None:
            return False
        (id, _, _), (body, _) = found  # noqa: A001 - the field's name
        del self._ids[id]
        left = self._counts[body.kid] - 1
        if left:
            self._counts[body.kid] = left
        else:
            del self._counts[body.kid]
        return True
