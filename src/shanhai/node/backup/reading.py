"""Reading a backup: nothing of it is used before every byte of it was checked."""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from shanhai.kernel.errors import ProofError, ShanhaiError
from shanhai.ledger.checkpoint import VKey, parse_note, parse_vkey, verify_note
from shanhai.node.backup.manifest import FORMAT, MANIFEST, Manifest, Member, parse_manifest
from shanhai.node.backup.writing import PIECE, digest_before

_NAME = re.compile(
    r"ledger\.log|tables/[a-z0-9_]+\.jsonl|files/[0-9a-f]{2}/[0-9a-f]{64}"
    r"|folder/(?!keys/)(?:(?!\.)[^/\\\x00-\x1f]+/)*(?!\.)[^/\\\x00-\x1f]+"
).fullmatch
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
)


class Reader:
    """An open backup whose bytes are all as they were signed."""

    def __init__(self, path: Path, trusted: VKey | None = None) -> None:
        """Open and check the whole file: form, digest, signature, list of members.

        Args:
            path: The backup.
            trusted: The ledger's verifier key from elsewhere (the anchor); None takes the backup's own, which
                shows damage but not forgery.

        Raises:
            ProofError: `backup.unreadable`, `backup.damaged` or `backup.signature`.
        """
        try:
            self._file = path.open("rb")
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ProofError("backup.unreadable", path=str(path), detail=why) from error
        try:
            self._open(trusted)
        except BaseException:
            self._file.close()
            raise

    def _open(self, trusted: VKey | None) -> None:
        try:
            self._zip = zipfile.ZipFile(self._file)
            raw = self._zip.read(self._zip.getinfo(MANIFEST))
        except (*_BROKEN, KeyError, MemoryError) as error:
            raise ProofError("backup.damaged", detail=type(error).__name__) from error
        self._signed(trusted, raw)
        self.manifest: Manifest = parse_manifest(raw)
        if sorted(self._zip.namelist()) != sorted(
            [MANIFEST, *(one.name for one in self.manifest.members)]
        ):
            raise ProofError("backup.damaged", detail="names")
        for one in self.manifest.members:
            if _NAME(one.name) is None:
                raise ProofError("backup.damaged", detail=one.name)

    def _signed(self, trusted: VKey | None, raw: bytes) -> None:
        comment = self._zip.comment
        digest = digest_before(self._file, len(comment))
        try:
            note = parse_note(comment)
            first, ledger, stated, *rest = note.text.split("\n")
            if (first, stated, rest) != (FORMAT, digest, [""]) or note.encode() != comment:
                raise ProofError("backup.damaged", detail="sha256")
            manifest = parse_manifest(raw)
            own = parse_vkey(manifest.vkey)
        except (ShanhaiError, ValueError) as error:
            raise ProofError("backup.damaged", detail="note") from error
        try:
            verify_note(note, (trusted or own,))
        except ProofError as error:
            raise ProofError("backup.signature") from error
        if len(note.signatures) != 1 or ledger != manifest.ledger or own.name != manifest.origin:
            raise ProofError("backup.signature")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()
        self._file.close()

    def open(self, name: str) -> IO[bytes]:
        """Open a member, binary."""
        return self._zip.open(name)

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield a member's bytes; its length and hash are checked by the end.

        Raises:
            ProofError: `backup.damaged`.
        """
        whole, left = hashlib.sha256(), member.size
        try:
            with self.open(member.name) as file:
                while piece := file.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        break
                    whole.update(piece)
                    yield piece
        except _BROKEN as error:
            raise ProofError("backup.damaged", detail=member.name) from error
        if left or whole.hexdigest() != member.sha256:
            raise ProofError("backup.damaged", detail=member.name)

    def check_members(self) -> None:
        """Read every member once.

        Raises:
            ProofError: `backup.damaged`.
        """
        for one in self.manifest.members:
            for _ in self.pieces(one):
                pass
