"""The entry: three parts in one leaf, strict both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.ledger.entry import (
    MAX_ENTRY_BYTES,
    MAX_TOUCHED,
    Entry,
    FounderSignature,
    SignatureBlock,
    make_founders,
    make_receipt,
    pack,
    parse_founders,
    parse_receipt,
    parse_signature,
    unpack,
)

ENTRY = Entry(b'{"body":1}', b'{"alg":"x"}', b'{"index":0}')
HEAD = 2 + 3 * 4


def test_the_layout_is_version_and_three_lengths() -> None:
    assert (
        pack(Entry(b"ab", b"", b"c")).hex() == "0001" + "000000026162" + "00000000" + "0000000163"
    )


@given(parts=st.tuples(st.binary(), st.binary(), st.binary()))
def test_every_entry_is_read_back(parts: tuple[bytes, bytes, bytes]) -> None:
    assert unpack(pack(Entry(*parts))) == parts


@given(cut=st.integers(0, len(pack(ENTRY)) - 1), extra=st.binary(min_size=1))
def test_shortened_and_lengthened_entries_are_refused(cut: int, extra: bytes) -> None:
    for raw in (pack(ENTRY)[:cut], pack(ENTRY) + extra):
        with pytest.raises(InvalidInputError, match=r"entry\.malformed"):
            unpack(raw)


@pytest.mark.parametrize("position", range(len(pack(ENTRY))))
def test_no_changed_byte_is_read_as_the_same_entry(position: int) -> None:
    raw = bytearray(pack(ENTRY))
    raw[position] ^= 1
    try:
        assert unpack(bytes(raw)) != ENTRY
    except InvalidInputError as error:
        assert error.code == "entry.malformed"  # noqa: PT017 - either outcome is right


def test_an_entry_may_fill_a_c2sp_bundle_slot_and_no_more() -> None:
    room = MAX_ENTRY_BYTES - HEAD
    assert len(pack(Entry(b"x" * room, b"", b""))) == MAX_ENTRY_BYTES
    with pytest.raises(Refused, match=r"entry\.too_large"):
        pack(Entry(b"x" * room, b"y", b""))
    with pytest.raises(InvalidInputError):
        unpack(b"\x00\x01" + b"x" * MAX_ENTRY_BYTES)


def test_a_receipt_lists_what_was_touched_in_order() -> None:
    raw = make_receipt(5, 1, 99, [("claim", "b", "1" * 64), ("claim", "a", "2" * 64)])
    receipt = parse_receipt(raw)
    assert [row[1] for row in receipt.touched] == ["a", "b"]
    assert raw.startswith(b'{"index":5,"rules":1,"time_ms":99,"touched":[["claim","a",')


def test_a_receipt_names_who_did_an_act_on_a_key() -> None:
    touched = [("did", f"key.offer/{'a' * 64}", "0" * 64)]
    assert parse_receipt(make_receipt(0, 1, 0, touched)).touched == tuple(touched)


def test_a_receipt_touches_at_most_256_objects() -> None:
    rows = [("claim", f"{number:03}", "0" * 64) for number in range(MAX_TOUCHED + 1)]
    assert len(parse_receipt(make_receipt(0, 1, 0, rows[1:])).touched) == MAX_TOUCHED
    with pytest.raises(Refused, match=r"entry\.too_many_objects"):
        make_receipt(0, 1, 0, rows)
    with pytest.raises(InvalidInputError):
        parse_receipt(encode({"index": 0, "rules": 1, "time_ms": 0, "touched": rows}))


@pytest.mark.parametrize(
    "rows",
    [
        [["claim", "b", "0" * 64], ["claim", "a", "0" * 64]],
        [["claim", "a", "0" * 64], ["claim", "a", "1" * 64]],
        [["claim", "a", "F" * 64]],
        [["claim", "a", "0" * 63]],
        [["claim", "", "0" * 64]],
    ],
)
def test_unsorted_doubled_or_malformed_rows_are_refused(rows: list[list[str]]) -> None:
    with pytest.raises(InvalidInputError):
        parse_receipt(encode({"index": 0, "rules": 1, "time_ms": 0, "touched": rows}))


def test_a_plain_signature_block_is_two_fields() -> None:
    raw = encode(SignatureBlock("ed25519", "AAAA"))
    assert raw == b'{"alg":"ed25519","sig":"AAAA"}'
    assert parse_signature(raw) == SignatureBlock("ed25519", "AAAA")
    for other in (b'{"alg":"ed25519","sig":"AAAA","size":0}', b'{"alg":"","sig":"AAAA"}', b"[]"):
        with pytest.raises(InvalidInputError):
            parse_signature(other)


def test_founders_sign_sorted_by_kid() -> None:
    one, two = (FounderSignature("ed25519", kid * 32, "AAAA") for kid in ("a0", "b0"))
    raw = make_founders([two, one])
    assert raw.startswith(b'[{"alg":"ed25519","kid":"a0')
    assert parse_founders(raw) == (one, two)
    for wrong in ([], [two, one], [one, one]):
        with pytest.raises(InvalidInputError, match=r"entry\.founders"):
            parse_founders(encode(wrong))
