"""Protocol Buffers for the messages that a consensus node and its application exchange: a codec of our own.

A message is a struct; its fields have the numbers in `NUMBERS`, in order of declaration. Fields that a struct
does not name are skipped, those at their default are not written, as proto3 says. Source: the encoding guide of
Protocol Buffers; sockets frame each message by its length as an unsigned varint (ABCI 2.0).
"""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}
_WORD = 1 << 64
_BYTE = [bytes([value]) for value in range(0x80)]
_LONGEST = 70
"""Bits that the longest varint shifts: ten groups of seven."""
TEXTS["wire.malformed"] = Text(
    "共识节点发来的消息不成形，请核对其版本与本平台所固定的一致",
    "The consensus node's message is malformed; check that its version is the one this platform pins",
)


class Message(msgspec.Struct):
    """A message; subclasses declare fields with defaults: `int`, `bool`, `bytes`, `str`, a message, or a list of these."""

    NUMBERS: ClassVar[tuple[int, ...]] = ()


M = TypeVar("M", bound=Message)


class Field(NamedTuple):
    """One field: number, name, type of one value, whether it repeats."""

    number: int
    name: str
    kind: type
    many: bool


@cache
def fields_of(shape: type[Message]) -> dict[int, Field]:
    """Return a message's fields by number."""
    hints = get_type_hints(shape)
    named = (one.name for one in msgspec.structs.fields(shape))
    found = {}
    for number, name in zip(shape.NUMBERS, named, strict=True):
        hint = hints[name]
        many = get_origin(hint) is list
        found[number] = Field(number, name, get_args(hint)[0] if many else hint, many)
    return found


def read_varint(raw: bytes, at: int) -> tuple[int, int]:
    """Return the unsigned number at a place and the place after it.

    Raises:
        InvalidInputError: `wire.malformed`.
    """
    if at < len(raw) and raw[at] < 0x80:  # noqa: PLR2004 - most lengths and every key are one byte
        return raw[at], at + 1
    value = shift = 0
    while at < len(raw) and shift < _LONGEST:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the high bit says that more follows
            return value, at
        shift += 7
    raise InvalidInputError("wire.malformed")


def varint(value: int) -> bytes:
    """Return a number of up to 64 bits as a varint; a negative one in two's complement."""
    if 0 <= value < 0x80:  # noqa: PLR2004 - seven bits a group
        return _BYTE[value]
    value %= _WORD
    made = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a group
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def decode(shape: type[M], raw: bytes) -> M:
    """Read a message.

    Args:
        shape: What it should be.
        raw: Its bytes, without the length before them.

    Raises:
        InvalidInputError: `wire.malformed`.
    """
    fields, found, at = fields_of(shape), shape(), 0
    while at < len(raw):
        key, at = read_varint(raw, at)
        value, at = _value(raw, at, key & 7)
        field = fields.get(key >> 3)
        if field is not None:
            _set(found, field, value)
    return found


def _value(raw: bytes, at: int, wire: int) -> tuple[int | bytes, int]:
    """Return one value, still as its wire type has it, and the place after it."""
    if wire == VARINT:
        return read_varint(raw, at)
    if wire == BYTES:
        size, at = read_varint(raw, at)
    else:
        size = _FIXED.get(wire, len(raw) + 1)
    if at + size > len(raw):
        raise InvalidInputError("wire.malformed")
    return raw[at : at + size], at + size


def _set(found: Message, field: Field, value: int | bytes) -> None:
    _, name, kind, many = field
    if not many:
        setattr(found, name, _typed(kind, value))
    elif kind is int and isinstance(value, bytes):  # packed
        at = 0
        while at < len(value):
            one, at = read_varint(value, at)
            getattr(found, name).append(_typed(int, one))
    else:
        getattr(found, name).append(_typed(kind, value))


def _typed(kind: type, value: int | bytes) -> Any:
    if kind is int or kind is bool:
        if not isinstance(value, int):
            raise InvalidInputError("wire.malformed")
        return bool(value) if kind is bool else (value + (_WORD >> 1)) % _WORD - (_WORD >> 1)
    if not isinstance(value, bytes):
        raise InvalidInputError("wire.malformed")
    if kind is bytes:
        return value
    if kind is str:
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise InvalidInputError("wire.malformed") from error
    return decode(kind, value)


def encode(message: Message) -> bytes:
    """Return a message's bytes, fields by number."""
    parts: list[bytes] = []
    for field, whole, begun in _heads(type(message)):
        value = getattr(message, field.name)
        for one in value if field.many else (value,):
            if not field.many and one in (0, b"", "", None):
                continue
            if isinstance(one, int):
                parts += (whole, varint(one))
            else:
                raw = _RAW.get(type(one), encode)(one)
                parts += (begun, varint(len(raw)), raw)
    return b"".join(parts)


@cache
def _heads(shape: type[Message]) -> tuple[tuple[Field, bytes, bytes], ...]:
    """Return a message's fields by number, each with what stands before a number and before bytes."""
    return tuple(
        (field, varint(field.number << 3 | VARINT), varint(field.number << 3 | BYTES))
        for field in sorted(fields_of(shape).values())
    )


_RAW: dict[type, Callable[[Any], bytes]] = {bytes: bytes, str: str.encode}


def frame(raw: bytes) -> bytes:
    """Return a message's bytes with their length before them."""
    return varint(len(raw)) + raw
