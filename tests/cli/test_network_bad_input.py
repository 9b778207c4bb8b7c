"""Bad input and bad surroundings on real nodes: each stops or refuses with a sentence, and nothing that was acknowledged is lost.

One network of four, started once. The last node is given another ledger's genesis, another chain's blocks, a clock a
day off, and a full disk, one after another, while the others take acts; each time it is mended as its sentence says.
A stale snapshot and altered rules have tests of their own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shanhai.cli import _members
from shanhai.cli._load_acts import now_ms
from shanhai.cli.drills.nodes import Loaded, Nodes
from shanhai.cli.main import app
from shanhai.node import comet, supervisor
from shanhai.node.admission import Signed
from shanhai.node.folder import open_node
from shanhai.node.joining import GENESIS
from shanhai.node.rpc import Rpc
from shanhai.node.sql import SqlStorage
from shanhai.node.submitter import NetworkNode

PATIENCE_S, LAST = 240.0, 3
SHIFTED = """
import sys, time
now, shift = time.time_ns, int(sys.argv.pop(1))
time.time_ns = lambda: now() + shift
from shanhai.cli.main import app
app()
"""
DAY_NS = 86_400_000_000_000
DISK_MB, LEAST_MB, ENOUGH_MB = 96, 8, 16
THREADS = "ignore:This process .* is multi-threaded:DeprecationWarning"


@contextmanager
def started(folder: Path, count: int) -> Iterator[Nodes]:
    """Let nodes of a network of their own run; the last one's folder is on a small disk, where that is allowed."""
    network = _members.plan(count, 0, web=False)
    folder.mkdir()
    _members.found(folder, network)
    with small_disk(network.folder(folder, LAST)):
        pairs = _members.pairs(folder, network, comet.program())
        nodes = Nodes(folder, network, pairs, PATIENCE_S)
        try:
            assert nodes.start()
            yield nodes
        finally:
            nodes.end()


def stopped_saying(nodes: Nodes, code: str) -> None:
    """The last node stops by itself, and its log ends with a sentence."""
    pair = nodes.pairs[LAST]
    assert nodes.wait(lambda: pair.stopped), code
    said = pair.last_words()
    assert f"{code}: " in said
    assert len(said.splitlines()) >= 2  # in both languages


def goes_on(nodes: Nodes) -> None:
    """The last node starts again and executes blocks that are decided from now on."""
    pair = nodes.pairs[LAST]
    pair.stopped = False
    pair.start()
    follows(nodes)


def follows(nodes: Nodes) -> None:
    """The last node executes a block that was not decided yet."""
    newest = max(one["height"] or 0 for one in nodes.states())
    assert nodes.wait(lambda: (nodes.states()[LAST]["height"] or 0) > newest)


def take_away(nodes: Nodes) -> None:
    """Stop the last node, as an operator does."""
    nodes.pairs[LAST].end_both()
    nodes.pairs[LAST].stopped = True


def an_oversize_act_is_refused_and_the_network_goes_on(nodes: Nodes) -> None:
    port = Rpc(nodes.network.rpcs[0])
    (said,) = port.broadcast([bytes(comet.TX_BYTES + 1)])
    port.close()
    assert said.code != 0
    node = open_node(nodes.data(0), lambda _: now_ms(), _members.environment(nodes.folder, "node0"))
    assert isinstance(node, NetworkNode)
    for large, code in (
        (Signed(bytes(40_000), b"{}"), "body.too_large"),
        (Signed(b"{}", bytes(70_000)), "entry.too_large"),
    ):
        assert [one for one, _ in node.submit(large, now_ms()).refusals] == [code]
    assert isinstance(node.storage, SqlStorage)
    node.storage.connection.close()


