"""Replay: run a log again through the same block that appended it, and compare every byte.

Used by `verify`, `rebuild` and mirrors. The receipt's time decides every date, so an entry accepted once
is accepted again, and any difference shows at that entry.
"""

from collections.abc import Iterable

from shanhai.acts.machine.view import State
from shanhai.kernel.errors import InvalidInputError, ProofError, ShanhaiError
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.ledger.body import act_id
from shanhai.ledger.entry import Entry, parse_receipt, receipt_time, unpack
from shanhai.ledger.merkle import Tree, leaf_hash
from shanhai.node.admission import Signatures, Signed
from shanhai.node.block import Block, RefusedAct
from shanhai.node.founding import Constants, check_genesis
from shanhai.node.pause import no_collection
from shanhai.node.records import Head, Storage
from shanhai.node.state_root import Journal

FLUSH = 500
TEXTS |= {
    "replay.refused": Text(
        "按当时的规则不成立：{reason}", "It does not hold under the rules as they stood: {reason}"
    ),
    "replay.receipt": Text(
        "回执与重新计算的结果不同：时间、规则版本或对象摘要被改动",
        "The receipt differs from what the rules give: time, rules version or an object's digest was changed",
    ),
    "replay.time": Text("时间早于前一条", "Its time is before the entry above"),
    "replay.duplicate": Text("与第 {first} 条是同一事项", "It is the same act as entry {first}"),
}


class BadEntryError(ProofError):
    """The first entry that does not hold: its index and the reason behind it."""

    def __init__(self, index: int, code: str, facts: Facts) -> None:
        super().__init__(code, **facts)
        self.index = index


class Replay:
    """A log read entry by entry into a storage."""

    def __init__(self, storage: Storage, *, signatures: bool = True) -> None:
        """Begin with an empty storage.

        Args:
            storage: Where objects and hashes go.
            signatures: Whether to check signatures; genesis is always checked.
        """
        self.storage, self._signatures = storage, signatures
        self.constants: Constants | None = None
        self.block: Block | None = None
        self.size = self.time_ms = 0
        self.root = b""
        self._entered: dict[str, int] = {}  # act id to index
        self._journal = Journal()

    @property
    def state(self) -> State:
        """Return the objects as they stand after what was replayed."""
        return self.block.state if self.block is not None else State()

    def run(self, entries: Iterable[bytes]) -> None:
        """Replay entries in order, from entry 0, and write what they lead to.

        Raises:
            BadEntryError: At the first that does not hold.
        """
        with no_collection():
            for raw in entries:
                self.step(raw)
            self.flush()

    def step(self, raw: bytes) -> None:
        """Replay one entry.

        Raises:
            BadEntryError: If it does not hold.
        """
        try:
            entry = unpack(raw)
            if self.block is None:
                self._found(entry, raw)
            else:
                self._next(self.block, entry, raw)
        except RefusedAct as refused:
            code, facts = refused.refusals[0]
            reason = f"{code}: {TEXTS[code].say('zh', facts)} / {TEXTS[code].say('en', facts)}"
            raise BadEntryError(self.size, "replay.refused", {"reason": reason}) from refused
        except ShanhaiError as error:
            raise BadEntryError(self.size, error.code, error.facts) from error
        self.size += 1
        if self.size % FLUSH == 0:
            self.flush()

    def flush(self) -> None:
        """Write what was replayed so far and begin a new block on it."""
        old = self.block
        if old is None or self.constants is None or not old.batch.leaves:
            return
        batch, tree, known = old.batch, old.tree, self.constants
        batch.changed, self.root = old.state.changed, tree.root()
        rules = old.rules.at(old.state, tree.size)
        where = (known.ledger, known.suite.name, known.origin)
        with self.storage.transaction():
            self.storage.extend(batch, Head(tree.size, self.root, self.time_ms, rules, *where))
        self._begin(known, tree, old.signatures, old.state)

    def _begin(
        self, known: Constants, tree: Tree, checks: Signatures | None, state: State
    ) -> Block:
        """Begin a block; the state is this replay's own from genesis on, so nothing is asked of the storage."""
        self.block = Block(known, state, tree, self.storage, checks, self._journal)
        return self.block

    def _found(self, entry: Entry, raw: bytes) -> None:
        founding = check_genesis(entry.body, entry.signature)
        self.constants = known = founding.constants
        checks = Signatures(known) if self._signatures else None
        block = self._begin(known, Tree(known.suite), checks, State())
        self.time_ms = parse_receipt(entry.receipt).time_ms
        id = act_id(known.suite, entry.body)  # noqa: A001 - the field's name
        block.found(Signed(entry.body, entry.signature), founding, id, self.time_ms)
        self._entered[id] = 0
        if block.batch.leaves != [leaf_hash(known.suite, raw)]:
            raise InvalidInputError("replay.receipt")

    def _next(self, block: Block, entry: Entry, raw: bytes) -> None:
        """Replay one entry; of a receipt only the time is read, unless something does not hold."""
        try:
            time_ms = receipt_time(entry.receipt)
            if time_ms < self.time_ms:
                raise InvalidInputError("replay.time")
            id = act_id(block.constants.suite, entry.body)  # noqa: A001 - the field's name
            if id in self._entered:
                raise InvalidInputError("replay.duplicate", first=self._entered[id])
            block.again(entry, raw, id, time_ms)
        except (RefusedAct, ShanhaiError):
            parse_receipt(entry.receipt)  # what is wrong with the receipt itself is said first
            raise
        self._entered[id], self.time_ms = self.size, time_ms
