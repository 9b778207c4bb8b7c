"""Objects and log in dicts and lists: for tests, replay and `shanhai verify`; the oracle of the others."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from shanhai.acts.machine.objects import O, Object
from shanhai.acts.machine.view import State
from shanhai.kernel.canonical import encode
from shanhai.node.records import Batch, Evidence, Head, Record, Search, Timeline, Wanted
from shanhai.node.schema import LEVEL_BITS


class Memory:
    """Objects by noun and id, entries by index, nodes by position."""

    keeps = True
    far = False

    def __init__(self) -> None:
        self.objects: dict[tuple[type[Object], str], Object] = {}
        self.records: list[Record] = []
        self.nodes: dict[int, bytes] = {}
        self.timeline: list[Timeline] = []
        self.search: dict[str, Search] = {}
        self.evidence: list[Evidence] = []
        self.state_roots: dict[int, tuple[bytes, str]] = {}
        self._known: dict[str, int] = {}
        self._head: Head | None = None

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object with that id, or None."""
        return self.objects.get((kind, id))  # type: ignore[return-value]  # the key says its type

    def write(self, changed: Iterable[Object]) -> None:
        """Put objects, replacing those of the same noun and id."""
        for new in changed:
            self.objects[type(new), new.id] = new

    def state(self) -> State:
        """Return a state on top of the objects."""
        return State(self)

    def stored(self, kind: type[Object]) -> Iterator[tuple[str, bytes]]:
        """Yield every object of a noun by id: id and canonical bytes."""
        for id in sorted(id for of, id in self.objects if of is kind):  # noqa: A001 - the field's name
            yield id, encode(self.objects[kind, id])

    def fetch(self, wanted: Wanted) -> None:
        """Do nothing: everything is at hand."""

    @contextmanager
    def transaction(self) -> Iterator[bool]:
        """Do nothing: a batch is written in one step."""
        yield True

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Do nothing: nobody else writes."""
        yield

    def head(self) -> Head | None:
        """Return where the ledger stands, None before genesis."""
        return self._head

    def known(self, act_ids: Sequence[str]) -> dict[str, int]:
        """Return the entry index of each act id that is in the log."""
        return {one: self._known[one] for one in act_ids if one in self._known}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return self.nodes[level << LEVEL_BITS | index] if level else self.records[index].leaf

    def packed(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the leaf bytes of entries [start, stop)."""
        for record in self.records[start:stop]:
            yield record.packed

    def extend(self, batch: Batch, head: Head) -> None:
        """Write a batch and the head it leads to."""
        self.objects.update(batch.changed)
        self.records += batch.records
        self.nodes.update(batch.nodes)
        self.timeline += batch.timeline
        self.search.update(batch.search)
        self.evidence += batch.evidence
        self._known.update((record.act_id, record.position) for record in batch.records)
        self._head = head

    def forget(self) -> None:
        """Do nothing: there is no cache."""
