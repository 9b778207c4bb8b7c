"""The one loop: append, dry run, found. Everything of a batch stands in one transaction or nowhere.

Order for each act: size, act id known (its first receipt goes back), form, ledger and window, history
seen, key, signature, rules; then entry, objects, timeline, search and head in one transaction; then
checkpoint, anchor, answer (design §3).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, Self

from shanhai.acts.machine.judge import Verdict, judge
from shanhai.acts.machine.registry import Act
from shanhai.kernel.clock import Moment
from shanhai.kernel.errors import Halt, InvalidInputError, ShanhaiError, StorageError
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.ledger.body import MAX_BODY_BYTES, Body, act_id
from shanhai.ledger.entry import Receipt, parse_receipt, unpack
from shanhai.ledger.merkle import Tree, root_at
from shanhai.node.admission import Parsed, Signatures, Signed, parse_act, reads
from shanhai.node.ahead import totals
from shanhai.node.block import Block, RefusedAct
from shanhai.node.founding import Constants, RulesClock, check_genesis, constants_of
from shanhai.node.pause import no_collection
from shanhai.node.records import Evidence, Head, Storage

if TYPE_CHECKING:
    from shanhai.acts.machine.objects import Object

Crash = Callable[[str], None]
BATCH = 8
"""From how many acts on it pays to read ahead."""
TEXTS |= {
    "clock.behind": Text(
        "本机时间早于账本最后一条（相差 {ms} 毫秒），真实账本不能倒退，请校准时钟后重新启动",
        "This machine's clock is {ms} ms behind the last entry; a real ledger never goes back, set the clock and restart",
    ),
}


class Outcome(NamedTuple):
    """The answer to one act: its receipt, or every reason against it."""

    act_id: str
    receipt: Receipt | None
    refusals: tuple[tuple[str, Facts], ...] = ()
    duplicate: bool = False

    @property
    def accepted(self) -> bool:
        """Return whether the act is in the log."""
        return self.receipt is not None


class Publisher:
    """What happens between commit and answer; the default does nothing."""

    def publish(self, node: "Node") -> None:
        """Sign a checkpoint over the head and move the anchor."""


def never(point: str) -> None:
    """Do not crash; the drill puts something else in its place."""


class Node:
    """One ledger over one storage; a thread has its own, the storage keeps writers apart."""

    tolerance_ms = 0
    """How far a real ledger's last entry may lie ahead of this machine's clock."""

    def __init__(
        self,
        storage: Storage,
        constants: Constants,
        publisher: Publisher | None = None,
        crash: Crash = never,
    ) -> None:
        self.storage, self.constants = storage, constants
        self.publisher, self.crash = publisher or Publisher(), crash
        self.signatures, self._rules = Signatures(constants), RulesClock()
        self._tree: Tree | None = None
        self._root = b""

    @classmethod
    def open(
        cls,
        storage: Storage,
        now_ms: Callable[[bool], int],
        publisher: Publisher | None = None,
        crash: Crash = never,
    ) -> Self:
        """Take up a ledger that exists.

        Args:
            storage: Where it is kept.
            now_ms: Gives the time, epoch ms, told whether the ledger's clock is simulated.
            publisher: Signs checkpoints and keeps the anchor.
            crash: Called with the name of each step passed.

        Raises:
            InvalidInputError: `genesis.missing`.
            StorageError: `clock.behind` for a real ledger, `storage.failed`.
        """
        with storing():
            head = storage.head()
            if head is None:
                raise InvalidInputError("genesis.missing")
            constants = constants_of(storage, head.ledger)
        behind = head.time_ms - now_ms(constants.simulated)
        if behind > cls.tolerance_ms and not constants.simulated:
            raise StorageError("clock.behind", ms=behind)
        return cls(storage, constants, publisher, crash)

    @classmethod
    def found(
        cls,
        storage: Storage,
        signed: Signed,
        now_ms: int,
        publisher: Publisher | None = None,
        crash: Crash = never,
    ) -> Self:
        """Begin a ledger with its genesis.

        Args:
            storage: Empty tables.
            signed: Genesis body and the founders' signatures.
            now_ms: Ledger time of entry 0.
            publisher: Signs checkpoints and keeps the anchor.
            crash: Called with the name of each step passed.

        Raises:
            InvalidInputError: `genesis.present`, or `genesis.invalid` with what does not hold.
            ProofError: If a founder's signature does not hold.
        """
        founding = check_genesis(signed.body, signed.signature)
        node = cls(storage, founding.constants, publisher, crash)
        suite = founding.constants.suite
        with storing(), storage.transaction():
            if storage.head() is not None:
                raise InvalidInputError("genesis.present")
            block = Block(founding.constants, storage.state(), Tree(suite), storage, None)
            block.found(signed, founding, act_id(suite, signed.body), now_ms)
            node._write(block, now_ms)
        node.publisher.publish(node)
        return node

    def head(self) -> Head:
        """Return where the ledger stands now; drops what another writer made stale."""
        head = self.storage.head()
        if head is None:
            raise InvalidInputError("genesis.missing")
        return head

    def root_at(self, size: int) -> bytes:
        """Return the root that the tree had at a size up to the head's."""
        return root_at(self.constants.suite, size, self.storage.node)

    def submit(self, signed: Signed, now_ms: int) -> Outcome:
        """Submit one act; see `submit_many`."""
        return self.submit_many([signed], now_ms)[0]

    def submit_many(self, signed: Sequence[Signed], now_ms: int) -> list[Outcome]:
        """Submit acts in order, in one transaction, each with its own answer.

        Inside a caller's transaction nothing is committed or published here: the caller commits and
        then calls `publish` before answering.

        Args:
            signed: Bodies and signatures.
            now_ms: The machine's time, epoch ms; ledger time never goes back.

        Returns:
            An outcome an act, in order. A known act id gets its first receipt.

        Raises:
            StorageError: `storage.failed`; nothing was written.
            ShanhaiError: From the publisher, when the acts are in the log but could not be anchored.
        """
        with storing(), no_collection():
            with self.storage.transaction() as outermost:
                outcomes = self._append(signed, now_ms)
                self.crash("before_commit")
            self.crash("after_transaction")
        if outermost:
            self.publish()
        return outcomes

    def publish(self) -> None:
        """Sign a checkpoint over the head and move the anchor; after the commit, before the answer."""
        self.publisher.publish(self)
        self.crash("before_answer")

    def dry_run(self, body: Body, payload: Act, now_ms: int) -> Verdict:
        """Judge without signature: every check, passed or failed, and what would change.

        Args:
            body: As it would be signed; its window is not looked at.
            payload: Its act.
            now_ms: The machine's time, epoch ms.

        Raises:
            StorageError: `storage.failed`.
        """
        with storing():
            head = self.head()
            rules = self._rules.at(self.storage, head.size)
            at = Moment(head.size, max(now_ms, head.time_ms), rules)
            return judge(self.storage, self.constants.suite, body, payload, at)

    # --- appending

    def _append(self, signed: Sequence[Signed], now_ms: int) -> list[Outcome]:
        head = self.head()
        time_ms = max(now_ms, head.time_ms)
        state, tree = self.storage.state(), self._frontier(head)
        block = Block(self.constants, state, tree, self.storage, self.signatures)
        ids = [act_id(self.constants.suite, one.body) for one in signed]
        receipts = {id: self.receipt(index) for id, index in self.storage.known(ids).items()}  # noqa: A001 - the field's name
        parsed = self.read_ahead(signed)
        self.signatures.ahead(
            state,
            ((ids[at], signed[at], one) for at, one in parsed.items() if ids[at] not in receipts),
        )
        outcomes = []
        for place, (one, id) in enumerate(zip(signed, ids, strict=True)):  # noqa: A001 - the field's name
            if id in receipts:
                outcomes.append(Outcome(id, receipts[id], duplicate=True))
                continue
            outcome = self.enter(block, one, id, time_ms, parsed.get(place))
            if outcome.receipt is not None:
                receipts[id] = outcome.receipt
            outcomes.append(outcome)
        self._write(block, time_ms)
        return outcomes

    def read_ahead(self, signed: Sequence[Signed]) -> dict[int, Parsed]:
        """Decode a batch and read what judging it will ask for; what is malformed waits for its turn."""
        if len(signed) < BATCH:
            return {}
        parsed: dict[int, Parsed] = {}
        for place, one in enumerate(signed):
            with suppress(ShanhaiError):
                parsed[place] = parse_act(one.body)
        wanted: defaultdict[type[Object], set[str]] = defaultdict(set)
        for body, payload in parsed.values():
            reads(body, payload, wanted)
        self.storage.fetch(wanted)
        if self.storage.far:
            self.storage.fetch(totals(parsed.values(), self.storage.state()))
        return parsed

    def enter(
        self,
        block: Block,
        signed: Signed,
        id: str,  # noqa: A002 - the field's name
        time_ms: int,
        parsed: Parsed | None,
    ) -> Outcome:
        """Judge one act that the log does not hold yet and enter it in a block, or say every reason against it."""
        if len(signed.body) > MAX_BODY_BYTES:
            facts: Facts = {"size": len(signed.body), "limit": MAX_BODY_BYTES}
            return Outcome(id, None, (("body.too_large", facts),))
        try:
            return Outcome(id, block.submit(signed, id, time_ms, parsed))
        except RefusedAct as refused:
            return Outcome(id, None, tuple(refused.refusals))
        except ShanhaiError as error:
            self._keep_evidence(block, signed, id, time_ms, error)
            return Outcome(id, None, ((error.code, error.facts),))

    def _keep_evidence(
        self,
        block: Block,
        signed: Signed,
        id: str,  # noqa: A002 - the field's name
        time_ms: int,
        error: ShanhaiError,
    ) -> None:
        """Keep both histories where an officer's signature shows a fork; an unsigned claim is none."""
        if error.code != "seen.fork" or not block.holds(signed, id):
            return
        facts = error.facts
        block.batch.evidence.append(
            Evidence(
                id,
                time_ms,
                int(facts["size"]),
                str(facts["theirs"]),
                str(facts["ours"]),
                signed.body,
                signed.signature,
            )
        )

    def receipt(self, index: int) -> Receipt:
        """Return the receipt of an entry."""
        packed = next(iter(self.storage.packed(index, index + 1)))
        return parse_receipt(unpack(packed).receipt)

    def _frontier(self, head: Head) -> Tree:
        tree = self._tree
        if tree is None or self._root != head.root or tree.size != head.size:
            tree = frontier(self.constants, head.size, self.storage)
            if tree.root() != head.root:
                raise StorageError("storage.failed", detail="tree and head differ")
        self._tree = None  # until written, this tree is ahead of the head
        return tree

    def _write(self, block: Block, time_ms: int) -> None:
        batch, tree = block.batch, block.tree
        root = tree.root()
        if batch.records or batch.evidence:
            batch.changed = block.state.changed
            self.storage.extend(batch, self.head_after(block, time_ms))
        self._tree, self._root = tree, root

    def head_after(self, block: Block, time_ms: int) -> Head:
        """Return the head that a block leads to."""
        tree, known = block.tree, self.constants
        rules = block.rules.at(block.state, tree.size)
        where = (known.ledger, known.suite.name, known.origin)
        return Head(tree.size, tree.root(), time_ms, rules, *where)


def frontier(constants: Constants, size: int, storage: Storage) -> Tree:
    """Take the tree up at `size` entries from stored subtrees."""
    peaks, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append(storage.node(level, start >> level))
            start += 1 << level
    return Tree.from_peaks(constants.suite, size, peaks)


@contextmanager
def storing() -> Iterator[None]:
    """Turn a `Halt`, once everything is rolled back, into an error that delivery can answer."""
    try:
        yield
    except Halt as halt:
        raise StorageError("storage.failed", detail=str(halt)) from halt
