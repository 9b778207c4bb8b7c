"""Chinese resident numbers, checked a column at a time.

Source: GB 11643-1999: six digits of region, eight of birth, three of sequence (odd is male), one check
character. Numbers of 15 digits (before 1999-10-01) are written out with their century; sequences 996 to 999
were kept for people born in the 1800s. Foreigners' permanent residence cards (9, province, country) and
permits of residents from Hong Kong, Macao and Taiwan use the same form and check.
"""

from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shanhai.engines.linkage import regions
from shanhai.engines.linkage.text import Column, blank_to_null, plain, strings, without
from shanhai.kernel.text import Choice

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

BLOCK: Final = 65_536  # rows that fit the cache together
LENGTH: Final = 18
OLD: Final = 15
NINE: Final = 9  # the last digit; also the first of a foreigner's number
WEIGHTS: Final = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
CHECKS: Final = np.frombuffer(b"10X98765432", dtype=np.uint8)
FIRST_YEAR: Final = 1800
FEBRUARY: Final = 2
_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)


class Fault(Choice):
    """Why a number does not count, in the order the checks are made; `NONE` if it does."""

    NONE = "", "", ""
    EMPTY = "empty", "没有号码", "no number"
    SPREADSHEET = "spreadsheet", "被表格软件改成了科学计数", "turned to a float by a spreadsheet"
    LENGTH = "length", "不是18位或15位", "neither 18 nor 15 characters"
    CHARACTERS = "characters", "含有不该有的字符", "characters that do not belong"
    REGION = "region", "行政区划代码不存在", "no such region"
    BIRTH = "birth", "出生日期不存在", "no such date of birth"
    FUTURE = "future", "出生日期在将来", "born in the future"
    CHECKSUM = "checksum", "校验码不符", "check character does not fit"
    DIFFERS = "birth_differs", "与登记的出生日期不一致", "differs from the recorded date of birth"


class Remark(Choice):
    """What is worth knowing about a number that counts."""

    NONE = "", "", ""
    OLD = "old", "15位旧号码，已补为18位", "15 digits, written out to 18"
    REWRITTEN = "rewritten", "写法已规范", "written in another way, put right"
    ABOLISHED_COUNTY = (
        "abolished_county",
        "县级代码已撤销，按地级认定",
        "county code abolished, its prefecture stands",
    )
    ABOLISHED_PREFECTURE = (
        "abolished_prefecture",
        "地级代码已撤销，按省级认定",
        "prefecture code abolished, its province stands",
    )
    FOREIGN = "foreign", "外国人永久居留证件号", "a foreigner's permanent residence"


FAULTS: Final = tuple(Fault)
REMARKS: Final = tuple(Remark)
_NO = {fault: np.uint8(at) for at, fault in enumerate(FAULTS)}
_ON = {remark: np.uint8(at) for at, remark in enumerate(REMARKS)}


class Checked(NamedTuple):
    """A checked column, shape (n,) each."""

    number: Column
    """The number in its standard form, null where it does not count."""
    text: Column
    """What was written, cleaned, whether or not it counts; null where nothing was."""
    fault: Bytes
    """Index in `FAULTS`; 0 where the number counts."""
    remark: Bytes
    """Index in `REMARKS`."""
    birth: Ints
    """Date of birth as yyyymmdd; 0 where the number does not count."""

    @property
    def valid(self) -> Flags:
        """Return whether each number counts."""
        return np.equal(self.fault, 0)

    @property
    def male(self) -> Flags:
        """Return whether each valid number's sequence is odd (male); False where it does not count."""
        digit = pc.utf8_slice_codeunits(self.number, 16, 17)
        return np.asarray(pc.is_in(digit, value_set=pa.array(list("13579"))), dtype=np.bool_)


