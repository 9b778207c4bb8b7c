"""The log file `shanhai-log/1` and the openings file: everything an auditor needs, as one stream.

Source: `docs/dev/ledger-spec.md` section 10. Written and read without holding more than one entry;
the file object is an argument.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Annotated, BinaryIO

import msgspec

from shanhai.kernel.canonical import decode, encode
from shanhai.kernel.errors import InvalidInputError, ProofError, ShanhaiError
from shanhai.kernel.suite import Suite, suite_named
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import Digest, ledger_id
from shanhai.ledger.checkpoint import MAX_NOTE_BYTES, Checkpoint, Note, parse_checkpoint, parse_note
from shanhai.ledger.commitment import Opening
from shanhai.ledger.entry import MAX_ENTRY_BYTES, unpack
from shanhai.ledger.merkle import leaf_hash

LOG_MAGIC = b"shanhai-log/1\n"
OPENINGS_MAGIC = b"shanhai-openings/1\n"
_MAX_HEADER_BYTES = 4096
_LENGTH = struct.Struct(">I")

TEXTS |= {
    "log.magic": Text(
        "这不是山海账本文件，请用 shanhai ledger export 导出的文件",
        "This is no Shanhai log file; use one written by shanhai ledger export",
    ),
    "log.header": Text(
        "账本文件的首行不正确，请重新取得文件",
        "The log file's header is malformed; fetch the file again",
    ),
    "log.genesis": Text(
        "账本文件的首行与创世记录不符，请重新取得文件",
        "The log file's header does not belong to its genesis; fetch the file again",
    ),
    "log.truncated": Text(
        "账本文件在第 {index} 条处中断，请重新取得文件",
        "The log file ends inside entry {index}; fetch the file again",
    ),
    "log.length": Text(
        "第 {index} 条的长度不可能，文件已损坏或被改动",
        "The length of entry {index} is impossible; the file was damaged or changed",
    ),
    "log.opening": Text(
        "第 {index} 条明文格式不正确，文件已损坏或被改动",
        "Opening {index} is malformed; the file was damaged or changed",
    ),
    "log.note": Text(
        "账本文件末尾的检查点不正确或其后有多余字节（共 {index} 条），请重新取得文件",
        "The checkpoint after {index} entries is malformed or followed by more bytes; fetch the file again",
    ),
    "log.size": Text(
        "检查点写明 {size} 条，文件中有 {index} 条，请重新取得文件",
        "The checkpoint says {size} entries, the file has {index}; fetch the file again",
    ),
}


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file's second line: leaf hash of entry 0, ledger id, origin, suite."""

    genesis: Digest
    ledger: Digest
    origin: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    suite: Annotated[str, msgspec.Meta(min_length=1, max_length=16)]


def make_header(suite: Suite, origin: str, genesis_entry: bytes) -> Header:
    """Return the header of a ledger whose entry 0 has these leaf bytes."""
    body = unpack(genesis_entry).body
    genesis = leaf_hash(suite, genesis_entry).hex()
    return Header(genesis, ledger_id(suite, body), origin, suite.name)


def log_chunks(header: Header, entries: Iterable[bytes], note: bytes) -> Iterator[bytes]:
    """Yield a log file piece by piece.

    Args:
        header: Of this ledger.
        entries: Leaf bytes in order, from entry 0.
        note: The signed checkpoint over exactly these entries.
    """
    return _chunks(LOG_MAGIC, header, entries, note)


def openings_chunks(header: Header, openings: Iterable[Opening], note: bytes) -> Iterator[bytes]:
    """Yield an openings file piece by piece; it is for auditors only."""
    return _chunks(OPENINGS_MAGIC, header, (encode(opening) for opening in openings), note)


def _chunks(magic: bytes, header: Header, items: Iterable[bytes], note: bytes) -> Iterator[bytes]:
    yield magic + encode(header) + b"\n"
    for item in items:
        yield _LENGTH.pack(len(item)) + item
    yield _LENGTH.pack(0) + note


class _Reader:
    """A header, then items behind lengths, then a note to the end of the file."""

    magic: bytes

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.count = file, 0
        self._note: Note | None = None
        if self._read_up_to(len(self.magic)) != self.magic:
            raise ProofError("log.magic")
        line = file.readline(_MAX_HEADER_BYTES)
        try:
            self.header = decode(line.removesuffix(b"\n"), Header)
            self.suite = suite_named(self.header.suite)
        except InvalidInputError as error:
            raise ProofError("log.header") from error
        if not line.endswith(b"\n"):
            raise ProofError("log.header")

    @property
    def note(self) -> Note:
        """Return the signed note; it is there once all items were read, its signatures unchecked."""
        if self._note is None:
            raise ProofError("log.truncated", index=self.count)
        return self._note

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint in the note, its signatures unchecked."""
        return parse_checkpoint(self.note.text)

    def _items(self) -> Iterator[bytes]:
        while length := int.from_bytes(self._read(_LENGTH.size), "big"):
            if length > MAX_ENTRY_BYTES:
                raise ProofError("log.length", index=self.count)
            yield self._read(length)
            self.count += 1
        self._note = self._read_note()

    def _read_up_to(self, count: int) -> bytes:
        raw = b""
        while len(raw) < count and (more := self._file.read(count - len(raw))):
            raw += more  # an unbuffered file may give less than asked for
        return raw

    def _read(self, count: int) -> bytes:
        raw = self._read_up_to(count)
        if len(raw) < count:
            raise ProofError("log.truncated", index=self.count)
        return raw

    def _read_note(self) -> Note:
        raw = self._read_up_to(MAX_NOTE_BYTES + 1)
        try:
            note = parse_note(raw)
            origin = parse_checkpoint(note.text).origin
        except ShanhaiError as error:
            raise ProofError("log.note", index=self.count) from error
        if origin != self.header.origin:
            raise ProofError("checkpoint.origin", origin=origin)
        return note


class LogReader(_Reader):
    """Reads a log file as a stream: `header`, then the entries, then `note` and `checkpoint`.

    Form, header against genesis, and the number of entries are checked; signatures, root and rules
    are the caller's.
    """

    magic = LOG_MAGIC

    def __iter__(self) -> Iterator[bytes]:
        """Yield the leaf bytes of each entry in order.

        Raises:
            ProofError: `log.genesis`, `log.truncated`, `log.length`, `log.note`, `log.size` or
                `checkpoint.origin`, with the index of the entry in its facts.
        """
        for raw in self._items():
            if self.count == 0:
                self._check_genesis(raw)
            yield raw
        if self.checkpoint.size != self.count:
            raise ProofError("log.size", size=self.checkpoint.size, index=self.count)

    def _check_genesis(self, raw: bytes) -> None:
        try:
            header = make_header(self.suite, self.header.origin, raw)
        except InvalidInputError as error:
            raise ProofError("log.genesis") from error
        if header != self.header:
            raise ProofError("log.genesis")


class OpeningsReader(_Reader):
    """Reads an openings file as a stream: `header`, then openings, then `note`."""

    magic = OPENINGS_MAGIC

    def __iter__(self) -> Iterator[Opening]:
        """Yield each opening; whether it matches a commitment is the caller's to check.

        Raises:
            ProofError: `log.truncated`, `log.length`, `log.opening`, `log.note` or
                `checkpoint.origin`, with the index of the opening in its facts.
        """
        for raw in self._items():
            try:
                yield decode(raw, Opening)
            except InvalidInputError as error:
                raise ProofError("log.opening", index=self.count) from error
