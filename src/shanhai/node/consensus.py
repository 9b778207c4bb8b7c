"""The application that a consensus node drives: blocks of acts, judged alike on every node, written whole.

A block is executed over a state laid on top of the database, once: what PrepareProposal or ProcessProposal executed,
FinalizeBlock takes over, in whichever round of the height that was. Commit writes acts, objects, head and height in one
transaction. Time is the block's, never this machine's. Source: ledger reference §4.9, §6; ABCI 2.0.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node import abci_messages as abci
from shanhai.node.block import Block
from shanhai.node.chain import Chain, Point, app_hash, lately
from shanhai.node.checker import Checker
from shanhai.node.execution import Execution, Executor
from shanhai.node.founding import check_genesis, constants_of
from shanhai.node.loop import Crash, Node, Publisher, frontier, never
from shanhai.node.pause import no_collection
from shanhai.node.pool import STANDS, Pool, Read
from shanhai.node.records import Head
from shanhai.node.restore import Restore
from shanhai.node.sql import SqlStorage
from shanhai.node.transactions import (
    KNOWN,
    MALFORMED,
    OK,
    REFUSED,
    Refusals,
    genesis_of,
)
from shanhai.node.validators import check_founders, lets_in, updates
from shanhai.node.wire import Message

RECHECK, ACCEPT, REJECT = 1, 1, 2
LATER = frozenset({"body.early", "seen.ahead"})
"""What speaks against an act now but not for ever."""
TEXTS |= {
    "consensus.genesis": Text(
        "网络的创世与本节点数据库中的账本不同（{theirs} ≠ {ours}）：请核对 genesis.json，或换一个数据目录",
        "The network's genesis is another ledger than this node's database holds ({theirs} ≠ {ours}): check genesis.json "
        "or use another data folder",
    ),
    "consensus.height": Text(
        "网络送来第 {height} 个区块，本节点应接着第 {wanted} 个：数据库与共识数据不属于同一时刻，"
        "请恢复同一份备份，或清空两者后重新加入",
        "The network sent block {height}, this node is to execute {wanted} next: database and consensus data are not of "
        "one moment; restore both from one backup, or empty both and join again",
    ),
}


class Application:
    """One node's ledger, driven by its consensus node."""

    def __init__(
        self,
        storage: SqlStorage,
        publisher: Callable[[Node], Publisher] = lambda _: Publisher(),
        crash: Crash = never,
        soon: Callable[[Callable[[], None]], None] = lambda call: call(),
        after: Callable[[Callable[[], None]], None] = lambda call: call(),
        checker: Checker | None = None,
    ) -> None:
        """Begin where the database stands.

        Args:
            storage: Its tables exist; the ledger need not.
            publisher: Given the node, returns what signs and anchors after each commit.
            crash: Called with the name of each step passed.
            soon: Given the sealing of what was committed, does it; it may wait for what else is committed meanwhile.
            after: Given the writing of a block, does it once the answer to Commit went out.
            checker: Checks the signatures of a whole block on another processor; by default each is checked at its turn.
        """
        self._soon, self._after, self._checker = soon, after, checker
        self.storage, self.chain = storage, Chain(storage)
        self._publisher, self._crash = publisher, crash
        self.point = self.chain.newest()
        self._pending: Execution | None = None  # the one that was asked for last
        self._unwritten: Callable[[], None] | None = None
        self.snapshots = Restore(storage, self.chain)
        self.node: Node | None = None
        head = storage.head()
        if head is not None:
            self._take_up(Node(storage, constants_of(storage, head.ledger), None, crash))
        self._answers: dict[type[Message], Callable[[Any], Message]] = {
            abci.Info: self.info,
            abci.InitChain: self.init_chain,
            abci.Query: self.query,
            abci.CheckTx: self.check_tx,
            abci.PrepareProposal: self.prepare,
            abci.ProcessProposal: self.process,
            abci.FinalizeBlock: self.finalize,
            abci.Commit: self.commit,
            abci.ListSnapshots: self.snapshots.list_snapshots,
            abci.OfferSnapshot: self.snapshots.offer_snapshot,
            abci.LoadSnapshotChunk: self.snapshots.load_chunk,
            abci.ApplySnapshotChunk: self.apply_chunk,
        }

    def answer(self, request: Message) -> Message:
        """Answer any request of the consensus node."""
        self.settle()
        kind = type(request)
        if kind is abci.CheckTx:
            return self.check_tx(request)  # type: ignore[arg-type]  # its type is what was asked
        with no_collection():
            return self._answers[kind](request)

    def _take_up(self, node: Node) -> None:
        node.publisher = self._publisher(node)
        self.node, self.head = node, node.head()
        self.pool = Pool(node.constants.suite, *lately(self.storage, self.head))
        self._tree = frontier(node.constants, self.head.size, self.storage)
        self._executor = Executor(node, self.storage, self.pool, self._checker)
        if self._checker is not None:
            self._checker.start(node.signatures.plain)

    @property
    def _node(self) -> Node:
        if self.node is None:
            raise InvalidInputError("genesis.missing")
        return self.node

    # --- the connection that orders acts

    def info(self, _: abci.Info) -> abci.InfoAnswer:
        """Say where the database stands; the network sends every later block again."""
        if self.point is None:
            return abci.InfoAnswer("shanhai")
        return abci.InfoAnswer("shanhai", "", 0, self.point.height, self.point.app_hash)

    def init_chain(self, request: abci.InitChain) -> abci.InitChainAnswer:
        """Found the ledger that the network's genesis carries; once more after a crash is no harm.

        Raises:
            InvalidInputError: `consensus.genesis`, `consensus.validators`, or as `check_genesis`.
            ProofError: As `check_genesis`.
        """
        signed = genesis_of(request.app_state_bytes)
        theirs = check_genesis(signed.body, signed.signature).constants.ledger
        if self.node is None:
            self._take_up(Node.found(self.storage, signed, request.time.ms, None, self._crash))
        ours = self._node.constants.ledger
        if ours != theirs:
            raise InvalidInputError("consensus.genesis", theirs=theirs[:16], ours=ours[:16])
        check_founders(request.validators, self.storage)
        return abci.InitChainAnswer(self._hash(self.head))

    def _hash(self, head: Head) -> bytes:
        return app_hash(self._node.constants.suite, head.root, head.rules)

    def prepare(self, request: abci.PrepareProposal) -> abci.PrepareProposalAnswer:
        """Propose the acts that hold; what the rules refuse is dropped, here and from the pool."""
        asked = self._execute(request.height, request.time.ms, request.txs)
        both = list(zip(request.txs, asked.results, strict=True))
        kept = [tx for tx, one in both if one.code == OK]
        for one in asked.results:
            if one.code != OK and not LATER.intersection(code for code, _ in one.refusals):
                self.pool.refuse(one.act_id)
        results = tuple(one for one in asked.results if one.code == OK)
        made = asked._replace(key=(*asked.key[:2], tuple(kept)), results=results)
        self._pending = self._executor.keep(made)
        return abci.PrepareProposalAnswer(kept)

    def process(self, request: abci.ProcessProposal) -> abci.ProcessProposalAnswer:
        """Vote only for blocks in which every act holds; an honest proposer makes no other."""
        done = self._execute(request.height, request.time.ms, request.txs)
        good = all(one.code == OK for one in done.results)
        return abci.ProcessProposalAnswer(ACCEPT if good else REJECT)

    def finalize(self, request: abci.FinalizeBlock) -> abci.FinalizeBlockAnswer:
        """Execute the block that was decided.

        Raises:
            InvalidInputError: `consensus.height`.
        """
        wanted = 1 + (self.point.height if self.point is not None else 0)
        if request.height != wanted:
            raise InvalidInputError("consensus.height", height=request.height, wanted=wanted)
        done = self._execute(request.height, request.time.ms, request.txs)
        self._crash("after_finalize")
        results = [one.message() for one in done.results]
        voting = updates(self.storage, done.block.state, request.height)
        return abci.FinalizeBlockAnswer(results, voting, self._hash(done.head))

    def _execute(self, height: int, time_ms: int, txs: Sequence[bytes]) -> Execution:
        key = (height, time_ms, tuple(txs))
        self._pending = self._executor.execute(self.head, self._tree, key)
        return self._pending

    def commit(self, _: abci.Commit) -> abci.CommitAnswer:
        """Take the block as decided; it is written, and the new head signed, while the network goes on.

        The network keeps every block on disk before it is executed and sends again whatever a database does not hold,
        so nothing is lost where this process ends in between.
        """
        done = self._pending
        if done is None:
            raise InvalidInputError("consensus.height", height=0, wanted=0)
        self._unwritten = partial(self._put, done)
        self._after(self.settle)
        return abci.CommitAnswer()

    def settle(self) -> None:
        """Write what was decided and is not written yet."""
        write, self._unwritten = self._unwritten, None
        if write is not None:
            write()

    def _put(self, done: Execution) -> None:
        """Write a block in one transaction; then let its head be signed."""
        block, batch = done.block, done.block.batch
        height, time_ms = done.key[:2]
        head = done.head if batch.records else self.head
        point = Point(height, time_ms, head.size, head.rules, self._hash(done.head))
        self._crash("before_commit")
        with self.storage.transaction():
            if batch.records or batch.evidence:
                batch.changed = block.state.changed
                self.storage.extend(batch, head)
            pictured = self.snapshots.due(batch.records)
            self.chain.put(point, self.point, pictured=pictured)
        self._crash("after_commit")
        self._keep(block)
        self.snapshots.take(pictured=pictured)
        self._tree, self.head, self.point, self._pending = block.tree, head, point, None
        self._executor.clear()
        stand = [one.act_id for one in done.results if one.code in (OK, KNOWN)]
        self.pool.enter(head.time_ms, done.key[2], stand)
        if batch.records:
            self._soon(self._node.publish)

    def _keep(self, block: Block) -> None:
        """Let the cache hold what the block wrote, so that the next one need not read it again."""
        cache = self.storage.state()
        for (kind, id), new in block.batch.changed.items():  # noqa: A001 - the field's name
            cache[kind][id] = new
        for kind, rows in block.state.items():
            cache[kind].digests.update(rows.digests)

    # --- the pool's connection

    def check_tx(self, request: abci.CheckTx) -> abci.CheckTxAnswer:
        """Let an act wait if its form, ledger, window, key and signature hold; rules are asked when it is proposed.

        A recheck without a transaction asks which wait no longer (`consensus/application.go`).
        """
        if self.node is None:
            return _refused(REFUSED, (("genesis.missing", {}),))
        if request.type == RECHECK and not request.tx:
            return abci.CheckTxAnswer(OK, self.pool.gone(self._now()))
        try:
            read = self.pool.read(request.tx)
        except InvalidInputError:
            return _refused(MALFORMED, (("consensus.tx", {}),))
        try:
            self._check(self.node, request.tx, read)
        except ShanhaiError as error:
            if read.parsed is None:
                self.pool.forget(request.tx)  # or forged acts would use up a key's quota
            else:
                self.pool.drop(request.tx)
            code = KNOWN if error.code in STANDS else REFUSED
            return _refused(code, ((error.code, error.facts),))
        return abci.WAITS

    def _now(self) -> int:
        return max(self.head.time_ms, self.point.time_ms if self.point is not None else 0)

    def _check(self, node: Node, tx: bytes, read: Read) -> None:
        id, signed, _ = read  # noqa: A001 - the field's name
        if self.pool.entered(id):
            raise InvalidInputError("consensus.known")
        body, payload = self.pool.wait(tx, read, node.constants.ledger, self._now())
        if self.pool.may_stand(body.made_ms) and self.storage.known([id]):
            raise InvalidInputError("consensus.known")
        node.signatures.check(self.storage.state(), body, payload, signed, id)
        if self.pool.was_refused(id):
            verdict = node.dry_run(body, payload, self._now())
            if not verdict.accepted:
                self.pool.refuse(id)
                code, facts = verdict.refusals[0]
                raise InvalidInputError(code, **facts)

    # --- questions

    def query(self, request: abci.Query) -> abci.QueryAnswer:
        """Answer from committed state: `head`, `acts` from an entry index (8 bytes) on, `snapshots`, or whether a peer may connect."""
        if request.path.startswith("/p2p/"):
            return abci.QueryAnswer(int(not lets_in(request.path, self.storage)))
        if self.node is None or self.point is None:
            return abci.QueryAnswer(1, "genesis.missing")
        made: dict[str, Any] = {
            "app_hash": self.point.app_hash.hex(),
            "height": self.point.height,
            "ledger": self.node.constants.ledger,
            "root": self.head.root.hex(),
            "size": self.head.size,
            "time_ms": self._now(),
        }
        if request.path == "acts":
            start = int.from_bytes(request.data[:8], "big")
            made["acts"] = self._acts(start)
        if request.path == "snapshots":
            made["heights"] = self.snapshots.heights()
        return abci.QueryAnswer(value=msgspec.json.encode(made), height=self.point.height)

    def _acts(self, start: int, most: int = 5_000) -> list[str]:
        mark = self.storage.dialect.mark
        rows = self.storage.connection.execute(
            f'SELECT "act_id" FROM "entry" WHERE "index" >= {mark} ORDER BY "index" LIMIT {most}',  # noqa: S608 - a mark, a number
            (start,),
        )
        return [row[0] for row in rows.fetchall()]

    # --- snapshots

    def apply_chunk(self, request: abci.ApplySnapshotChunk) -> abci.ApplySnapshotChunkAnswer:
        """Check and judge one chunk; after the last the ledger stands."""
        restore = self.snapshots
        answer = restore.apply(request)
        if restore.point is not None and self.node is None:
            head = self.storage.head()
            if head is not None:
                constants = constants_of(self.storage, head.ledger)
                self._take_up(Node(self.storage, constants, None, self._crash))
            self.point = restore.point
        return answer


def _refused(code: int, refusals: Refusals) -> abci.CheckTxAnswer:
    return abci.CheckTxAnswer(code, b"", encode(refusals).decode())
