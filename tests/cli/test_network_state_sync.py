"""A node of a real network loses everything and comes back from a snapshot, equal to the others; bad anchors are refused."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from shanhai.cli import _members
from shanhai.cli.drills.nodes import Loaded, Nodes
from shanhai.kernel.errors import InvalidInputError
from shanhai.node import comet
from shanhai.node.joining import join_network
from shanhai.node.pictures import Album
from shanhai.node.rpc import Rpc
from shanhai.node.state_sync import DAY_MS, TRUST_DAYS, anchor

RUNS_THREADS = "ignore:This process .* is multi-threaded:DeprecationWarning"
LOST, RATE, WANTED = 3, 120.0, 1_030


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    network = _members.plan(4, 0, web=False)
    _members.found(tmp_path, network)
    made = Nodes(tmp_path, network, _members.pairs(tmp_path, network, comet.program()), 240)
    yield made
    made.end()


def grown(nodes: Nodes) -> None:
    """Let the log grow beyond the first fixed size."""
    while (size := nodes.size(0)) < WANTED:
        seconds = max((WANTED - size) / RATE, 1.0)
        assert Loaded(nodes, nodes.network.rpcs[:2], RATE, seconds).nothing_lost()


def recorded(nodes: Nodes) -> str:
    """Let the first node record the state's root, as its daily round does; return what it says."""
    command = [sys.executable, "-m", "shanhai.cli", "ledger", "snapshot"]
    environ = _members.environment(nodes.folder, nodes.network.names[0])
    done = subprocess.run(
        [*command, "--data-dir", str(nodes.data(0))],
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def offered(nodes: Nodes) -> bool:
    """Return whether the first two nodes offer their snapshot."""
    ports = [Rpc(one) for one in nodes.network.rpcs[:2]]
    try:
        return all(one.query("snapshots")["heights"] for one in ports)
    finally:
        for one in ports:
            one.close()


def refused(nodes: Nodes, raw: bytes, servers: list[str], now_ms: int) -> str:
    with pytest.raises(InvalidInputError) as caught:
        join_network(nodes.data(LOST), raw, servers, now_ms)
    return caught.value.code


@pytest.mark.filterwarnings(RUNS_THREADS)
def test_a_lost_node_comes_back_from_a_snapshot(nodes: Nodes) -> None:
    assert nodes.start()
    raw, rpcs = (nodes.folder / _members.GENESIS).read_bytes(), nodes.network.rpcs
    now_ms = _members.read_officers(nodes.folder).start_ms
    chain_id = str(msgspec.json.decode(raw)["chain_id"])
    with pytest.raises(InvalidInputError, match=r"sync\.none"):
        anchor(rpcs[:2], chain_id, now_ms)
    grown(nodes)
    assert "1024" in recorded(nodes)
    assert nodes.wait(lambda: all(Album(nodes.data(at)).sizes() for at in range(4)))
    assert Loaded(nodes, rpcs[:2], 10, 3).nothing_lost()
    assert nodes.wait(lambda: nodes.alike() and offered(nodes))
    assert refused(nodes, raw, rpcs[:2], now_ms) == "sync.present"
    nodes.kill(LOST)
    nodes.empty(LOST)
    assert refused(nodes, raw, rpcs[:1], now_ms) == "sync.servers"
    late = now_ms + (TRUST_DAYS + 1) * DAY_MS
    assert refused(nodes, raw, rpcs[:2], late) == "sync.stale"
    with pytest.raises(InvalidInputError, match=r"sync\.chain"):
        anchor(rpcs[:2], "another", now_ms)
    join_network(nodes.data(LOST), raw, [f"http://{one}" for one in rpcs[:2]], now_ms)
    assert nodes.wait(lambda: nodes.size(LOST) > 0 and nodes.alike())
    port = Rpc(rpcs[LOST])
    first = int(port.call("status")["sync_info"]["earliest_block_height"])
    port.close()
    assert first > 1, "it executed every block"
    assert Loaded(nodes, [rpcs[LOST]], 10, 2, reads=LOST).nothing_lost()
    assert nodes.wait(nodes.alike)
