"""What a backup says of itself: its ledger, its head, what it holds and what it does not."""

from typing import Annotated

import msgspec

from shanhai.kernel.canonical import decode, encode
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.ledger.body import Digest
from shanhai.node.backup import texts

FORMAT = "shanhai-backup/1"
MANIFEST, LOG, TABLES, DOCUMENTS, FOLDER = (
    "manifest.json",
    "ledger.log",
    "tables/",
    "files/",
    "folder/",
)
SENTENCES = texts.__name__
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file inside: its name, bytes, SHA-256 and, of a table, rows."""

    name: str
    rows: Count
    sha256: Digest
    size: Count


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The list; `damaged` names documents that the data folder itself holds damaged or not at all."""

    damaged: tuple[str, ...]
    format: str
    ledger: Digest
    made_ms: Count
    members: tuple[Member, ...]
    migrations: tuple[tuple[str, str], ...]
    note: str
    origin: str
    release: str
    root: Digest
    simulated: bool
    size: Count
    suite: str
    vkey: str

    def named(self, name: str) -> Member:
        """Return a member.

        Raises:
            ProofError: `backup.differs`, if it is not listed.
        """
        for one in self.members:
            if one.name == name:
                return one
        raise ProofError("backup.differs", detail=name)


def parse_manifest(raw: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        ProofError: `backup.damaged`, if it is malformed or of another format.
    """
    try:
        found = decode(raw, Manifest)
    except InvalidInputError as error:
        raise ProofError("backup.damaged", detail=MANIFEST) from error
    if found.format != FORMAT:
        raise ProofError("backup.damaged", detail=found.format)
    return found


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest's canonical bytes."""
    return encode(manifest)