def check(numbers: Column, on: date, births: Ints | None = None) -> Checked:
    """Check a column of resident numbers.

    Args:
        numbers: Strings (or whatever prints as one), shape (n,); nulls allowed.
        on: The day that counts as today: a later birth is in the future.
        births: Recorded dates of birth as yyyymmdd, 0 for unknown, shape (n,); where given, a number
            with another date does not count.

    Returns:
        The standard form, fault and remark of every number, in the order given.
    """
    raw = strings(numbers)
    blocks = [
        _check(raw[at : at + BLOCK], on, None if births is None else births[at : at + BLOCK])
        for at in range(0, max(len(raw), 1), BLOCK)
    ]
    number, text, *arrays = zip(*blocks, strict=True)
    return Checked(
        pa.concat_arrays(number), pa.concat_arrays(text), *(np.concatenate(a) for a in arrays)
    )


def _check(raw: Column, on: date, births: Ints | None) -> Checked:
    text, matrix, fault, remark = _read(raw)
    old = remark == _ON[Remark.OLD]
    digits = (matrix - 48).astype(np.int32)
    depth = _depth(digits)
    _mark(fault, depth == 0, Fault.REGION)
    birth = _births(digits, on, fault)
    _remark(digits, depth, remark)
    good = fault == 0
    right = CHECKS[(digits[:17] * WEIGHTS[:, None]).sum(0, dtype=np.int32) % 11]
    matrix[17, old & good] = right[old & good]
    _mark(fault, right != matrix[17], Fault.CHECKSUM)
    if births is not None:
        _mark(fault, (births > 0) & (births != birth), Fault.DIFFERS)
    _mark_spreadsheets(raw, fault)
    wrong = fault != 0
    birth[wrong], remark[wrong] = 0, 0
    return Checked(_strings(matrix, wrong), text, fault, remark, birth)


def _read(raw: Column) -> tuple[Column, Bytes, Bytes, Bytes]:
    """Return the cleaned text, its characters (18, n), faults of form, and how it was written.

    A number in its standard form is taken as it stands; only the others pay for cleaning.
    """
    matrix, fault = _matrix(raw)
    remark = np.zeros(len(raw), dtype=np.uint8)
    remark[_lengths(raw) == OLD] = _ON[Remark.OLD]
    rest = np.flatnonzero(fault)
    if not len(rest):
        return raw, matrix, fault, remark
    cleaned = blank_to_null(without(plain(raw.take(pa.array(rest))), r"[\s'\"`\-_,.]"))
    matrix[:, rest], fault[rest] = _matrix(cleaned)
    remark[rest] = _ON[Remark.REWRITTEN]
    remark[rest[_lengths(cleaned) == OLD]] = _ON[Remark.OLD]
    mask = np.zeros(len(raw), dtype=np.bool_)
    mask[rest] = True
    return pc.replace_with_mask(raw, pa.array(mask), cleaned), matrix, fault, remark


def _lengths(text: Column) -> Ints:
    return np.asarray(pc.fill_null(pc.binary_length(text), 0), dtype=np.int32)


def _mark(fault: Bytes, where: Flags, why: Fault) -> None:
    """Note a fault where none was found before."""
    fault[where & (fault == 0)] = _NO[why]


def _matrix(text: Column) -> tuple[Bytes, Bytes]:
    """Return the characters, shape (18, n), old numbers written out, and the faults of form.

    A row of wrong form holds zeros ("0"), so that arithmetic on it is harmless.
    """
    count, lengths = len(text), _lengths(text)
    fault = np.zeros(count, dtype=np.uint8)
    new, old = lengths == LENGTH, lengths == OLD
    _mark(fault, lengths == 0, Fault.EMPTY)
    _mark(fault, ~new & ~old, Fault.LENGTH)
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int32)[text.offset : text.offset + count]
    data = np.frombuffer(text.buffers()[2] or b"", dtype=np.uint8)
    if count and new.all():
        first = offsets[0]
        matrix = data[first : first + LENGTH * count].reshape(count, LENGTH).T.copy()
    else:
        matrix = np.full((LENGTH, count), 48, dtype=np.uint8)
        matrix[:, new] = data[offsets[new][:, None] + np.arange(LENGTH)].T
        matrix[:, old] = _write_out(data[offsets[old][:, None] + np.arange(OLD)].T)
    letters = ((matrix[:17] - np.uint8(48)) > NINE).any(0)  # unsigned: below "0" wraps around
    last = (matrix[17] - np.uint8(48) > NINE) & (matrix[17] != ord("X"))
    _mark(fault, letters | last, Fault.CHARACTERS)
    matrix[:, fault != 0] = 48
    return matrix, fault


