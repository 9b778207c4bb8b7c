"""Taking a ledger up from a picture: entries hashed and kept, objects laid down, and all of it compared at the end.

Nothing before the picture is executed. What is believed instead: every entry is a leaf of a tree whose root the
caller proves; a state entry among them names the root of all objects at an earlier size, which whoever vouches for
the tree computed by executing; what changed since is what the receipts say. So each object is either covered by that
root or by a receipt. The caller holds one transaction around it: it stands whole or not at all.
"""

from collections.abc import Sequence
from hashlib import sha256

from shanhai.acts import book
from shanhai.acts.machine.authority import Post
from shanhai.acts.machine.objects import NOUNS, Did, Holder, Object, Total
from shanhai.acts.machine.view import State, View
from shanhai.acts.state import RecordState
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import ProofError, ShanhaiError
from shanhai.kernel.suite import suite_named
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import act_id, parse_body
from shanhai.ledger.entry import Receipt, parse_receipt, unpack
from shanhai.ledger.merkle import Tree, leaf_hash
from shanhai.node.admission import parse_payload
from shanhai.node.block import search_text
from shanhai.node.founding import Constants, RulesClock, check_genesis, constants_of
from shanhai.node.pictures import Manifest, objects_of
from shanhai.node.records import Batch, Head, Record, Storage
from shanhai.node.schema import LEVEL_BITS, TOUCHED_BITS, act_key
from shanhai.node.state_root import Key, state_root

RULES = book.__name__
"""Importing the book registers every noun and act."""
TEXTS |= {
    "snapshot.ledger": Text(
        "快照属于另一个账本（{theirs}，应为 {ours}），已拒绝；请核对来源网址和规则文件",
        "The snapshot is another ledger's ({theirs}, not {ours}); refused. Compare the source's address and your policy or "
        "genesis file",
    ),
    "snapshot.state": Text(
        "快照与账上第 {size} 条处的状态根不符：对象被改动、遗漏或添加，已拒绝，没有写入任何内容；"
        "请改用另一来源，或不用快照从头执行，并告知该来源的单位",
        "The snapshot does not fit the state's root that the log holds for {size} entries: an object was altered, left out or "
        "added. It was refused and nothing was written; take another source or execute the whole log, and tell whoever runs it",
    ),
    "snapshot.unrecorded": Text(
        "快照所引第 {size} 条处的状态根不在这些条目中，无从核对，已拒绝；请改用另一来源，或不用快照从头执行",
        "The state's root at {size} entries that the snapshot relies on is not among these entries, so it cannot be checked; "
        "refused. Take another source, or execute the whole log",
    ),
}


