"""The log file and the openings file: streamed, strict, and the bad entry is named."""

from io import BytesIO
from itertools import pairwise

import pytest

from ledger.sample import CHECKPOINT_KEY, ORIGIN, Ledger, make_ledger
from shanhai.kernel.errors import ProofError, ShanhaiError
from shanhai.kernel.suite import INTL, SM
from shanhai.ledger.checkpoint import Checkpoint, sign_note, verify_note
from shanhai.ledger.logfile import (
    LogReader,
    OpeningsReader,
    log_chunks,
    make_header,
    openings_chunks,
)
from shanhai.ledger.merkle import Tree, leaf_hash
from shanhai.ledger.signing import Sm2Signer

LEDGER = make_ledger(5)
HEADER = make_header(INTL, ORIGIN, LEDGER.entries[0])
RAW = b"".join(log_chunks(HEADER, LEDGER.entries, LEDGER.note.encode()))
OPENINGS = b"".join(openings_chunks(HEADER, LEDGER.openings, LEDGER.note.encode()))


def read_log(raw: bytes) -> list[bytes]:
    """Read a log as an auditor does: form, signature of the checkpoint, root."""
    reader, tree = LogReader(BytesIO(raw)), Tree(INTL)
    entries = []
    for entry in reader:
        entries.append(entry)
        tree.append(leaf_hash(reader.suite, entry))
    verify_note(reader.note, [LEDGER.vkey])
    if tree.root() != reader.checkpoint.root:
        raise ProofError("proof.root")
    return entries


class Dripping(BytesIO):
    """A file that gives at most five bytes at a time, as a socket may."""

    def read(self, size: int | None = -1) -> bytes:
        """Return at most five bytes."""
        return super().read(min(5, -1 if size is None else size))


def test_a_log_is_read_back() -> None:
    assert read_log(RAW) == LEDGER.entries
    reader = LogReader(BytesIO(RAW))
    assert reader.header == HEADER
    assert (HEADER.ledger, HEADER.suite) == (LEDGER.id, "intl")
    assert len(list(reader)) == reader.count == reader.checkpoint.size == 5


def test_the_layout_is_magic_header_entries_zero_note() -> None:
    head = b'shanhai-log/1\n{"genesis":"%b","ledger":"%b","origin":"%b","suite":"intl"}\n' % (
        leaf_hash(INTL, LEDGER.entries[0]).hex().encode(),
        LEDGER.id.encode(),
        ORIGIN.encode(),
    )
    parts = b"".join(len(entry).to_bytes(4, "big") + entry for entry in LEDGER.entries)
    assert head + parts + b"\x00" * 4 + LEDGER.note.encode() == RAW


def test_slow_files_are_read_whole() -> None:
    assert list(LogReader(Dripping(RAW))) == LEDGER.entries


def test_an_sm_log_is_read_back() -> None:
    ledger: Ledger = make_ledger(3, SM, Sm2Signer(b"\x03" * 32), Sm2Signer(b"\x04" * 32))
    header = make_header(SM, ORIGIN, ledger.entries[0])
    raw = b"".join(log_chunks(header, ledger.entries, ledger.note.encode()))
    reader = LogReader(BytesIO(raw))
    assert list(reader) == ledger.entries
    assert verify_note(reader.note, [ledger.vkey]) == (ledger.vkey,)


def test_one_changed_byte_anywhere_is_refused() -> None:
    for position in range(len(RAW)):
        changed = bytearray(RAW)
        changed[position] ^= 0x01
        with pytest.raises(ShanhaiError):
            read_log(bytes(changed))


def test_a_log_cut_anywhere_is_refused() -> None:
    for position in range(len(RAW)):
        with pytest.raises(ShanhaiError):
            read_log(RAW[:position])


@pytest.mark.parametrize("extra", [b"\n", b"x", b"\x00", RAW, "— x AAAAAA=\n".encode()])
def test_trailing_bytes_are_refused(extra: bytes) -> None:
    with pytest.raises(ProofError, match=r"log\.note"):
        read_log(RAW + extra)


