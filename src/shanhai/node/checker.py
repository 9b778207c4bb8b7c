"""Checking a block's signatures on another processor while this process judges its acts: `helper.py` does it.

Which key signs, and whether it may, is looked up here; what the helper does not say holds is checked here, at its turn.
"""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from shanhai.acts.machine.view import State
from shanhai.node.admission import Signatures
from shanhai.node.helper import HOLDS, READY, Item, question
from shanhai.node.pool import Read

LEAST = 32
"""From how many unchecked signatures on a helper pays."""
PATIENCE_S = 10.0
"""A helper that says nothing for so long is given up."""


class Checker:
    """Checks signatures ahead of their acts."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._port: socket.socket | None = None
        self._ready = False

    def start(self, alg: str) -> None:
        """Start the helper for signatures of an algorithm, unless it runs; it answers from a moment later on."""
        if self._process is not None:
            return
        own, its = socket.socketpair()
        command = [sys.executable, "-m", "shanhai.node.helper", alg]
        with its:
            try:
                self._process = subprocess.Popen(command, stdin=its.fileno())  # noqa: S603 - our own module
                self._port = own
            except OSError:  # no room for another process: every signature is checked here
                own.close()

    @property
    def pid(self) -> int:
        """Return the helper's process id, 0 while none was started."""
        return self._process.pid if self._process is not None else 0

    def close(self) -> None:
        """End the helper."""
        if self._port is not None:
            self._port.close()
        if self._process is not None:
            try:
                self._process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._port = None
        self._ready = False

    @contextmanager
    def ahead(
        self, signatures: Signatures, state: State, read: Sequence[Read | None]
    ) -> Iterator[Callable[[int], None]]:
        """Let a block's signatures be checked meanwhile.

        Args:
            signatures: Remembers what holds.
            state: Where keys are found.
            read: The block's acts.

        Yields:
            What is called with an act's place before it is judged: it waits for the answer about its signature.
        """
        asked = _unchecked(signatures, state, read)
        port = self.listening(signatures.plain) if len(asked) >= LEAST else None
        if port is None:
            yield lambda _: None
            return
        turns = self._answers(port, asked, signatures)
        at = next(turns, None)

        def checked(place: int) -> None:
            nonlocal at
            while at is not None and at <= place:
                at = next(turns, None)

        try:
            yield checked
        finally:
            if at is not None:  # what was not heard would be taken for the next block's
                self.close()

    def listening(self, alg: str) -> socket.socket | None:
        """Return the helper's port once it listens; start it where it does not run."""
        self.start(alg)
        port = self._port
        if port is not None and not self._ready:
            port.settimeout(0)
            try:
                self._ready = port.recv(len(READY)) == READY
            except OSError:
                return None
            port.settimeout(PATIENCE_S)
        return port

    def _answers(
        self, port: socket.socket, asked: Sequence[tuple[int, Read, Item]], signatures: Signatures
    ) -> Iterator[int]:
        """Yield the place of each act whose answer is awaited; going on takes the answer."""
        said, at = b"", 0
        try:
            port.sendall(question(item for _, _, item in asked))
            for place, read, _ in asked:
                yield place
                if at == len(said):
                    said, at = port.recv(len(asked)), 0
                    if not said:
                        raise ConnectionError
                if said[at : at + 1] == HOLDS:
                    signatures.note(read.act_id, read.signed.signature)
                at += 1
        except OSError:  # it died or hangs; its acts are checked here
            self.close()


def _unchecked(
    signatures: Signatures, state: State, read: Sequence[Read | None]
) -> list[tuple[int, Read, Item]]:
    """Return the acts whose signatures were not checked yet and are bare ones, with their places."""
    found = []
    for place, one in enumerate(read):
        if one is not None and one.parsed is not None:
            item = signatures.unchecked(state, one.parsed, one.signed, one.act_id)
            if item is not None:
                found.append((place, one, item))
    return found
