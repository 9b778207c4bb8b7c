"""What a file is by its first bytes: text of one, two or four bytes a character, Parquet, workbooks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel import sniff

LINES = "编号,姓名,income\n1,张三,12000\n2,李四,9000\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("gb18030", ""),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", sniff.UNKNOWN),
        ("utf-32-be", sniff.UNKNOWN),
    ],
)
def test_encodings_are_told_apart(encoding: str, found: str) -> None:
    assert sniff.wide(LINES.encode(encoding)) == found


def test_a_stray_zero_does_not_make_text_wide() -> None:
    assert not sniff.wide(LINES.encode() * 9 + b"\0")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_text_without_zeros_is_never_wide_and_never_fails(text: str) -> None:
    assert sniff.wide(text.encode()) == ""


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(start: bytes) -> None:
    assert sniff.wide(start) in {"", "utf-16", "utf-16-le", "utf-16-be", sniff.UNKNOWN}
    assert sniff.kind(start) in {"", ".parquet", ".xlsx", ".xls"}
