"""Canonical JSON: one value, one byte string.

Source: RFC 8785, restricted to ASCII keys, integers within ±(2**53 − 1), no floats and no nulls;
within that subset sorted msgspec output equals RFC 8785 (property-tested against `rfc8785`).
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from shanhai.kernel.errors import InvalidInputError

T = TypeVar("T")
MAX_INT = 2**53 - 1
encode = msgspec.json.Encoder(order="sorted").encode
_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")


_DECODERS: dict[Any, Callable[[bytes], Any]] = {}


def decoder(kind: Any) -> Callable[[bytes], Any]:
    """Return what decodes bytes into a type; made once for each."""
    made = _DECODERS.get(kind)
    if made is None:
        made = _DECODERS[kind] = msgspec.json.Decoder(kind).decode
    return made


def decode(raw: bytes, kind: type[T]) -> T:
    """Decode canonical bytes and refuse any other spelling of the same value.

    Args:
        raw: Canonical JSON.
        kind: The struct to decode into.

    Returns:
        The value whose encoding is exactly `raw`.

    Raises:
        InvalidInputError: If `raw` is not JSON of that struct or not its canonical form.
    """
    try:
        value: T = decoder(kind)(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)) from error
    if encode(value) != raw:
        raise InvalidInputError("bytes.not_canonical")
    return value


def to_base64(raw: bytes) -> str:
    """Return base64url without padding (frozen decision 3)."""
    return b2a_base64(raw, newline=False).translate(_TO_URL, b"=").decode()


def from_base64(text: str) -> bytes:
    """Decode unpadded base64url; anything but the canonical spelling is refused.

    Raises:
        InvalidInputError: If `text` is not what `to_base64` would write.
    """
    try:
        raw = a2b_base64(text.encode().translate(_FROM_URL) + b"===")
    except ValueError as error:
        raise InvalidInputError("bytes.base64") from error
    if to_base64(raw) != text:
        raise InvalidInputError("bytes.base64")
    return raw


def from_hex(text: str, length: int) -> bytes:
    """Decode lower-case hex of `length` bytes.

    Raises:
        InvalidInputError: If `text` has another length or an upper-case or foreign digit.
    """
    try:
        raw = bytes.fromhex(text)
    except ValueError as error:
        raise InvalidInputError("bytes.hex") from error
    if len(raw) != length or raw.hex() != text:
        raise InvalidInputError("bytes.hex")
    return raw


def plain(value: Any) -> Any:
    """Return a struct as dicts, lists, strings and integers, defaults omitted (for JSON and pages)."""
    return msgspec.json.decode(encode(value))
