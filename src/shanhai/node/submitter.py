"""Submitting to a consortium: an act goes to several nodes, again and again, until the own node has it.

Reads come from this organisation's own database. An act counts when it stands there; it is answered as refused when a
node refuses its form, or when it neither came with the newest blocks nor would pass after them.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from shanhai.kernel.errors import ShanhaiError, StorageError
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.ledger.body import MAX_BODY_BYTES, act_id
from shanhai.ledger.entry import MAX_ENTRY_BYTES
from shanhai.node.admission import Signed, parse_act
from shanhai.node.loop import Node, Outcome
from shanhai.node.rpc import Checked, Rpc
from shanhai.node.transactions import KNOWN, OK, transaction

PAUSE_S = 0.05
AGAIN_S = 2.0
"""After so long an act is offered once more: a node may have died with it."""
WAIT_S = 45.0
TEXTS |= {
    "consortium.late": Text(
        "已提交网络，{seconds} 秒内尚未入账；请稍后用同样内容重试（不会重复入账），或查看 shanhai node status",
        "Submitted to the network, not final within {seconds} s; send the same again shortly (it enters once only), or "
        "see shanhai node status",
    ),
    "consortium.unreachable": Text(
        "没有一个共识节点可以提交（{detail}）；本次未记账，请稍后重试或查看 shanhai node status",
        "No consensus node takes acts now ({detail}); nothing was written, try again or see shanhai node status",
    ),
    "consortium.inside": Text(
        "联盟账本的事项不能在数据库事务内提交，请由页面、接口或命令单独提交",
        "Acts of a consortium ledger are not submitted inside a database transaction; submit them on their own",
    ),
}


class NetworkNode(Node):
    """A node whose acts are ordered by the network; its own database is for reading."""

    tolerance_ms = 5 * 60_000
    """Ledger time is the network's, which may be ahead of this machine's."""

    def to(self, addresses: Sequence[str]) -> None:
        """Say where acts are handed in, the own node first."""
        self._addresses = tuple(addresses)

    def submit_many(self, signed: Sequence[Signed], now_ms: int) -> list[Outcome]:
        """Submit acts and wait until each is final or refused; see `Node.submit_many`.

        Raises:
            StorageError: `consortium.late`, `consortium.unreachable` or `consortium.inside`.
        """
        in_transaction: Callable[[], bool] | None = getattr(self.storage, "in_transaction", None)
        if in_transaction is not None and in_transaction():
            raise StorageError("consortium.inside")
        fits = [one for one in signed if not _too_large(one)]
        ports = [Rpc(one) for one in self._addresses]
        try:
            found = iter(Submission(self, ports, fits, now_ms).run())
            suite = self.constants.suite
            return [
                Outcome(act_id(suite, one.body), None, refused)
                if (refused := _too_large(one))
                else next(found)
                for one in signed
            ]
        finally:
            for port in ports:
                port.close()


def _too_large(signed: Signed) -> tuple[tuple[str, Facts], ...]:
    """Return why the network would carry no such act: it says so in its own words, and to nobody."""
    body, whole = len(signed.body), len(transaction(signed))
    if body > MAX_BODY_BYTES:
        return (("body.too_large", {"size": body, "limit": MAX_BODY_BYTES}),)
    if whole > MAX_ENTRY_BYTES:
        return (("entry.too_large", {"size": whole, "limit": MAX_ENTRY_BYTES}),)
    return ()


class Submission:
    """Some acts on their way."""

    def __init__(
        self, node: NetworkNode, ports: Sequence[Rpc], signed: Sequence[Signed], now_ms: int
    ) -> None:
        self.node, self.ports, self.now_ms = node, ports, now_ms
        suite = node.constants.suite
        self.ids = [act_id(suite, one.body) for one in signed]
        self.waiting = dict(zip(self.ids, signed, strict=True))
        self.outcomes: dict[str, Outcome] = {}

    def run(self) -> list[Outcome]:
        """Offer, wait, offer again; return the outcomes in order."""
        self._look(duplicate=True)
        began, offered, seen = time.monotonic(), 0.0, b""
        while self.waiting:
            now = time.monotonic()
            if now - began > WAIT_S:
                raise StorageError("consortium.late", seconds=int(WAIT_S))
            if not offered or now - offered > AGAIN_S:
                if offered:  # dropped by whoever proposed, or on its way still
                    self._judge()
                self._offer()
                offered = now
            time.sleep(PAUSE_S)
            root = self.node.head().root
            if root != seen:
                self._look(duplicate=False)
                if seen and self.waiting:
                    self._judge()
                seen = root
        return [self.outcomes[one] for one in self.ids]

    def _look(self, *, duplicate: bool) -> None:
        """Answer what the own database has."""
        for id, index in self.node.storage.known(list(self.waiting)).items():  # noqa: A001 - the field's name
            self.outcomes[id] = Outcome(id, self.node.receipt(index), duplicate=duplicate)
            del self.waiting[id]

    def _offer(self) -> None:
        """Offer everything that waits to every node; one that answers is enough."""
        ids = list(self.waiting)
        if not ids:
            return
        txs = [transaction(self.waiting[id]) for id in ids]  # noqa: A001 - the field's name
        answers: list[list[Checked]] = []
        detail = ""
        for port in self.ports:
            try:
                answers.append(port.broadcast(txs))
            except StorageError as error:
                detail = str(error.facts.get("detail", ""))
        if not answers:
            raise StorageError("consortium.unreachable", detail=detail)
        for at, id in enumerate(ids):  # noqa: A001 - the field's name
            said = [one[at] for one in answers]
            if all(one.code not in (OK, KNOWN, -1) for one in said):
                self._refuse(id, refusals_of(said[0].log))

    def _judge(self) -> None:
        """Answer what is final by now, and what would no longer pass after the newest block."""
        self._look(duplicate=False)
        for id, signed in list(self.waiting.items()):  # noqa: A001 - the field's name
            try:
                body, payload = parse_act(signed.body)
                verdict = self.node.dry_run(body, payload, self.now_ms)
            except ShanhaiError as error:
                self._refuse(id, ((error.code, error.facts),))
                continue
            if not verdict.accepted:
                self._refuse(id, tuple(verdict.refusals))

    def _refuse(self, id: str, refusals: tuple[tuple[str, Facts], ...]) -> None:  # noqa: A002 - the field's name
        self.outcomes[id] = Outcome(id, None, refusals)
        del self.waiting[id]


def refusals_of(log: str) -> tuple[tuple[str, Facts], ...]:
    """Read the reasons that a node gave for refusing an act."""
    try:
        found: list[tuple[str, dict[str, Any]]] = msgspec.json.decode(
            log, type=list[tuple[str, dict[str, Any]]]
        )
    except msgspec.MsgspecError:
        return (("consortium.unreachable", {"detail": log[:200]}),)
    return tuple(found)
