"""What a node keeps beside objects: the head, entry rows, and one batch's worth of writing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from shanhai.acts.machine.objects import O, Object
from shanhai.acts.machine.view import Changed, ObjectKey, State


class Head(NamedTuple):
    """Where the ledger stands: entries, root (32 bytes), time of the last entry (epoch ms), rules version."""

    size: int
    root: bytes
    time_ms: int
    rules: int
    ledger: str
    suite: str
    origin: str


class Record(NamedTuple):
    """A row of the entry table; `packed` is the leaf's bytes, `leaf` its hash, `act_id` hex, `key` its `act_key`."""

    position: int
    act_id: str
    time_ms: int
    act: str
    subject: str
    post: str
    person: str
    packed: bytes
    leaf: bytes
    key: int


class Evidence(NamedTuple):
    """A signed act that saw another history: proof of a fork, kept though the act is refused."""

    act_id: str
    time_ms: int
    size: int
    theirs: str
    ours: str
    body: bytes
    signature: bytes


Timeline = tuple[int, str, str]  # position, noun, object id
Search = tuple[str, str, str, str]  # object id, noun, region, text
Node = tuple[int, bytes]  # position in the tree, hash
Wanted = Mapping[type[Object], set[str]]  # ids by noun


class Batch:
    """All that one transaction adds; objects are folded, each is written once."""

    __slots__ = (
        "before",
        "changed",
        "evidence",
        "leaves",
        "nodes",
        "raw",
        "records",
        "search",
        "timeline",
    )

    def __init__(self) -> None:
        self.changed: Changed = {}
        self.before: dict[ObjectKey, Object | None] = {}  # as it stood before the batch
        self.raw: dict[tuple[type[Object], str], bytes] = {}
        self.records: list[Record] = []
        self.leaves: list[bytes] = []
        self.nodes: list[Node] = []
        self.timeline: list[Timeline] = []
        self.search: dict[str, Search] = {}
        self.evidence: list[Evidence] = []


class Storage(Protocol):
    """Objects and log in one place, written in one transaction."""

    keeps: bool
    """Whether it keeps entries, objects, timeline and search rows, or hashes alone."""
    state_roots: dict[int, tuple[bytes, str]]
    """What `state_root` computed: by size, the log's root there and the state's."""
    far: bool
    """Whether each question is a message to another process, so that it pays to ask many at once."""

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object with that id, or None."""

    def write(self, changed: Iterable[Object]) -> None:
        """Put objects, replacing those of the same noun and id."""

    def state(self) -> State:
        """Return the state that a block begins on; a storage may lend its cache."""

    def stored(self, kind: type[Object]) -> Iterator[tuple[str, bytes]]:
        """Yield every object of a noun by id: id and canonical bytes, as they stand in the storage."""

    def fetch(self, wanted: Wanted) -> None:
        """Read ahead: these objects will be asked for one by one."""

    def transaction(self) -> AbstractContextManager[bool]:
        """Hold the only writer's place; commits on success, unless the caller holds a transaction.

        Yields:
            Whether this is the outermost transaction, so that its end is the commit.
        """

    def snapshot(self) -> AbstractContextManager[None]:
        """Read one state of everything, whatever is written meanwhile."""

    def head(self) -> Head | None:
        """Return where the ledger stands, None before genesis; drops caches if another writer moved it."""

    def known(self, act_ids: Sequence[str]) -> dict[str, int]:
        """Return the entry index of each act id that is in the log."""

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree (`merkle.Fetch`)."""

    def packed(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the leaf bytes of entries [start, stop)."""

    def extend(self, batch: Batch, head: Head) -> None:
        """Write a batch and the head it leads to."""

    def forget(self) -> None:
        """Drop every cache."""
