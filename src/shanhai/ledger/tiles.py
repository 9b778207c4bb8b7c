"""Tiles and entry bundles: the tree as immutable files that other people's clients can read.

Source: C2SP tlog-tiles. A tile holds up to 256 consecutive hashes of one level, eight tree levels
apart; a bundle holds up to 256 entries. The specification fixes SHA-256, so the tiles of an `sm`
ledger have its form but are not C2SP's.
"""

import re
import struct
from collections.abc import Iterable, Iterator

import msgspec

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.merkle import Fetch

WIDTH = 256
ENTRIES = -1
"""Stands for the level of an entry bundle."""
_HEIGHT = 8
_MAX_LEVEL = 63
_LENGTH = struct.Struct(">H")
_PATH = re.compile(
    r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
).fullmatch

TEXTS |= {
    "tile.path": Text("瓦片路径不符合 C2SP 格式", "This is no C2SP tile path"),
    "tile.bundle": Text(
        "条目包不完整或有多余字节，请重新下载",
        "The entry bundle is incomplete or has bytes over; fetch it again",
    ),
}


class Tile(msgspec.Struct, frozen=True):
    """One tile or bundle: level (`ENTRIES` for a bundle), index in that level, width 1 to 256."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return its path below the log's prefix, for example `tile/0/x001/234.p/17`."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
        return f"tile/{level}/{number}" + (f".p/{self.width}" if self.width < WIDTH else "")


def parse_path(text: str) -> Tile:
    """Read a tile path; anything but the one spelling that `Tile.path` writes is refused.

    Raises:
        InvalidInputError: `tile.path`.
    """
    match = _PATH(text)
    if not match:
        raise InvalidInputError("tile.path")
    level, number, width = match.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(number.replace("x", "").replace("/", "")),
        int(width) if width else WIDTH,
    )
    if tile.path != text or tile.level > _MAX_LEVEL:
        raise InvalidInputError("tile.path")
    return tile


def available(tile: Tile, size: int) -> int:
    """Return how many hashes (entries) a tile at this place has in a tree of `size` entries, 0 to 256.

    A tile of smaller width is a prefix of it and may be served too.
    """
    return max(0, min(WIDTH, (size >> _HEIGHT * max(tile.level, 0)) - tile.index * WIDTH))


def tile_bytes(tile: Tile, fetch: Fetch) -> bytes:
    """Return a tile's hashes, 32 bytes each.

    Args:
        tile: No bundle; its width at most `available`.
        fetch: Gives the hash of a complete subtree by tree level and index.
    """
    level, start = tile.level * _HEIGHT, tile.index * WIDTH
    return b"".join(fetch(level, start + offset) for offset in range(tile.width))


def new_tiles(old_size: int, new_size: int) -> Iterator[Tile]:
    """Yield the hash tiles that a tree grown from `old_size` to `new_size` entries needs anew."""
    for level in range(_MAX_LEVEL + 1):
        old, new = old_size >> _HEIGHT * level, new_size >> _HEIGHT * level
        if not new:
            return
        if old == new:
            continue
        for index in range(old // WIDTH, new // WIDTH):
            yield Tile(level, index)
        if new % WIDTH:
            yield Tile(level, new // WIDTH, new % WIDTH)


def bundle_bytes(entries: Iterable[bytes]) -> bytes:
    """Return entries behind their u16 big-endian lengths."""
    return b"".join(_LENGTH.pack(len(entry)) + entry for entry in entries)


def parse_bundle(raw: bytes) -> list[bytes]:
    """Split a bundle into its entries.

    Raises:
        InvalidInputError: `tile.bundle`, if it is cut short or holds more than 256 entries.
    """
    entries, start = list[bytes](), 0
    while start < len(raw):
        head = raw[start : start + _LENGTH.size]
        end = start + _LENGTH.size + int.from_bytes(head, "big")
        if len(head) < _LENGTH.size or end > len(raw) or len(entries) == WIDTH:
            raise InvalidInputError("tile.bundle")
        entries.append(raw[start + _LENGTH.size : end])
        start = end
    return entries
