"""Object ids: three registered letters and a UUIDv7 in Crockford base32 (frozen decision 7).

Source: RFC 9562 section 5.7 (UUIDv7); Crockford base32, lower case.
"""

import re

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PATTERN = r"^[a-z]{3}[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$"
_MATCH = re.compile(PATTERN).match
TEXTS["id.invalid"] = Text("编号 {id} 不符合格式", "The id {id} is malformed")


def new_id(prefix: str, time_ms: int, random: bytes) -> str:
    """Make an id that sorts by time.

    Args:
        prefix: The noun's three registered letters.
        time_ms: Unix time in milliseconds, 48 bits.
        random: At least 10 random bytes.

    Returns:
        29 characters.
    """
    tail = int.from_bytes(random[:10], "big")
    value = (time_ms & (1 << 48) - 1) << 80 | 7 << 76 | (tail >> 64 & 0xFFF) << 64
    value |= 0b10 << 62 | tail & (1 << 62) - 1
    digits = (ALPHABET[value >> 5 * place & 31] for place in range(25, -1, -1))
    return prefix + "".join(digits)


def check_id(text: str, prefix: str) -> str:
    """Return `text` if it is an id with that prefix.

    Raises:
        InvalidInputError: If it is not.
    """
    if not _MATCH(text) or not text.startswith(prefix):
        raise InvalidInputError("id.invalid", id=text)
    return text
