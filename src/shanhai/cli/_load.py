"""A steady load on a consortium: offered open-loop to its nodes in turn, retried until final or refused.

A transaction's time runs from when it is first handed to a node until a poll, every 50 ms, finds it executed and
committed. What several seconds did not finish is offered again to the next node, under the same id.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, NamedTuple, Protocol

from shanhai.kernel.errors import StorageError
from shanhai.node.rpc import Checked, Rpc

TICK_S, POLL_S, AGAIN_S, DRAIN_S = 0.02, 0.05, 3.0, 90.0
TIMEOUT_S = 10.0
OK, KNOWN = 0, 3
UNREACHED = Checked(-1, "")
Offered = tuple[str, bytes]


class Source(Protocol):
    """What is offered, and how it is seen to be final."""

    def make(self, count: int) -> list[Offered]:
        """Return so many new transactions, each with its id."""

    def begin(self, ports: Sequence[Rpc]) -> None:
        """Do what must stand before the load; note where the chain is."""

    def finished(self, port: Rpc) -> list[str]:
        """Return the ids that became final since the last call."""


class Waiting(NamedTuple):
    """A transaction on its way: its bytes, when it was first handed in, when it was last."""

    tx: bytes
    since: float
    offered: float


class Load:
    """One run."""

    def __init__(self, rpcs: Sequence[str], source: Source) -> None:
        """Begin.

        Args:
            rpcs: Each node's consensus port, host and port.
            source: What is sent.
        """
        self.source, self._rpcs = source, list(rpcs)
        self._polled = 0
        self._ports = [Rpc(one, TIMEOUT_S) for one in rpcs]
        self._answers: SimpleQueue[list[tuple[str, Checked]]] = SimpleQueue()
        self._busy: list[Future[None] | None] = [None] * len(rpcs)
        self._threads = [
            ThreadPoolExecutor(1) for _ in rpcs
        ]  # one a node, whose connection bears no two
        self.waiting: dict[str, Waiting] = {}
        self.times: list[float] = []
        self.sent = self.refused = 0
        self.first = self.last = 0.0
        self._turn = 0

    def run(self, rate: float, seconds: float, drain_s: float = DRAIN_S) -> dict[str, Any]:
        """Offer so many a second for so long; return counts and quantiles."""
        poll = [Rpc(one, TIMEOUT_S) for one in self._rpcs]
        try:
            self.source.begin(poll)
            began = time.monotonic()
            while (now := time.monotonic() - began) < seconds:
                self._send(int(rate * now) + 1 - self.sent)
                self._step(poll)
            sent_for = time.monotonic() - began
            until = time.monotonic() + drain_s
            while self.waiting and time.monotonic() < until:
                self._step(poll)
        finally:
            for thread in self._threads:
                thread.shutdown()
            for one in (*poll, *self._ports):
                one.close()
        return self.figures(sent_for)

    def figures(self, seconds: float) -> dict[str, Any]:
        """Return what came of it; times in seconds."""
        times = sorted(self.times)
        spent = max(self.last - self.first, 1e-9)
        return {
            "sent": self.sent,
            "final": len(times),
            "refused": self.refused,
            "lost": self.sent - len(times) - self.refused,
            "p50_s": quantile(times, 50),
            "p95_s": quantile(times, 95),
            "seconds": round(seconds, 2),
            "sent_per_s": round(self.sent / seconds, 1),
            "final_per_s": round(len(times) / spent, 1),
        }

    def _step(self, poll: Sequence[Rpc]) -> None:
        """Wait a moment, see what became final, offer again what waits too long."""
        time.sleep(TICK_S)
        self._take_answers()
        now = time.monotonic()
        if now - self._polled_at >= POLL_S:
            self._polled_at = now
            self._poll(poll)
        if now - self._again_at >= 1:
            self._again_at = now
            old = [id for id, one in self.waiting.items() if now - one.offered > AGAIN_S]  # noqa: A001 - an act's id
            if old:
                self._offer([(id, self.waiting[id].tx) for id in old])  # noqa: A001 - an act's id

    _polled_at = _again_at = 0.0

    def _send(self, count: int) -> None:
        if count > 0:
            made = self.source.make(count)
            self.sent += len(made)
            now = time.monotonic()
            self.first = self.first or now
            self.waiting |= {id: Waiting(tx, now, now) for id, tx in made}  # noqa: A001 - an act's id
            self._offer(made)

    def _offer(self, made: Sequence[Offered]) -> None:
        """Hand transactions to the next node whose last answer has come; each node is asked by one thread."""
        now = time.monotonic()
        for id, _ in made:  # noqa: A001 - an act's id
            self.waiting[id] = self.waiting[id]._replace(offered=now)
        for _ in self._ports:
            self._turn = (self._turn + 1) % len(self._ports)
            busy = self._busy[self._turn]
            if busy is None or busy.done():
                break
        at = self._turn
        self._busy[at] = self._threads[at].submit(self._hand_in, self._ports[at], list(made))

    def _hand_in(self, port: Rpc, made: Sequence[Offered]) -> None:
        """Run in a thread of the node's own: hand in, and leave the answers to the main thread."""
        try:
            answers = port.broadcast([tx for _, tx in made])
        except StorageError:
            answers = [UNREACHED] * len(made)
        self._answers.put([(id, said) for (id, _), said in zip(made, answers, strict=True)])  # noqa: A001 - an act's id

    def _take_answers(self) -> None:
        while not self._answers.empty():
            for id, said in self._answers.get():  # noqa: A001 - an act's id
                self._answered(id, said)

    def _soon(self, id: str) -> None:  # noqa: A002 - an act's id
        """Let a transaction be offered to the next node at the next look."""
        found = self.waiting.get(id)
        if found is not None:
            self.waiting[id] = found._replace(offered=0.0)

    def _answered(self, id: str, said: Checked) -> None:  # noqa: A002 - an act's id
        if said.code < 0:
            self._soon(id)
        elif said.code not in (OK, KNOWN) and self.waiting.pop(id, None) is not None:
            self.refused += 1

    def _poll(self, poll: Sequence[Rpc]) -> None:
        try:
            done = self.source.finished(poll[self._polled])
        except StorageError:
            self._polled = (self._polled + 1) % len(poll)
            return
        now = time.monotonic()
        for id in done:  # noqa: A001 - an act's id
            found = self.waiting.pop(id, None)
            if found is not None:
                self.times.append(now - found.since)
                self.last = now


def quantile(times: Sequence[float], percent: int) -> float | None:
    """Return a quantile of sorted times, in seconds to the millisecond; None of none."""
    if not times:
        return None
    return round(times[min(len(times) - 1, len(times) * percent // 100)], 3)
