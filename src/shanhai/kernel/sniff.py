"""What a file is by its first bytes, whatever its name says."""

from typing import Final

LOOK: Final = 4096
"""So many bytes from the start are enough."""
UNKNOWN: Final = "unknown"

_MAGIC: Final = (
    (b"PAR1", ".parquet"),
    (b"PK\x03\x04", ".xlsx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
)
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", UNKNOWN),  # UTF-32
    (b"\x00\x00\xfe\xff", UNKNOWN),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SHARE: Final = 0.02


def kind(start: bytes) -> str:
    """Return the ending that a Parquet file or a workbook should have; nothing for what may be text."""
    return next((suffix for magic, suffix in _MAGIC if start.startswith(magic)), "")


def wide(start: bytes) -> str:
    """Return the encoding of text with two bytes a character, with or without a mark.

    Without one, commas and line ends still have a zero byte each, all first or all second of their pair.

    Args:
        start: The first `LOOK` bytes, or all there are.

    Returns:
        `utf-16`, `utf-16-le` or `utf-16-be`; `UNKNOWN` where zeros show that it is no text of these;
        nothing where one byte a character or UTF-8 may be tried.
    """
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    first, second = start[::2].count(0), start[1::2].count(0)
    if first + second <= len(start) * _SHARE:
        return ""
    if first and second:
        return UNKNOWN
    return "utf-16-be" if first else "utf-16-le"
