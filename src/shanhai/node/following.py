"""A node of a consortium as its own folder knows it: settings, and signing while it follows the others."""

from pathlib import Path

import msgspec

from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer

SETTINGS = "node.json"
TEXTS["node.settings"] = Text(
    "{path} 不存在或格式不正确：请先运行 shanhai node init 和 shanhai node join",
    "{path} is missing or malformed: run shanhai node init and shanhai node join first",
)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a node's folder says of it.

    Ports are on this machine; `submit` names the consensus ports, host and port, to which pages hand acts:
    the node's own first, others' where they can be reached.
    """

    name: str
    p2p: int
    rpc: int
    web: int = 0
    submit: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Put them into a folder."""
        raw = msgspec.json.format(msgspec.json.encode(self))
        (folder / SETTINGS).write_bytes(raw + b"\n")


def is_member(folder: Path) -> bool:
    """Return whether a folder belongs to a node of a consortium."""
    return (folder / SETTINGS).exists()


def settings_of(folder: Path) -> Settings:
    """Read a folder's settings.

    Raises:
        InvalidInputError: `node.settings`.
    """
    path = folder / SETTINGS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError) as error:
        raise InvalidInputError("node.settings", path=str(path)) from error


class FollowingSealer(Sealer):
    """Signs like any other, but waits while the node catches up with what it had anchored before.

    A node that lost its data comes back with an empty ledger and is sent every block again. Until it is where it
    was, nothing is signed; then its root must be the anchored one.
    """

    def publish(self, node: Node) -> None:
        """Sign the head and anchor it, unless the anchor is ahead.

        Raises:
            ProofError: As `Sealer.publish`, but for `anchor.ahead`.
        """
        found = self.anchor.read() if self.anchor is not None else None
        if found is None or found.checkpoint.size <= node.head().size:
            super().publish(node)
