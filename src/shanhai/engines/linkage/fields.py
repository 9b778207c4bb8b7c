"""Dates, sexes, regions, phones and addresses made comparable, a column at a time.

Each function returns the comparable values and which of the given ones were there but could not be read.
"""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shanhai.engines.linkage import regions
from shanhai.engines.linkage.ids import real_date
from shanhai.engines.linkage.text import Column, blank_to_null, plain, without

_YEAR_FIRST: Final = (
    r"^(?P<a>\d{4})[-/.年 ]\s*(?P<b>\d{1,2})[-/.月 ]\s*(?P<c>\d{1,2})日?(?:$|[T ].*)"
)
_YEAR_LAST: Final = r"^(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ](?P<c>\d{4})(?:$|[T ].*)"
_COMPACT: Final = r"^(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})(?:$|[T ].*|\.0+$)"
_MALE: Final = pa.array(["男", "男性", "M", "MALE", "1", "1.0", "BOY"])
_FEMALE: Final = pa.array(["女", "女性", "F", "FEMALE", "2", "2.0", "GIRL"])
_NUMERALS: Final = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7"} | {
    "八": "8",
    "九": "9",
    "〇": "0",
    "零": "0",
}
_PLACE: Final = r"(组|号|栋|幢|单元|楼|室|队|层)"
MONTHS: Final = 12
SHORTEST_PHONE: Final = 7
MOBILE: Final = 11


class Read(NamedTuple):
    """A column made comparable."""

    values: Column
    """Strings, shape (n,); null where there is nothing to compare."""
    bad: NDArray[np.bool_]
    """Whether something was there that could not be read, shape (n,)."""


def _read(given: Column, values: Column) -> Read:
    bad = pc.and_(pc.is_valid(given), pc.is_null(values))
    return Read(values, np.asarray(bad, dtype=np.bool_))


def dates(values: Column, on: date, order: str = "ymd") -> Read:
    """Read dates of 1800 to today as yyyymmdd.

    Args:
        values: Eight digits, or year, month and day parted by - / . or 年月日, year first or last;
            a time of day after them is passed over.
        on: Today; a later date is not read.
        order: How dates with the year last are meant, `dmy` or `mdy`; with `ymd` only those are read
            whose order is plain because one part is over 12.
    """
    given = blank_to_null(plain(values))
    found = np.zeros(len(given), dtype=np.int32)
    for pattern, kind in ((_COMPACT, "ymd"), (_YEAR_FIRST, "ymd"), (_YEAR_LAST, order)):
        rest = np.flatnonzero(found == 0)
        if len(rest):
            found[rest] = _dates(given.take(pa.array(rest)), pattern, kind)
    today = on.year * 10_000 + on.month * 100 + on.day
    real = real_date(found) & (found <= today)
    text = pc.cast(pa.array(found, mask=~real), pa.string())
    return _read(given, text)


def _dates(given: Column, pattern: str, order: str) -> NDArray[np.int32]:
    parts = pc.extract_regex(given, pattern)
    a, b, c = (_whole(pc.struct_field(parts, name)) for name in "abc")
    if pattern != _YEAR_LAST:
        return a * 10_000 + b * 100 + c
    if order == "ymd":
        month_last = (b > MONTHS) & (a <= MONTHS)
        plain_order = month_last | (a > MONTHS)
        a, b = np.where(month_last, b, a), np.where(month_last, a, b)
        return np.where(plain_order | (a == b), c * 10_000 + b * 100 + a, 0).astype(np.int32)
    day, month = (a, b) if order == "dmy" else (b, a)
    return c * 10_000 + month * 100 + day


def _whole(digits: Column) -> NDArray[np.int32]:
    return np.asarray(pc.fill_null(pc.cast(digits, pa.int32()), 0), dtype=np.int32)


