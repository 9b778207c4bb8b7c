"""`shanhai bench witnessed`: how soon an act is final under four witnesses, at 200 acts a second.

One sequencer over SQLite (`synchronous=FULL`, anchored) takes real acts of the mix of `bench ledger`, open-loop:
each at its own time, whether or not the one before is done. Four `shanhai mirror` processes follow it over HTTP on
this machine, re-execute every act into databases of their own, and cosign. An act is cosigned when a checkpoint
that covers it has the quorum, three of four. Beside it stands, in the same run, when the sequencer had committed the
act: what embedded operation would have answered.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from shanhai.cli._county import START_MS, County
from shanhai.cli.bench._mix import Mix
from shanhai.cli.bench.ledger import submit
from shanhai.cli.drills.witnesses import identity
from shanhai.ledger.checkpoint import VKey, make_vkey
from shanhai.ledger.policy import Policy, parse_policy
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.admission import Signed
from shanhai.node.anchor import Anchor
from shanhai.node.export import serve
from shanhai.node.folder import open_storage
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer
from shanhai.node.witness.folder import make_identity, shelf
from shanhai.node.witness.gather import Gathering
from shanhai.node.witness.http import OK, Answer, server, started

WITNESSES = 4
LOG_KEY = Ed25519Signer(b"\x01" * 32)
PATIENCE_S = 600
"""How long to wait for the last act to become final, and for the mirrors to have taken up the beginning."""


class Size(NamedTuple):
    """Acts a second, and for how many seconds."""

    rate: int
    seconds: int


SCALES = {"small": Size(200, 5), "full": Size(200, 60)}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    size = SCALES[scale]
    with tempfile.TemporaryDirectory() as name:
        return Run(Path(name), size).measure()


class Site:
    """The sequencer: one writer, readers with connections of their own, cosignatures gathered with their time."""

    def __init__(self, folder: Path, county: County, policy: Policy) -> None:
        self.folder, self.county = folder, county
        self.node = Node.found(
            open_storage(folder, {}, create=True), county.genesis, START_MS, self._sealer()
        )
        self.gathering = Gathering(policy, shelf(folder))
        self.finals: list[tuple[float, int]] = []
        self.takers: set[str] = set()
        self._own = threading.local()

    def _sealer(self) -> Sealer:
        return Sealer(LOG_KEY, Anchor(self.folder / "anchors", self.county.constants.ledger))

    def _reader(self) -> tuple[Node, Sealer]:
        found = getattr(self._own, "found", None)
        if found is None:
            node = Node(open_storage(self.folder, {}), self.county.constants)
            found = self._own.found = node, Sealer(LOG_KEY, None)
        made: tuple[Node, Sealer] = found
        return made

    def read(self, path: str) -> Answer | None:
        """Answer GET."""
        node, sealer = self._reader()
        name = path.removeprefix("/ledger/")
        if name == "checkpoint":
            now_ms, size = time.time_ns() // 1_000_000, node.head().size
            return Answer(OK, self.gathering.offered(size, lambda: sealer.checkpoint(node), now_ms))
        found = serve(node, sealer, name)
        return Answer(OK, found.body) if found is not None else None

    def post(self, path: str, raw: bytes) -> Answer | None:
        """Take a cosignature; note when it made a checkpoint final."""
        if path != "/ledger/cosignatures":
            return None
        node, _ = self._reader()
        found = self.gathering.take(raw, node.root_at, node.head().size)
        self.takers |= found.signed.keys()
        if found.final:
            self.finals.append((time.monotonic(), found.checkpoint.size))
        return Answer(OK, b"")


class Run:
    """One measurement."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.folder, self.size, self.wanted = folder, size, size.rate * size.seconds
        self.mix = Mix(max(1, self.wanted // 30))
        self.policy_file = folder / "policy.toml"
        origin = self.mix.county.constants.origin
        self.policy_file.write_text(_policy(make_vkey(origin, LOG_KEY)), encoding="utf-8")
        self.site = Site(
            folder / "site", self.mix.county, parse_policy(self.policy_file.read_bytes())
        )
        for batch in self.mix.setup:
            submit(self.site.node, batch)

    def measure(self) -> dict[str, Any]:
        """Return the figures."""
        acts = [(batch.now_ms, one) for batch in self.mix.batches for one in batch.signed]
        acts = acts[: self.wanted]
        with self._served() as url, self._mirrors(url):
            self._until(lambda: len(self.site.takers) == WITNESSES)
            before = self.site.node.head().size
            arrived, committed = self._feed(acts)
            self._until(lambda: self.site.finals[-1][1] >= before + len(acts))
        final = list(_finality(self.site.finals, before, len(acts)))
        waits = sorted(done - at for at, done in zip(arrived, final, strict=True))
        own = sorted(done - at for at, done in zip(arrived, committed, strict=True))
        rate = self.size.rate
        return {
            "acts": len(acts),
            "rate_offered": rate,
            "rate_final": round(len(acts) / (max(final) - arrived[0]), 1),
            "witnesses": WITNESSES,
            "quorum": self.site.gathering.policy.quorum,
            f"cosigned_p50_s_{rate}": _at(waits, 50),
            f"cosigned_p95_s_{rate}": _at(waits, 95),
            f"committed_p50_s_{rate}": _at(own, 50),
            f"committed_p95_s_{rate}": _at(own, 95),
            "load_1min": round(os.getloadavg()[0], 1),
        }

    def _feed(self, acts: list[tuple[int, Signed]]) -> tuple[list[float], list[float]]:
        """Submit each act at its time; those that are due together share a transaction."""
        start, place = time.monotonic() + 0.1, 0
        arrived = [start + number / self.size.rate for number in range(len(acts))]
        committed: list[float] = []
        while place < len(acts):
            now = time.monotonic()
            if arrived[place] > now:
                time.sleep(arrived[place] - now)
                continue
            stop = place
            while stop < len(acts) and arrived[stop] <= now and acts[stop][0] == acts[place][0]:
                stop += 1
            due = [one for _, one in acts[place:stop]]
            for outcome in self.site.node.submit_many(due, acts[place][0]):
                if outcome.receipt is None:
                    raise RuntimeError(str(outcome.refusals))
            committed += [time.monotonic()] * len(due)
            place = stop
        return arrived, committed

    @contextmanager
    def _served(self) -> Iterator[str]:
        made = server("127.0.0.1", 0, self.site.read, self.site.post)
        thread = started(made)
        try:
            yield f"http://127.0.0.1:{made.server_address[1]}"
        finally:
            made.shutdown()
            made.server_close()
            thread.join()

    @contextmanager
    def _mirrors(self, url: str) -> Iterator[None]:
        running = [self._mirror(number, url) for number in range(WITNESSES)]
        try:
            yield
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait()

    def _mirror(self, number: int, url: str) -> "subprocess.Popen[bytes]":
        folder = self.folder / f"m{number}"
        make_identity(folder, identity(number).name, "intl", bytes([40 + number]) * 32)
        command = [sys.executable, "-m", "shanhai.cli", "mirror", "run", "--from", url]
        command += ["--policy", str(self.policy_file), "--data-dir", str(folder), "--every", "100"]
        environ = os.environ | {"SHANHAI_ANCHORS": str(self.folder / "anchors")}
        return subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)

    @staticmethod
    def _until(done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end:
                raise RuntimeError("the witnesses did not follow in time")
            time.sleep(0.02)


def _policy(log: VKey) -> str:
    lines = [f'log = "{log.line}"', "faults = 1"]
    for number in range(WITNESSES):
        vkey = identity(number).vkey.line
        lines += ["[[domain]]", f'name = "D{number}"', "[[domain.witness]]", f'vkey = "{vkey}"']
    return "\n".join(lines) + "\n"


def _finality(finals: list[tuple[float, int]], before: int, count: int) -> Iterator[float]:
    """Yield when each act was first covered by a final checkpoint."""
    known = iter(finals)
    when, size = next(known)
    for index in range(before, before + count):
        while size <= index:
            when, size = next(known)
        yield when


def _at(values: list[float], percent: int) -> float:
    return round(values[min(len(values) - 1, len(values) * percent // 100)], 3)
