"""Sealing: after the commit, re-read what was written, hash it anew, sign the head, move the anchor.

A head is signed only over bytes that came back from the database: a bit that flipped between memory and
store would otherwise be signed for ever (reliability reference §2.2, Yeti 2022).
"""

from shanhai.kernel.errors import ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.checkpoint import Checkpoint, VKey, make_vkey, sign_note
from shanhai.ledger.merkle import Tree, leaf_hash
from shanhai.ledger.signing import Signer
from shanhai.node.anchor import Anchor, Anchored, compare
from shanhai.node.founding import Constants, origin_of
from shanhai.node.loop import Node, Publisher, frontier
from shanhai.node.records import Head, Storage

TEXTS["seal.differs"] = Text(
    "第 {index} 条起，数据库中的内容与账本的根不一致，拒绝签名；请停止写入并运行 shanhai ledger fsck",
    "From entry {index} on, the database does not lead to the ledger's root; nothing is signed. Stop writing and run "
    "shanhai ledger fsck",
)


class Sealer(Publisher):
    """Signs checkpoints with the log's key and keeps the anchor."""

    def __init__(self, signer: Signer, anchor: Anchor | None) -> None:
        self.signer, self.anchor = signer, anchor
        self._tree: Tree | None = None
        self._signed: VKey | None = None  # the key's line under which that note stands
        self.note = b""  # the newest signed checkpoint

    def vkey(self, node: Node) -> VKey:
        """Return the verifier key of this log's checkpoints; its name is the origin."""
        return make_vkey(origin_of(node.storage, node.constants), self.signer)

    def start(self, node: Node) -> None:
        """Compare with the anchor before anything is written: ahead, refuse; behind, extend.

        Raises:
            ProofError: `anchor.ahead`, `anchor.differs`, `anchor.malformed` or `seal.differs`.
        """
        self.publish(node)

    def publish(self, node: Node) -> None:
        """Sign the head as it stands in the database and anchor it.

        Raises:
            ProofError: As `start`.
        """
        if self.anchor is None:
            self._sign(node, node.head())
            node.crash("after_checkpoint")
            return
        with self.anchor.locked():
            head, found = node.head(), self.anchor.read()
            if found is not None:
                compare(found.checkpoint, head.size, node.root_at)
            vkey = self._sign(node, head)
            node.crash("after_checkpoint")
            if found is None or found.checkpoint.size < head.size:
                new = Checkpoint(vkey.name, head.size, head.root)
                self.anchor.replace(Anchored(vkey, self.note, new), vkey)
            node.crash("after_anchor")

    def checkpoint(self, node: Node) -> bytes:
        """Return the signed checkpoint over the head, for serving."""
        self._sign(node, node.head())
        return self.note

    def _sign(self, node: Node, head: Head) -> VKey:
        tree, self._tree = self._tree, None
        start = tree.size if tree is not None else -1
        self._tree = reread(node.constants, node.storage, head, tree)
        if start != head.size or self._signed is None:
            self._signed = self.vkey(node)
            origin = self._signed.name
            text = Checkpoint(origin, head.size, head.root).text
            self.note = sign_note(text, origin, self.signer).encode()
        return self._signed


def reread(constants: Constants, storage: Storage, head: Head, tree: Tree | None) -> Tree:
    """Hash anew what the storage holds and return the frontier, which leads to the head's root.

    Args:
        constants: Of the ledger.
        storage: Where it is kept.
        head: Where it stands.
        tree: The frontier up to which this was done before; None for the whole, by stored subtrees.

    Raises:
        ProofError: `seal.differs`.
    """
    if tree is None or tree.size > head.size:
        tree = frontier(constants, head.size, storage)
    start, suite = tree.size, constants.suite
    tree.extend([leaf_hash(suite, packed) for packed in storage.packed(start, head.size)])
    if tree.size != head.size or tree.root() != head.root:
        raise ProofError("seal.differs", index=start)
    return tree
