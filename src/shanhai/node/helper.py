"""A process that checks signatures and nothing else: bytes in, whether they hold out.

It is started by `checker.py` on one end of a socket pair and ends when the other end does. A question is its length, then of
each signature the lengths of key, signature and message and their bytes; an answer is one byte each.
"""

import signal
import socket
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress

from shanhai.kernel.errors import ProofError
from shanhai.ledger.signing import verify_raw

LENGTH = struct.Struct("<I")
LENGTHS = struct.Struct("<HHI")
READY, HOLDS, FAILS = b"r", b"\x01", b"\x00"
TOGETHER = 8
"""So many answers are sent at a time."""
Item = tuple[bytes, bytes, bytes]
"""Public key, signature, message."""


def question(items: Iterable[Item]) -> bytes:
    """Return the bytes that ask about signatures."""
    parts: list[bytes] = []
    for item in items:
        parts += (LENGTHS.pack(*map(len, item)), *item)
    body = b"".join(parts)
    return LENGTH.pack(len(body)) + body


def answers(alg: str, raw: bytes) -> Iterator[bytes]:
    """Yield what is said of each signature of a question's body."""
    at = 0
    while at < len(raw):
        sizes = LENGTHS.unpack_from(raw, at)
        at += LENGTHS.size
        parts = []
        for size in sizes:
            parts.append(raw[at : at + size])
            at += size
        try:
            verify_raw(alg, *parts)
        except ProofError:
            yield FAILS
        else:
            yield HOLDS


def serve(alg: str, port: socket.socket) -> None:
    """Answer questions until the other end closes."""
    port.sendall(READY)
    with port.makefile("rb") as asked:
        while head := asked.read(LENGTH.size):
            said = bytearray()
            for one in answers(alg, asked.read(*LENGTH.unpack(head))):
                said += one
                if len(said) == TOGETHER:
                    port.sendall(said)
                    said.clear()
            port.sendall(said)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the process that asks
    with socket.socket(fileno=sys.stdin.fileno()) as found, suppress(OSError):
        serve(sys.argv[1], found)
