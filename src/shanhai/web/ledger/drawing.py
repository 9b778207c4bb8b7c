"""Drawings of the tree, worked out on the server: the path from an entry to the root, and the peaks.

Source: RFC 6962 section 2.1.1. The path's hashes are computed here once more from the leaf upwards; a
drawing that does not end in the checkpoint's root is refused, so that it can never show what is not so.
"""

from collections.abc import Sequence
from typing import NamedTuple

from shanhai.kernel.errors import ProofError
from shanhai.kernel.suite import Suite
from shanhai.ledger.merkle import node_hash

BOX_WIDTH, BOX_HEIGHT, ROW = 168, 46, 82
LEFT, RIGHT, TOP = 2, 190, 2
WIDTH = RIGHT + BOX_WIDTH + 2


class Node(NamedTuple):
    """A subtree: its leaves [start, stop) and its hash."""

    start: int
    stop: int
    hash: bytes

    @property
    def leaves(self) -> int:
        """Return how many entries lie below it."""
        return self.stop - self.start

    @property
    def last(self) -> int:
        """Return the index of its last entry."""
        return self.stop - 1

    @property
    def hex(self) -> str:
        """Return its hash in hex."""
        return self.hash.hex()


class Step(NamedTuple):
    """One hashing: `own` and `sibling` become `parent`; whether `own` is the left one."""

    own: Node
    sibling: Node
    parent: Node
    own_left: bool

    @property
    def left(self) -> Node:
        """Return the left child."""
        return self.own if self.own_left else self.sibling

    @property
    def right(self) -> Node:
        """Return the right child."""
        return self.sibling if self.own_left else self.own


class Box(NamedTuple):
    """A node as it is drawn: its corner, and what it is (`leaf`, `own`, `sibling` or `root`)."""

    x: int
    y: int
    kind: str
    node: Node


class Line(NamedTuple):
    """A line from a child to its parent."""

    x1: int
    y1: int
    x2: int
    y2: int
    kind: str


class Drawing(NamedTuple):
    """Boxes and lines in a picture of WIDTH × height, root on top."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]


def ranges(index: int, size: int) -> list[tuple[int, int, int]]:
    """Return (start, cut, stop) of every subtree above a leaf, the smallest first."""
    found, start, stop = [], 0, size
    while stop - start > 1:
        cut = start + (1 << (stop - start - 1).bit_length() - 1)
        found.append((start, cut, stop))
        start, stop = (start, cut) if index < cut else (cut, stop)
    return found[::-1]


def steps(suite: Suite, leaf: bytes, index: int, path: Sequence[bytes], root: Node) -> list[Step]:
    """Return the hashings from a leaf to the root.

    Args:
        suite: The ledger's suite.
        leaf: Leaf hash of the entry, 32 bytes.
        index: Its place.
        path: Sibling hashes, from the leaf upwards.
        root: All entries, with the root that a checkpoint signs.

    Raises:
        ProofError: `proof.root`, if they lead elsewhere.
    """
    made: list[Step] = []
    own = Node(index, index + 1, leaf)
    for (start, cut, stop), other in zip(ranges(index, root.stop), path, strict=True):
        own_left = index < cut
        sibling = Node(cut, stop, other) if own_left else Node(start, cut, other)
        left, right = (own, sibling) if own_left else (sibling, own)
        parent = Node(start, stop, node_hash(suite, left.hash, right.hash))
        made.append(Step(own, sibling, parent, own_left))
        own = parent
    if own != root:
        raise ProofError("proof.root")
    return made


def ladder(found: Sequence[Step], root: Node) -> Drawing:
    """Place the path: every level shows both children, their parent stands above, the root on top."""
    height = TOP * 2 + BOX_HEIGHT + ROW * len(found)
    middle = (LEFT + RIGHT) // 2
    boxes, lines = [Box(middle, TOP, "root" if found else "leaf", root)], list[Line]()
    x = middle
    for level, step in enumerate(reversed(found), start=1):
        y, leaf = TOP + ROW * level, level == len(found)
        for left, at in ((True, LEFT), (False, RIGHT)):
            mine = left is step.own_left
            kind = ("leaf" if leaf else "own") if mine else "sibling"
            boxes.append(Box(at, y, kind, step.left if left else step.right))
            lines.append(_line(at, y, x, "own" if mine else "sibling"))
        x = LEFT if step.own_left else RIGHT
    return Drawing(WIDTH, height, boxes, lines)


def _line(x: int, y: int, parent_x: int, kind: str) -> Line:
    half = BOX_WIDTH // 2
    return Line(x + half, y, parent_x + half, y - ROW + BOX_HEIGHT, kind)


MOUNTAIN_HEIGHT, MOUNTAIN_ROOM, SEA = 20, 300, 14


class Mountain(NamedTuple):
    """A complete subtree as a mountain: outline for `<polygon>`, foot and summit, and its node."""

    points: str
    x: int
    y: int
    node: Node


class Range(NamedTuple):
    """All mountains of a tree; their feet stand on the line `base`."""

    width: int
    height: int
    base: int
    mountains: list[Mountain]


def peaks(hashes: Sequence[bytes], size: int) -> Range:
    """Draw the tree's complete subtrees, largest first: twice the entries, one step higher and wider.

    Args:
        hashes: Their roots, one for each 1 bit of the size.
        size: Entries.
    """
    levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
    highest = max(levels, default=0)
    base = (highest + 1) * MOUNTAIN_HEIGHT + MOUNTAIN_HEIGHT
    x, start, made = 0, 0, list[Mountain]()
    for level, found in zip(levels, hashes, strict=True):
        half, top = 18 + 11 * level, base - (level + 1) * MOUNTAIN_HEIGHT
        centre = x + half
        points = f"{x},{base} {centre},{top} {centre + half},{base}"
        made.append(Mountain(points, centre, top, Node(start, start + (1 << level), found)))
        x, start = x + half * 2 - half // 3, start + (1 << level)
    return Range(max(x + 30, 120), base + SEA, base, made)
