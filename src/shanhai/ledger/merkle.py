"""The Merkle tree: hashes, a frontier that grows, proofs and their pure verifiers.

Source: RFC 6962 section 2.1 (tree), RFC 9162 sections 2.1.3 and 2.1.4 (verification); leaf hash
H(0x00 ‖ entry), node hash H(0x01 ‖ left ‖ right), H from the ledger's suite, all 32 bytes.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Self

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text

HASH_BYTES = 32
Fetch = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree of 2**level leaves that is the index-th of its level."""

TEXTS |= {
    "tree.peaks": Text(
        "树的状态不一致：{size} 条记录应有 {wanted} 个峰值，请用 shanhai rebuild 重建",
        "A tree of {size} entries has {wanted} peaks; run shanhai rebuild",
    ),
    "proof.range": Text(
        "证明所指的位置 {index} 不在 {size} 条记录之内，请重新取得证明",
        "Position {index} is outside a tree of {size} entries; fetch the proof again",
    ),
    "proof.length": Text(
        "证明中哈希的个数或长度不对，请重新取得证明",
        "The proof has a wrong number or length of hashes; fetch it again",
    ),
    "proof.root": Text(
        "证明与签名的根不符：内容被改动，或证明不属于这条记录",
        "The proof does not lead to the signed root: the content was changed, or the proof belongs "
        "to another entry",
    ),
}


def leaf_hash(suite: Suite, raw: bytes) -> bytes:
    """Return H(0x00 ‖ raw), 32 bytes."""
    return suite.hash(b"\x00" + raw)


def node_hash(suite: Suite, left: bytes, right: bytes) -> bytes:
    """Return H(0x01 ‖ left ‖ right), 32 bytes."""
    return suite.hash(b"\x01" + left + right)


class Tree:
    """The frontier of a growing tree: its size and the roots of its complete subtrees.

    Peaks stand largest subtree first, one for each 1 bit of the size.
    """

    __slots__ = ("_hash", "_peaks", "size", "suite")

    def __init__(self, suite: Suite) -> None:
        """Start an empty tree."""
        self.suite, self.size = suite, 0
        self._hash, self._peaks = suite.hash, list[bytes]()

    @classmethod
    def from_peaks(cls, suite: Suite, size: int, peaks: Sequence[bytes]) -> Self:
        """Take a tree up where it was left.

        Args:
            suite: The ledger's suite.
            size: Entries so far.
            peaks: Subtree roots, largest first, 32 bytes each.

        Raises:
            InvalidInputError: `tree.peaks`, if size and peaks do not fit each other.
        """
        if len(peaks) != size.bit_count() or any(len(peak) != HASH_BYTES for peak in peaks):
            raise InvalidInputError("tree.peaks", size=size, wanted=size.bit_count())
        tree = cls(suite)
        tree.size, tree._peaks = size, list(peaks)
        return tree

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Return the roots of the complete subtrees, largest first."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add one leaf hash.

        Args:
            leaf: A leaf hash, 32 bytes.

        Returns:
            (level, index, hash) of every inner node this leaf completed, level 1 upwards.
        """
        node, index, level, peaks, hash_ = leaf, self.size, 0, self._peaks, self._hash
        done: list[tuple[int, int, bytes]] = []
        while index & 1:
            node = hash_(b"\x01" + peaks.pop() + node)
            index >>= 1
            level += 1
            done.append((level, index, node))
        peaks.append(node)
        self.size += 1
        return done

    def extend(self, leaves: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
        """Add many leaf hashes, level by level; as `append` for each of them.

        Args:
            leaves: Leaf hashes, 32 bytes each, in order.

        Returns:
            (level, index, hash) of every inner node they completed, level 1 upwards.
        """
        row, start, level, hash_ = list(leaves), self.size, 0, self._hash
        done: list[tuple[int, int, bytes]] = []
        left: list[bytes] = []  # new peaks, smallest first
        while row:
            if start & 1:  # the last peak is the left sibling of the first
                row.insert(0, self._peaks.pop())
            if len(row) & 1:
                left.append(row.pop())
            start >>= 1
            level += 1
            row = [hash_(b"\x01" + row[at] + row[at + 1]) for at in range(0, len(row), 2)]
            done += [(level, index, node) for index, node in enumerate(row, start)]
        self._peaks += reversed(left)
        self.size += len(leaves)
        return done

    def root(self) -> bytes:
        """Return the root over all leaves; of an empty tree H("")."""
        if not self._peaks:
            return self._hash(b"")
        return reduce(lambda right, left: node_hash(self.suite, left, right), reversed(self._peaks))


def root_at(suite: Suite, size: int, fetch: Fetch) -> bytes:
    """Return the root that the tree had at `size` entries.

    Args:
        suite: The ledger's suite.
        size: At most the entries stored.
        fetch: Gives the hash of a complete subtree, level 0 being the leaves.
    """
    return _range_root(suite, 0, size, fetch) if size else suite.hash(b"")


def inclusion_path(suite: Suite, index: int, size: int, fetch: Fetch) -> list[bytes]:
    """Return the sibling hashes from the leaf at `index` to the root of `size` entries.

    Raises:
        InvalidInputError: `proof.range`, unless 0 ≤ index < size.
    """
    if not 0 <= index < size:
        raise InvalidInputError("proof.range", index=index, size=size)
    path, start, end = list[bytes](), 0, size
    while end - start > 1:
        cut = start + _split(end - start)
        if index < cut:
            path.append(_range_root(suite, cut, end, fetch))
            end = cut
        else:
            path.append(_range_root(suite, start, cut, fetch))
            start = cut
    return path[::-1]


def consistency_path(suite: Suite, size1: int, size2: int, fetch: Fetch) -> list[bytes]:
    """Return the hashes which prove that the tree of `size1` is a prefix of that of `size2`.

    Raises:
        InvalidInputError: `proof.range`, unless 0 < size1 ≤ size2.
    """
    if not 0 < size1 <= size2:
        raise InvalidInputError("proof.range", index=size1, size=size2)
    path, start, end, whole = list[bytes](), 0, size2, True
    while end != size1:
        cut = start + _split(end - start)
        if size1 <= cut:
            path.append(_range_root(suite, cut, end, fetch))
            end = cut
        else:
            path.append(_range_root(suite, start, cut, fetch))
            start, whole = cut, False
    if not whole:
        path.append(_range_root(suite, start, end, fetch))
    return path[::-1]


def root_from_path(
    suite: Suite, leaf: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes:
    """Rebuild the root that an inclusion proof commits to.

    Args:
        suite: The ledger's suite.
        leaf: Leaf hash, 32 bytes.
        index: Position of the entry, zero-based.
        size: Entries in the tree the proof was made for.
        path: Sibling hashes from leaf to root, 32 bytes each.

    Returns:
        The root, 32 bytes; the caller compares it with a signed checkpoint.

    Raises:
        ProofError: `proof.range` if index lies outside the tree, `proof.length` if a hash is not
            32 bytes or the path is too long or short.
    """
    if not 0 <= index < size:
        raise ProofError("proof.range", index=index, size=size)
    if len(leaf) != HASH_BYTES or any(len(sibling) != HASH_BYTES for sibling in path):
        raise ProofError("proof.length")
    node, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError("proof.length")
        if node % 2 == 1 or node == last:
            root = node_hash(suite, sibling, root)
            while node and node % 2 == 0:  # lone right edge: levels without a sibling
                node, last = node // 2, last // 2
        else:
            root = node_hash(suite, root, sibling)
        node, last = node // 2, last // 2
    if last:
        raise ProofError("proof.length")
    return root


def verify_inclusion(
    suite: Suite, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Check that a leaf hash stands at `index` of the tree with this root.

    Raises:
        ProofError: `proof.range`, `proof.length`, or `proof.root` if it leads elsewhere.
    """
    if root_from_path(suite, leaf, index, size, path) != root:
        raise ProofError("proof.root")


