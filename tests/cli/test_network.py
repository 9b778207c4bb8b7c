"""Four real nodes on this machine: under load one application and one consensus node are killed, and come back."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from network_world import PATIENCE_S, Network, wait
from shanhai.acts.validator import ConfirmValidator, ProposeValidator
from shanhai.cli import _members
from shanhai.cli._load import Load
from shanhai.cli._load_acts import Acts, now_ms
from shanhai.cli._members import read_officers
from shanhai.cli.main import app
from shanhai.kernel.errors import StorageError
from shanhai.node import comet
from shanhai.node.folder import open_node
from shanhai.node.rpc import Rpc
from shanhai.node.sql import SqlStorage
from shanhai.node.status import state_of
from shanhai.node.submitter import NetworkNode
from shanhai.node.transactions import signed_of


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """Return a network that runs."""
    made = Network(tmp_path)
    yield made
    if made.process.poll() is None:
        made.end()


def test_the_program_is_the_pinned_one() -> None:
    said = subprocess.run([comet.program(), "version"], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == comet.VERSION


def pages_submit_through_the_network_and_read_their_own_node(network: Network) -> None:
    folder = network.plan.folder(network.folder, 0)
    officers = read_officers(network.folder)
    environ = _members.environment(network.folder, "node0")
    node = open_node(folder, lambda _: now_ms(), environ)
    assert isinstance(node, NetworkNode)
    source = Acts(folder, officers)
    registered, declared = (signed_of(tx) for _, tx in source.make(2)[::-1])
    first = node.submit(registered, now_ms())
    assert first.receipt is not None
    assert first.receipt.index == node.head().size - 1
    again = node.submit(registered, now_ms())
    assert (again.receipt, again.duplicate) == (first.receipt, True)
    lonely = node.submit(declared, now_ms())  # the pair that it names is not there yet
    assert not lonely.accepted
    forged = node.submit(registered._replace(body=declared.body), now_ms())
    assert [code for code, _ in forged.refusals] == ["signature.invalid"]
    with node.storage.transaction(), pytest.raises(StorageError) as inside:
        node.submit(declared, now_ms())
    assert inside.value.code == "consortium.inside"
    for storage in (node.storage, source.storage):
        assert isinstance(storage, SqlStorage)
        storage.connection.close()


def what_was_killed_under_load_comes_back_and_nothing_is_lost(network: Network) -> None:
    source = Acts(network.plan.folder(network.folder, 0), read_officers(network.folder))
    load = Load(network.plan.rpcs, source)
    results: list[dict[str, Any]] = []
    sending = Thread(target=lambda: results.append(load.run(10, 6, PATIENCE_S)))
    sending.start()
    wait(lambda: load.sent > 5, "the load begins")
    before = [one["pids"] for one in network.states()]
    network.kill(1, "application")
    wait(
        lambda: "node" in network.states()[1]["pids"] and network.states()[1]["pids"] != before[1],
        "back",
    )
    network.kill(2, "node")
    sending.join(PATIENCE_S + 60)
    source.storage.connection.close()
    (result,) = results
    assert result["lost"] == result["refused"] == 0
    assert result["final"] == result["sent"] >= 50
    wait(lambda: network.alike(1 + 1 + 2 + result["sent"]), "every node has everything")
    after = [one["pids"] for one in network.states()]
    assert before[0] == after[0]
    assert before[1].keys() == after[1].keys()
    assert before[1]["application"] != after[1]["application"]


def time_goes_on_while_nothing_happens(network: Network) -> None:
    height = max(one["height"] for one in network.states())
    size = network.states()[0]["size"]
    wait(lambda: min(one["height"] for one in network.states()) >= height + 2, "empty blocks")
    assert {one["size"] for one in network.states()} == {size}


def status_names_every_node(network: Network) -> None:
    said = CliRunner().invoke(
        app, ["network", "status", "--data-dir", str(network.folder), "--json"]
    )
    found = msgspec.json.decode(said.stdout)
    keys = {
        "node",
        "web",
        "rpc",
        "height",
        "size",
        "root",
        "app_hash",
        "peers",
        "catching_up",
        "pids",
    }
    assert [one["node"] for one in found] == ["node0", "node1", "node2", "node3"]
    assert all(keys <= one.keys() for one in found)
    assert {one["peers"] for one in found} == {3}


def by_governance(network: Network, member: comet.Member) -> int:
    """Let two officers give a node a seat; return the log's size then."""
    county = read_officers(network.folder).county()
    environ = _members.environment(network.folder, "node0")
    node = open_node(network.data(0), lambda _: now_ms(), environ)
    change, body = county.id("vch", now_ms()), county.bodies["office"]
    wanted = ProposeValidator(
        name=member.name,
        organisation=body,
        public=member.seat.public,
        node=member.id,
        power=10,
        since_height=1,
        basis="模拟章程",
    )
    for by, act in (("rulemaker", wanted), ("rulekeeper", ConfirmValidator())):
        outcome = node.submit(county.signed(node, by, act, change, now_ms()), now_ms())
        assert outcome.accepted, outcome.refusals
    assert isinstance(node.storage, SqlStorage)
    size = node.head().size
    node.storage.connection.close()
    return size


def a_fifth_organisation_joins_by_an_act(network: Network) -> None:
    folder, run = network.folder / "fifth", CliRunner()
    p2p, rpc = _members.free_ports(2)
    asked = ["node", "init", "--data-dir", str(folder), "--name", "fifth", "--web-port", "0"]
    made = run.invoke(app, [*asked, "--address", f"127.0.0.1:{p2p}", "--rpc-port", str(rpc)])
    member = msgspec.json.decode(made.stdout, type=comet.Member)
    joined = ["node", "join", "--data-dir", str(folder), "--genesis"]
    assert run.invoke(app, [*joined, str(network.folder / "genesis.json")]).exit_code == 0
    environ = dict(_members.environment(network.folder, "fifth"))
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "shanhai.cli", "node", "start", "--data-dir", str(folder)]
    size = by_governance(network, member)
    process = subprocess.Popen([*command, "--no-web"], env=environ)
    wait(lambda: state_of(folder)["size"] == size, "the fifth has the log")

    port = Rpc(network.plan.rpcs[0])

    def votes() -> bool:
        found = port.call("validators")["validators"]
        powers = {one["pub_key"]["value"]: one["voting_power"] for one in found}
        return powers.get(member.public) == "10" and len(powers) == 5

    wait(votes, "the fifth votes")
    port.close()
    height = state_of(folder)["height"]
    wait(lambda: state_of(folder)["height"] > height, "it follows the blocks that it votes for")
    process.terminate()
    assert process.wait(PATIENCE_S) == 0
    assert network.alike(size)


def asked_to_end_everything_ends(network: Network) -> None:
    assert network.end() == 0
    assert {frozenset(one["pids"]) for one in network.states()} == {frozenset()}
    assert not (network.folder / "ready").exists()


def test_four_nodes_take_acts_bear_killed_processes_idle_and_end(network: Network) -> None:
    pages_submit_through_the_network_and_read_their_own_node(network)
    what_was_killed_under_load_comes_back_and_nothing_is_lost(network)
    time_goes_on_while_nothing_happens(network)
    status_names_every_node(network)
    a_fifth_organisation_joins_by_an_act(network)
    asked_to_end_everything_ends(network)