class Adoption:
    """One picture being taken up into an empty storage; objects first, then every entry, then `finish`."""

    def __init__(self, storage: Storage, manifest: Manifest) -> None:
        """Begin, inside a transaction of the storage.

        Args:
            storage: Empty.
            manifest: Of the picture.

        Raises:
            InvalidInputError: If nobody knows its suite.
        """
        self.storage, self.manifest = storage, manifest
        self.suite = suite_named(manifest.suite)
        self.tree = Tree(self.suite)
        self._count, self._last = 0, ("", "")
        self._view = View(State(), self.suite)
        self._totals, self._holders = dict[str, int](), list[Object]()
        self._search = Batch().search
        self._since = dict[Key, str]()
        self._persons = dict[str, str]()
        self._said: RecordState | None = None
        self._known: Constants | None = None
        self._rules = 0

    # --- objects

    def lay(self, number: int, raw: bytes) -> None:
        """Lay down the objects of a chunk.

        Args:
            number: The chunk's, from 1 on, in order.
            raw: Its bytes.

        Raises:
            ProofError: `snapshot.broken`.
        """
        part = str(number)
        if sha256(raw).hexdigest() != self.manifest.chunks[number - 1]:
            raise ProofError("snapshot.broken", part=part)
        found = []
        for kind, one in objects_of(raw, part):
            here = kind.noun, one.id
            if here <= self._last:
                raise ProofError("snapshot.broken", part=part)
            self._last = here
            self._derive(kind, one)
            found.append(one)
        self._count += len(found)
        self.storage.write(found)
        self.storage.forget()  # or its cache would hold all of them

    def _derive(self, kind: type[Object], one: Object) -> None:
        """Add up what follows from an object: totals, who holds what, what it is found by."""
        for total in kind.sums:
            owner, amount = getattr(one, total.by), getattr(one, total.field)
            if owner and amount:
                key = f"{kind.noun}.{total.field}/{owner}"
                self._totals[key] = self._totals.get(key, 0) + amount
        for value in one.unique:
            self._holders.append(Holder(id=self._view.holder_id(value), holder=one.id))
        if kind.title:
            region = getattr(one, "region", "")
            self._search[one.id] = (one.id, kind.noun, region, search_text(one))
        if isinstance(one, Post):
            self._persons[one.id] = one.person

    # --- entries

    def enter(self, packed: Sequence[bytes]) -> None:
        """Keep the next entries; the caller proves the tree's root.

        Raises:
            ProofError: `snapshot.broken` or `snapshot.ledger`.
            InvalidInputError: `rules.unknown`, where this software is too old.
        """
        batch, first = Batch(), self.tree.size
        if not first:
            self._begin(packed[0])
            batch.search = self._search
        time_ms = 0
        for index, raw in enumerate(packed, first):
            time_ms = self._keep(batch, index, raw)
        leaves = [one.leaf for one in batch.records]
        batch.nodes = [
            (level << LEVEL_BITS | index, node) for level, index, node in self.tree.extend(leaves)
        ]
        manifest, known = self.manifest, self._known
        if known is None:
            raise ProofError("snapshot.broken", part="0")
        where = (manifest.ledger, manifest.suite, known.origin)
        self.storage.extend(
            batch, Head(self.tree.size, self.tree.root(), time_ms, self._rules, *where)
        )

    def _begin(self, genesis: bytes) -> None:
        """Check entry 0 and what holds now by the objects laid down."""
        entry, wanted = unpack(genesis), self.manifest.ledger
        self._known = known = check_genesis(entry.body, entry.signature).constants
        if known.ledger != wanted or known.suite.name != self.manifest.suite:
            raise ProofError("snapshot.ledger", theirs=known.ledger[:16], ours=wanted[:16])
        constants_of(self.storage, wanted)
        self._rules = RulesClock().at(self.storage, self.manifest.size)
        self.storage.write(
            [Total(id=key, value=value) for key, value in self._totals.items() if value]
        )
        self.storage.write(self._holders)
        self.storage.forget()

    def _keep(self, batch: Batch, index: int, raw: bytes) -> int:
        """Add an entry's rows; return its time."""
        try:
            entry = unpack(raw)
            body, receipt = parse_body(entry.body), parse_receipt(entry.receipt)
        except ShanhaiError as error:
            raise ProofError("snapshot.broken", part=str(index)) from error
        if receipt.index != index:
            raise ProofError("snapshot.broken", part=str(index))
        id, leaf = act_id(self.suite, entry.body), leaf_hash(self.suite, raw)  # noqa: A001 - the field's name
        named = body.act, body.subject, body.post, self._persons.get(body.post, "")
        batch.records.append(Record(index, id, receipt.time_ms, *named, raw, leaf, act_key(id)))
        batch.timeline += _timeline(receipt)
        if index >= self.manifest.state_size:
            self._since.update(((noun, one), digest) for noun, one, digest in receipt.touched)
            if body.act == RecordState.row.name:
                said = parse_payload(body)
                fits = isinstance(said, RecordState) and said.size == self.manifest.state_size
                self._said = said if isinstance(said, RecordState) and fits else self._said
        return receipt.time_ms

    # --- the end

    def finish(self) -> None:
        """Compare everything; what was laid down is then what execution leads to.

        Raises:
            ProofError: `snapshot.broken`, `snapshot.unrecorded` or `snapshot.state`.
        """
        manifest, storage = self.manifest, self.storage
        whole = self.tree.size == manifest.size and self._count == manifest.objects
        if not whole or self.tree.root().hex() != manifest.root:
            raise ProofError("snapshot.broken", part=str(self.tree.size))
        if self._said is None or self._said.root != manifest.state_root:
            raise ProofError("snapshot.unrecorded", size=manifest.state_size)
        if any(self._digest(*key) != digest for key, digest in self._since.items()):
            raise ProofError("snapshot.state", size=manifest.state_size)
        storage.forget()
        if state_root(storage, self.suite, manifest.state_size) != self._said.root:
            raise ProofError("snapshot.state", size=manifest.state_size)

    def _digest(self, noun: str, id: str) -> str:  # noqa: A002 - the field's name
        kind = NOUNS.get(noun)
        found = self.storage.find(kind, id) if kind is not None else None
        return self.suite.digest(encode(found)) if found is not None else ""


def _timeline(receipt: Receipt) -> list[tuple[int, str, str]]:
    """Return an entry's timeline rows, as `Block` makes them."""
    first = receipt.index << TOUCHED_BITS
    return [
        (first | place, noun, id)
        for place, (noun, id, _) in enumerate(receipt.touched)  # noqa: A001 - the field's name
        if noun != Did.noun
    ]
