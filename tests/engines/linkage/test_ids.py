"""Resident numbers: the standard's examples, every way of writing one, and an oracle digit by digit."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.engines.linkage import ids
from shanhai.engines.linkage.people import departments

TODAY = date(2026, 11, 25)
GOOD = "11010519491231002X"


def one(number: str | None, births: list[int] | None = None) -> tuple[str, str, str | None]:
    recorded = None if births is None else np.array(births, dtype=np.int32)
    found = ids.check(pa.array([number], pa.string()), TODAY, recorded)
    fault, remark = ids.FAULTS[found.fault[0]], ids.REMARKS[found.remark[0]]
    return fault.value, remark.value, found.number[0].as_py()


@pytest.mark.parametrize(
    ("written", "remark"),
    [
        (GOOD, ""),
        ("11010519491231002x", "rewritten"),
        ("１１０１０５１９４９１２３１００２Ｘ", "rewritten"),
        (" 110105 19491231 002X\t", "rewritten"),
        ("'" + GOOD, "rewritten"),
        ("110105491231002", "old"),
    ],
)
def test_every_way_of_writing_a_number_is_the_number(written: str, remark: str) -> None:
    assert one(written) == ("", remark, GOOD)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (None, "empty"),
        ("  ", "empty"),
        ("不详", "empty"),
        ("1.10105E+17", "spreadsheet"),
        ("11010519491231002", "length"),
        ("11010519491231002XX", "length"),
        ("1101051949123100AX", "characters"),
        ("X1010519491231002X", "characters"),
        ("990105194912310025", "region"),
        ("11010519491331002X", "birth"),
        ("110105190002290021", "birth"),
        ("110105179912310021", "birth"),
        ("110105202611260010", "future"),
        ("110105194912310021", "checksum"),
    ],
)
def test_a_fault_is_named(number: str | None, fault: str) -> None:
    assert one(number) == (fault, "", None)


def test_a_number_must_fit_the_recorded_birth_where_there_is_one() -> None:
    assert one(GOOD, [19491231])[0] == ""
    assert one(GOOD, [0])[0] == ""
    assert one(GOOD, [19491230])[0] == "birth_differs"


def with_check(first: str) -> str:
    total = sum(int(d) * w for d, w in zip(first, ids.WEIGHTS.tolist(), strict=True))
    return first + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    ("first", "remark"),
    [
        ("44052418800101001", "abolished_county"),  # the standard's own second example
        ("51302119900101123", "abolished_prefecture"),
        ("81000019900101123", ""),
        ("83000019900101123", ""),
        ("93315619900101123", "foreign"),
    ],
)
def test_abolished_regions_count_as_long_as_a_part_of_them_stands(first: str, remark: str) -> None:
    assert one(with_check(first)) == ("", remark, with_check(first))


def test_born_today_is_not_the_future() -> None:
    assert one(with_check("11010520261125001"))[0] == ""


def test_old_numbers_of_centenarians_were_born_in_the_1800s() -> None:
    assert one("110105951231997")[2] == with_check("11010518951231997")
    assert one("110105951231995")[2] == with_check("11010519951231995")


@given(st.text(st.sampled_from("0123456789Xx １ａ-"), max_size=22))
def test_whatever_is_written_gets_exactly_one_answer(text: str) -> None:
    fault, _, number = one(text)
    assert (fault == "") == (number is not None)
    if number:
        assert with_check(number[:17]) == number


@given(st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(sequence: int, place: int, shift: int) -> None:
    right = with_check(f"11010519491231{sequence:03}")
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert one(right)[0] == ""
    assert one(wrong)[0] != ""


def test_blocks_are_checked_alike_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    right = departments(500, 3).right["id_no"].combine_chunks()
    whole = ids.check(right, TODAY)
    monkeypatch.setattr(ids, "BLOCK", 7)
    parts = ids.check(right, TODAY)
    assert whole.number.equals(parts.number)
    assert whole.text.equals(parts.text)
    assert (whole.fault == parts.fault).all()
    assert 0.8 < whole.valid.mean() < 0.99


def test_no_rows_are_no_trouble() -> None:
    assert len(ids.check(pa.array([], pa.string()), TODAY).number) == 0


def test_the_sequence_tells_the_sex() -> None:
    found = ids.check(pa.array([GOOD, with_check("11010519491231001"), None]), TODAY)
    assert found.male.tolist() == [False, True, False]
