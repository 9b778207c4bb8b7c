"""The root of all objects at a size of the log: what a state entry says and every node computes for itself.

A receipt names each object that its entry changed and the digest of what it became. So an object's digest at an
earlier size is that of the last receipt before it, and of whatever was not touched since, that of the object as it is:
one pass over the objects, and one over receipts only for what changed since. Source: frozen decision 28.
"""

from collections.abc import Iterable, Iterator, Mapping

from shanhai.acts.machine.objects import NOUNS, Object
from shanhai.acts.machine.view import ObjectKey, State, View
from shanhai.acts.state import StateRoot, due, scope
from shanhai.kernel.canonical import encode
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.entry import parse_receipt, unpack
from shanhai.ledger.merkle import Tree, leaf_hash, root_at
from shanhai.node.records import Storage

Key = tuple[str, str]  # noun, id
Digests = Mapping[str, str]  # by id; "" for an object that was not there
_AT_ONCE = 1_024
TEXTS["state.differs"] = Text(
    "第 {size} 条处的状态根与本节点计算的不同（{theirs} ≠ {ours}）：程序版本不同，或数据被改动；请先用 shanhai ledger fsck 检查",
    "The state's root at {size} entries is not what this node computes ({theirs} ≠ {ours}): another software, or altered "
    "data; check with shanhai ledger fsck first",
)


def nouns() -> list[type[Object]]:
    """Return the nouns whose objects the root covers, in its order: all that do not derive from the others."""
    return [NOUNS[name] for name in sorted(NOUNS) if not NOUNS[name].derived]


def root_of(suite: Suite, leaves: Iterable[tuple[str, str, str]]) -> str:
    """Return the root over `[noun, id, digest]`, given in order, in hex."""
    tree, waiting = Tree(suite), list[bytes]()
    for leaf in leaves:
        waiting.append(leaf_hash(suite, encode(leaf)))
        if len(waiting) == _AT_ONCE:
            tree.extend(waiting)
            waiting = []
    tree.extend(waiting)
    return tree.root().hex()


def touched(packed: Iterable[bytes]) -> Iterator[tuple[Key, str]]:
    """Yield what entries say of the objects they changed: noun and id, and the digest each became."""
    for raw in packed:
        for noun, id, digest in parse_receipt(unpack(raw).receipt).touched:  # noqa: A001 - the field's name
            yield (noun, id), digest


def state_root(storage: Storage, suite: Suite, size: int, more: Iterable[bytes] = ()) -> str:
    """Return the root of all objects as they stood at a size.

    Args:
        storage: The ledger; it is read as it stands, so hold it.
        suite: The ledger's hash.
        size: Entries, at most the storage's and what is in `more`.
        more: The leaf bytes of entries after the storage's up to `size`.
    """
    head = storage.head()
    start = head.size if head is not None else 0
    tree_root = root_at(suite, size, storage.node) if size <= start else b""
    known = storage.state_roots.get(size)
    if known is not None and known[0] == tree_root:
        return known[1]
    before = dict[Key, str]()
    if size <= start:
        before = _undone(storage, size, start)
    else:
        before.update(touched(more))
    made = root_of(suite, _leaves(storage, suite, before))
    if size <= start:
        storage.state_roots[size] = tree_root, made
    return made


def _undone(storage: Storage, size: int, start: int) -> dict[Key, str]:
    """Return the digests at a size of all that was touched since; "" for what was not there yet."""
    since = {key for key, _ in touched(storage.packed(size, start))}
    before = dict.fromkeys(since, "")
    if since:
        before.update(
            (key, digest) for key, digest in touched(storage.packed(0, size)) if key in since
        )
    return before


def _leaves(
    storage: Storage, suite: Suite, instead: Mapping[Key, str]
) -> Iterator[tuple[str, str, str]]:
    by_noun: dict[str, dict[str, str]] = {}
    for (noun, id), digest in instead.items():  # noqa: A001 - the field's name
        by_noun.setdefault(noun, {})[id] = digest
    for kind in nouns():
        rows = ((id, suite.digest(raw)) for id, raw in storage.stored(kind))  # noqa: A001 - the field's name
        for id, digest in _merged(rows, by_noun.get(kind.noun, {})):  # noqa: A001 - the field's name
            yield kind.noun, id, digest


def _merged(rows: Iterable[tuple[str, str]], instead: Digests) -> Iterator[tuple[str, str]]:
    """Yield ids and digests in order, those of `instead` in place of a row's; "" is left out."""
    waiting, at = sorted(instead), 0
    for id, digest in rows:  # noqa: A001 - the field's name
        while at < len(waiting) and waiting[at] < id:
            if instead[waiting[at]]:
                yield waiting[at], instead[waiting[at]]
            at += 1
        if at < len(waiting) and waiting[at] == id:
            continue  # comes with what is instead of it
        yield id, digest
    for id in waiting[at:]:  # noqa: A001 - the field's name
        if instead[id]:
            yield id, instead[id]


class Journal:
    """What objects were at the newest fixed size, for a replay that holds all of them and no entry."""

    def __init__(self) -> None:
        self._before: dict[ObjectKey, Object | None] = {}

    def note(self, key: ObjectKey, old: Object | None) -> None:
        """Remember what an entry changed, as it stood before."""
        self._before.setdefault(key, old)

    def pass_by(self, size: int) -> None:
        """Begin anew where a fixed size is reached."""
        if due(size) == size:
            self._before = {}

    def root(self, state: State, suite: Suite) -> str:
        """Return the root of all objects at the newest fixed size.

        Args:
            state: All there is.
            suite: The ledger's hash.
        """
        return root_of(suite, self._leaves(state, suite))

    def _leaves(self, state: State, suite: Suite) -> Iterator[tuple[str, str, str]]:
        for kind in nouns():
            found = {**state[kind]}
            found.update((id, old) for (of, id), old in self._before.items() if of is kind)  # noqa: A001 - the field's name
            for id in sorted(found):  # noqa: A001 - the field's name
                one = found[id]
                if one is not None:
                    yield kind.noun, id, suite.digest(encode(one))


def recorded(storage: Storage, suite: Suite, size: int) -> StateRoot | None:
    """Return the state root that the log holds for a size, None for none."""
    view = View(storage.state(), suite)
    return storage.find(StateRoot, view.holder(scope(size)))
