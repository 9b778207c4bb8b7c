"""Tiles and bundles: the examples of C2SP, one path a tile, strict parsing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.suite import INTL
from shanhai.ledger.merkle import Tree, leaf_hash, root_at
from shanhai.ledger.tiles import (
    ENTRIES,
    Tile,
    available,
    bundle_bytes,
    new_tiles,
    parse_bundle,
    parse_path,
    tile_bytes,
)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(2, 1_000, 17), "tile/2/x001/000.p/17"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
        (Tile(ENTRIES, 1_234, 1), "tile/entries/x001/234.p/1"),
    ],
)
def test_paths_are_those_of_c2sp(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/001/234",
        "tile/0/x000/001",
        "tile/0/x001/x234",
        "tile/00/001",
        "tile/64/001",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/999",
        "tile/0/001/",
        "tile/0/001\n",
        "/tile/0/001",
        "tile/0/../001",
        "tile/-1/001",
        "tile/entry/001",
        "tile/0/٠٠١",
        "tile/0/" + "x001/" * 6 + "001",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidInputError, match=r"tile\.path"):
        parse_path(path)


@given(level=st.integers(-1, 63), index=st.integers(0, 10**18 - 1), width=st.integers(1, 256))
def test_every_tile_has_one_path(level: int, index: int, width: int) -> None:
    assert parse_path(Tile(level, index, width).path) == Tile(level, index, width)


def test_a_tree_of_70_000_has_the_tiles_of_the_specification() -> None:
    tiles = list(new_tiles(0, 70_000))
    assert sum(tile.level == 0 and tile.width == 256 for tile in tiles) == 273
    assert [tile for tile in tiles if tile.level or tile.width < 256] == [
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert list(new_tiles(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]


@given(sizes=st.tuples(st.integers(0, 200_000), st.integers(0, 2_000)))
def test_growth_renews_exactly_the_tiles_that_differ(sizes: tuple[int, int]) -> None:
    old, new = sizes[0], sum(sizes)
    for tile in new_tiles(old, new):
        assert available(tile, new) == tile.width > available(tile, old)
    touched = {(tile.level, tile.index) for tile in new_tiles(old, new)}
    for level in range(3):
        last = new >> 8 * (level + 1)
        for index in (last - 1, last):
            changed = available(Tile(level, index), new) != available(Tile(level, index), old)
            assert index < 0 or changed == ((level, index) in touched)


@pytest.mark.parametrize(
    ("tile", "size", "wanted"),
    [
        (Tile(0, 273), 70_000, 112),
        (Tile(0, 274), 70_000, 0),
        (Tile(1, 0), 70_000, 256),
        (Tile(2, 0), 70_000, 1),
        (Tile(ENTRIES, 273), 70_000, 112),
        (Tile(63, 0), 70_000, 0),
    ],
)
def test_what_is_available_follows_from_the_size(tile: Tile, size: int, wanted: int) -> None:
    assert available(tile, size) == wanted


def test_tiles_alone_give_the_root_back() -> None:
    tree, nodes = Tree(INTL), dict[tuple[int, int], bytes]()
    for number in range(700):
        nodes[0, number] = leaf_hash(INTL, b"%d" % number)
        nodes |= {(lv, at): node for lv, at, node in tree.append(nodes[0, number])}
    served = {
        tile.path: tile_bytes(tile, lambda level, at: nodes[level, at])
        for tile in new_tiles(0, 700)
    }
    hashes = served["tile/0/000"] + served["tile/0/001"] + served["tile/0/002.p/188"]
    again = Tree(INTL)
    for at in range(0, len(hashes), 32):
        again.append(hashes[at : at + 32])
    assert again.root() == tree.root() == root_at(INTL, 700, lambda level, at: nodes[level, at])
    assert served["tile/1/000.p/2"] == nodes[8, 0] + nodes[8, 1]


@given(entries=st.lists(st.binary(max_size=300), max_size=20), data=st.data())
def test_a_bundle_is_read_back_and_refused_when_cut(
    entries: list[bytes], data: st.DataObject
) -> None:
    raw = bundle_bytes(entries)
    assert parse_bundle(raw) == entries
    if entries:
        cut = data.draw(st.integers(1, 1 + len(entries[-1])))
        with pytest.raises(InvalidInputError, match=r"tile\.bundle"):
            parse_bundle(raw[:-cut])


def test_a_bundle_holds_at_most_256_entries() -> None:
    assert len(parse_bundle(bundle_bytes([b""] * 256))) == 256
    with pytest.raises(InvalidInputError):
        parse_bundle(bundle_bytes([b""] * 257))
