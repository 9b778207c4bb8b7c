"""`shanhai bench ledger`: what an append costs beyond the pure check of its signature, in one and the same run.

Batch by batch, first the bare signatures are checked, then the batch is appended to a database with every
table and index of the platform, sealed and anchored as in service. All times are CPU time of this thread;
each batch counts with its median over the rounds, so that a neighbour's load falls out. The mix is in `_mix`.
"""

import gc
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Any, NamedTuple

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.cli._county import START_MS, County
from shanhai.cli.bench._mix import Batch, Mix
from shanhai.cli.bench._steps import watching
from shanhai.kernel.canonical import from_base64
from shanhai.kernel.suite import INTL, SM
from shanhai.ledger.body import parse_body, signed_bytes
from shanhai.ledger.entry import parse_signature
from shanhai.ledger.signing import Ed25519Signer, verify_raw
from shanhai.node.admission import Signed
from shanhai.node.anchor import Anchor
from shanhai.node.folder import DATABASE, open_storage
from shanhai.node.loop import Node
from shanhai.node.replay import Replay
from shanhai.node.seal import Sealer
from shanhai.node.sql import SqlStorage
from shanhai.node.verify import Hashes

MAKE = "from pathlib import Path; import sys; from shanhai.cli._django import ready; ready(Path(sys.argv[1]))"
"""Makes the platform's own tables, in a process of its own: this one stays without Django."""
POSTGRES = "SHANHAI_BENCH_POSTGRES"
"""Names an empty PostgreSQL database; where it is set, the append is measured there too."""


class Size(NamedTuple):
    """Projects walked in step, which is the batch; rounds; acts submitted one by one."""

    width: int
    rounds: int
    single: int


SCALES = {"small": Size(100, 5, 40), "full": Size(200, 9, 200)}


def run(scale: str) -> dict[str, Any]:
    """Measure and return the figures."""
    size = SCALES[scale]
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), size)
        return bench.figures()


def us(seconds: float, acts: int) -> float:
    """Return microseconds an act, to a tenth."""
    return round(seconds / acts * 1e6, 1)


