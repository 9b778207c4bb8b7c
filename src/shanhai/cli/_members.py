"""A consortium's nodes on one machine: ports, folders, keys, genesis; for `shanhai network`, drills, benchmarks, tests."""

import os
import secrets
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from shanhai.acts.validator import Seat
from shanhai.acts.witness_policy import WitnessPolicy
from shanhai.cli._county import ORIGIN, County, made_id
from shanhai.kernel.files import write_bytes
from shanhai.kernel.suite import INTL
from shanhai.node import comet
from shanhai.node.backup.epochs import NODE_KEY
from shanhai.node.comet import Member, Ports
from shanhai.node.folder import make_log_key
from shanhai.node.following import Settings
from shanhai.node.founders import first_policy
from shanhai.node.supervisor import Pair
from shanhai.node.together import cosigning, policy_of_nodes

NETWORK, OFFICERS = "network.json", "officers.json"
GENESIS = "genesis.json"
"""What every organisation was given, and a later one is given to join."""
PER_NODE = 3


class Plan(msgspec.Struct, frozen=True):
    """A network on this machine: its nodes' names and ports, in order."""

    names: tuple[str, ...]
    ports: tuple[tuple[int, int, int], ...]

    @property
    def rpcs(self) -> list[str]:
        """Return where each node's questions are answered, host and port."""
        return [f"127.0.0.1:{rpc}" for _, rpc, _ in self.ports]

    def folder(self, data_dir: Path, at: int) -> Path:
        """Return a node's data folder."""
        return data_dir / f"node{at}"


class Officers(msgspec.Struct, frozen=True):
    """From what the 模拟 county of a network is made: its first key as hex, and when it began."""

    first_key: str
    start_ms: int
    validators: tuple[Seat, ...] = ()
    witnesses: tuple[WitnessPolicy, ...] = ()

    def county(self) -> County:
        """Return the county."""
        return County(
            first_key=int(self.first_key, 16),
            start_ms=self.start_ms,
            validators=self.validators,
            witnesses=self.witnesses,
        )


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]


def plan(nodes: int, port_base: int, *, web: bool) -> Plan:
    """Return names and ports for so many nodes; port base 0 takes free ones."""
    wanted = nodes * PER_NODE
    found = list(range(port_base, port_base + wanted)) if port_base else free_ports(wanted)
    groups = [found[at : at + PER_NODE] for at in range(0, wanted, PER_NODE)]
    names = tuple(f"node{at}" for at in range(nodes))
    return Plan(names, tuple((p2p, rpc, pages if web else 0) for p2p, rpc, pages in groups))


def found(data_dir: Path, made: Plan, proxy: str = "", hosts: Sequence[str] = ()) -> None:
    """Make every node's folder: keys, settings, configuration, and the one genesis file.

    Args:
        data_dir: Where the folders lie.
        made: Names and ports.
        proxy: The application that consensus nodes are to use; by default the folder's own.
        hosts: Where each node is reached by its peers; by default all on this machine.
    """
    members: list[Member] = []
    for at, (name, (p2p, rpc, web)) in enumerate(zip(made.names, made.ports, strict=True)):
        folder = made.folder(data_dir, at)
        folder.mkdir(parents=True, exist_ok=True)
        seeds = secrets.token_bytes(32), secrets.token_bytes(32)
        host = hosts[at] if hosts else "127.0.0.1"
        member = comet.make_keys(folder, name, f"{host}:{p2p}", seeds)
        signer = make_log_key(folder, INTL.name, secrets.token_bytes(32))
        url = f"http://localhost:{web}" if web else ""
        members.append(cosigning(member, signer, url))
        others = [f"127.0.0.1:{ports[1]}" for ports in made.ports if ports[1] != rpc]
        Settings(name, p2p, rpc, web, (f"127.0.0.1:{rpc}", *others)).write(folder)
    seats = tuple(one.seat for one in members)
    policy = policy_of_nodes(members, ORIGIN)
    first = (first_policy(policy, made_id("wpo", 1)),) if policy is not None else ()
    officers = Officers(secrets.token_hex(31), time.time_ns() // 1_000_000, seats, first)
    county = officers.county()
    genesis = comet.genesis(county.genesis, members, officers.start_ms)
    for at, (name, ports) in enumerate(zip(made.names, made.ports, strict=True)):
        folder = made.folder(data_dir, at)
        comet.write_genesis(folder, genesis)
        comet.configure(folder, name, Ports(*ports), members, proxy)
        write_bytes(folder / NODE_KEY, county.seeds["node"].hex().encode(), private=True)
    write_bytes(data_dir / OFFICERS, msgspec.json.encode(officers), private=True)
    (data_dir / GENESIS).write_bytes(comet.invitation(genesis, members))
    (data_dir / NETWORK).write_bytes(msgspec.json.encode(made))


def read_plan(data_dir: Path) -> Plan | None:
    """Return the network of a folder, None where there is none."""
    path = data_dir / NETWORK
    return msgspec.json.decode(path.read_bytes(), type=Plan) if path.exists() else None


def read_officers(data_dir: Path) -> Officers:
    """Return from what the network's county is made."""
    return msgspec.json.decode((data_dir / OFFICERS).read_bytes(), type=Officers)


def share(nodes: int) -> dict[str, str]:
    """Return what lets each of so many consensus nodes on one machine run on its share of the processors.

    Each would take all of them, and spend a quarter of its time waking threads that the others keep waiting.
    """
    return {"GOMAXPROCS": str(max(1, (os.cpu_count() or 1) // nodes))}


def environment(data_dir: Path, name: str) -> dict[str, str]:
    """Return the environment of one node's processes: an anchors' folder of its own, outside its data folder."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SHANHAI_DATA_DIR")}
    anchors = data_dir / "anchors" / name
    return kept | {"SHANHAI_ANCHORS": str(anchors), "PYTHONUNBUFFERED": "1"}


def pairs(data_dir: Path, made: Plan, program: Path) -> Sequence[Pair]:
    """Return every node, ready to be started."""
    return [pair(data_dir, made, at, program) for at in range(len(made.names))]


def pair(data_dir: Path, made: Plan, at: int, program: Path) -> Pair:
    """Return one node, ready to be started."""
    folder, web = made.folder(data_dir, at), made.ports[at][2]
    serve = [sys.executable, "-m", "shanhai.cli", "serve", "--data-dir", str(folder)]
    pages = [*serve, "--port", str(web)] if web else []
    environ = environment(data_dir, made.names[at]) | share(len(made.names))
    return Pair(folder, program, environ, pages)
