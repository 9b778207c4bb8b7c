"""How a node of a consortium stands: from its database, its process list, and its consensus node if that answers."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from shanhai.kernel.errors import Halt, ShanhaiError
from shanhai.ledger.checkpoint import parse_checkpoint, parse_note
from shanhai.node.chain import Chain
from shanhai.node.folder import open_storage
from shanhai.node.following import settings_of
from shanhai.node.rpc import Rpc
from shanhai.node.supervisor import PIDS
from shanhai.node.witness.folder import shelf
from shanhai.node.witness.gather import FINAL


def state_of(folder: Path, host: str = "127.0.0.1") -> dict[str, Any]:
    """Return a node's state; what cannot be known now is None.

    Args:
        folder: The node's data folder.
        host: Where its pages answer.

    Raises:
        InvalidInputError: `node.settings`.
    """
    found = settings_of(folder)
    rpc = f"127.0.0.1:{found.rpc}"
    state: dict[str, Any] = {
        "node": found.name,
        "web": f"http://{'localhost' if host == '127.0.0.1' else host}:{found.web}"
        if found.web
        else None,
        "rpc": f"http://{rpc}",
        "height": None,
        "size": None,
        "root": None,
        "app_hash": None,
        "rules": None,
        "peers": None,
        "catching_up": None,
        "final": _final(folder),
        "pids": pids_of(folder),
        "data_dir": str(folder),
    }
    return state | _stored(folder) | _asked(rpc)


def _stored(folder: Path) -> dict[str, Any]:
    """Return what the database says, in one snapshot."""
    with suppress(ShanhaiError, Halt):
        storage = open_storage(folder, {})
        try:
            with storage.snapshot():
                head, point = storage.head(), Chain.reading(storage)
            if head is not None and point is not None:
                return {
                    "height": point.height,
                    "size": head.size,
                    "root": head.root.hex(),
                    "app_hash": point.app_hash.hex(),
                    "rules": point.rules,
                }
        finally:
            storage.connection.close()
    return {}


def _final(folder: Path) -> int | None:
    """Return how many entries the newest certificate covers that the node gathered."""
    raw = shelf(folder).get(FINAL)
    return parse_checkpoint(parse_note(raw).text).size if raw else None


def _asked(rpc: str) -> dict[str, Any]:
    """Return what the consensus node says."""
    port = Rpc(rpc, 2)
    with suppress(ShanhaiError):
        try:
            status, peers = port.call("status"), port.call("net_info")
        finally:
            port.close()
        return {
            "peers": int(peers["n_peers"]),
            "catching_up": bool(status["sync_info"]["catching_up"]),
        }
    return {}


def pids_of(folder: Path) -> dict[str, int]:
    """Return the process ids that the node's supervisor wrote down, those of running processes only."""
    try:
        found = msgspec.json.decode((folder / PIDS).read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError):
        return {}
    return {name: pid for name, pid in found.items() if pid and name != "stopped"}
