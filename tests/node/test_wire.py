"""The codec of the consensus node's messages, against Google's own where it is installed, and on its own."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given
from hypothesis import strategies as st

from shanhai.kernel.errors import InvalidInputError
from shanhai.node import abci_messages as abci
from shanhai.node.abci import Frames, Server, check_of, envelope, opened
from shanhai.node.wire import Message, decode, encode, frame, read_varint, varint

INTS = st.integers(-(2**63), 2**63 - 1)
SNAPSHOTS = st.builds(
    abci.Snapshot,
    height=INTS,
    format=st.integers(0, 9),
    chunks=st.integers(0, 9),
    hash=st.binary(max_size=40),
    metadata=st.binary(max_size=300),
)
BLOCKS = st.builds(
    abci.FinalizeBlock,
    txs=st.lists(st.binary(max_size=300), max_size=5),
    hash=st.binary(max_size=32),
    height=INTS,
    time=st.builds(abci.Timestamp, seconds=INTS, nanos=st.integers(0, 10**9)),
)
MESSAGES = st.one_of(
    SNAPSHOTS,
    BLOCKS,
    st.builds(abci.ListSnapshotsAnswer, snapshots=st.lists(SNAPSHOTS, max_size=3)),
    st.builds(
        abci.ApplySnapshotChunkAnswer,
        result=st.integers(0, 5),
        refetch_chunks=st.lists(st.integers(0, 2**31), max_size=4),
        reject_senders=st.lists(st.text(max_size=5), max_size=3),
    ),
)


@given(MESSAGES)
def test_a_message_survives_its_bytes(message: Message) -> None:
    assert decode(type(message), encode(message)) == message


@given(st.integers(0, 2**64 - 1))
def test_a_number_survives_its_bytes(value: int) -> None:
    raw = varint(value)
    assert read_varint(raw, 0) == (value, len(raw))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    outcomes = set()
    for shape in abci.REQUESTS.values():
        try:
            outcomes.add(type(decode(shape, raw)).__name__)
        except InvalidInputError as error:
            outcomes.add(error.code)
    assert outcomes <= {"wire.malformed", *(one.__name__ for one in abci.REQUESTS.values())}


@given(st.lists(st.binary(max_size=400), max_size=6), st.integers(1, 50))
def test_a_stream_is_cut_into_its_messages(messages: list[bytes], step: int) -> None:
    stream, frames, found = b"".join(map(frame, messages)), Frames(), list[bytes]()
    for at in range(0, len(stream), step):
        found += frames.feed(stream[at : at + step])
    assert found == messages


CHECKS = st.builds(
    lambda tx, kind, after: encode(abci.CheckTx(tx, kind)) + after,
    st.binary(max_size=200),
    st.integers(0, 2),
    st.sampled_from([b"", b"\x10\x01", b"\x18\x05", b"\x0a\x01a", b"\x0a\x05a"]),
)


def _read_or_refused(read: Callable[[bytes], abci.CheckTx], raw: bytes) -> abci.CheckTx | None:
    try:
        return read(raw)
    except InvalidInputError:
        return None


@given(CHECKS | st.binary(max_size=20))
def test_a_check_is_read_as_any_message_is(raw: bytes) -> None:
    plainly = _read_or_refused(lambda one: decode(abci.CheckTx, one), raw)
    assert _read_or_refused(check_of, raw) == plainly


def test_a_length_without_end_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        list(Frames().feed(b"\xff" * 11))


def test_fields_that_are_not_named_are_skipped() -> None:
    extra = varint(9 << 3 | 2) + varint(3) + b"abc" + varint(10 << 3) + varint(7)
    extra += varint(11 << 3 | 1) + bytes(8) + varint(12 << 3 | 5) + bytes(4)
    assert decode(abci.CheckTx, extra + encode(abci.CheckTx(b"tx", 1))) == abci.CheckTx(b"tx", 1)


def test_numbers_may_come_packed_or_one_by_one() -> None:
    packed = varint(2 << 3 | 2) + varint(2) + b"\x05\x07"
    single = varint(2 << 3) + b"\x05" + varint(2 << 3) + b"\x07"
    for raw in (packed, single):
        assert decode(abci.ApplySnapshotChunkAnswer, raw).refetch_chunks == [5, 7]


@given(BLOCKS)
def test_googles_library_reads_and_writes_the_same(block: abci.FinalizeBlock) -> None:
    theirs = _google()()
    theirs.txs.extend(block.txs)
    theirs.hash, theirs.height = block.hash, block.height
    theirs.time.seconds, theirs.time.nanos = block.time.seconds, block.time.nanos
    assert theirs.SerializeToString(deterministic=True) == encode(block)
    assert _google().FromString(encode(block)) == theirs


@cache
def _google() -> Any:
    """Return FinalizeBlock as Google's library knows it."""
    file = FileDescriptorProto(name="wire_test.proto", package="wire", syntax="proto3")
    time = file.message_type.add(name="Time")
    for number, name, kind in ((1, "seconds", 3), (2, "nanos", 5)):
        time.field.add(name=name, number=number, type=kind, label=1)
    block = file.message_type.add(name="Block")
    block.field.add(name="txs", number=1, type=12, label=3)
    block.field.add(name="hash", number=4, type=12, label=1)
    block.field.add(name="height", number=5, type=3, label=1)
    block.field.add(name="time", number=6, type=11, label=1, type_name=".wire.Time")
    pool = DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("wire.Block"))


def test_echo_and_flush_need_no_application() -> None:
    server = Server(lambda _: pytest.fail("asked"), lambda _: None)
    for number, message in ((1, abci.Echo("hello")), (2, abci.Flush())):
        (raw,) = Frames().feed(envelope(number, message))
        (answer,) = Frames().feed(server.reply(raw))
        assert opened(answer) == (number + 1, encode(message))


def test_a_request_of_another_version_is_refused() -> None:
    (raw,) = Frames().feed(envelope(18, abci.Flush()))
    with pytest.raises(InvalidInputError) as refused:
        Server(lambda _: abci.Empty(), lambda _: None).reply(raw)
    assert refused.value.code == "abci.unknown"
