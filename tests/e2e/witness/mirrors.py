"""Four real mirror processes around a served ledger, and the wires between them, which a test may bend.

Every mirror reaches the sequencer and the other mirrors through one switchboard in the test's process: so a test
decides which face of the sequencer each is shown, and what is altered on the way.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from demo_world import FOREIGN
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.checkpoint import VKey
from shanhai.node.witness.folder import make_identity
from shanhai.node.witness.http import Answer, Client, server, started

NAMES = ("east", "west", "audit", "bank")
DOMAINS = ("模拟东部省", "模拟西部省", "模拟审计署", "模拟银行")
WAIT_S = 120
EVERY_MS = 400
Meddle = Callable[[str, str, bytes], bytes]
"""What is done to an answer on its way: given the mirror's name, the path and the bytes."""


def untouched(_name: str, _path: str, raw: bytes) -> bytes:
    """Alter nothing."""
    return raw


class Switchboard:
    """`/to-<name>/…` is the sequencer as that mirror is shown it; `/at-<name>/…` is what that mirror serves."""

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}
        self.mirrors: dict[str, str] = {}
        self.meddle: Meddle = untouched
        self._server = server("127.0.0.1", 0, self._read, self._post)
        self._thread = started(self._server)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def _read(self, path: str) -> Answer | None:
        name, url, rest = self._route(path)
        if not url:
            return None
        raw = ask(url, "GET", rest)
        return Answer(200, self.meddle(name, rest, raw) if path.startswith("/to-") else raw)

    def _post(self, path: str, raw: bytes) -> Answer | None:
        _, url, rest = self._route(path)
        return Answer(200, ask(url, "POST", rest, raw)) if url else None

    def _route(self, path: str) -> tuple[str, str, str]:
        place, _, rest = path.removeprefix("/").partition("/")
        way, _, name = place.partition("-")
        return name, (self.shown if way == "to" else self.mirrors).get(name, ""), f"/{rest}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def ask(url: str, method: str, path: str, raw: bytes | None = None) -> bytes:
    """Ask one question over a connection of its own."""
    client = Client(url, timeout_s=WAIT_S)
    try:
        return client.ask(method, path, raw, "text/plain; charset=utf-8" if raw else "")
    finally:
        client.close()


class Running(NamedTuple):
    """One mirror: its process, key and what it said so far."""

    process: "subprocess.Popen[bytes]"
    vkey: VKey
    log: Path
    folder: Path

    def said(self) -> str:
        """Return everything it printed."""
        return self.log.read_text()


class Witnessed:
    """A sequencer's site and its four mirrors."""

    def __init__(self, url: str, vkey: str, root: Path, board: Switchboard) -> None:
        self.url, self.root, self.board = url, root, board
        board.shown = dict.fromkeys(NAMES, url)
        keys = [
            make_identity(root / name, f"{name}.example", "intl", bytes([90 + at]) * 32).vkey
            for at, name in enumerate(NAMES)
        ]
        self.policy = policy_text(vkey, keys, board.url)
        (root / "policy.toml").write_text(self.policy, encoding="utf-8")
        self.mirrors = {name: self._start(name, keys[at]) for at, name in enumerate(NAMES)}

    def _start(self, name: str, vkey: VKey) -> Running:
        log = self.root / f"{name}.log"
        kept = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        environ = kept | {
            "SHANHAI_ANCHORS": str(self.root / f"{name}-anchors"),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-m", "shanhai.cli", "mirror", "run"]
        command += ["--from", f"{self.board.url}/to-{name}", "--policy"]
        command += [str(self.root / "policy.toml"), "--data-dir", str(self.root / name)]
        command += ["--listen", "127.0.0.1:0", "--every", str(EVERY_MS)]
        with log.open("wb") as out:
            process = subprocess.Popen(command, env=environ, stdout=out, stderr=out)
        return Running(process, vkey, log, self.root / name)

    def listening(self) -> None:
        """Wait until every mirror has said where it listens, and connect them."""
        for name, one in self.mirrors.items():
            self.until(lambda one=one: "http://127.0.0.1:" in one.said())  # type: ignore[misc]  # a bound default
            lines = one.said().splitlines()
            self.board.mirrors[name] = next(line for line in lines if line.startswith("http://"))

    def status(self, name: str) -> dict[str, Any]:
        """Return what a mirror says of itself."""
        raw = ask(self.board.mirrors[name], "GET", "/witness/status")
        found: dict[str, Any] = msgspec.json.decode(raw)
        return found

    def final_size(self, url: str = "") -> int:
        """Return how many entries are final by what a site serves; 0 for none."""
        try:
            note = ask(url or self.url, "GET", "/ledger/final")
        except InvalidInputError:
            return 0
        return int(note.split(b"\n")[1])

    def until(self, done: Callable[[], bool]) -> None:
        """Wait for something, however loaded the machine is; a mirror that ended is no waiting."""
        ends = time.monotonic() + WAIT_S
        while not done():
            said = "\n".join(f"{n}: {one.said()[-2_000:]}" for n, one in self.mirrors.items())
            assert all(one.process.poll() is None for one in self.mirrors.values()), said
            assert time.monotonic() < ends, said
            time.sleep(0.1)

    def close(self) -> None:
        """End the mirrors."""
        for one in self.mirrors.values():
            one.process.terminate()
        for one in self.mirrors.values():
            one.process.wait(timeout=WAIT_S)


def policy_text(log: str, keys: list[VKey], url: str) -> str:
    """Return the policy of the four; two are a pair."""
    lines = [f'log = "{log}"', "faults = 1"]
    for name, domain, vkey in zip(NAMES, DOMAINS, keys, strict=True):
        lines += ["", "[[domain]]", f'name = "{domain}"', "[[domain.witness]]"]
        lines += [f'vkey = "{vkey.line}"', f'url = "{url}/at-{name}"']
    pair = f'domains = ["{DOMAINS[0]}", "{DOMAINS[1]}"]'
    return "\n".join([*lines, "", "[[interest]]", 'name = "模拟结对"', pair, ""])


@contextmanager
def watching(url: str, root: Path, data: Path) -> Iterator[Witnessed]:
    """Give a served ledger four mirrors until the block ends.

    Args:
        url: The sequencer's site.
        root: An empty folder for policy, mirrors and what they say.
        data: The sequencer's data folder, which gets the policy.
    """
    root.mkdir()
    board = Switchboard()
    vkey = ask(url, "GET", "/ledger/vkey").decode().strip()
    made = Witnessed(url, vkey, root, board)
    try:
        made.listening()
        (data / "witnesses.toml").write_text(made.policy, encoding="utf-8")
        yield made
    finally:
        made.close()
        board.close()