def verify_consistency(
    suite: Suite, size1: int, size2: int, path: Sequence[bytes], root1: bytes, root2: bytes
) -> None:
    """Check that the tree of `size1` entries is a prefix of the tree of `size2`.

    Args:
        suite: The ledger's suite.
        size1: Entries of the older tree; 0 is refused, because an empty tree proves nothing.
        size2: Entries of the newer tree.
        path: Hashes as `consistency_path` gives them, 32 bytes each.
        root1: The older root.
        root2: The newer root.

    Raises:
        ProofError: `proof.range`, `proof.length`, or `proof.root` if either root is not met.
    """
    if not 0 < size1 <= size2:
        raise ProofError("proof.range", index=size1, size=size2)
    if any(len(part) != HASH_BYTES for part in path):
        raise ProofError("proof.length")
    if size1 == size2:
        if path:
            raise ProofError("proof.length")
        if root1 != root2:
            raise ProofError("proof.root")
        return
    if size1 & (size1 - 1) == 0:
        path = [root1, *path]
    if _both_roots(suite, size1 - 1, size2 - 1, path) != (root1, root2):
        raise ProofError("proof.root")


def _both_roots(suite: Suite, node: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Rebuild the older and the newer root (RFC 9162, 2.1.4.2)."""
    if not path:
        raise ProofError("proof.length")
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for part in path[1:]:
        if last == 0:
            raise ProofError("proof.length")
        if node & 1 or node == last:
            old, new = node_hash(suite, part, old), node_hash(suite, part, new)
            while node and node & 1 == 0:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(suite, new, part)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("proof.length")
    return old, new


def _split(count: int) -> int:
    """Return the largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(suite: Suite, start: int, end: int, fetch: Fetch) -> bytes:
    """Return the root over leaves [start, end), where start is aligned as RFC 6962 splits."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return fetch(level, start >> level)
    cut = start + _split(count)
    return node_hash(
        suite, _range_root(suite, start, cut, fetch), _range_root(suite, cut, end, fetch)
    )
