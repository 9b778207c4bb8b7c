"""Recording the state's root: the node's own act, entered once for each fixed size that the log has passed."""

from collections.abc import Callable
from pathlib import Path

from shanhai.acts.state import RecordState, StateRoot, due
from shanhai.kernel.errors import InvalidInputError, ProofError, Refused
from shanhai.kernel.ids import new_id
from shanhai.kernel.text import TEXTS, Text
from shanhai.node.backup.epochs import NODE_KEY, node_officer
from shanhai.node.client import Officer, draft, sign
from shanhai.node.loop import Node
from shanhai.node.sql import SqlStorage
from shanhai.node.state_root import recorded, state_root

TEXTS["snapshot.node_key"] = Text(
    "{path} 不存在，或不是账上节点岗位的密钥，状态根未记录；请放入创世时为节点岗位生成的密钥种子（见 keys/founders）后重试",
    "{path} is missing, or is no key of a post with the role node, so the state's root was not recorded; put the seed there "
    "that founding wrote for the node (see keys/founders) and try again",
)


def officer_of(node: Node, data_dir: Path) -> Officer:
    """Return the node's post and key, from `keys/node` in the data folder.

    Raises:
        InvalidInputError: `snapshot.node_key`.
    """
    storage, path = node.storage, str(data_dir / NODE_KEY)
    if not isinstance(storage, SqlStorage):
        raise InvalidInputError("snapshot.node_key", path=path)
    try:
        return node_officer(storage, data_dir, node.constants.suite.name, data_dir)
    except ProofError as error:
        raise InvalidInputError("snapshot.node_key", path=path) from error


def unrecorded(node: Node) -> int:
    """Return the fixed size whose root is due and not in the log, 0 where nothing is due."""
    size = due(node.head().size)
    if not size or recorded(node.storage, node.constants.suite, size) is not None:
        return 0
    return size


def record(node: Node, officer: Officer, now_ms: int, random: Callable[[int], bytes]) -> int:
    """Record the state's root at the newest fixed size, if it is not in the log.

    Args:
        node: The ledger, open for writing.
        officer: The node's post and key.
        now_ms: The machine's time, epoch ms.
        random: Gives that many random bytes.

    Returns:
        The size, 0 where nothing was due.

    Raises:
        Refused: If the ledger refuses the act.
    """
    storage, known = node.storage, node.constants
    with storage.snapshot():
        size = unrecorded(node)
        if not size:
            return 0
        said = RecordState(size=size, root=state_root(storage, known.suite, size))
        time_ms = max(now_ms, node.head().time_ms)
        subject, nonce = new_id(StateRoot.prefix, time_ms, random(10)), random(16)
        body = draft(known, storage, officer, said, subject, made_ms=time_ms, nonce=nonce)
    outcome = node.submit(sign(body, officer.signer), time_ms)
    if outcome.receipt is None:
        code, facts = outcome.refusals[0]
        raise Refused(code, **facts)
    return size
