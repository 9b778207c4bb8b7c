"""Succeeding a sequencer: fetch the log from a mirror, execute every act again, enter the succession."""

from collections.abc import Sequence
from pathlib import Path

from shanhai.acts.witness_policy import WitnessPolicy
from shanhai.kernel.errors import Refused
from shanhai.kernel.ids import new_id
from shanhai.ledger.body import Seen
from shanhai.ledger.policy import Policy
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.backup.epochs import node_officer
from shanhai.node.client import draft, sign
from shanhai.node.loop import Node
from shanhai.node.sql import SqlStorage
from shanhai.node.witness.closing import Closed, succession
from shanhai.node.witness.mirror import Identity, Mirror, Shelves
from shanhai.node.witness.remote import Get
from shanhai.node.witness.shelf import MemoryShelf


def catch_up(storage: SqlStorage, policy: Policy, get: Get, now_ms: int) -> Node:
    """Take up what a mirror has, as a mirror does, and return it as a node.

    Args:
        storage: The successor's, empty or behind.
        policy: The witness policy of the old epoch.
        get: Reads the mirror's files.
        now_ms: This machine's time, epoch ms.

    Raises:
        ProofError: `witness.…`: what does not hold; nothing of it was written.
        InvalidInputError: `remote.…`.
    """
    nobody = Identity("successor", Ed25519Signer(bytes(32)))  # reads, and cosigns nothing
    mirror = Mirror(storage, policy, nobody, Shelves(MemoryShelf(), MemoryShelf()))
    mirror.sync(get, now_ms)
    return mirror.node()


def enter(
    book: Node, data_dir: Path, given: Sequence[Closed], reason: str, when: tuple[int, bytes]
) -> int:
    """Enter the succession, signed by the node's key of this folder; return its entry.

    Args:
        book: The successor's copy; it publishes under the new key.
        data_dir: Its folder, with `keys/node`.
        given: What the witnesses handed out.
        reason: Why.
        when: Ledger time (epoch ms) and 16 random bytes.

    Raises:
        Refused: If the ledger refuses it; nothing was written.
        InvalidInputError: `close.…`.
        ProofError: `restore.node_key`, if the folder has no node key.
    """
    (now_ms, nonce), head, storage = when, book.head(), book.storage
    assert isinstance(storage, SqlStorage)  # noqa: S101 - a folder's node
    time_ms, path = max(now_ms, head.time_ms), data_dir / "keys"
    officer = node_officer(storage, data_dir, book.constants.suite.name, path)
    act, seen = succession(book, given, reason), Seen(head.size, head.root.hex())
    id = new_id(WitnessPolicy.prefix, time_ms, nonce[:10])  # noqa: A001 - the field's name
    body = draft(
        *(book.constants, storage, officer, act, id), made_ms=time_ms, nonce=nonce, seen=seen
    )
    outcome = book.submit(sign(body, officer.signer), time_ms)
    if outcome.receipt is None:
        code, facts = outcome.refusals[0]
        raise Refused(code, **facts)
    return outcome.receipt.index
