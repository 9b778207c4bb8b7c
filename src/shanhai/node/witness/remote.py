"""A log read from elsewhere as C2SP tiles: checkpoint, entry bundles, and any subtree's hash.

Nothing read here is trusted: the caller compares it with a signed root. Source: C2SP tlog-tiles.
"""

from collections.abc import Callable, Iterator

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.merkle import HASH_BYTES, node_hash
from shanhai.ledger.tiles import ENTRIES, WIDTH, Tile, available, parse_bundle

Get = Callable[[str], bytes]
"""Returns the file at a path below the log's prefix (`checkpoint`, `tile/…`); raises `InvalidInputError`."""
_HEIGHT = 8
TEXTS |= {
    "remote.unreachable": Text(
        "无法从 {url} 取得 {path}（{detail}），请检查网址和网络后重试",
        "{path} could not be fetched from {url} ({detail}); check address and network, then try again",
    ),
    "remote.short": Text(
        "{path} 的内容不完整，请稍后重试；反复出现请换一个来源",
        "{path} is incomplete; try again, and take another source if it stays so",
    ),
}


class Remote:
    """A tree of `size` entries, read through `get`; tiles are kept while it is used."""

    def __init__(self, get: Get, suite: Suite, size: int) -> None:
        self._get, self.suite, self.size = get, suite, size
        self._tiles: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree (`merkle.Fetch`).

        Raises:
            InvalidInputError: `remote.…`.
        """
        row, above = divmod(level, _HEIGHT)
        first, count = index << above, 1 << above
        raw = self._tile(row, first // WIDTH)
        start = first % WIDTH * HASH_BYTES
        hashes = [
            raw[at : at + HASH_BYTES] for at in range(start, start + count * HASH_BYTES, HASH_BYTES)
        ]
        while len(hashes) > 1:
            hashes = [
                node_hash(self.suite, hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)
            ]
        return hashes[0]

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the leaf bytes of entries [start, stop).

        Raises:
            InvalidInputError: `remote.…` or `tile.bundle`.
        """
        for index in range(start // WIDTH, -(-stop // WIDTH)):
            tile = self._place(ENTRIES, index)
            bundle = parse_bundle(self._get(tile.path))
            if len(bundle) != tile.width:
                raise InvalidInputError("remote.short", path=tile.path)
            first = index * WIDTH
            yield from bundle[max(start - first, 0) : stop - first]

    def _place(self, level: int, index: int) -> Tile:
        width = available(Tile(level, index), self.size)
        if not width:
            raise ProofError("proof.range", index=index, size=self.size)
        return Tile(level, index, width)

    def _tile(self, level: int, index: int) -> bytes:
        raw = self._tiles.get((level, index))
        if raw is None:
            tile = self._place(level, index)
            raw = self._get(tile.path)
            if len(raw) != tile.width * HASH_BYTES:
                raise InvalidInputError("remote.short", path=tile.path)
            self._tiles[level, index] = raw
        return raw
