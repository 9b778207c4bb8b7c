"""A block: acts judged one after another over one state, then written together or not at all.

Append and replay run through the same `Block`, so that what was accepted once is accepted alike for ever.
"""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from shanhai.acts.machine.admit import Admission
from shanhai.acts.machine.authority import Post
from shanhai.acts.machine.fields import Kind, fields_of
from shanhai.acts.machine.judge import judge
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.registry import Act
from shanhai.acts.machine.view import Changed, ObjectKey, State, View
from shanhai.acts.state import RecordState, due
from shanhai.kernel.canonical import encode
from shanhai.kernel.clock import Moment
from shanhai.kernel.errors import InvalidInputError, Refused, ShanhaiError
from shanhai.kernel.text import Facts
from shanhai.ledger.body import Body, check_window
from shanhai.ledger.entry import MAX_TOUCHED, Entry, Receipt, Touched, pack
from shanhai.ledger.merkle import Tree, root_at
from shanhai.node.admission import Parsed, Signatures, Signed, check_seen, parse_act
from shanhai.node.founding import Constants, Founding, RulesClock
from shanhai.node.records import Batch, Record, Storage
from shanhai.node.schema import LEVEL_BITS, TOUCHED_BITS, act_key
from shanhai.node.state_root import Journal, state_root

Refusals = list[tuple[str, Facts]]
Raws = dict[ObjectKey, bytes]


class RefusedAct(Exception):  # noqa: N818 - an answer, carried out of the block
    """The rules say no; `refusals` lists every reason."""

    def __init__(self, refusals: Refusals) -> None:
        super().__init__(refusals)
        self.refusals = refusals


@cache
def _searched(kind: type[Object]) -> Callable[[Object], tuple[Any, ...]]:
    """Return what reads the fields a reader may search by: the title first, then every open word."""
    if not kind.title:
        return lambda _: ()
    words = [f.name for f in fields_of(kind) if f.kind is Kind.WORD and f.name != "id"]
    names = tuple(dict.fromkeys((kind.title, *words)))
    read: Callable[[Object], Any] = attrgetter(*names)
    return read if len(names) > 1 else lambda found: (read(found),)


def search_text(found: Object) -> str:
    """Return the words by which an object is found, "" where it has none."""
    return " ".join(str(word) for word in _searched(type(found))(found) if word)


