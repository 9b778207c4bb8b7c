"""Joining a network: its genesis file into a node's folder, and the checks before every start."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from shanhai.kernel.errors import Halt, InvalidInputError, ShanhaiError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.comet import HOME, Member, Ports, configure, node_id, write_genesis
from shanhai.node.folder import DATABASE, open_storage
from shanhai.node.following import settings_of
from shanhai.node.founding import check_genesis
from shanhai.node.state_sync import anchor, check_empty
from shanhai.node.transactions import genesis_of, network_id

GENESIS = HOME / "config/genesis.json"
TEXTS |= {
    "node.exists": Text(
        "{path} 已有节点密钥，不能覆盖；请换一个数据目录",
        "{path} has a node's keys already, which are never replaced; use another data folder",
    ),
    "node.address": Text(
        "地址 {address} 应写成 主机:端口", "The address {address} should read host:port"
    ),
    "node.not_joined": Text(
        "本节点还没有网络的创世文件：请运行 shanhai node join --genesis",
        "This node has no genesis file of a network yet: run shanhai node join --genesis",
    ),
    "node.genesis": Text(
        "创世文件不成立（{detail}），请向发起单位重新索取",
        "The genesis file does not hold ({detail}); ask the founding organisation for it again",
    ),
    "node.other_genesis": Text(
        "创世文件属于另一个账本（{theirs}，本节点为 {ours}）：请核对文件，或换一个数据目录",
        "The genesis file is another ledger's ({theirs}, this node holds {ours}): check the file, or use another folder",
    ),
    "node.no_member": Text(
        "创世文件中的节点 {name} 用的是另一把密钥：请核对数据目录，或用另一个名称重新建立节点",
        "The genesis file lists {name} with another key: check the data folder, or make the node anew under another name",
    ),
}


def join_network(
    folder: Path, raw: bytes, servers: Sequence[str] = (), now_ms: int = 0
) -> list[Member]:
    """Write genesis and configuration; return who founded the network.

    A node that did not found it follows as soon as the act that gives it a seat is in the log.

    Args:
        folder: A folder that `node init` made.
        raw: The genesis file, with the list of members.
        servers: Question ports of members from whom a snapshot is checked; none to execute every block.
        now_ms: This machine's time, epoch ms; for a snapshot's age.

    Raises:
        InvalidInputError: `node.settings`, `node.genesis`, `node.no_member`, `node.other_genesis` or `sync.…`.
        StorageError: `rpc.unreachable`.
    """
    found = settings_of(folder)
    try:
        content: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
        members = msgspec.convert(content.pop("members"), list[Member])
    except (msgspec.MsgspecError, KeyError) as error:
        raise InvalidInputError("node.genesis", detail=str(error)) from error
    _check(folder, content)
    known = next((one for one in members if one.name == found.name), None)
    if known is not None and known.id != node_id(folder):
        raise InvalidInputError("node.no_member", name=found.name)
    more = ""
    if servers:
        check_empty(folder, folder / DATABASE)
        more = anchor(servers, content["chain_id"], now_ms).config
    write_genesis(folder, content)
    configure(folder, found.name, Ports(found.p2p, found.rpc, found.web), members, more=more)
    return members


def check_joined(folder: Path) -> None:
    """Refuse to start a folder whose genesis is missing or is not its ledger's.

    Raises:
        InvalidInputError: `node.not_joined`, `node.genesis` or `node.other_genesis`.
    """
    path = folder / GENESIS
    if not path.exists():
        raise InvalidInputError("node.not_joined")
    try:
        content = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise InvalidInputError("node.genesis", detail=str(error)) from error
    _check(folder, content)


def _check(folder: Path, content: dict[str, Any]) -> None:
    """Refuse a genesis that does not hold, or that is another ledger's than the folder holds."""
    try:
        signed = genesis_of(msgspec.json.encode(content.get("app_state")))
        theirs = check_genesis(*signed).constants.ledger
        same = content.get("chain_id") == network_id(signed)
    except ShanhaiError as error:
        raise InvalidInputError("node.genesis", detail=error.say("en")) from error
    if not same:
        raise InvalidInputError("node.genesis", detail="chain_id")
    ours = _ledger(folder)
    if ours and ours != theirs:
        raise InvalidInputError("node.other_genesis", theirs=theirs[:16], ours=ours[:16])


def _ledger(folder: Path) -> str:
    """Return the ledger in a folder's database, "" where there is none."""
    try:
        storage = open_storage(folder)
    except InvalidInputError:
        return ""
    try:
        head = storage.head()
    except Halt:  # no tables yet
        return ""
    finally:
        storage.connection.close()
    return head.ledger if head is not None else ""