def another_ledger_s_genesis_is_refused(nodes: Nodes, other: Nodes) -> None:
    take_away(nodes)
    path = nodes.data(LAST) / GENESIS
    kept = path.read_bytes()
    path.write_bytes((other.data(0) / GENESIS).read_bytes())
    environ = dict(_members.environment(nodes.folder, f"node{LAST}"))
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "shanhai.cli", "node", "start", "--no-web", "--data-dir"]
    said = subprocess.run(
        [*command, str(nodes.data(LAST))], env=environ, capture_output=True, text=True, check=False
    )
    assert said.returncode != 0
    assert "node.other_genesis" in said.stdout + said.stderr
    joined = ["node", "join", "--data-dir", str(nodes.data(LAST)), "--genesis"]
    refused = CliRunner().invoke(app, [*joined, str(other.folder / "genesis.json")])
    assert refused.exit_code != 0
    path.write_bytes(kept)
    goes_on(nodes)


def another_chain_s_blocks_stop_the_node(nodes: Nodes, other: Nodes) -> None:
    take_away(nodes)
    own = nodes.data(LAST) / comet.HOME / "data"
    votes = (own / "priv_validator_state.json").read_bytes()
    shutil.rmtree(own)
    shutil.copytree(other.data(0) / comet.HOME / "data", own)
    nodes.pairs[LAST].stopped = False
    nodes.pairs[LAST].start()
    pair = nodes.pairs[LAST]
    assert nodes.wait(lambda: pair.stopped)
    said = pair.last_words()
    assert "consensus.astray: " in said or "consensus.parted: " in said
    nodes.empty(LAST)  # as the sentence says
    (own / "priv_validator_state.json").write_bytes(votes)
    goes_on(nodes)


def a_clock_a_day_off_stops_the_node_or_decides_nothing(nodes: Nodes) -> None:
    """Behind, the node stops; ahead, it follows: ledger time is the network's."""
    take_away(nodes)
    application = nodes.pairs[LAST].application
    right = application.command
    shifted = [sys.executable, "-c", SHIFTED]
    application.command = [*shifted, str(-DAY_NS), "node", "application", "."]
    nodes.pairs[LAST].stopped = False
    nodes.pairs[LAST].start()
    stopped_saying(nodes, "clock.behind")
    application.command = [*shifted, str(DAY_NS), "node", "application", "."]
    goes_on(nodes)
    take_away(nodes)
    application.command = right
    goes_on(nodes)


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Put a folder's content on a small disk of its own; on nothing where it is not there or that is not allowed."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if not folder.exists() or mount is None or unmount is None or os.geteuid():
        yield
        return
    kept = folder.with_name(f"{folder.name}-kept")
    shutil.copytree(folder, kept)
    size = f"size={DISK_MB}m"
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=False, capture_output=True
    )
    if done.returncode:
        yield
        return
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run([unmount, "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a folder's disk at a stroke; return what takes the room."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 20))
    return ballast


def a_full_disk_rests_the_node_until_there_is_room(nodes: Nodes) -> None:
    pair, folder = nodes.pairs[LAST], nodes.data(LAST)
    ballast = fill(folder)
    assert nodes.wait(lambda: pair.full)
    assert not pair.stopped
    ballast.unlink()
    assert nodes.wait(lambda: not pair.full)
    follows(nodes)


@pytest.mark.filterwarnings(THREADS)
def test_a_node_in_bad_surroundings_stops_with_a_sentence_and_comes_back_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "LEAST_ROOM", LEAST_MB << 20)
    monkeypatch.setattr(supervisor, "ENOUGH_ROOM", ENOUGH_MB << 20)
    with started(tmp_path / "other", 1) as other:
        pass
    with started(tmp_path / "ours", 4) as nodes:
        load = Loaded(nodes, nodes.network.rpcs[:LAST], 2.0, 35.0)
        an_oversize_act_is_refused_and_the_network_goes_on(nodes)
        another_ledger_s_genesis_is_refused(nodes, other)
        another_chain_s_blocks_stop_the_node(nodes, other)
        a_clock_a_day_off_stops_the_node_or_decides_nothing(nodes)
        if nodes.data(
            LAST
        ).is_mount():  # needs root; `test_supervisor.py` has the same with a disk that is told
            a_full_disk_rests_the_node_until_there_is_room(nodes)
            said = (nodes.data(LAST) / supervisor.LOG).read_text(encoding="utf-8")
            assert "consensus.disk: " in said + capfd.readouterr().err
        assert load.nothing_lost()
        assert nodes.wait(nodes.alike)