def test_the_entry_where_the_file_ends_is_named() -> None:
    ends = [len(RAW) - len(LEDGER.note.encode()) - 4]
    for entry in reversed(LEDGER.entries):
        ends.insert(0, ends[0] - 4 - len(entry))
    for index, (start, end) in enumerate(pairwise(ends)):
        for position in (start, start + 3, end - 1):
            with pytest.raises(ProofError, match=r"log\.truncated") as refused:
                list(LogReader(BytesIO(RAW[:position])))
            assert refused.value.facts == {"index": index}


def test_an_impossible_length_is_named() -> None:
    start = RAW.index(LEDGER.entries[2]) - 4
    raw = RAW[:start] + (65_536).to_bytes(4, "big") + RAW[start + 4 :]
    with pytest.raises(ProofError, match=r"log\.length") as refused:
        list(LogReader(BytesIO(raw)))
    assert refused.value.facts == {"index": 2}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"log/1", b"log/2", "log.magic"),
        (b'"suite":"intl"', b'"suite":"rot13"', "log.header"),
        (b'"suite":"intl"}\n', b'"suite":"intl"}\r\n', "log.header"),
        (b'"suite":"intl"', b'"suite": "intl"', "log.header"),
        (b'"suite":"intl"', b'"suite":"sm"', "log.genesis"),
        (b'"origin":"shanhai', b'"origin":"Shanhai', "checkpoint.origin"),
        (b'"ledger":"', b'"ledger":"' + b"0" * 64 + b'","x":"', "log.header"),
    ],
)
def test_a_header_that_is_not_the_logs_is_refused(old: bytes, new: bytes, code: str) -> None:
    with pytest.raises(ProofError) as refused:
        list(LogReader(BytesIO(RAW.replace(old, new, 1))))
    assert refused.value.code == code


def test_an_endless_header_is_refused() -> None:
    with pytest.raises(ProofError, match=r"log\.header"):
        LogReader(BytesIO(b"shanhai-log/1\n" + b"x" * 100_000))


def test_a_log_without_a_genesis_entry_first_is_refused() -> None:
    for first in (b"garbage", LEDGER.entries[1]):
        raw = b"".join(log_chunks(HEADER, [first], LEDGER.note.encode()))
        with pytest.raises(ProofError, match=r"log\.genesis"):
            list(LogReader(BytesIO(raw)))


@pytest.mark.parametrize("size", [0, 4, 6])
def test_a_checkpoint_over_another_number_of_entries_is_refused(size: int) -> None:
    text = Checkpoint(ORIGIN, size, LEDGER.tree.root()).text
    note = sign_note(text, ORIGIN, CHECKPOINT_KEY).encode()
    with pytest.raises(ProofError, match=r"log\.size"):
        list(LogReader(BytesIO(b"".join(log_chunks(HEADER, LEDGER.entries, note)))))


def test_the_note_is_there_only_after_the_entries() -> None:
    reader = LogReader(BytesIO(RAW))
    next(iter(reader))
    with pytest.raises(ProofError, match=r"log\.truncated"):
        _ = reader.note


def test_openings_travel_in_a_file_of_the_same_shape() -> None:
    reader = OpeningsReader(BytesIO(OPENINGS))
    assert list(reader) == LEDGER.openings
    assert reader.note == LEDGER.note
    with pytest.raises(ProofError, match=r"log\.magic"):
        OpeningsReader(BytesIO(RAW))


def test_a_malformed_opening_is_named() -> None:
    raw = OPENINGS.replace(b'{"committer"', b'{"Committer"').replace(
        b'{"Committer"', b'{"committer"', 2
    )
    with pytest.raises(ProofError, match=r"log\.opening") as refused:
        list(OpeningsReader(BytesIO(raw)))
    assert refused.value.facts == {"index": 2}
