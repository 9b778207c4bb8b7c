"""ABCI 2.0 over a socket: the server that a consensus node drives, and the client's half of the framing.

Each message is an envelope with one field, preceded by its length as an unsigned varint; answers go back in the
order of requests. The node opens four connections; one thread serves them all, so the application needs no lock.
Whatever the application cannot answer ends the process: a node that went on would part from the others.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.abci_messages import (
    ANSWERS,
    EXCEPTION,
    REQUESTS,
    WAITS,
    CheckTx,
    Echo,
    Empty,
    ExceptionAnswer,
    Flush,
)
from shanhai.node.wire import BYTES, Message, decode, encode, frame, read_varint, varint

Answer = Callable[[Any], Message]
MOST = 64 * 1024 * 1024
"""Bytes of the longest message that is taken in: a block is at most 4 MiB, a snapshot's chunk at most 16."""
_TX = b"\x0a"
"""How a check's transaction begins."""
_BROKEN = 10  # bytes after which a length must have ended
TEXTS |= {
    "abci.unknown": Text(
        "共识节点发来未知的请求 {number}，请使用本平台固定的版本（make consortium）",
        "The consensus node sent an unknown request {number}; use the version that this platform pins (make consortium)",
    ),
    "abci.failed": Text(
        "共识节点的应用无法继续：{detail}",
        "The application of the consensus node cannot go on: {detail}",
    ),
}


class Frames:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes and yield each message that is complete.

        Raises:
            InvalidInputError: `wire.malformed`.
        """
        held = self._held
        held += data
        at = 0
        while (head := self._length(at)) is not None:
            size, start = head
            if len(held) < start + size:
                break
            at = start + size
            yield bytes(held[start:at])
        del held[:at]

    def _length(self, at: int) -> tuple[int, int] | None:
        """Return a message's length and where it begins, None while the length is incomplete."""
        held, size, shift = self._held, 0, 0
        for place in range(at, min(len(held), at + _BROKEN)):
            byte = held[place]
            size |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the high bit says that more follows
                if size > MOST:
                    break
                return size, place + 1
            shift += 7
        else:
            if len(held) - at < _BROKEN:
                return None
        raise InvalidInputError("wire.malformed")


def envelope(number: int, message: Message) -> bytes:
    """Return a framed envelope around one message."""
    raw = encode(message)
    return frame(varint(number << 3 | BYTES) + varint(len(raw)) + raw)


def opened(raw: bytes) -> tuple[int, bytes]:
    """Return the number and the bytes of what an envelope holds.

    Raises:
        InvalidInputError: `wire.malformed`.
    """
    key, at = read_varint(raw, 0)
    size, at = read_varint(raw, at)
    if key & 7 != BYTES or at + size != len(raw):
        raise InvalidInputError("wire.malformed")
    return key >> 3, raw[at:]


FLUSHED = envelope(ANSWERS[Flush][0], Empty())
_WAITS = envelope(ANSWERS[CheckTx][0], WAITS)


def check_of(raw: bytes) -> CheckTx:
    """Read a check, the message that comes most often, as `decode` does; what is unlike the usual ones is left to that."""
    if raw[:1] == _TX:
        size, at = read_varint(raw, 1)
        if at + size == len(raw):
            return CheckTx(raw[at:])
    return decode(CheckTx, raw)


class Server:
    """Answers a consensus node's requests on a unix socket."""

    def __init__(self, answer: Answer, failed: Callable[[BaseException], None]) -> None:
        """Begin.

        Args:
            answer: Given a request, returns its answer.
            failed: Told of what ended the service.
        """
        self._answer, self._failed = answer, failed

    def reply(self, raw: bytes) -> bytes:
        """Answer one envelope with the framed envelope of its answer."""
        number, body = opened(raw)
        shape = REQUESTS.get(number)
        if shape is None:
            raise InvalidInputError("abci.unknown", number=number)
        if shape is Flush:
            return FLUSHED
        request = check_of(body) if shape is CheckTx else decode(shape, body)
        made = request if shape is Echo else self._answer(request)
        return _WAITS if made is WAITS else envelope(ANSWERS[shape][0], made)

    async def listen(self, path: Path) -> asyncio.Server:
        """Listen on a unix socket; one that a dead process left is replaced."""
        loop = asyncio.get_running_loop()
        return await loop.create_unix_server(lambda: Connection(self), str(path))

    def end(self, error: BaseException) -> bytes:
        """Note the end and return what the node is told."""
        self._failed(error)
        return envelope(EXCEPTION, ExceptionAnswer(str(error) or type(error).__name__))


class Connection(asyncio.Protocol):
    """One of the node's connections."""

    def __init__(self, server: Server) -> None:
        self._server, self._frames = server, Frames()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows the type
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete, in order, in one write."""
        transport = self._transport
        answers: list[bytes] = []
        if transport is None:
            return
        try:
            answers.extend(self._server.reply(raw) for raw in self._frames.feed(data))
        except BaseException as error:  # noqa: BLE001 - whatever it is, this node must stop
            answers.append(self._server.end(error))
            transport.write(b"".join(answers))
            transport.close()
            return
        transport.write(b"".join(answers))
