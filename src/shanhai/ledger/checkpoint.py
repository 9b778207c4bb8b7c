"""Checkpoints as signed notes, and the verifier keys that check them.

Source: C2SP signed-note and tlog-checkpoint. Key ids are SHA-256 in every suite, because they are
names of the note format and no digest of the ledger. SM2 has no assigned type byte: 0xff and an
identifier of our own.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import NamedTuple, Self

from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger import signing
from shanhai.ledger.merkle import HASH_BYTES

MAX_NOTE_BYTES = 64 * 1024
_MAX_SIGNATURES = 64
_KEY_ID_BYTES = 4
_DASH = "— "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]").search
_NO_NAME = re.compile(r"[\s+\x00-\x1f]").search
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}").fullmatch
_VKEY = re.compile(r"([^+\s]+)\+([0-9a-f]{8})\+(\S+)").fullmatch

TEXTS |= {
    "note.malformed": Text(
        "签名附注格式不正确，请重新取得检查点",
        "The signed note is malformed; fetch the checkpoint again",
    ),
    "note.unsigned": Text(
        "检查点没有受信任密钥的签名，请核对验证密钥",
        "No trusted key signed this checkpoint; compare the verifier key",
    ),
    "note.signature": Text(
        "{name} 的签名不成立：检查点被改动或密钥不符",
        "The signature of {name} does not hold: the checkpoint was changed or the key differs",
    ),
    "note.key": Text(
        "验证密钥格式不正确，请从 /ledger/vkey 重新复制整行",
        "The verifier key is malformed; copy the whole line from /ledger/vkey again",
    ),
    "note.name": Text(
        "密钥名或来源名不能为空，也不能含空格、加号或控制字符",
        "A key name or origin must not be empty or hold spaces, plus signs or control characters",
    ),
    "checkpoint.malformed": Text(
        "检查点须为来源、条数、根三行，请重新取得",
        "A checkpoint is three lines: origin, size, root; fetch it again",
    ),
    "checkpoint.origin": Text(
        "检查点属于 {origin}，不是所要的账本",
        "The checkpoint belongs to {origin}, which is not the ledger asked for",
    ),
}


class Kind(NamedTuple):
    """A signature type: its bytes before the public key, its algorithm, whether it bears a time."""

    prefix: bytes
    alg: str
    timed: bool = False


NOTE_KINDS = {
    "ed25519": Kind(b"\x01", "ed25519"),
    "sm2-sm3": Kind(b"\xffshanhai/note-sm2-sm3/v1\n", "sm2-sm3"),
}
COSIGNATURE_KINDS = {
    "ed25519": Kind(b"\x04", "ed25519", timed=True),
    "sm2-sm3": Kind(b"\xffshanhai/cosignature-sm2-sm3/v1\n", "sm2-sm3", timed=True),
}
_KINDS = (*NOTE_KINDS.values(), *COSIGNATURE_KINDS.values())


class VKey(NamedTuple):
    """A verifier key: who signs, how, and with which public key."""

    name: str
    kind: Kind
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """Return SHA-256(name ‖ "\n" ‖ type ‖ public key)[:4]."""  # noqa: D301 - one newline
        return _key_id(self.name, self.kind.prefix + self.public_key)

    @property
    def line(self) -> str:
        """Return `name+keyid+base64(type ‖ public key)`."""
        key = encode64(self.kind.prefix + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{key}"


class NoteSignature(NamedTuple):
    """One signature line: key name, key id (4 bytes), and what follows it."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """A signed note: the text with its final newline, and its signatures."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def encode(self) -> bytes:
        """Return the note's bytes."""
        lines = (
            f"{_DASH}{one.name} {encode64(one.key_id + one.signature)}\n" for one in self.signatures
        )
        return f"{self.text}\n{''.join(lines)}".encode()

    def with_signature(self, signature: NoteSignature) -> Self:
        """Return the same text with one more signature."""
        return self._replace(signatures=(*self.signatures, signature))


class Checkpoint(NamedTuple):
    """What a log claims at one moment: origin, number of entries, root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the note text: three lines."""
        return f"{check_name(self.origin)}\n{self.size}\n{encode64(self.root)}\n"


def encode64(raw: bytes) -> str:
    """Return standard base64 with padding, as C2SP texts use it."""
    return b64encode(raw).decode()


