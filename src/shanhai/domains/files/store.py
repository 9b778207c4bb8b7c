"""Bytes on disk, by hash: `files/ab/<hash>`; written beside, synced, then renamed."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

CHUNK = 1 << 20
Hasher = Callable[[], "Running"]


class Running(Protocol):
    """A hash under way."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""

    def hexdigest(self) -> str:
        """Return the hash so far."""


def hasher(suite: str) -> Running:
    """Start the hash of a suite: SHA-256, or SM3 where the ledger uses it."""
    return hashlib.new("sm3" if suite == "sm" else "sha256")


def path_of(data_dir: Path, digest: str) -> Path:
    """Return where a document lies."""
    return data_dir / "files" / digest[:2] / digest


def partial_of(data_dir: Path, upload: str) -> Path:
    """Return where an upload under way lies."""
    return data_dir / "files" / "partial" / upload


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces of one mebibyte."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def digest_of(path: Path, suite: str) -> str:
    """Return the hash of a file's bytes."""
    running = hasher(suite)
    for piece in chunks(path):
        running.update(piece)
    return running.hexdigest()


def append(path: Path, offset: int, data: bytes) -> None:
    """Write a chunk at its place and sync it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "wb") as file:
        file.seek(offset)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def keep(source: Path, target: Path) -> None:
    """Move a finished upload to its place, durably; an equal document already there stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