def _write_out(old: Bytes) -> Bytes:
    """Write 15 digits, shape (15, n), in 18 places: century added, check character still "0"."""
    wide = np.full((LENGTH, old.shape[1]), 48, dtype=np.uint8)
    wide[:6], wide[8:17] = old[:6], old[6:]
    aged = (old[12] == ord("9")) & (old[13] == ord("9")) & (old[14] >= ord("6"))
    wide[6], wide[7] = ord("1"), np.where(aged, ord("8"), ord("9"))
    return wide


def _number(digits: Ints, first: int, last: int) -> Ints:
    value = np.zeros(digits.shape[1], dtype=np.int32)
    for at in range(first, last):
        value = value * 10 + digits[at]
    return value


def real_date(birth: Ints) -> Flags:
    """Say which yyyymmdd are days of the calendar from 1800 on, shape (n,)."""
    year, month, day = birth // 10_000, birth // 100 % 100, birth % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = _DAYS[np.where((month >= 1) & (month <= len(_DAYS) - 1), month, 0)]
    days = days + ((month == FEBRUARY) & leap)
    real: Flags = (year >= FIRST_YEAR) & (day >= 1) & (day <= days)
    return real


def _births(digits: Ints, on: date, fault: Bytes) -> Ints:
    birth = _number(digits, 6, 14)
    today = on.year * 10_000 + on.month * 100 + on.day
    _mark(fault, ~real_date(birth), Fault.BIRTH)
    _mark(fault, birth > today, Fault.FUTURE)
    return birth


def _depth(digits: Ints) -> Bytes:
    """Return how many digits of the region stand; a foreigner's province is its second and third."""
    region = _number(digits, 0, 6)
    foreign = digits[0] == NINE
    return regions.depth(np.where(foreign, region // 1000 % 100 * 10_000, region))


def _remark(digits: Ints, depth: NDArray[np.uint8], remark: Bytes) -> None:
    """Note what is special about the region; a number of 15 digits stays noted as such."""
    foreign = digits[0] == NINE
    permit = np.isin(digits[0] * 10 + digits[1], regions.PERMITS)
    resident = (remark != _ON[Remark.OLD]) & ~foreign & ~permit
    remark[resident & (depth == regions.PREFECTURE)] = _ON[Remark.ABOLISHED_COUNTY]
    remark[resident & (depth == regions.PROVINCE)] = _ON[Remark.ABOLISHED_PREFECTURE]
    remark[foreign] = _ON[Remark.FOREIGN]


def _mark_spreadsheets(raw: Column, fault: Bytes) -> None:
    """Say so where a spreadsheet has turned a number into a float, and its digits are lost."""
    bad = np.flatnonzero(fault == _NO[Fault.LENGTH])
    if len(bad):
        floats = pc.match_substring_regex(raw.take(pa.array(bad)), r"^\s*\d(\.\d+)?[eE]\+?\d+\s*$")
        fault[bad[np.asarray(floats, dtype=np.bool_)]] = _NO[Fault.SPREADSHEET]


def _strings(matrix: NDArray[np.uint8], wrong: Flags) -> Column:
    """Return the columns of a character matrix as strings, null where wrong."""
    count = matrix.shape[1]
    data = pa.py_buffer(np.ascontiguousarray(matrix.T))
    offsets = pa.py_buffer(np.arange(count + 1, dtype=np.int32) * LENGTH)
    whole: Any = pa.StringArray.from_buffers(count, offsets, data)
    return pc.if_else(pa.array(wrong), pa.scalar(None, pa.string()), whole)