def decode64(text: str) -> bytes | None:
    """Return the bytes of canonical standard base64, or None for any other spelling."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if encode64(raw) == text else None


def check_name(name: str) -> str:
    """Return a key name or origin if a note can carry it.

    Raises:
        InvalidInputError: `note.name`.
    """
    if not name or _NO_NAME(name):
        raise InvalidInputError("note.name")
    return name


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's three lines; other spellings and further lines are refused.

    Raises:
        ProofError: `checkpoint.malformed`.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not _SIZE(lines[1]):  # noqa: PLR2004 - three lines, each ended
        raise ProofError("checkpoint.malformed")
    root = decode64(lines[2])
    if root is None or len(root) != HASH_BYTES:
        raise ProofError("checkpoint.malformed")
    try:
        return Checkpoint(check_name(lines[0]), int(lines[1]), root)
    except InvalidInputError as error:
        raise ProofError("checkpoint.malformed") from error


def make_vkey(name: str, signer: signing.Signer) -> VKey:
    """Return the verifier key of a log's signer (`ed25519` or `sm2-sm3`)."""
    return VKey(check_name(name), NOTE_KINDS[signer.alg], signer.public_key)


def parse_vkey(line: str) -> VKey:
    """Read a verifier key line.

    Raises:
        InvalidInputError: `note.key`, if the form, key id, type or public key is wrong.
    """
    match = _VKEY(line)
    raw = decode64(match.group(3)) if match else None
    if match is None or raw is None:
        raise InvalidInputError("note.key")
    name = match.group(1)
    kind = next((kind for kind in _KINDS if raw.startswith(kind.prefix)), None)
    if kind is None or _key_id(name, raw).hex() != match.group(2):
        raise InvalidInputError("note.key")
    public_key = raw[len(kind.prefix) :]
    try:
        signing.check_public_key(kind.alg, public_key)
        return VKey(check_name(name), kind, public_key)
    except InvalidInputError as error:
        raise InvalidInputError("note.key") from error


def sign_note(text: str, name: str, signer: signing.Signer) -> Note:
    """Sign a text that ends with a newline, under a key name.

    Raises:
        InvalidInputError: `note.name`, if a note cannot carry the name.
    """
    vkey = make_vkey(name, signer)
    return Note(text, (NoteSignature(name, vkey.key_id, signer.sign(text.encode())),))


def parse_note(raw: bytes) -> Note:
    """Split a note into text and signatures, checking form only.

    Args:
        raw: UTF-8, at most 64 KiB, with 1 to 64 signatures in canonical base64.

    Raises:
        ProofError: `note.malformed`.
    """
    try:
        whole = raw.decode() if len(raw) <= MAX_NOTE_BYTES else ""
    except UnicodeDecodeError as error:
        raise ProofError("note.malformed") from error
    text, blank, tail = whole.rpartition("\n\n")
    lines = tail.split("\n")
    if not blank or _CONTROL(whole) or lines.pop() or not 1 <= len(lines) <= _MAX_SIGNATURES:
        raise ProofError("note.malformed")
    return Note(text + "\n", tuple(_parse_line(line) for line in lines))


def verify_note(note: Note, vkeys: Collection[VKey]) -> tuple[VKey, ...]:
    """Check a note against the log keys that are trusted; cosigners' keys are left aside.

    Args:
        note: A parsed note.
        vkeys: Trusted keys; signatures of others are ignored.

    Returns:
        The keys whose signatures hold, at least one.

    Raises:
        ProofError: `note.signature` if a trusted key's signature does not hold, `note.unsigned`
            if no trusted key signed.
    """
    found = tuple(known_signatures(note, [key for key in vkeys if not key.kind.timed]))
    for vkey, signature in found:
        try:
            message = note.text.encode()
            signing.verify_raw(vkey.kind.alg, vkey.public_key, signature.signature, message)
        except ProofError as error:
            raise ProofError("note.signature", name=vkey.name) from error
    if not found:
        raise ProofError("note.unsigned")
    return tuple(vkey for vkey, _ in found)


def known_signatures(note: Note, vkeys: Iterable[VKey]) -> list[tuple[VKey, NoteSignature]]:
    """Return each signature whose name and key id are those of a given key, with that key."""
    known = {(vkey.name, vkey.key_id): vkey for vkey in vkeys}
    return [
        (known[one.name, one.key_id], one)
        for one in note.signatures
        if (one.name, one.key_id) in known
    ]


def _parse_line(line: str) -> NoteSignature:
    name, _, text = line.removeprefix(_DASH).partition(" ")
    raw = decode64(text)
    if not line.startswith(_DASH) or raw is None or len(raw) <= _KEY_ID_BYTES:
        raise ProofError("note.malformed")
    try:
        return NoteSignature(check_name(name), raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])
    except InvalidInputError as error:
        raise ProofError("note.malformed") from error


def _key_id(name: str, typed_key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + typed_key).digest()[:_KEY_ID_BYTES]
