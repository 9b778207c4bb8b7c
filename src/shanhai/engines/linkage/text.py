"""Strings as people type them, made comparable, a column at a time.

Everything here takes and gives Arrow string arrays; a null stays null, and an emptied value becomes null.
"""

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

Column = Any
"""A `pyarrow.StringArray` (the library ships no types)."""

_EMPTY: Final = pa.array(
    [
        "",
        "/",
        "\\",
        "-",
        "--",
        "—",
        ".",
        "0",
        "无",
        "空",
        "不详",
        "未知",
        "暂无",
        "NULL",
        "NONE",
        "NAN",
        "N/A",
        "NA",
        "#N/A",
    ],
    pa.string(),
)
"""What stands in cells that hold nothing."""


def strings(values: Column) -> Column:
    """Return the values as one array of strings, numbers and dates as they print."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values if values.type == pa.string() else pc.cast(values, pa.string())


def blank_to_null(values: Column) -> Column:
    """Return null where a cell holds nothing, however that is written."""
    return pc.if_else(pc.is_in(values, value_set=_EMPTY), pa.scalar(None, pa.string()), values)


def plain(values: Column) -> Column:
    """Fold full-width forms to ASCII (NFKC), upper-case letters, and trim.

    Only columns that hold a byte beyond ASCII pay for the folding.
    """
    text = strings(values)
    if pc.all(pc.string_is_ascii(text)).as_py() is False:
        text = pc.utf8_normalize(text, form="NFKC")
    return pc.utf8_upper(pc.utf8_trim_whitespace(text))


def without(values: Column, pattern: str) -> Column:
    """Remove every match of a regular expression (RE2)."""
    return pc.replace_substring_regex(values, pattern=pattern, replacement="")


def word(values: Column) -> Column:
    """Fold a word of an alphabet: letters and digits only, upper case; nothing else is compared."""
    return blank_to_null(without(plain(values), r"[^\p{L}\p{N}]"))
