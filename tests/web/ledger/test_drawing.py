"""The drawn path is the proof's own: its ranges tile the tree and it ends in the root, or is refused."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.errors import ProofError
from shanhai.kernel.suite import INTL
from shanhai.ledger.merkle import Tree, leaf_hash
from shanhai.web.ledger import drawing
from web.ledger.c2sp_client import tree_hash


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(INTL, bytes([number])) for number in range(size)]


def path(hashes: list[bytes], index: int) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962, by its recursion."""
    if len(hashes) == 1:
        return []
    cut = 1 << (len(hashes) - 1).bit_length() - 1
    if index < cut:
        return [*path(hashes[:cut], index), tree_hash(hashes[cut:])]
    return [*path(hashes[cut:], index - cut), tree_hash(hashes[:cut])]


@given(size=st.integers(1, 70), data=st.data())
def test_every_path_is_drawn_from_leaf_to_root(size: int, data: st.DataObject) -> None:
    index, hashes = data.draw(st.integers(0, size - 1)), leaves(size)
    root = drawing.Node(0, size, tree_hash(hashes))
    found = drawing.steps(INTL, hashes[index], index, path(hashes, index), root)
    for step in found:
        assert (step.left.start, step.left.stop) == (step.parent.start, step.right.start)
        assert step.right.stop == step.parent.stop
        assert step.sibling.hash == tree_hash(hashes[step.sibling.start : step.sibling.stop])
    assert all(lower.parent == upper.own for lower, upper in pairwise(found))
    made = drawing.ladder(found, root)
    assert len(made.boxes) == 1 + 2 * len(found)
    assert all(box.x >= 0 and box.x + drawing.BOX_WIDTH <= made.width for box in made.boxes)
    assert all(box.y >= 0 and box.y + drawing.BOX_HEIGHT <= made.height for box in made.boxes)


def test_a_path_that_leads_elsewhere_is_not_drawn() -> None:
    hashes = leaves(7)
    root = drawing.Node(0, 7, tree_hash(hashes))
    with pytest.raises(ProofError, match=r"proof\.root"):
        drawing.steps(INTL, leaf_hash(INTL, b"another"), 3, path(hashes, 3), root)


@given(st.integers(1, 5000))
def test_every_peak_is_a_mountain_and_they_cover_the_log(size: int) -> None:
    tree = Tree(INTL)
    for leaf in leaves(size % 97 + 1):
        tree.append(leaf)
    made = drawing.peaks(tree.peaks, tree.size)
    assert [m.node.hash for m in made.mountains] == list(tree.peaks)
    assert made.mountains[0].node.start == 0
    assert made.mountains[-1].node.stop == tree.size
    assert all(a.node.stop == b.node.start for a, b in pairwise(made.mountains))