def sexes(values: Column) -> Read:
    """Read 男/女, M/F, 1/2 as M or F (GB/T 2261.1); 0 and 9 (unknown, not stated) are null."""
    given = blank_to_null(plain(values))
    given = pc.if_else(pc.is_in(given, value_set=pa.array(["9", "未说明"])), None, given)
    male, female = (pc.is_in(given, value_set=one) for one in (_MALE, _FEMALE))
    found = pc.if_else(male, "M", pc.if_else(female, "F", pa.scalar(None, pa.string())))
    return _read(given, found)


def region_codes(values: Column) -> Read:
    """Read codes of 6, 9 or 12 digits whose province exists; shorter ones are filled with zeros to 12."""
    given = blank_to_null(without(plain(values), r"\.0+$|\s"))
    fits = pc.match_substring_regex(given, r"^(\d{6}|\d{9}|\d{12})$")
    codes = pc.if_else(fits, pc.utf8_rpad(given, 12, padding="0"), pa.scalar(None, pa.string()))
    six = pc.fill_null(pc.utf8_slice_codeunits(codes, 0, 6), "000000")
    known = regions.depth(np.asarray(pc.cast(six, pa.int32()), dtype=np.int32)) > 0
    return _read(given, pc.if_else(pa.array(known), codes, pa.scalar(None, pa.string())))


def phones(values: Column) -> Read:
    """Read the first phone number of a cell as digits, without country code or extension."""
    given = blank_to_null(plain(values))
    first = without(given, r"[;,/、;,|].*$|(转|EXT|X).*$|\.0+$")
    digits = without(without(first, r"\D"), r"^(0086|86)")
    lengths = pc.utf8_length(digits)
    usable = pc.and_(pc.greater_equal(lengths, SHORTEST_PHONE), pc.less_equal(lengths, MOBILE + 1))
    same = pc.match_substring_regex(digits, r"(0{7}|1{7}|2{7}|3{7}|4{7}|5{7}|6{7}|7{7}|8{7}|9{7})$")
    keep = pc.and_(usable, pc.invert(same))
    return _read(given, pc.if_else(keep, digits, pa.scalar(None, pa.string())))


def addresses(values: Column) -> Column:
    """Fold addresses: no punctuation, numerals before 组 号 社 栋 单元 楼 室 队 as digits, 村委会 as 村."""
    text = without(plain(values), r"[^\p{L}\p{N}]")
    text = without(text, r"^(中华人民共和国|中国)")
    text = pc.replace_substring_regex(text, r"村?(村民委员会|村委会)", "村")
    text = pc.replace_substring_regex(text, r"村民小组|生产队", "组")
    text = pc.replace_substring_regex(text, r"([\d一二三四五六七八九十])社", r"\1组")
    written = pc.fill_null(
        pc.match_substring_regex(text, rf"[十{''.join(_NUMERALS)}]{_PLACE}"), fill_value=False
    )
    at = np.flatnonzero(np.asarray(written, dtype=np.bool_))
    if len(at):  # each of a dozen expressions would read every address
        text = pc.replace_with_mask(text, written, _numerals(text.take(pa.array(at))))
    return blank_to_null(text)


def _numerals(text: Column) -> Column:
    """Write 三组 as 3组 and 十二号 as 12号; beyond 99 the characters stay."""
    one, place = "".join(_NUMERALS), _PLACE
    text = pc.replace_substring_regex(text, rf"([二三四五六七八九])十([{one}]){place}", r"\1\2\3")
    text = pc.replace_substring_regex(text, rf"([二三四五六七八九])十{place}", r"\10\2")
    text = pc.replace_substring_regex(text, rf"十([{one}]){place}", r"一\1\2")
    text = pc.replace_substring_regex(text, rf"十{place}", r"一零\1")
    for character, digit in _NUMERALS.items():
        text = pc.replace_substring_regex(text, rf"{character}([\d{one}]?){place}", rf"{digit}\1\2")
    return text


def codes(values: Column) -> Column:
    """Fold a code of letters and digits: capitals, nothing else."""
    return blank_to_null(without(plain(values), r"[^\p{L}\p{N}]|\.0+$"))
