"""A consensus node in miniature: drives applications through every call of ABCI, with no network and no clock.

It speaks the bytes of the protocol, so what it drives is the very server that CometBFT drives. Applications may be
stopped between any two calls and started anew: the handshake asks where each stands and sends it every later block
again, and every answer to a block is compared between nodes.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from shanhai.node import abci_messages as abci
from shanhai.node.abci import Frames, Server, envelope, opened
from shanhai.node.consensus import RECHECK, Application
from shanhai.node.wire import Message, decode

A = TypeVar("A", bound=Message)
_NUMBERS = {shape: number for number, shape in abci.REQUESTS.items()}


class Decided(NamedTuple):
    """A block that the network decided, and the application hash after it."""

    height: int
    time_ms: int
    txs: tuple[bytes, ...]
    app_hash: bytes


class PartedError(Exception):
    """Two nodes answered differently, or one refused a block that was decided."""


class FakeNode:
    """One application behind its server."""

    def __init__(self, make: Callable[[], Application]) -> None:
        """Begin.

        Args:
            make: Opens the application over its database, as a start of its process does.
        """
        self._make = make
        self.application = make()
        self.gone: set[bytes] = set()

    def call(self, request: Message, answer: type[A]) -> A:
        """Send a request as bytes and read its answer; what the application raises comes through."""
        raised: list[BaseException] = []
        server = Server(self.application.answer, raised.append)
        (raw,) = Frames().feed(envelope(_NUMBERS[type(request)], request))
        (made,) = Frames().feed(server.reply(raw))
        number, body = opened(made)
        wanted = abci.ANSWERS[type(request)]
        if (number, answer) != wanted:
            raise PartedError(f"answer {number} to {type(request).__name__}")
        return decode(answer, body)

    def restart(self) -> None:
        """Open the application anew; whatever it held in memory is gone."""
        self.application = self._make()


class FakeNetwork:
    """Some nodes, the blocks they decided, and acts that wait."""

    def __init__(
        self,
        nodes: Sequence[FakeNode],
        genesis: bytes,
        time_ms: int,
        validators: Sequence[abci.ValidatorUpdate] = (),
    ) -> None:
        """Begin the chain on every node.

        Args:
            nodes: Each over an empty database.
            genesis: The application's part of the genesis file.
            time_ms: Genesis time, epoch ms.
            validators: Who votes, as the genesis file says.
        """
        self.nodes, self.genesis, self.time_ms = list(nodes), genesis, time_ms
        self.validators, self.voting = list(validators), list[abci.ValidatorUpdate]()
        self.blocks: list[Decided] = []
        self.waiting: list[bytes] = []
        self.app_hash = self._same([self._begin(node) for node in self.nodes])

    def beginning(self) -> abci.InitChain:
        """Return what a node is told when its chain begins."""
        time = abci.Timestamp.of(self.time_ms)
        return abci.InitChain(time, "fake", self.validators, self.genesis, initial_height=1)

    def _begin(self, node: FakeNode) -> bytes:
        return node.call(self.beginning(), abci.InitChainAnswer).app_hash

    @staticmethod
    def _same(answers: Sequence[Any]) -> Any:
        if any(one != answers[0] for one in answers):
            raise PartedError(f"nodes differ: {answers}")
        return answers[0]

    def check(self, tx: bytes) -> list[abci.CheckTxAnswer]:
        """Offer a transaction to every node; it waits if any takes it."""
        answers = [node.call(abci.CheckTx(tx), abci.CheckTxAnswer) for node in self.nodes]
        if any(one.code == 0 for one in answers) and tx not in self.waiting:
            self.waiting.append(tx)
        return answers

    def prepare(self, proposer: int, time_ms: int, txs: Sequence[bytes]) -> list[bytes]:
        """Let a node propose a block."""
        request = abci.PrepareProposal(
            1 << 20, list(txs), len(self.blocks) + 1, abci.Timestamp.of(time_ms)
        )
        return self.nodes[proposer].call(request, abci.PrepareProposalAnswer).txs

    def vote(self, time_ms: int, txs: Sequence[bytes]) -> int:
        """Return what the nodes, all alike, say of a proposed block: 1 accept, 2 reject."""
        request = abci.ProcessProposal(
            list(txs), b"", len(self.blocks) + 1, abci.Timestamp.of(time_ms)
        )
        answers = [node.call(request, abci.ProcessProposalAnswer).status for node in self.nodes]
        return int(self._same(answers))

    def decide(self, time_ms: int, txs: Sequence[bytes]) -> list[abci.ExecTxResult]:
        """Execute and commit a block on every node.

        Raises:
            PartedError: If results or hashes differ.
        """
        block = len(self.blocks) + 1, time_ms, tuple(txs)
        made = self._same([self._finalize(node, *block) for node in self.nodes])
        self.blocks.append(Decided(*block, made.app_hash))
        self.app_hash, self.voting = made.app_hash, made.validator_updates
        for node in self.nodes:
            node.call(abci.Commit(), abci.CommitAnswer)
        self._forget(txs)
        return list(made.tx_results)

    def finalize(self, node: FakeNode, block: Decided) -> abci.FinalizeBlockAnswer:
        """Let one node execute a block that was decided."""
        return self._finalize(node, *block[:3])

    @staticmethod
    def _finalize(
        node: FakeNode, height: int, time_ms: int, txs: Sequence[bytes]
    ) -> abci.FinalizeBlockAnswer:
        request = abci.FinalizeBlock(list(txs), b"", height, abci.Timestamp.of(time_ms))
        return node.call(request, abci.FinalizeBlockAnswer)

    def _forget(self, txs: Sequence[bytes]) -> None:
        """Let wait no more what stands in a block, and what no node's application lets wait."""
        asked = abci.CheckTx(b"", RECHECK)
        for node in self.nodes:
            said = node.call(asked, abci.CheckTxAnswer).data
            node.gone |= {said[at : at + 32] for at in range(0, len(said), 32)}
        gone = frozenset.intersection(*(frozenset(node.gone) for node in self.nodes))
        self.waiting = [
            tx for tx in self.waiting if tx not in txs and sha256(tx).digest() not in gone
        ]

    def round(self, time_ms: int) -> list[abci.ExecTxResult]:
        """Go one height on with all that waits: propose, vote, execute, commit."""
        proposed = self.prepare(len(self.blocks) % len(self.nodes), time_ms, self.waiting)
        if self.vote(time_ms, proposed) != 1:
            raise PartedError("an honest proposal was rejected")
        return self.decide(time_ms, proposed)

    def handshake(self, node: FakeNode) -> int:
        """Bring a node that was restarted up to the chain's height; return how many blocks were sent again.

        Raises:
            PartedError: If it comes to another hash.
        """
        info = node.call(abci.Info(), abci.InfoAnswer)
        if info.last_block_height == 0:
            self._begin(node)
        missing = self.blocks[info.last_block_height :]
        for block in missing:
            made = self._finalize(node, *block[:3])
            if made.app_hash != block.app_hash:
                raise PartedError(f"height {block.height}: {made.app_hash.hex()}")
            node.call(abci.Commit(), abci.CommitAnswer)
        return len(missing)
