"""Private modes: tokens, Bloom filters and the intersection of sets."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from shanhai.engines.linkage import clk, psi, tokens
from shanhai.engines.linkage.errors import LinkageError

KEY = b"k" * 32


def test_a_token_depends_on_value_key_and_project() -> None:
    values = pa.array(["11010519491231002X", None])
    first = tokens.tokens(values, KEY, "a").to_pylist()
    assert first[1] is None
    assert len(first[0]) == 64
    assert tokens.tokens(values, KEY, "a").to_pylist() == first
    assert tokens.tokens(values, KEY, "b")[0].as_py() != first[0]
    assert tokens.tokens(values, KEY[:-1], "a")[0].as_py() != first[0]


def test_a_short_or_missing_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LinkageError):
        tokens.read_key(tmp_path / "none")
    (tmp_path / "k").write_bytes(b"short\n")
    with pytest.raises(LinkageError):
        tokens.read_key(tmp_path / "k")
    (tmp_path / "k").write_bytes(KEY + b"\n")
    assert tokens.read_key(tmp_path / "k") == KEY


PEOPLE = pa.table(
    {
        "name": ["neumann", "painter", "green", None],
        "birth": ["19151111", "19161214", "19480930", None],
    }
)
TYPOS = pa.table(
    {"name": ["green", "paimter", "neuman"], "birth": ["19480930", "19161214", "19151111"]}
)
FIELDS = (clk.Field("name"), clk.Field("birth", positional=True))


def encoded(table: object, key: bytes = KEY) -> clk.Encoded:
    return clk.encode(table, FIELDS, (("birth",), ("name:3",)), key, "p")


def test_filters_find_people_despite_typing_errors() -> None:
    left, right, alike = clk.match(encoded(PEOPLE), encoded(TYPOS), 0.6)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 2), (1, 1), (2, 0)]
    assert alike[2] == 1.0
    assert (alike[:2] < 1).all()


def test_another_key_finds_nobody() -> None:
    assert len(clk.candidates(encoded(PEOPLE), encoded(TYPOS, b"x" * 32))[0]) == 0


def test_a_missing_value_sets_no_bit_and_blocks_nobody() -> None:
    assert not encoded(PEOPLE).filters[3].any()
    assert encoded(PEOPLE).blocks[0][3] == b""


def test_dice_is_the_definition() -> None:
    filters = encoded(PEOPLE).filters
    bits = np.unpackbits(filters, axis=1).astype(int)
    for a in range(3):
        both, one, other = (bits[a] & bits[1]).sum(), bits[a].sum(), bits[1].sum()
        assert clk.dice(filters[[a]], filters[[1]])[0] == pytest.approx(2 * both / (one + other))


def test_noise_flips_about_the_share_of_bits_for_each_record_its_own() -> None:
    filters, ids = np.zeros((200, clk.BYTES), np.uint8), [str(one) for one in range(200)]
    noisy = clk.flip(filters, 0.05, ids, b"k" * 32, "p")
    assert np.bitwise_count(noisy).sum() / (200 * clk.BITS) == pytest.approx(0.05, abs=0.005)
    assert len({row.tobytes() for row in noisy}) == 200
    again = clk.flip(filters[::-1], 0.05, ids[::-1], b"k" * 32, "p")
    assert (again[::-1] == noisy).all()
    assert (clk.flip(filters, 0.05, ids, b"q" * 32, "p") != noisy).any()


@pytest.mark.parametrize("reveal", [True, False])
def test_the_intersection_is_exact_whatever_the_order_and_doubles(
    monkeypatch: pytest.MonkeyPatch, *, reveal: bool
) -> None:
    monkeypatch.setattr(psi, "CHUNK", 7)
    theirs, ours = [f"n{at}" for at in range(30)], [f"n{at}" for at in range(45, 10, -1)] * 2
    server, client = psi.Server(theirs, reveal=reveal), psi.Client(ours, reveal=reveal)
    requests = client.requests()
    setups, answer = server.setup(len(client.numbers)), server.answer(requests)
    assert client.size(setups, answer) == 19
    if reveal:
        assert client.intersection(setups, answer) == sorted(f"n{at}" for at in range(11, 30))
    else:
        with pytest.raises(ValueError, match="only the size"):
            client.intersection(setups, answer)


def test_nothing_has_nothing_in_common() -> None:
    server, client = psi.Server([], reveal=True), psi.Client([], reveal=True)
    assert client.intersection(server.setup(0), server.answer(client.requests())) == []