class Bench:
    """The mixes of both suites and an empty database to copy."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.folder, self.size = folder, size
        self.empty = folder / "empty"
        made = [sys.executable, "-c", MAKE, str(self.empty)]
        environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, env=environ)
        self.mixes = {"ed25519": Mix(size.width, INTL), "sm2": Mix(size.width, SM)}
        gc.collect()
        gc.freeze()  # the mixes are no part of what is measured

    def figures(self) -> dict[str, Any]:
        """Measure everything."""
        mix = self.mixes["ed25519"]
        found: dict[str, Any] = {
            "mix": dict(mix.acts),
            "acts": mix.acts.total(),
            "batch": self.size.width,
            "rounds": self.size.rounds,
            "python": platform.python_version(),
        }
        for name in self.mixes:
            found |= self._append(name)
        found["overhead_us"] = found["overhead_ed25519_us"]
        found["replay_per_cpu_s"] = round(mix.acts.total() / self._replay())
        found["steps_us"] = self._steps()
        found |= self._interactive()
        if os.environ.get(POSTGRES):
            found |= self._postgres(os.environ[POSTGRES])
        return found

    @contextmanager
    def _node(self, mix: Mix, environ: dict[str, str]) -> Iterator[Node]:
        """Found the county's ledger on a fresh copy of the empty database."""
        county = mix.county
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name)
            shutil.copyfile(self.empty / DATABASE, folder / DATABASE)
            storage = open_storage(folder, environ, create=bool(environ))
            anchor = Anchor(folder / "anchors", county.constants.ledger)
            sealer = Sealer(Ed25519Signer(b"\x01" * 32), anchor)
            try:
                node = Node.found(storage, county.genesis, START_MS, sealer)
                for batch in mix.setup:
                    submit(node, batch)
                yield node
            finally:
                storage.connection.close()

    def _append(self, name: str) -> dict[str, Any]:
        """Return the cost of an append beside its pure signature check."""
        mix, acts = self.mixes[name], self.mixes[name].acts.total()
        checks = [bare(mix.county, batch) for batch in mix.batches]
        rounds = [self._round(mix, checks) for _ in range(self.size.rounds)]
        verify, append = (
            sum(median(one[kind][at] for one in rounds) for at in range(len(checks)))
            for kind in (0, 1)
        )
        return {
            f"append_over_verify_{name}": round(verify / append, 3),
            f"verify_{name}_us": us(verify, acts),
            f"append_{name}_us": us(append, acts),
            f"overhead_{name}_us": us(append - verify, acts),
        }

    def _round(self, mix: Mix, checks: list[list["Bare"]]) -> tuple[list[float], list[float]]:
        verify, append = [], []
        with self._node(mix, {}) as node:
            for batch, check in zip(mix.batches, checks, strict=True):
                started = thread_time()
                for one in check:
                    verify_raw(*one)
                between = thread_time()
                submit(node, batch)
                append.append(thread_time() - between)
                verify.append(between - started)
        return verify, append

    def _replay(self) -> float:
        """Return the CPU seconds of a replay as `verify` runs it, without signatures, of the mix alone."""
        mix = self.mixes["ed25519"]
        first = 1 + len(mix.setup)
        entries = list(mix.node.storage.packed(0, mix.node.head().size))
        spent = []
        for _ in range(self.size.rounds):
            replay = Replay(Hashes(), signatures=False)
            replay.run(entries[:first])
            started = thread_time()
            replay.run(entries[first:])
            spent.append(thread_time() - started)
        return median(spent)

    def _steps(self) -> dict[str, float]:
        mix = self.mixes["ed25519"]
        with self._node(mix, {}) as node, watching() as watch:
            node.constants = node.constants._replace(suite=watch.suite(node.constants.suite))
            for batch in mix.batches:
                submit(node, batch)
        return watch.microseconds(mix.acts.total())

    def _interactive(self) -> dict[str, Any]:
        """Return what one act at a time costs, beside a commit that writes next to nothing."""
        mix = self.mixes["ed25519"]
        alone = [Batch(mix.batches[0].now_ms, [one]) for one in mix.batches[0].signed]
        with self._node(mix, {}) as node:
            acts = [timed(submit, node, one) for one in alone[: self.size.single]]
            storage = node.storage
            assert isinstance(storage, SqlStorage)  # noqa: S101 - narrows the type
            numbers = range(self.size.single)
            empty = [timed(storage.connection.execute, f"PRAGMA user_version={n}") for n in numbers]
        return {
            "interactive_cpu_us": us(median(cpu for cpu, _ in acts), 1),
            "interactive_ms": round(median(wall for _, wall in acts) * 1e3, 2),
            "empty_commit_cpu_us": us(median(cpu for cpu, _ in empty), 1),
            "empty_commit_ms": round(median(wall for _, wall in empty) * 1e3, 2),
        }

    def _postgres(self, url: str) -> dict[str, Any]:
        """Return the client's CPU time on PostgreSQL, whose own is not in it."""
        mix = self.mixes["ed25519"]
        with self._node(mix, {"DATABASE_URL": url}) as node:
            spent = [timed(submit, node, batch) for batch in mix.batches]
        acts = mix.acts.total()
        return {
            "postgres_append_cpu_us": us(sum(cpu for cpu, _ in spent), acts),
            "postgres_append_wall_us": us(sum(wall for _, wall in spent), acts),
        }


Bare = tuple[str, bytes, bytes, bytes]


def bare(county: County, batch: Batch) -> list[Bare]:
    """Return what `verify_raw` asks of each act: algorithm, public key, signature, signed bytes."""
    return [_bare(county, one) for one in batch.signed]


def _bare(county: County, one: Signed) -> Bare:
    body, block = parse_body(one.body), parse_signature(one.signature)
    public = county.public[body.kid]
    message = signed_bytes(body.ledger, block.alg, body.kid, one.body)
    return block.alg, public, from_base64(block.sig), message


def submit(node: Node, batch: Batch) -> None:
    """Append a batch, all of it.

    Raises:
        RuntimeError: If an act is refused: the mix is wrong.
    """
    for outcome in node.submit_many(batch.signed, batch.now_ms):
        if outcome.receipt is None:
            raise RuntimeError(str(outcome.refusals))


def timed(function: Any, *args: Any) -> tuple[float, float]:
    """Call and return the seconds of CPU and of the clock."""
    cpu, wall = thread_time(), perf_counter()
    function(*args)
    return thread_time() - cpu, perf_counter() - wall
