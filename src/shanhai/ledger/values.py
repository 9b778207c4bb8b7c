"""Open JSON values inside signed bytes: payloads and committed values.

Source: RFC 8785 restricted as in `kernel.canonical`; no floats, no nulls, integers within
±(2**53 − 1), printable ASCII keys, no control characters, at most `MAX_DEPTH` levels.
"""

import re
from typing import Annotated, Any

import msgspec

from shanhai.kernel.canonical import MAX_INT, encode
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

MAX_DEPTH = 8
_CONTROL = re.compile(rb"\\[bfnrtu]").search
TEXTS |= {
    "value.control": Text(
        "文字中含有换行、制表符等控制字符，请删去后重新生成",
        "The text holds a control character such as a line break or tab; remove it and try again",
    ),
    "value.key": Text(
        "字段名只能用可打印的 ASCII 字符，请改用登记的英文字段名",
        "A key must be printable ASCII; use the registered English field name",
    ),
}


def _shape() -> Any:
    """Build the type level by level: that bounds depth, and msgspec checks it in C."""
    integer = Annotated[int, msgspec.Meta(ge=-MAX_INT, le=MAX_INT)]
    value: Any = str | bool | integer
    for _ in range(MAX_DEPTH):
        value = str | bool | integer | list[value] | dict[str, value]
    return value


_decode_value = msgspec.json.Decoder(_shape()).decode


def check_value(raw: bytes) -> Any:
    """Decode one canonical JSON value and refuse every other spelling of it.

    Args:
        raw: UTF-8 JSON.

    Returns:
        A str, bool, int, list or dict of such.

    Raises:
        InvalidInputError: If `raw` is no JSON of the allowed kinds (`bytes.invalid`), not its
            canonical form (`bytes.not_canonical`), holds a control character (`value.control`)
            or a key that is not printable ASCII (`value.key`).
    """
    try:
        value = _decode_value(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)) from error
    if encode(value) != raw:
        raise InvalidInputError("bytes.not_canonical")
    check_text(raw)
    # Only a non-ASCII key sorts differently in UTF-16 (RFC 8785) and in code points (msgspec).
    if not raw.isascii():
        _check_keys(value)
    return value


def check_text(raw: bytes) -> None:
    r"""Refuse canonical JSON whose strings hold a control character, U+0000 to U+001F or U+007F.

    Raises:
        InvalidInputError: `value.control`.
    """
    # In canonical JSON a control character below U+0020 can only stand as an escape.
    if b"\x7f" in raw or (b"\\" in raw and _CONTROL(raw.replace(b"\\\\", b""))):
        raise InvalidInputError("value.control")


def _check_keys(value: Any) -> None:
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise InvalidInputError("value.key")
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _check_keys(item)
