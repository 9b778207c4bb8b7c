"""Bad surroundings of a node: another ledger's genesis, a clock that lags."""

import time
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from node.consortium_world import Consortium
from shanhai.cli import _members
from shanhai.cli.main import app
from shanhai.kernel.errors import StorageError
from shanhai.node.service import Service

DAY_MS = 86_400_000


def test_a_node_of_another_network_does_not_start(tmp_path: Path) -> None:
    ours, theirs, run = tmp_path / "ours", tmp_path / "theirs", CliRunner()
    for folder in (ours, theirs):
        _members.found(folder, _members.plan(1, 0, web=False))
    node, genesis = ours / "node0", theirs / "genesis.json"
    # the name is the same, the key is not: whoever holds this genesis knows another node by it
    joined = run.invoke(app, ["node", "join", "--data-dir", str(node), "--genesis", str(genesis)])
    assert joined.exit_code
    assert "another key" in joined.output
    content = msgspec.json.decode(genesis.read_bytes())
    content["chain_id"] = "shanhai-other"
    genesis.write_bytes(msgspec.json.encode(content))
    joined = run.invoke(app, ["node", "join", "--data-dir", str(node), "--genesis", str(genesis)])
    assert "chain_id" in joined.output


def test_a_clock_a_day_behind_is_refused_at_the_start(tmp_path: Path) -> None:
    consortium = Consortium(tmp_path, 1)
    ahead = time.time_ns() // 1_000_000 + DAY_MS
    consortium.network.decide(ahead, consortium.acts(0, 1))
    with pytest.raises(StorageError) as refused:
        Service._check_clock(consortium.network.nodes[0].application)  # noqa: SLF001 - what `run` asks first
    consortium.close()
    assert refused.value.code == "clock.behind"
