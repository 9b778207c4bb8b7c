"""Joining by a snapshot: what a node asks of two members before it starts, and what its consensus node is told.

The trusted block is the one at which the members took their newest snapshot; its hash comes from at least two members
and must be one. From there CometBFT's light client vouches for the log's root, and the log for the objects. Source:
CometBFT v0.38, state sync and light client.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.comet import HOME
from shanhai.node.rpc import Rpc

LEAST = 2
TRUST_DAYS = 30
DAY_MS = 86_400_000
CONFIG = """
[statesync]
enable = true
rpc_servers = "{servers}"
trust_height = {height}
trust_hash = "{hash}"
trust_period = "{hours}h0m0s"
discovery_time = "5s"
"""
TEXTS |= {
    "sync.servers": Text(
        "用快照加入须写明至少两个成员单位的查询地址（--snapshot 主机:端口，写两次），以便互相核对",
        "Joining by a snapshot needs the question ports of at least two members (--snapshot HOST:PORT, twice), so that one "
        "is checked by the other",
    ),
    "sync.present": Text(
        "本节点已有 {path}，会自行追上，不需要快照；确已损坏的，移走数据库和 consensus/data 中 priv_validator_state.json 以外的内容后再来",
        "This node has {path} already: it catches up by itself and needs no snapshot. If that is damaged, move the database and "
        "everything in consensus/data but priv_validator_state.json away and come again",
    ),
    "sync.chain": Text(
        "{address} 属于另一个网络（{theirs}，创世文件为 {ours}）：请核对地址和创世文件",
        "{address} is of another network ({theirs}, the genesis file says {ours}): check address and genesis file",
    ),
    "sync.none": Text(
        "这些成员没有共同的快照：账本满 1024 条并记录状态根（shanhai ledger snapshot）之后才有；现在请不带 --snapshot 加入，逐块追上",
        "These members have no snapshot in common: there is one once the log has 1,024 entries and a state's root was recorded "
        "(shanhai ledger snapshot). Join without --snapshot, and catch up block by block",
    ),
    "sync.differs": Text(
        "{first} 与 {second} 的第 {height} 个区块不同：其中一个不是这个网络的诚实成员，未加入；请改问其他成员并报告",
        "{first} and {second} show different blocks {height}: one of them is no honest member. Nothing was joined; ask other "
        "members, and report it",
    ),
    "sync.stale": Text(
        "快照取自 {days} 天前的区块，超过 {limit} 天不再采信：请成员运行 shanhai ledger snapshot 后重试，或不带 --snapshot 加入",
        "The snapshot is of a block {days} days old, and nothing older than {limit} days is trusted: have a member run shanhai "
        "ledger snapshot and try again, or join without --snapshot",
    ),
}


class Anchor(NamedTuple):
    """A block that is believed: its height and hash (hex), and whom the light client asks."""

    height: int
    hash: str
    servers: tuple[str, ...]

    @property
    def config(self) -> str:
        """Return what the consensus node is told."""
        return CONFIG.format(
            servers=",".join(self.servers),
            height=self.height,
            hash=self.hash,
            hours=TRUST_DAYS * 24,
        )


def address_of(text: str) -> str:
    """Return host and port of an address, with or without `http://`.

    Raises:
        InvalidInputError: `node.address`.
    """
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "http" or not parts.hostname or not port:
        raise InvalidInputError("node.address", address=text)
    return f"{parts.hostname}:{port}"


def check_empty(folder: Path, database: Path) -> None:
    """Refuse a folder that holds blocks or a ledger.

    Raises:
        InvalidInputError: `sync.present`.
    """
    for path in (database, folder / HOME / "data/blockstore.db", folder / HOME / "data/state.db"):
        if path.exists():
            raise InvalidInputError("sync.present", path=str(path))


def anchor(servers: Sequence[str], chain_id: str, now_ms: int) -> Anchor:
    """Ask members where to begin.

    Args:
        servers: Their question ports.
        chain_id: The network of the genesis file.
        now_ms: This machine's time, epoch ms.

    Raises:
        InvalidInputError: `sync.…` or `node.address`.
        StorageError: `rpc.unreachable`.
    """
    addresses = tuple(dict.fromkeys(address_of(one) for one in servers))
    if len(addresses) < LEAST:
        raise InvalidInputError("sync.servers")
    ports = [Rpc(one) for one in addresses]
    try:
        for one in ports:
            _check_chain(one, chain_id)
        common = set.intersection(*(set(_heights(one)) for one in ports))
        if not common:
            raise InvalidInputError("sync.none")
        height = max(common)
        found = [one.call("commit", height=str(height)) for one in ports]
    finally:
        for one in ports:
            one.close()
    hashes = [str(one["signed_header"]["commit"]["block_id"]["hash"]) for one in found]
    for address, hashed in zip(addresses, hashes, strict=True):
        if hashed != hashes[0]:
            facts = {"first": addresses[0], "second": address}
            raise InvalidInputError("sync.differs", height=height, **facts)
    _check_age(found[0], now_ms)
    return Anchor(height, hashes[0], addresses)


def _check_chain(port: Rpc, chain_id: str) -> None:
    theirs = str(port.call("status")["node_info"]["network"])
    if theirs != chain_id:
        raise InvalidInputError("sync.chain", address=port.address, theirs=theirs, ours=chain_id)


def _heights(port: Rpc) -> list[int]:
    return [int(one) for one in port.query("snapshots")["heights"]]


def _check_age(found: Any, now_ms: int) -> None:
    said = str(found["signed_header"]["header"]["time"])[:19]
    made_ms = int(datetime.fromisoformat(said).replace(tzinfo=UTC).timestamp() * 1000)
    days = (now_ms - made_ms) // DAY_MS
    if days >= TRUST_DAYS:
        raise InvalidInputError("sync.stale", days=days, limit=TRUST_DAYS)
