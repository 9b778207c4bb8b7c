"""Check a database against itself and its anchor, in one snapshot: no false alarm beside a writer.

Every stored body is hashed again: a proof or chain alone never sees a rotten payload.
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import msgspec

from shanhai.acts import book
from shanhai.acts.machine.authority import Post
from shanhai.acts.machine.objects import NOUNS
from shanhai.kernel.errors import Halt, ProofError, ShanhaiError
from shanhai.kernel.suite import Suite, suite_named
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import act_id, ledger_id, parse_body
from shanhai.ledger.checkpoint import parse_checkpoint, parse_note
from shanhai.ledger.entry import Receipt, parse_receipt, unpack
from shanhai.ledger.merkle import Tree, leaf_hash, root_at
from shanhai.node import schema
from shanhai.node.anchor import compare
from shanhai.node.founding import RulesClock, constants_of
from shanhai.node.records import Head
from shanhai.node.schema import LEVEL_BITS
from shanhai.node.seal import Sealer
from shanhai.node.sql import SqlStorage
from shanhai.node.tables import table_of, values_of

RULES = book.__name__
TEXTS |= {
    "fsck.entry": Text(
        "第 {index} 条的字节、哈希或检索列不一致",
        "Entry {index}: bytes, hash or columns do not agree",
    ),
    "fsck.gap": Text(
        "缺少第 {index} 条，或其后有多余行", "Entry {index} is missing, or rows are over"
    ),
    "fsck.node": Text(
        "树节点 {position} 与条目不一致", "Tree node {position} does not follow from the entries"
    ),
    "fsck.head": Text("头记录与条目不一致", "The head row does not follow from the entries"),
    "fsck.object": Text(
        "{noun} {id} 与最后一次回执不一致", "{noun} {id} differs from its last receipt"
    ),
    "fsck.columns": Text(
        "{noun} {id} 的检索列与内容不一致", "{noun} {id}: the columns differ from the content"
    ),
    "fsck.note": Text(
        "第 {size} 条处留存的检查点与历史不一致",
        "The checkpoint kept at {size} entries does not fit the history",
    ),
    "fsck.unreadable": Text("数据库无法读取：{detail}", "The database cannot be read: {detail}"),
}
Digests = dict[tuple[str, str], str]


def check(storage: SqlStorage, sealer: Sealer | None) -> list[ShanhaiError]:
    """Return every problem found, none for a sound ledger.

    Args:
        storage: The ledger's, read in one snapshot.
        sealer: Its anchor is compared; None where the ledger has none.
    """
    try:
        with storage.snapshot():
            return list(_problems(storage, sealer))
    except Halt as halt:
        return [ProofError("fsck.unreadable", detail=str(halt))]
    except ShanhaiError as error:  # the head names a suite that nobody knows
        return [error]


def _problems(storage: SqlStorage, sealer: Sealer | None) -> Iterator[ShanhaiError]:
    storage.forget()
    head = storage.head()
    if head is None:
        yield ProofError("genesis.missing")
        return
    digests: Digests = {}
    suite = suite_named(head.suite)
    tree, last = Tree(suite), None
    nodes: dict[int, bytes] = {}
    persons = _persons(storage)
    for index, row in enumerate(storage.rows(schema.ENTRY)):
        if row[0] != index:
            yield ProofError("fsck.gap", index=index)
            return
        last = _entry(suite, row, digests, persons)
        if last is None:
            yield ProofError("fsck.entry", index=index)
        leaf = leaf_hash(suite, _bytes(row[7]))
        nodes[index] = leaf
        nodes.update((level << LEVEL_BITS | at, node) for level, at, node in tree.append(leaf))
    yield from _nodes(storage, nodes)
    yield from _head(storage, head, tree, last)
    yield from _objects(storage, suite, digests)
    yield from _notes(storage, suite, tree.size, nodes, sealer)


def _bytes(value: Any) -> bytes:
    """Return a stored value as bytes; an edited row may hold anything, which then matches nothing."""
    return value if isinstance(value, bytes) else b""


def _persons(storage: SqlStorage) -> dict[str, str]:
    """Return each post's person, which never changes; a post's own row is checked with the objects."""
    names = [column.name for column in table_of(Post).columns]
    at = names.index("person")
    return {row[0]: row[at] for row in storage.rows(table_of(Post))}


def _entry(
    suite: Suite, row: tuple[Any, ...], digests: Digests, persons: dict[str, str]
) -> Receipt | None:
    """Return the receipt of a sound row and note its digests, None for another."""
    packed = _bytes(row[7])
    try:
        entry = unpack(packed)
        body, receipt = parse_body(entry.body), parse_receipt(entry.receipt)
    except ShanhaiError:
        return None
    digests.update(((noun, id), digest) for noun, id, digest in receipt.touched)  # noqa: A001 - the field's name
    wanted = (
        receipt.index,
        act_id(suite, entry.body),
        receipt.time_ms,
        body.act,
        body.subject,
        body.post,
        persons.get(body.post, ""),
        leaf_hash(suite, packed),
        schema.act_key(act_id(suite, entry.body)),
    )
    return receipt if (*row[:7], *row[8:]) == wanted else None


def _nodes(storage: SqlStorage, nodes: dict[int, bytes]) -> Iterator[ShanhaiError]:
    wanted = sorted((at, node) for at, node in nodes.items() if at >> LEVEL_BITS)
    for mine, theirs in zip_longest(wanted, storage.rows(schema.TREE_NODE)):
        if theirs is None or mine != tuple(theirs):
            yield ProofError("fsck.node", position=(mine or theirs)[0])


def _head(
    storage: SqlStorage, head: Head, tree: Tree, last: Receipt | None
) -> Iterator[ShanhaiError]:
    """Compare the head with what entries, genesis and rules say."""
    try:
        genesis = unpack(next(storage.packed(0, 1), b"")).body
        known = constants_of(storage, ledger_id(tree.suite, genesis))
        rules = RulesClock().at(storage, tree.size)
    except ShanhaiError:
        yield ProofError("fsck.head")
        return
    time_ms = last.time_ms if last is not None else 0
    where = known.ledger, known.suite.name, known.origin
    if head != Head(tree.size, tree.root(), time_ms, rules, *where):
        yield ProofError("fsck.head")


def _objects(storage: SqlStorage, suite: Suite, digests: Digests) -> Iterator[ShanhaiError]:
    """Compare each object with its last receipt, and its columns with its content."""
    for kind in NOUNS.values():
        wanted = {id for noun, id in digests if noun == kind.noun}  # noqa: A001 - the field's name
        decode = msgspec.json.Decoder(kind).decode
        for row in storage.rows(table_of(kind)):
            raw = _bytes(row[-1])
            wanted.discard(row[0])
            if not kind.derived and suite.digest(raw) != digests.get((kind.noun, row[0])):
                yield ProofError("fsck.object", noun=kind.noun, id=row[0])
                continue
            try:
                same = values_of(kind)(decode(raw)) == tuple(row[:-1])
            except (msgspec.MsgspecError, UnicodeDecodeError):
                same = False
            if not same:
                yield ProofError("fsck.columns", noun=kind.noun, id=row[0])
        for id in sorted(wanted):  # noqa: A001 - the field's name
            yield ProofError("fsck.object", noun=kind.noun, id=id)


def _notes(
    storage: SqlStorage, suite: Suite, size: int, nodes: dict[int, bytes], sealer: Sealer | None
) -> Iterator[ShanhaiError]:
    def root(at: int) -> bytes:
        return root_at(suite, at, lambda level, index: nodes[level << LEVEL_BITS | index])

    for kept, note in storage.rows(schema.CHECKPOINT):
        try:
            found = parse_checkpoint(parse_note(_bytes(note)).text)
            sound = found.size == kept <= size and root(kept) == found.root
        except ShanhaiError:
            sound = False
        if not sound:
            yield ProofError("fsck.note", size=kept)
    if sealer is None or sealer.anchor is None:
        return
    try:
        anchored = sealer.anchor.read()
        if anchored is not None:
            compare(anchored.checkpoint, size, root)
    except ShanhaiError as error:
        yield error
