"""The entry: body, signature and receipt in one leaf of the tree.

Source: `docs/dev/ledger-spec.md` section 4; the limit of 65,535 bytes is that of C2SP entry
bundles, which prefix each entry with a uint16.
"""

import struct
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated, NamedTuple

import msgspec

from shanhai.kernel.canonical import MAX_INT, decode, encode, from_hex
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import Count, Digest, Millis

VERSION = 1
MAX_ENTRY_BYTES = 65_535
MAX_TOUCHED = 256
_HEAD = struct.Struct(">H")
_LENGTH = struct.Struct(">I")
_VERSION = _HEAD.pack(VERSION)
_FIRST = _HEAD.size + _LENGTH.size
"""Where the body begins: behind the version and its own length."""
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]

TEXTS |= {
    "entry.too_large": Text(
        "这一步生成的记录有 {size} 字节，上限 {limit} 字节，请分成几步办理",
        "The entry would have {size} bytes, at most {limit} are allowed; split the act",
    ),
    "entry.too_many_objects": Text(
        "这一步涉及 {count} 个对象，上限 {limit} 个，请分批办理",
        "The act touches {count} objects, at most {limit} are allowed; do it in parts",
    ),
    "entry.malformed": Text(
        "账目记录的字节不完整或有多余内容，请从完好的副本重新取得",
        "The entry's bytes are incomplete or have something over; fetch it from a good copy",
    ),
    "entry.order": Text(
        "回执中的对象必须按类别和编号排序且不重复，请从完好的副本重新取得",
        "The objects of a receipt must be sorted and distinct; fetch it from a good copy",
    ),
    "entry.founders": Text(
        "创世记录须由全部创始密钥各签一次并按密钥编号排序，请重新生成",
        "Genesis needs one signature of each founding key, sorted by kid; make it again",
    ),
}


class SignatureBlock(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):
    """One signature of one act; binary is unpadded base64url, path hashes are hex.

    `auth` (authenticatorData), `client` (clientDataJSON), `index`, `size` and `path` belong to
    passkeys only; the last three say where this act stands in the batch of one gesture.
    """

    alg: _Word
    sig: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    auth: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    client: Annotated[str, msgspec.Meta(max_length=4096)] = ""
    index: Count = 0
    size: Count = 0
    path: Annotated[tuple[Digest, ...], msgspec.Meta(max_length=32)] = ()


class FounderSignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A founding key's signature over genesis; entry 0 carries one for each founding key."""

    alg: _Word
    kid: Digest
    sig: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=160)]
"""An object's id; that of a `did` is an act's name, a slash and a subject's id of up to 64."""
Touched = tuple[_Word, _Id, Digest]


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What the ledger did with a body: its index, rules version, time, and the touched objects.

    `touched` holds [noun, id, digest of the new state], sorted by noun and id, each pair once.
    """

    index: Count
    rules: Annotated[int, msgspec.Meta(ge=1, le=MAX_INT)]
    time_ms: Millis
    touched: Annotated[tuple[Touched, ...], msgspec.Meta(max_length=MAX_TOUCHED)]


class Entry(NamedTuple):
    """Three canonical JSON byte strings: one leaf of the tree."""

    body: bytes
    signature: bytes
    receipt: bytes


def pack(entry: Entry) -> bytes:
    """Return an entry as the bytes of its leaf.

    Returns:
        u16 version, then each part behind its u32 length, big-endian; at most 65,535 bytes.

    Raises:
        Refused: `entry.too_large`.
    """
    body, signature, receipt = entry
    length = _LENGTH.pack
    sizes = length(len(body)), length(len(signature)), length(len(receipt))
    packed = b"%b%b%b%b%b%b%b" % (_VERSION, sizes[0], body, sizes[1], signature, sizes[2], receipt)
    if len(packed) > MAX_ENTRY_BYTES:
        raise Refused("entry.too_large", size=len(packed), limit=MAX_ENTRY_BYTES)
    return packed


def unpack(raw: bytes) -> Entry:
    """Split a leaf into its parts; the parts themselves are not decoded.

    Args:
        raw: What `pack` wrote.

    Raises:
        InvalidInputError: `entry.malformed`, if the version is unknown, a length does not fit, or
            bytes are over.
    """
    length = _LENGTH.unpack_from
    try:
        signature = _FIRST + length(raw, 2)[0]
        receipt = signature + 4 + length(raw, signature)[0]
        end = receipt + 4 + length(raw, receipt)[0]
    except struct.error as error:
        raise InvalidInputError("entry.malformed") from error
    if end != len(raw) or end > MAX_ENTRY_BYTES or not raw.startswith(_VERSION):
        raise InvalidInputError("entry.malformed")
    return Entry(raw[_FIRST:signature], raw[signature + 4 : receipt], raw[receipt + 4 :])


def make_receipt(index: int, rules: int, time_ms: int, touched: Iterable[Touched]) -> bytes:
    """Return the canonical receipt of an accepted act.

    Args:
        index: Position of the entry, zero-based.
        rules: The rules version that judged it.
        time_ms: Ledger time, epoch milliseconds.
        touched: (noun, id, digest in hex) of every object's new state, in any order.

    Raises:
        Refused: `entry.too_many_objects`, beyond 256.
    """
    rows = tuple(sorted(touched))
    if len(rows) > MAX_TOUCHED:
        raise Refused("entry.too_many_objects", count=len(rows), limit=MAX_TOUCHED)
    return encode(Receipt(index, rules, time_ms, rows))


def parse_receipt(raw: bytes) -> Receipt:
    """Decode a canonical receipt.

    Raises:
        InvalidInputError: If `raw` is not canonical, a digest is no lower-case hex, or the
            touched objects are not sorted and distinct (`entry.order`).
    """
    receipt = decode(raw, Receipt)
    names = [row[:2] for row in receipt.touched]
    if any(first >= second for first, second in pairwise(names)):
        raise InvalidInputError("entry.order")
    for row in receipt.touched:
        from_hex(row[2], 32)
    return receipt


class _Times(msgspec.Struct, gc=False):
    time_ms: Millis


_times = msgspec.json.Decoder(_Times).decode


def receipt_time(raw: bytes) -> int:
    """Return a receipt's time, for a reader who will compare its bytes with what they should be.

    Raises:
        InvalidInputError: As `parse_receipt`, of what is no receipt at all.
    """
    try:
        return _times(raw).time_ms
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return parse_receipt(raw).time_ms


def parse_signature(raw: bytes) -> SignatureBlock:
    """Decode the canonical signature block of any entry but genesis.

    Raises:
        InvalidInputError: If `raw` is not a canonical block.
    """
    return decode(raw, SignatureBlock)


def make_founders(signatures: Iterable[FounderSignature]) -> bytes:
    """Return the signature part of entry 0: a canonical array, sorted by kid."""
    return encode(sorted(signatures, key=lambda one: one.kid))


def parse_founders(raw: bytes) -> tuple[FounderSignature, ...]:
    """Decode the signature part of entry 0.

    Raises:
        InvalidInputError: If `raw` is not a canonical array, is empty, or its kids are not sorted
            and distinct (`entry.founders`).
    """
    founders = decode(raw, tuple[FounderSignature, ...])
    kids = [one.kid for one in founders]
    if not kids or any(first >= second for first, second in pairwise(kids)):
        raise InvalidInputError("entry.founders")
    return founders
