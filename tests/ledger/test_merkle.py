"""The tree: published roots, every small proof against the recursive definition, refusals."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import INTL, SM, Suite
from shanhai.ledger.merkle import (
    Fetch,
    Tree,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_at,
    root_from_path,
    verify_consistency,
    verify_inclusion,
)

# RFC 6962 reference tests, as published in transparency-dev/merkle: leaf input, leaf hash, and the
# root of the tree of the first n leaves.
RFC_LEAVES = {
    "": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "00": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "10": "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "2021": "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "3031": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "40414243": "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "5051525354555657": "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "606162636465666768696a6b6c6d6e6f": "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
}
RFC_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
SIZES = range(1, 34)


def slow_root(suite: Suite, leaves: Sequence[bytes]) -> bytes:
    """Compute MTH of RFC 6962, 2.1."""
    if not leaves:
        return suite.hash(b"")
    if len(leaves) == 1:
        return leaves[0]
    cut = cut_of(len(leaves))
    return node_hash(suite, slow_root(suite, leaves[:cut]), slow_root(suite, leaves[cut:]))


def slow_path(suite: Suite, index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Compute PATH of RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    cut = cut_of(len(leaves))
    if index < cut:
        return [*slow_path(suite, index, leaves[:cut]), slow_root(suite, leaves[cut:])]
    return [*slow_path(suite, index - cut, leaves[cut:]), slow_root(suite, leaves[:cut])]


def slow_proof(suite: Suite, size: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:  # noqa: FBT001, FBT002 - the flag b of the definition
    """Compute SUBPROOF of RFC 6962, 2.1.2."""
    if size == len(leaves):
        return [] if whole else [slow_root(suite, leaves)]
    cut = cut_of(len(leaves))
    if size <= cut:
        return [*slow_proof(suite, size, leaves[:cut], whole), slow_root(suite, leaves[cut:])]
    return [*slow_proof(suite, size - cut, leaves[cut:], False), slow_root(suite, leaves[:cut])]  # noqa: FBT003 - as above


def cut_of(count: int) -> int:
    return max(1 << k for k in range(count.bit_length()) if 1 << k < count)


def grow(suite: Suite, count: int) -> tuple[list[bytes], Tree, Fetch]:
    leaves = [leaf_hash(suite, str(number).encode()) for number in range(count)]
    tree, nodes = Tree(suite), {(0, index): leaf for index, leaf in enumerate(leaves)}
    for leaf in leaves:
        nodes |= {(level, index): node for level, index, node in tree.append(leaf)}
    return leaves, tree, lambda level, index: nodes[level, index]


def test_published_leaf_hashes_and_roots_hold() -> None:
    tree = Tree(INTL)
    roots = [tree.root().hex()]
    for raw, wanted in RFC_LEAVES.items():
        leaf = leaf_hash(INTL, bytes.fromhex(raw))
        assert leaf.hex() == wanted
        tree.append(leaf)
        roots.append(tree.root().hex())
    assert tuple(roots) == RFC_ROOTS


@pytest.mark.parametrize("suite", [INTL, SM], ids=lambda suite: suite.name)
def test_roots_of_every_size_follow_the_recursive_definition(suite: Suite) -> None:
    leaves, tree, fetch = grow(suite, SIZES[-1])
    assert tree.root() == slow_root(suite, leaves)
    for size in range(SIZES[-1] + 1):
        assert root_at(suite, size, fetch) == slow_root(suite, leaves[:size])


def test_appending_names_each_inner_node_exactly_once() -> None:
    tree, seen = Tree(INTL), list[tuple[int, int]]()
    for number in range(64):
        seen += [
            (level, index) for level, index, _ in tree.append(leaf_hash(INTL, bytes([number])))
        ]
    assert sorted(seen) == [(level, i) for level in range(1, 7) for i in range(64 >> level)]


@given(st.lists(st.integers(0, 40), max_size=6))
def test_many_leaves_at_once_grow_the_tree_as_one_by_one(counts: list[int]) -> None:
    alone, together, number = Tree(INTL), Tree(INTL), 0
    for count in counts:
        leaves = [leaf_hash(INTL, b"%d" % (number + at)) for at in range(count)]
        number += count
        singly = [node for leaf in leaves for node in alone.append(leaf)]
        assert sorted(together.extend(leaves)) == sorted(singly)
        assert (together.size, together.peaks) == (alone.size, alone.peaks)
        assert together.root() == alone.root()


@pytest.mark.parametrize("suite", [INTL, SM], ids=lambda suite: suite.name)
def test_every_inclusion_proof_follows_the_definition_and_holds(suite: Suite) -> None:
    leaves, _, fetch = grow(suite, SIZES[-1])
    for size in SIZES:
        root = slow_root(suite, leaves[:size])
        for index in range(size):
            path = inclusion_path(suite, index, size, fetch)
            assert path == slow_path(suite, index, leaves[:size])
            verify_inclusion(suite, leaves[index], index, size, path, root)


@pytest.mark.parametrize("suite", [INTL, SM], ids=lambda suite: suite.name)
def test_every_consistency_proof_follows_the_definition_and_holds(suite: Suite) -> None:
    leaves, _, fetch = grow(suite, SIZES[-1])
    roots = [slow_root(suite, leaves[:size]) for size in range(SIZES[-1] + 1)]
    for size1, size2 in product(SIZES, SIZES):
        if size1 <= size2:
            path = consistency_path(suite, size1, size2, fetch)
            assert path == slow_proof(suite, size1, leaves[:size2])
            verify_consistency(suite, size1, size2, path, roots[size1], roots[size2])


@given(size=st.integers(1, 40), data=st.data())
def test_an_inclusion_proof_holds_for_nothing_else(size: int, data: st.DataObject) -> None:
    leaves, tree, fetch = grow(INTL, size)
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_path(INTL, index, size, fetch), tree.root()
    for leaf, place, count, hashes in (
        (leaf_hash(INTL, b"forged"), index, size, path),
        (leaves[index], index, size, [*path, leaves[0]]),
        (leaves[index], index, size, path[:-1] if path else [root]),
        (leaves[index], index ^ 1, size, path),
        (leaves[index], index, size, [bytes([one[0] ^ 1]) + one[1:] for one in path] or [root]),
    ):
        with pytest.raises(ProofError):
            verify_inclusion(INTL, leaf, place, count, hashes, root)


@given(size2=st.integers(2, 40), data=st.data())
def test_a_consistency_proof_holds_for_nothing_else(size2: int, data: st.DataObject) -> None:
    size1 = data.draw(st.integers(1, size2 - 1))
    leaves, tree, fetch = grow(INTL, size2)
    path = consistency_path(INTL, size1, size2, fetch)
    old, new = slow_root(INTL, leaves[:size1]), tree.root()
    for hashes, root1, root2 in (
        (path, new, new),
        (path, old, old),
        ([*path, old], old, new),
        (path[:-1], old, new),
        ([bytes([one[0] ^ 1]) + one[1:] for one in path], old, new),
    ):
        with pytest.raises(ProofError):
            verify_consistency(INTL, size1, size2, hashes, root1, root2)


@pytest.mark.parametrize(("size1", "size2"), [(0, 0), (0, 5), (6, 5), (-1, 2)])
def test_nothing_is_consistent_with_an_empty_or_longer_tree(size1: int, size2: int) -> None:
    root = INTL.hash(b"")
    with pytest.raises(ProofError, match=r"proof\.range"):
        verify_consistency(INTL, size1, size2, [], root, root)
    with pytest.raises(InvalidInputError):
        consistency_path(INTL, size1, size2, grow(INTL, 6)[2])


def test_equal_sizes_need_an_empty_path_and_equal_roots() -> None:
    verify_consistency(INTL, 5, 5, [], b"r" * 32, b"r" * 32)
    with pytest.raises(ProofError, match=r"proof\.length"):
        verify_consistency(INTL, 5, 5, [b"r" * 32], b"r" * 32, b"r" * 32)
    with pytest.raises(ProofError, match=r"proof\.root"):
        verify_consistency(INTL, 5, 5, [], b"r" * 32, b"s" * 32)


def test_a_missing_path_is_refused() -> None:
    with pytest.raises(ProofError, match=r"proof\.length"):
        verify_consistency(INTL, 3, 5, [], b"r" * 32, b"s" * 32)


def test_hashes_of_another_length_are_refused() -> None:
    leaf = leaf_hash(INTL, b"")
    for short_leaf, path in ((leaf[:-1], [leaf]), (leaf, [leaf + b"0"])):
        with pytest.raises(ProofError, match=r"proof\.length"):
            root_from_path(INTL, short_leaf, 0, 2, path)
    with pytest.raises(ProofError, match=r"proof\.length"):
        verify_consistency(INTL, 1, 2, [leaf[:-1]], leaf, leaf)


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_a_place_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofError, match=r"proof\.range"):
        root_from_path(INTL, leaf_hash(INTL, b""), index, size, [])
    with pytest.raises(InvalidInputError, match=r"proof\.range"):
        inclusion_path(INTL, index, size, grow(INTL, 3)[2])


def test_a_tree_resumes_from_its_peaks() -> None:
    leaves, tree, _ = grow(INTL, 21)
    again = Tree.from_peaks(INTL, 13, grow(INTL, 13)[1].peaks)
    for leaf in leaves[13:]:
        again.append(leaf)
    assert (again.size, again.root(), again.peaks) == (21, tree.root(), tree.peaks)


@pytest.mark.parametrize(("size", "peaks"), [(3, [b"p" * 32]), (1, [b"p" * 31]), (0, [b"p" * 32])])
def test_peaks_that_do_not_fit_the_size_are_refused(size: int, peaks: list[bytes]) -> None:
    with pytest.raises(InvalidInputError, match=r"tree\.peaks"):
        Tree.from_peaks(INTL, size, peaks)
