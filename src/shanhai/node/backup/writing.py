"""Writing a backup: a zip whose comment is a note, signed by the log's key, over every byte before it.

Any zip program lists and unpacks it; no byte of it can be changed unseen.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.checkpoint import Note, sign_note
from shanhai.ledger.signing import Signer
from shanhai.node.backup.manifest import FORMAT, MANIFEST, Manifest, Member, manifest_bytes

PIECE = 1 << 20
ZERO = "0" * 64
EPOCH = (1980, 1, 1, 0, 0, 0)


def note_over(ledger: str, digest: str, origin: str, signer: Signer) -> Note:
    """Sign a backup's bytes; its text can be no checkpoint, whose second line is a number."""
    return sign_note(f"{FORMAT}\n{ledger}\n{digest}\n", origin, signer)


class Running:
    """Takes bytes into an open member, hashing them on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, hashlib.sha256()
        self.size = self.rows = 0

    def write(self, piece: bytes) -> int:
        """Write a piece."""
        self._hash.update(piece)
        self.size += len(piece)
        return self._file.write(piece)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Write pieces one after another."""
        for piece in pieces:
            self.write(piece)

    @property
    def sha256(self) -> str:
        """Return the hash so far, hex."""
        return self._hash.hexdigest()


class Writer:
    """A backup being written beside its name; it gets the name when everything is on disk."""

    def __init__(self, path: Path) -> None:
        """Begin.

        Args:
            path: Where the backup will be; must not be there.

        Raises:
            InvalidInputError: `backup.exists`.
        """
        if path.exists():
            raise InvalidInputError("backup.exists", path=str(path))
        self.path, self.beside = path, path.with_name(path.name + ".part")
        self.members: list[Member] = []
        handle = os.open(self.beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._zip.fp = None  # a zip that is thrown away writes no list at its end
            self.beside.unlink(missing_ok=True)
            with suppress(OSError):  # a full disk refuses what is still to be written
                self._file.close()

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator[Running]:
        """Open a member for writing.

        Args:
            name: Its name, with forward slashes.
            packed: Whether it is worth compressing.
        """
        with self._zip.open(_info(name, packed=packed), "w", force_zip64=True) as file:
            running = Running(file)  # type: ignore[arg-type]  # a zip member is written like a file
            yield running
        self.members.append(Member(name, running.rows, running.sha256, running.size))

    def finish(self, manifest: Manifest, signer: Signer) -> None:
        """Write the manifest, sign the whole and put it on disk, still beside its name."""
        self._zip.writestr(_info(MANIFEST, packed=True), manifest_bytes(manifest))
        blank = note_over(manifest.ledger, ZERO, manifest.origin, signer).encode()
        self._zip.comment = blank
        self._zip.close()
        digest = digest_before(self._file, len(blank))
        signed = note_over(manifest.ledger, digest, manifest.origin, signer).encode()
        self._file.seek(-len(blank), os.SEEK_END)
        self._file.write(signed)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def keep(self) -> None:
        """Give the backup its name, durably; called once it was verified."""
        self.beside.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _info(name: str, *, packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    return info


def digest_before(file: BinaryIO, tail: int) -> str:
    """Return the SHA-256, hex, of an open file without its last `tail` bytes."""
    left = file.seek(0, os.SEEK_END) - tail
    file.seek(0)
    whole = hashlib.sha256()
    while left > 0:
        piece = file.read(min(PIECE, left))
        whole.update(piece)
        left -= len(piece)
    return whole.hexdigest()
