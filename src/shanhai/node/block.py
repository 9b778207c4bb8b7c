"""A block: acts judged one after another over one state, then written together or not at all.

Append and replay run through the same `Block`, so that what was accepted once is accepted alike for ever.
"""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from shanhai.acts.machine.admit import admitted
from shanhai.acts.machine.authority import Post
from shanhai.acts.machine.fields import Kind, fields_of
from shanhai.acts.machine.judge import judge
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.view import Changed, State, Store, View
from shanhai.kernel.canonical import encode
from shanhai.kernel.clock import Moment
from shanhai.kernel.errors import Refused, ShanhaiError
from shanhai.kernel.text import Facts
from shanhai.ledger.body import Body, check_window
from shanhai.ledger.entry import MAX_TOUCHED, Entry, Receipt, pack
from shanhai.ledger.merkle import Fetch, Tree, root_at
from shanhai.node.admission import Parsed, Signatures, Signed, check_seen, parse_act
from shanhai.node.founding import Constants, Founding, RulesClock
from shanhai.node.records import Batch, Record
from shanhai.node.schema import LEVEL_BITS, TOUCHED_BITS

Refusals = list[tuple[str, Facts]]


class RefusedAct(Exception):  # noqa: N818 - an answer, carried out of the block
    """The rules say no; `refusals` lists every reason."""

    def __init__(self, refusals: Refusals) -> None:
        super().__init__(refusals)
        self.refusals = refusals


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """An act that entered: its body and receipt."""

    body: Body
    receipt: Receipt


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
    """A run of entries on top of a store."""

    def __init__(
        self,
        constants: Constants,
        store: Store,
        tree: Tree,
        fetch: Fetch,
        signatures: Signatures | None,
    ) -> None:
        """Begin.

        Args:
            constants: Of the ledger.
            store: State before the block.
            tree: The frontier; the block grows it.
            fetch: The complete subtrees of the entries before the block.
            signatures: Checks signatures; None on a replay that trusts them.
        """
        self.constants, self.tree, self.signatures = constants, tree, signatures
        self.rules, self.batch = RulesClock(), Batch()
        self.state = State(store)
        self._start, self._below = tree.size, fetch
        self.entered: dict[str, int] = {}  # act id to index
        self._nodes: dict[int, bytes] = {}
        self._roots: dict[int, bytes] = {}

    def root_at(self, size: int) -> bytes:
        """Return the root at a size up to the tree's; the same however entries were grouped."""
        found = self._roots.get(size)
        if found is None:
            found = self._roots[size] = root_at(self.constants.suite, size, self._node)
        return found

    def _node(self, level: int, index: int) -> bytes:
        if (index + 1) << level <= self._start:
            return self._below(level, index)
        return self._nodes[level << LEVEL_BITS | index]

    def submit(
        self, signed: Signed, act_id: str, time_ms: int, parsed: Parsed | None = None
    ) -> Accepted:
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
        check_window(body, self.constants.ledger, time_ms)
        check_seen(body.seen, self.tree.size, self.root_at)
        if self.signatures is not None:
            self.signatures.check(self.state, body, payload, signed, act_id)
        index = self.tree.size
        at = Moment(index, time_ms, self.rules.at(self.state, index))
        told = self.state, self.constants.suite, body, payload, at
        changed = admitted(*told)
        if changed is None:
            verdict = judge(*told)
            if not verdict.accepted:
                raise RefusedAct(verdict.refusals)
            changed = verdict.changed
        return self._enter(signed, act_id, body, at, changed)

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

    def found(self, signed: Signed, founding: Founding, act_id: str, time_ms: int) -> Accepted:
        """Enter genesis; its keys are checked already, its objects are the first state."""
        view = View(self.state, self.constants.suite, founding.rules)
        for new in founding.objects:
            view.put(new)
        at = Moment(0, time_ms, founding.rules)
        return self._enter(signed, act_id, founding.body, at, view.changed)

    def _enter(
        self, signed: Signed, act_id: str, body: Body, at: Moment, changed: Changed
    ) -> Accepted:
        receipt, batch, post = self._receipt(at, changed), self.batch, body.post
        packed = pack(Entry(signed.body, signed.signature, encode(receipt)))
        leaf = self.constants.suite.hash(b"\x00" + packed)
        held = self.state[Post, post] if post else None
        person = held.person if isinstance(held, Post) else ""
        index, act, subject = at.index, body.act, body.subject
        batch.records.append(
            Record(index, act_id, at.time_ms, act, subject, post, person, packed, leaf)
        )
        self._project(receipt, changed)
        self.state.absorb(changed)
        self.entered[act_id] = index
        self._nodes[index] = leaf
        for level, index, node in self.tree.append(leaf):
            self._nodes[level << LEVEL_BITS | index] = node
            batch.nodes.append((level << LEVEL_BITS | index, node))
        return Accepted(body, receipt)

    def _receipt(self, at: Moment, changed: Changed) -> Receipt:
        """Encode and hash each new object once: for the receipt, for the next act on it, for its row."""
        digest, digests, raws = self.constants.suite.digest, self.state.digests, self.batch.raw
        touched = []
        for key, new in changed.items():
            kind, id = key  # noqa: A001 - the field's name
            if not kind.derived:
                raw = raws[key] = encode(new)
                made = digest(raw)
                digests[key] = new, made
                touched.append((kind.noun, id, made))
        touched.sort()
        if len(touched) > MAX_TOUCHED:
            raise Refused("entry.too_many_objects", count=len(touched), limit=MAX_TOUCHED)
        return Receipt(at.index, at.rules, at.time_ms, tuple(touched))

    def _project(self, receipt: Receipt, changed: Changed) -> None:
        """Add timeline and search rows; `Did` has no page, so it has no timeline."""
        first = receipt.index << TOUCHED_BITS
        self.batch.timeline += [
            (first | place, noun, id)
            for place, (noun, id, _) in enumerate(receipt.touched)  # noqa: A001 - the field's name
            if noun != Did.noun
        ]
        for key, new in changed.items():
            if key[0].title:
                self._search(new, self.state[key])

    def _search(self, new: Object, old: Object | None) -> None:
        words = _searched(type(new))
        if old is None or words(old) != words(new):
            region = getattr(new, "region", "")
            self.batch.search[new.id] = (new.id, new.noun, region, search_text(new))
