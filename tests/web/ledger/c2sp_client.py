"""A client of a tiled log, written from the C2SP texts alone: it shares no line with the server.

Source: C2SP signed-note, tlog-checkpoint, tlog-tiles; RFC 6962 sections 2.1, 2.1.1 and 2.1.2. It asks
for whole tiles only where the checkpoint says they are full, as tlog-tiles demands.
"""

import base64
import gzip
import hashlib
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Answer = tuple[int, Mapping[str, str], bytes]
Fetch = Callable[[str, Mapping[str, str]], Answer]


class Wrong(Exception):  # noqa: N818 - what a monitor would publish
    """The log is not what it claims to be."""


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d}) = SHA-256(0x00 || d)."""
    return hashlib.sha256(b"\0" + entry).digest()


def pair_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_hash(hashes: list[bytes]) -> bytes:
    """MTH over hashes of a level, by the recursive definition."""
    if len(hashes) == 1:
        return hashes[0]
    cut = 1
    while cut * 2 < len(hashes):
        cut *= 2
    return pair_hash(tree_hash(hashes[:cut]), tree_hash(hashes[cut:]))


def tile_name(number: int) -> str:
    """1234067 → x001/x234/067."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}")
    return "/".join(reversed(groups))


class Client:
    """Follows one log with the verifier key it was given."""

    def __init__(self, fetch: Fetch, vkey: str) -> None:
        self.fetch = fetch
        self.name, key_id, key = vkey.split("+", 2)
        self.key_id, raw = bytes.fromhex(key_id), base64.b64decode(key, validate=True)
        made = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if raw[0] != 1 or made != self.key_id:
            raise Wrong("verifier key")
        self.key = Ed25519PublicKey.from_public_bytes(raw[1:])
        self.size, self.root = 0, b""

    def get(self, path: str, content_type: str, *, for_ever: bool) -> bytes:
        """Fetch a resource and hold it to what tlog-tiles says of its headers."""
        status, headers, body = self.fetch(path, {"Accept-Encoding": "gzip, identity"})
        if status != 200:
            raise Wrong(f"{path}: {status}")
        if headers.get("Content-Type") != content_type:
            raise Wrong(f"{path}: {headers.get('Content-Type')}")
        cached = headers.get("Cache-Control", "")
        if ("immutable" in cached) is not for_ever or (not for_ever and "no-cache" not in cached):
            raise Wrong(f"{path}: {cached}")
        return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body

    def checkpoint(self) -> tuple[int, bytes]:
        """Fetch the checkpoint and check its signature; return size and root."""
        raw = self.get("checkpoint", "text/plain; charset=utf-8", for_ever=False).decode()
        text, lines = raw.split("\n\n", 1)
        text += "\n"
        signatures = [
            base64.b64decode(line.rpartition(" ")[2], validate=True)
            for line in lines.splitlines()
            if line.startswith(f"— {self.name} ")
        ]
        mine = [one[4:] for one in signatures if one[:4] == self.key_id]
        if not mine:
            raise Wrong("nobody we know signed")
        self.key.verify(mine[0], text.encode())  # raises where it does not hold
        origin, size, root = text.split("\n")[:3]
        if origin != self.name:
            raise Wrong("origin")
        return int(size), base64.b64decode(root, validate=True)

    def tile(self, level: str, number: int, width: int) -> bytes:
        """Fetch a tile or bundle of the width that the tree's size gives it."""
        part = "" if width == 256 else f".p/{width}"
        path = f"tile/{level}/{tile_name(number)}{part}"
        return self.get(path, "application/octet-stream", for_ever=True)

    def level(self, level: int, size: int) -> list[bytes]:
        """Fetch all hashes of a tile level for a tree of `size`."""
        count, found = size // 256**level, list[bytes]()
        for number in range(-(-count // 256)):
            width = min(256, count - 256 * number)
            raw = self.tile(str(level), number, width)
            if len(raw) != 32 * width:
                raise Wrong("tile length")
            found += [raw[at : at + 32] for at in range(0, len(raw), 32)]
        return found

    def entries(self, size: int) -> list[bytes]:
        """Fetch all entries of a tree of `size`."""
        found = list[bytes]()
        for number in range(-(-size // 256)):
            raw = self.tile("entries", number, min(256, size - 256 * number))
            while raw:
                length = int.from_bytes(raw[:2], "big")
                found.append(raw[2 : 2 + length])
                raw = raw[2 + length :]
        return found

    def follow(self) -> None:
        """Take the newest checkpoint: rebuild its root, compare upper tiles, prove that history stands."""
        size, root = self.checkpoint()
        leaves = self.level(0, size)
        if tree_hash(leaves) != root:
            raise Wrong("root")
        level = 1
        while size // 256**level:
            step = 256**level
            made = [tree_hash(leaves[at : at + step]) for at in range(0, size - step + 1, step)]
            if self.level(level, size) != made:
                raise Wrong(f"tiles of level {level}")
            level += 1
        if self.size and tree_hash(leaves[: self.size]) != self.root:
            raise Wrong("history was rewritten")
        self.size, self.root = size, root


def inclusion_root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Rebuild the root from a path by the recursive PATH(m, D[n]) of RFC 6962, section 2.1.1."""
    if size == 1:
        if path:
            raise Wrong("path too long")
        return leaf
    cut = 1
    while cut * 2 < size:
        cut *= 2
    if not path:
        raise Wrong("path too short")
    *rest, sibling = path
    if index < cut:
        return pair_hash(inclusion_root(leaf, index, cut, rest), sibling)
    return pair_hash(sibling, inclusion_root(leaf, index - cut, size - cut, rest))


def consistency_roots(
    old: int, size: int, path: list[bytes], old_root: bytes, *, whole: bool = True
) -> tuple[bytes, bytes]:
    """Rebuild both roots from SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2; return (old, new)."""
    if old == size:
        if whole:
            return old_root, old_root
        return path[-1], path[-1]
    cut = 1
    while cut * 2 < size:
        cut *= 2
    *rest, sibling = path
    if old <= cut:
        left_old, left_new = consistency_roots(old, cut, rest, old_root, whole=whole)
        return left_old, pair_hash(left_new, sibling)
    right_old, right_new = consistency_roots(old - cut, size - cut, rest, old_root, whole=False)
    return pair_hash(sibling, right_old), pair_hash(sibling, right_new)
