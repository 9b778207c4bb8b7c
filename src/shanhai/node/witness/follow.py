"""Following a log: take entries up on top of a storage, re-executed by the same rules, or leave no trace.

A chunk is written only when its root is proven to belong to a signed checkpoint.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from shanhai.acts import book
from shanhai.acts.machine.view import State
from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import act_id
from shanhai.ledger.entry import unpack
from shanhai.ledger.merkle import Tree
from shanhai.node.admission import Signatures, parse_act, reads
from shanhai.node.block import Block
from shanhai.node.founding import Constants, constants_of
from shanhai.node.loop import frontier, storing
from shanhai.node.pause import no_collection
from shanhai.node.records import Head, Storage
from shanhai.node.replay import Replay

if TYPE_CHECKING:
    from shanhai.acts.machine.objects import Object

RULES = book.__name__
"""Importing the book registers every noun and act."""
Proven = Callable[[int, bytes], None]
"""Raises unless the root at a size belongs to the signed checkpoint."""
TEXTS["follow.future"] = Text(
    "第 {index} 条的时间比本机快 {ms} 毫秒，账本运行单位的时钟超前，或本机时钟落后；请校准后重试",
    "Entry {index} is {ms} ms ahead of this machine: the sequencer's clock is fast or this one is slow; set the "
    "clocks and try again",
)


class Follow(Replay):
    """A replay that goes on from where a storage stands; nothing is written before `write`."""

    def __init__(
        self, storage: Storage, signatures: Signatures | None = None, latest_ms: int = 0
    ) -> None:
        """Take the ledger up where the storage has it.

        Args:
            storage: Where objects and hashes are, and go; empty before genesis.
            signatures: Kept from one run to the next, because it remembers keys.
            latest_ms: No entry of a real clock may be later, epoch ms; 0 for any time.
        """
        super().__init__(storage)
        self._latest_ms = latest_ms
        head = storage.head()
        if head is not None:
            self.constants = known = constants_of(storage, head.ledger)
            self.size, self.time_ms, self.root = head.size, head.time_ms, head.root
            tree = frontier(known, head.size, storage)
            if tree.root() != head.root:
                raise InvalidInputError("tree.peaks", size=head.size, wanted=head.size.bit_count())
            self._begin(known, tree, signatures or Signatures(known), storage.state())

    def _begin(
        self, known: Constants, tree: Tree, checks: Signatures | None, state: State
    ) -> Block:
        """Begin on the storage's own state, which a database keeps small."""
        fresh = self.block is None and tree.size == 0
        return super()._begin(known, tree, checks, self.storage.state() if fresh else state)

    def ahead(self, packed: Sequence[bytes]) -> None:
        """Read ahead what judging the entries will ask for, and which of their acts are known already."""
        known = self.constants
        if known is None:
            return
        ids, wanted = [], defaultdict["type[Object]", set[str]](set)
        for raw in packed:
            with suppress(ShanhaiError):
                body = unpack(raw).body
                ids.append(act_id(known.suite, body))
                reads(*parse_act(body), wanted)
        self._entered.update(self.storage.known(ids))
        self.storage.fetch(wanted)

    def step(self, raw: bytes) -> None:
        """Replay one entry.

        Raises:
            BadEntryError: If it does not hold.
            InvalidInputError: `follow.future`.
        """
        index = self.size
        super().step(raw)
        known = self.constants
        ahead = self.time_ms - self._latest_ms
        if self._latest_ms and ahead > 0 and known is not None and not known.simulated:
            raise InvalidInputError("follow.future", index=index, ms=ahead)

    def flush(self) -> None:
        """Do nothing: a chunk is written whole."""

    def tree_root(self) -> bytes:
        """Return the root over everything replayed so far."""
        return self.block.tree.root() if self.block is not None else b""

    def write(self) -> None:
        """Write the chunk."""
        super().flush()


def take_up(
    storage: Storage,
    packed: Sequence[bytes],
    proven: Proven,
    signatures: Signatures | None = None,
    latest_ms: int = 0,
) -> Head | None:
    """Re-execute entries on top of a storage and write them, if they hold and their root is proven.

    Args:
        storage: Where the ledger is kept.
        packed: Leaf bytes of the next entries, in order.
        proven: Compares the new root with a signed checkpoint.
        signatures: Kept between calls; None makes them anew.
        latest_ms: No entry of a real clock may be later, epoch ms; 0 for any time.

    Returns:
        Where the ledger stands now.

    Raises:
        BadEntryError: At the first entry that does not hold.
        ShanhaiError: From `proven`; `follow.future`; nothing was written.
    """
    with storing(), no_collection(), storage.transaction():
        follow = Follow(storage, signatures, latest_ms)
        follow.ahead(packed)
        for raw in packed:
            follow.step(raw)
        proven(follow.size, follow.tree_root())
        follow.write()
        return storage.head()
