"""Executing proposed and decided blocks: every act judged over a state laid on the database, once a block.

A node that catches up meets acts that it never checked. Their signatures are checked by a helper process on another
processor while this one judges (`checker.py`).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING, NamedTuple

from shanhai.acts.machine.view import State
from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.ledger.merkle import Tree
from shanhai.node.admission import parse_act, reads
from shanhai.node.block import Block
from shanhai.node.checker import Checker
from shanhai.node.founding import UNKNOWN_RULES
from shanhai.node.loop import Node
from shanhai.node.pool import Pool, Read
from shanhai.node.records import Head
from shanhai.node.sql import SqlStorage
from shanhai.node.transactions import KNOWN, MALFORMED, OK, REFUSED, Result

if TYPE_CHECKING:
    from shanhai.acts.machine.objects import Object

ROUNDS = 4
"""Proposals of one height whose execution is remembered."""
Key = tuple[int, int, tuple[bytes, ...]]
"""Height, time in epoch ms, transactions."""


class Execution(NamedTuple):
    """A block executed and not yet written."""

    key: Key
    block: Block
    head: Head
    results: tuple[Result, ...]


class Executor:
    """Executes the blocks of one ledger and remembers those of the height that is under way."""

    def __init__(
        self, node: Node, storage: SqlStorage, pool: Pool, checker: Checker | None
    ) -> None:
        self._node, self._storage, self._pool = node, storage, pool
        self._checker = checker
        self._done: dict[Key, Execution] = {}

    def execute(self, head: Head, tree: Tree, key: Key) -> Execution:
        """Execute a block, or return what came of it before.

        Args:
            head: Where the ledger stands before it.
            tree: The frontier before it; stays as it is.
            key: The block.

        Raises:
            InvalidInputError: `rules.unknown`: a node that went on would part from the others.
        """
        found = self._done.get(key)
        if found is not None:
            return found
        node, storage = self._node, self._storage
        grown = Tree.from_peaks(tree.suite, tree.size, tree.peaks)
        block = Block(node.constants, State(storage), grown, storage, node.signatures)
        time_ms = max(key[1], head.time_ms)
        read = [self._read(tx) for tx in key[2]]
        entered = set(storage.known([one.act_id for one in read if one is not None]))
        self._read_ahead(read)
        results = []
        with self._ahead(read) as checked:
            for place, one in enumerate(read):
                checked(place)
                results.append(self._enter(block, one, entered, time_ms))
                entered.add(results[-1].act_id)
        return self.keep(Execution(key, block, node.head_after(block, time_ms), tuple(results)))

    def keep(self, made: Execution) -> Execution:
        """Keep what was executed for when its block is decided: a round that fails is not the last of its proposal."""
        if len(self._done) >= ROUNDS:
            del self._done[next(iter(self._done))]
        self._done[made.key] = made
        return made

    def clear(self) -> None:
        """Forget every proposal: their height is decided."""
        self._done.clear()

    def _ahead(self, read: Sequence[Read | None]) -> AbstractContextManager[Callable[[int], None]]:
        if self._checker is None:
            return nullcontext(lambda _: None)
        return self._checker.ahead(self._node.signatures, self._storage.state(), read)

    def _read(self, tx: bytes) -> Read | None:
        try:
            read = self._pool.read(tx)
        except InvalidInputError:
            return None
        if read.parsed is None:
            with suppress(ShanhaiError):  # told at its turn
                read = read._replace(parsed=parse_act(read.signed.body))
        return read

    def _read_ahead(self, read: Sequence[Read | None]) -> None:
        """Read what judging a block will ask for first."""
        wanted: defaultdict[type[Object], set[str]] = defaultdict(set)
        for one in read:
            if one is not None and one.parsed is not None:
                reads(*one.parsed, wanted)
        self._storage.fetch(wanted)

    def _enter(self, block: Block, read: Read | None, entered: set[str], time_ms: int) -> Result:
        if read is None:
            return Result("", MALFORMED, refusals=(("consensus.tx", {}),))
        if read.act_id in entered:
            return Result(read.act_id, KNOWN, refusals=(("consensus.known", {}),))
        outcome = self._node.enter(block, read.signed, read.act_id, time_ms, read.parsed)
        if outcome.receipt is None:
            for code, facts in outcome.refusals:
                if code == UNKNOWN_RULES:
                    raise InvalidInputError(code, **facts)
            return Result(read.act_id, REFUSED, refusals=outcome.refusals)
        return Result(read.act_id, OK, outcome.receipt.index)