class Block:
    """A run of entries on top of a state."""

    def __init__(
        self,
        constants: Constants,
        state: State,
        tree: Tree,
        storage: Storage,
        signatures: Signatures | None,
        journal: Journal | None = None,
    ) -> None:
        """Begin.

        Args:
            constants: Of the ledger.
            state: As it stands before the block; the block's acts change it, `state.changed` says how.
            tree: The frontier; the block grows it.
            storage: Has the entries before the block, or their hashes alone.
            signatures: Checks signatures; None on a replay that trusts them.
            journal: Where the storage keeps hashes alone: what objects were before.
        """
        self.constants, self.signatures = constants, signatures
        self.rules, self.batch = RulesClock(), Batch()
        self.state, self.size = state, tree.size
        state.changed = {}
        self._admission = Admission(state, constants.suite)
        self._tree, self._start, self._keeps = tree, tree.size, storage.keeps
        self._storage, self._below = storage, storage.node
        self._journal = journal or Journal()
        self._leaves: list[bytes] = []  # not yet in the tree
        self._nodes: dict[int, bytes] = {}
        self._roots: dict[int, str] = {}

    @property
    def tree(self) -> Tree:
        """Return the tree, grown over every entry so far."""
        if self._leaves:
            for level, index, node in self._tree.extend(self._leaves):
                position = level << LEVEL_BITS | index
                self._nodes[position] = node
                self.batch.nodes.append((position, node))
            self._leaves = []
        return self._tree

    def root_at(self, size: int) -> str:
        """Return the root at a size up to the tree's, in hex; the same however entries were grouped."""
        found = self._roots.get(size)
        if found is None:
            if size > self._start:
                self.tree  # noqa: B018 - grows over the entries asked for
            found = self._roots[size] = root_at(self.constants.suite, size, self._node).hex()
        return found

    def _node(self, level: int, index: int) -> bytes:
        if (index + 1) << level <= self._start:
            return self._below(level, index)
        if level == 0:
            return self.batch.leaves[index - self._start]
        return self._nodes[level << LEVEL_BITS | index]

    def submit(
        self, signed: Signed, act_id: str, time_ms: int, parsed: Parsed | None = None
    ) -> Receipt:
        """Check, judge and enter one act; a refusal leaves no trace.

        Args:
            signed: Body and signature.
            act_id: The body's id, hex.
            time_ms: Ledger time of the entry.
            parsed: Body and payload, where they are decoded already.

        Raises:
            ShanhaiError: If form, window, history, key or signature do not hold.
            RefusedAct: If the rules refuse.
        """
        body, payload = parsed or parse_act(signed.body)
        at, changed = self._judged(signed, act_id, time_ms, body, payload)
        try:
            receipt, raws = self._receipt(at, changed)
            packed = pack(Entry(*signed, encode(receipt)))
        except BaseException:
            self._admission.take_back()
            raise
        self._enter(act_id, body, receipt, changed, packed)
        self.batch.raw.update(raws)
        return receipt

    def again(self, entry: Entry, raw: bytes, act_id: str, time_ms: int) -> None:
        """Enter once more what a log holds already; its receipt must come out the same, byte for byte.

        Args:
            entry: Unpacked from `raw`.
            raw: The leaf's bytes.
            act_id: The body's id, hex.
            time_ms: As the receipt says.

        Raises:
            InvalidInputError: `replay.receipt`, or as `submit`.
            RefusedAct: If the rules refuse.
        """
        body, payload = parse_act(entry.body)
        at, changed = self._judged(entry, act_id, time_ms, body, payload)
        receipt, raws = self._receipt(at, changed)
        if encode(receipt) != entry.receipt:
            raise InvalidInputError("replay.receipt")
        self._enter(act_id, body, receipt, changed, raw)
        if self._keeps:
            self.batch.raw.update(raws)

    def _judged(
        self, signed: Signed | Entry, act_id: str, time_ms: int, body: Body, payload: Act
    ) -> tuple[Moment, Changed]:
        """Check and judge; what the act changes stands in the state when this returns."""
        check_window(body, self.constants.ledger, time_ms)
        index, seen = self.size, body.seen
        if seen is not None and self._roots.get(seen.size) != seen.root:
            check_seen(seen, index, self.root_at)
        if type(payload) is RecordState:
            self._check_state(payload)
        if self.signatures is not None:
            self.signatures.check(self.state, body, payload, signed, act_id)
        at = Moment(index, time_ms, self.rules.at(self.state, index))
        changed = self._admission.admit(body, payload, at)
        if changed is None:
            verdict = judge(self.state, self.constants.suite, body, payload, at)
            if not verdict.accepted:
                raise RefusedAct(verdict.refusals)
            changed = self._admission.lay(verdict.changed)
        return at, changed

    def _check_state(self, said: RecordState) -> None:
        """Refuse a state's root that is not this node's; at a size that is no fixed one, the rules refuse.

        Raises:
            Refused: `state.differs`.
        """
        if said.size != due(self.size):
            return
        suite = self.constants.suite
        if self._keeps:
            more = (one.packed for one in self.batch.records[: max(said.size - self._start, 0)])
            ours = state_root(self._storage, suite, said.size, more)
        else:
            ours = self._journal.root(self.state, suite)
        if ours != said.root:
            raise Refused("state.differs", size=said.size, theirs=said.root[:16], ours=ours[:16])

    def holds(self, signed: Signed, act_id: str) -> bool:
        """Return whether a registered key signed these bytes, whatever else is wrong with them."""
        if self.signatures is None:
            return False
        try:
            body, payload = parse_act(signed.body)
            self.signatures.check(self.state, body, payload, signed, act_id)
        except ShanhaiError:
            return False
        return True

    def found(self, signed: Signed, founding: Founding, act_id: str, time_ms: int) -> Receipt:
        """Enter genesis; its keys are checked already, its objects are the first state."""
        view = View(self.state, self.constants.suite, founding.rules)
        for new in founding.objects:
            view.put(new)
        at, changed = Moment(0, time_ms, founding.rules), self._admission.lay(view.changed)
        receipt, raws = self._receipt(at, changed)
        packed = pack(Entry(*signed, encode(receipt)))
        self._enter(act_id, founding.body, receipt, changed, packed)
        self.batch.raw.update(raws)
        return receipt

    def _enter(
        self, act_id: str, body: Body, receipt: Receipt, changed: Changed, packed: bytes
    ) -> None:
        """Add an entry whose changes stand in the state."""
        leaf = self.constants.suite.hash(b"\x00" + packed)
        self._leaves.append(leaf)
        self.batch.leaves.append(leaf)
        self.size += 1
        if self._keeps:
            self._keep(act_id, body, receipt, packed, leaf)
            self.state.changed.update(changed)
        else:
            for rows, id, old in self._admission.before:  # noqa: A001 - the field's name
                self._journal.note((rows.kind, id), old)
            self._journal.pass_by(self.size)

    def _keep(self, act_id: str, body: Body, receipt: Receipt, packed: bytes, leaf: bytes) -> None:
        """Add the entry's row, and what stood before it."""
        post, index, batch = body.post, receipt.index, self.batch
        held = self.state[Post][post] if post else None
        person = held.person if isinstance(held, Post) else ""
        named = body.act, body.subject, post, person
        key = act_key(act_id)
        batch.records.append(Record(index, act_id, receipt.time_ms, *named, packed, leaf, key))
        self._project(receipt)

    def _receipt(self, at: Moment, changed: Changed) -> tuple[Receipt, Raws]:
        """Encode and hash each new object once: for the receipt, for the next act on it, for its row."""
        digest, state = self.constants.suite.digest, self.state
        touched: list[Touched] = []
        raws: Raws = {}
        for key, new in changed.items():
            kind, id = key  # noqa: A001 - the field's name
            if not kind.derived:
                raw = raws[key] = encode(new)
                made = digest(raw)
                state[kind].digests[id] = new, made
                touched.append((kind.noun, id, made))
        touched.sort()
        if len(touched) > MAX_TOUCHED:
            raise Refused("entry.too_many_objects", count=len(touched), limit=MAX_TOUCHED)
        return Receipt(at.index, at.rules, at.time_ms, tuple(touched)), raws

    def _project(self, receipt: Receipt) -> None:
        """Add timeline and search rows; `Did` has no page, so it has no timeline."""
        first = receipt.index << TOUCHED_BITS
        self.batch.timeline += [
            (first | place, noun, id)
            for place, (noun, id, _) in enumerate(receipt.touched)  # noqa: A001 - the field's name
            if noun != Did.noun
        ]
        before = self.batch.before
        for rows, id, old in self._admission.before:  # noqa: A001 - the field's name
            before.setdefault((rows.kind, id), old)
            if rows.kind.title:
                self._search(old, rows[id])

    def _search(self, old: Object | None, new: Object | None) -> None:
        if new is None:
            return
        words = _searched(type(new))
        if old is None or words(old) != words(new):
            region = getattr(new, "region", "")
            self.batch.search[new.id] = (new.id, new.noun, region, search_text(new))
