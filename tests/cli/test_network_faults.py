"""Bad surroundings of a real node: a full disk, another ledger's genesis, a clock that lags; nothing acknowledged is lost."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from node.consortium_world import Consortium
from shanhai.cli import _members
from shanhai.cli.drills.nodes import PATIENCE_S, Loaded, Nodes
from shanhai.cli.main import app
from shanhai.kernel.errors import StorageError
from shanhai.node import comet
from shanhai.node.service import Service

DAY_MS = 86_400_000
DISK = "size=48m"


@contextmanager
def small_disk(at: Path) -> Iterator[None]:
    """Mount a small disk on a folder."""
    at.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(at)], check=True)  # noqa: S607
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)  # noqa: S607


def fill(path: Path) -> None:
    """Take all the room that is left."""
    with path.open("wb", buffering=0) as file:
        for block in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"\0" * block)
            except OSError:
                continue


def may_mount() -> bool:
    """Return whether a disk can be mounted here."""
    command = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    tried = subprocess.run(command, check=False, capture_output=True)
    return os.geteuid() == 0 and tried.returncode == 0


@pytest.mark.skipif(not may_mount(), reason="SKIPPED: needs root, to mount a small disk")
def test_a_full_disk_stops_one_node_says_so_and_loses_nothing(tmp_path: Path) -> None:
    network = _members.plan(4, 0, web=False)
    full = network.folder(tmp_path, 3)
    with small_disk(full):
        _members.found(tmp_path, network)
        nodes = Nodes(
            tmp_path, network, _members.pairs(tmp_path, network, comet.program()), PATIENCE_S
        )
        try:
            assert nodes.start()
            load = Loaded(nodes, network.rpcs, 10, 6)
            fill(full / "filler")
            said = full / "node.log"
            assert nodes.wait(lambda: not nodes.pairs[3].application.alive)
            assert load.nothing_lost()
            stands = nodes.size(3)
            assert nodes.size(0) > stands
            (full / "filler").unlink()
            assert nodes.wait(nodes.alike), said.read_text(encoding="utf-8")[-2000:]
            assert not nodes.pairs[3].stopped
        finally:
            nodes.end()


def test_a_node_of_another_network_does_not_start(tmp_path: Path) -> None:
    ours, theirs, run = tmp_path / "ours", tmp_path / "theirs", CliRunner()
    for folder in (ours, theirs):
        _members.found(folder, _members.plan(1, 0, web=False))
    node, genesis = ours / "node0", theirs / "genesis.json"
    # the name is the same, the key is not: whoever holds this genesis knows another node by it
    joined = run.invoke(app, ["node", "join", "--data-dir", str(node), "--genesis", str(genesis)])
    assert joined.exit_code
    assert "node.no_member" in str(joined.exception)
    content = msgspec.json.decode(genesis.read_bytes())
    content["chain_id"] = "shanhai-other"
    genesis.write_bytes(msgspec.json.encode(content))
    joined = run.invoke(app, ["node", "join", "--data-dir", str(node), "--genesis", str(genesis)])
    assert "node.genesis" in str(joined.exception)


def test_a_clock_a_day_behind_is_refused_at_the_start(tmp_path: Path) -> None:
    consortium = Consortium(tmp_path, 1)
    ahead = time.time_ns() // 1_000_000 + DAY_MS
    consortium.network.decide(ahead, consortium.acts(0, 1))
    with pytest.raises(StorageError) as refused:
        Service._check_clock(consortium.network.nodes[0].application)  # noqa: SLF001 - what `run` asks first
    consortium.close()
    assert refused.value.code == "clock.behind"
