"""Check codes: every act id comes back, look-alikes are forgiven, anything else is refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.domains.documents import codes
from shanhai.kernel.errors import InvalidInputError

IDS = st.binary(min_size=32, max_size=32).map(bytes.hex)
KINDS = st.sampled_from(sorted(codes.LETTERS))


@given(kind=KINDS, act_id=IDS)
def test_a_code_leads_back_to_its_act(kind: str, act_id: str) -> None:
    code = codes.code_of(kind, act_id)
    for written in (
        code,
        codes.grouped(code),
        code.lower(),
        f"https://example.org/p/{code}",
        f"http://localhost:8000/p/{code}?x=1",
    ):
        assert codes.parse(written) == (kind, act_id[: codes.HEX_DIGITS])


@given(act_id=IDS)
def test_letters_that_look_like_digits_are_read_as_digits(act_id: str) -> None:
    code = codes.code_of("notice", act_id)
    typed = code[0] + code[1:].replace("0", "O").replace("1", "l")
    assert codes.parse(typed) == ("notice", act_id[: codes.HEX_DIGITS])


@pytest.mark.parametrize("text", ["", "A", "A" + "0" * 15, "Z" + "0" * 16, "模拟", "A" + "U" * 16])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"document\.code"):
        codes.parse(text)
