"""Golden logs: what a released rules version accepted once, every later release replays to the same root and state."""

import io
import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest

from shanhai.acts.machine import ACTS
from shanhai.ledger.entry import unpack
from shanhai.ledger.logfile import LogReader
from shanhai.node.memory import Memory
from shanhai.node.records import Storage
from shanhai.node.replay import Replay
from shanhai.node.verify import Trust, verify_log

GOLDEN = Path(__file__).parents[1] / "golden"
LOGS = sorted(GOLDEN.glob("*.log.xz"))
SAMPLED = 7  # databases are asked for every seventh object


@pytest.fixture(params=LOGS, ids=lambda path: path.name)
def log(request: pytest.FixtureRequest) -> bytes:
    return lzma.decompress(request.param.read_bytes())


def entries(log: bytes) -> Iterator[bytes]:
    return iter(LogReader(io.BytesIO(log)))


def test_every_golden_log_verifies_to_the_root_it_had(log: bytes) -> None:
    kept = {path.with_suffix(".txt").read_text().strip() for path in LOGS}
    assert verify_log(io.BytesIO(log), Trust()).line in kept


def test_a_golden_log_leads_to_one_state_in_every_storage(log: bytes, storage: Storage) -> None:
    memory = Memory()
    oracle, replay = Replay(memory, signatures=False), Replay(storage, signatures=False)
    oracle.run(entries(log))
    replay.run(entries(log))
    assert replay.root == oracle.root
    for (kind, id_), found in sorted(memory.objects.items(), key=lambda item: item[0][1])[
        ::SAMPLED
    ]:
        assert storage.find(kind, id_) == found


def test_the_golden_log_of_the_newest_rules_knows_most_acts() -> None:
    log = lzma.decompress(LOGS[-1].read_bytes())
    seen = {
        unpack(raw).body.split(b'"act":"', 1)[1].split(b'"', 1)[0].decode() for raw in entries(log)
    }
    assert seen <= set(ACTS)
    assert len(seen) > len(ACTS) * 2 // 3
