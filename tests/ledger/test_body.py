"""The body: one spelling only, bounded, and the window in which it counts."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.canonical import MAX_INT, encode
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.suite import INTL, SM
from shanhai.kernel.text import TEXTS
from shanhai.ledger import body as module
from shanhai.ledger.body import (
    MAX_BODY_BYTES,
    act_id,
    check_window,
    ledger_id,
    parse_body,
    signed_bytes,
)
from shanhai.ledger.values import MAX_DEPTH, check_value

MADE = 1_790_000_000_000
FIELDS: dict[str, Any] = {
    "act": "payment.order/1",
    "kid": "1b" * 32,
    "ledger": "a0" * 32,
    "made_ms": MADE,
    "nonce": "0123456789abcdef" * 2,
    "not_after_ms": MADE + 600_000,
    "on": "c2" * 32,
    "payload": {"amount_fen": 120_050, "reason": "验收合格"},
    "post": "pst" + "0" * 26,
    "seen": {"root": "d3" * 32, "size": 7},
    "subject": "pay" + "0" * 26,
}
KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
WORDS = st.text(
    st.characters(min_codepoint=0x20, exclude_characters="\x7f", exclude_categories=["Cs"])
)
VALUES = st.recursive(
    st.booleans() | st.integers(-MAX_INT, MAX_INT) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def raw_body(**changed: Any) -> bytes:
    return encode({key: value for key, value in (FIELDS | changed).items() if value is not None})


def test_a_canonical_body_is_read_back() -> None:
    body = parse_body(raw_body())
    assert (body.act, body.seen and body.seen.size) == ("payment.order/1", 7)
    assert encode(body) == raw_body()
    assert bytes(body.payload) == encode(FIELDS["payload"])


def test_defaults_are_left_out_of_the_bytes() -> None:
    body = parse_body(raw_body(post=None, seen=None))
    assert (body.post, body.seen) == ("", None)
    with pytest.raises(InvalidInputError, match=r"bytes\.not_canonical"):
        parse_body(raw_body(post=""))


def test_fields_are_declared_in_the_order_of_the_bytes() -> None:
    names = list(module.Body.__struct_fields__)
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"act"', b' "act"'),
        (b"120050", b"120050.0"),
        (b"120050", b"1.2005e5"),
        (b"120050", b"null"),
        (b"120050", b"-0"),
        (b"120050", b"9007199254740992"),
        (b"120050", b"1180591620717411303424"),
        ("验".encode(), rb"\u9a8c"),
        ("验".encode(), b"\xff"),
        ("验".encode(), rb"\n"),
        ("验".encode(), rb"\\\n"),
        ("验".encode(), rb"\u0007"),
        ("验".encode(), b"\x7f"),
        (b'"amount_fen"', '"金额"'.encode()),
        (b'"amount_fen":120050,', b'"reason":"a",'),
        (
            b'{"amount_fen":120050,"reason":"\xe9\xaa\x8c\xe6\x94\xb6\xe5\x90\x88\xe6\xa0\xbc"}',
            b"[1]",
        ),
        (b'"size":7', b'"size":-1'),
        (b'"size":7', b'"size":true'),
        (b"0123456789abcdef0123", b"0123456789ABCDEF0123"),
        (b"0123456789abcdef0123", b"0123456789 bcdef0123"),
        (b"0123456789abcdef0123", b"0123456789abcdeg0123"),
        (b'"kid":"1b', b'"kid":"'),
        (b'"on":"c2', b'"on":"'),
        (b'"root":"d3', b'"root":"d'),
        (b'"root":"d3', b'"root":"D3'),
        (b'"post"', b'"Post"'),
        (b'000"}', b'000"}}'),
        (b'000"}', b'000"}\n'),
        (b'000"}', b'000","zeal":1}'),
        (b'"subject":"pay', b'"subject":"pay' + b"0" * 65),
    ],
)
def test_any_other_spelling_is_refused(old: bytes, new: bytes) -> None:
    raw = raw_body(seen={"size": 7, "root": "d3" * 32})
    assert old in raw
    with pytest.raises(InvalidInputError):
        parse_body(raw.replace(old, new, 1))


def test_backslashes_before_a_letter_are_text_and_not_control() -> None:
    assert check_value(rb'{"path":"C:\\new\\\"b"}') == {"path": 'C:\\new\\"b'}


def test_a_body_may_have_32_kib_and_no_byte_more() -> None:
    room = MAX_BODY_BYTES - len(raw_body(payload={"text": ""}))
    parse_body(raw_body(payload={"text": "x" * room}))
    with pytest.raises(InvalidInputError, match=r"body\.too_large"):
        parse_body(raw_body(payload={"text": "x" * (room + 1)}))


@pytest.mark.parametrize("raw", ['{"金额":1}', '[{"a":[{"é":"x"}]}]'])
def test_keys_that_sort_differently_elsewhere_are_refused(raw: str) -> None:
    with pytest.raises(InvalidInputError, match=r"value\.key"):
        check_value(raw.encode())


def test_nesting_is_bounded() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = {"a": value}
    check_value(encode(value))
    with pytest.raises(InvalidInputError):
        check_value(encode({"a": value}))
    with pytest.raises(InvalidInputError):
        check_value(b"[" * 100_000)


@pytest.mark.parametrize(("ledger", "kid"), [("", "1b" * 32), ("a0" * 32, ""), ("a0", "1b")])
def test_only_genesis_lacks_ledger_and_kid_and_it_lacks_both(ledger: str, kid: str) -> None:
    parse_body(raw_body(ledger="", kid="", on=""))
    with pytest.raises(InvalidInputError, match=r"body\.malformed"):
        parse_body(raw_body(ledger=ledger, kid=kid))


@given(value=VALUES)
def test_accepted_values_are_what_rfc_8785_writes(value: Any) -> None:
    raw = rfc8785.dumps(value)
    if encode(value) == raw and depth(value) <= MAX_DEPTH:
        assert check_value(raw) == value
    else:
        with pytest.raises(InvalidInputError):
            check_value(raw)


def depth(value: Any) -> int:
    inner = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    )
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def test_ids_and_signed_bytes_are_prefixed() -> None:
    raw = raw_body()
    assert act_id(INTL, raw) == INTL.digest(b"shanhai/act/v1\n" + raw)
    assert act_id(SM, raw) == SM.digest(b"shanhai/act/v1\n" + raw)
    assert ledger_id(INTL, raw) == INTL.digest(raw)
    assert signed_bytes("le", "p256", "ki", b"{}") == b"shanhai/act-sig/v1\nle\np256\nki\n{}"


@pytest.mark.parametrize(
    ("changed", "now", "code"),
    [
        ({}, MADE - 300_001, "body.early"),
        ({}, MADE + 600_001, "body.expired"),
        ({"not_after_ms": MADE + 900_001}, MADE, "body.window"),
        ({"not_after_ms": MADE - 1}, MADE - 1, "body.window"),
        ({"ledger": "a1" * 32}, MADE, "body.other_ledger"),
    ],
)
def test_a_body_outside_its_window_is_refused(changed: dict[str, Any], now: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_window(parse_body(raw_body(**changed)), FIELDS["ledger"], now)
    assert refused.value.code == code


@pytest.mark.parametrize("now", [MADE - 300_000, MADE, MADE + 600_000])
def test_both_ends_of_the_window_count(now: int) -> None:
    check_window(parse_body(raw_body()), FIELDS["ledger"], now)
    with pytest.raises(Refused):
        check_window(parse_body(raw_body()), "", now)


def test_every_refusal_of_the_ledger_has_a_sentence_in_both_languages() -> None:
    codes = [
        code for code in TEXTS if code.split(".")[0] in ("body", "entry", "value", "signature")
    ]
    assert len(codes) > 15
    for code in codes:
        assert TEXTS[code].say("zh") != TEXTS[code].say("en") != ""
