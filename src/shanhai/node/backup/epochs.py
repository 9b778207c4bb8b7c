"""Opening an epoch: the restored log's first act says what is lost; the anchor that knew of it is kept aside."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from shanhai.acts.epoch import Epoch, OpenEpoch
from shanhai.acts.machine import Key, Post
from shanhai.acts.roles import Role
from shanhai.kernel.errors import InvalidInputError, ProofError, Refused
from shanhai.kernel.files import write_bytes
from shanhai.kernel.ids import new_id
from shanhai.kernel.suite import suite_named
from shanhai.ledger.checkpoint import Note, VKey, parse_checkpoint, parse_note
from shanhai.ledger.entry import parse_receipt, unpack
from shanhai.ledger.signing import Ed25519Signer, Signer, Sm2Signer
from shanhai.node.anchor import Anchor, Anchored
from shanhai.node.backup.checking import Checked
from shanhai.node.client import Officer, draft, sign
from shanhai.node.founding import constants_of
from shanhai.node.loop import Node
from shanhai.node.seal import Sealer
from shanhai.node.sql import SqlStorage
from shanhai.node.tables import columns_of, table_of

NODE_KEY = Path("keys/node")


class Plan(NamedTuple):
    """Who opens it, why, when (epoch ms), and what gives random bytes."""

    officer: Officer
    reason: str
    time_ms: int
    random: Callable[[int], bytes]


class Opened(NamedTuple):
    """An epoch that stands in the log, and the signed checkpoint over it."""

    entry: int
    kept: int
    lost: int
    note: Note
    vkey: VKey


def founded_ms(genesis: bytes) -> int:
    """Return the ledger time of entry 0, from its leaf bytes."""
    return parse_receipt(unpack(genesis).receipt).time_ms


def extend(anchor: Anchor, note: Note, vkey: VKey) -> None:
    """Move the anchor on to a signed checkpoint, if it knew less."""
    new = Anchored(vkey, note.encode(), parse_checkpoint(note.text))
    with anchor.locked():
        found = anchor.read()
        if found is None or found.checkpoint.size < new.checkpoint.size:
            anchor.replace(new, vkey)


def node_officer(storage: SqlStorage, data_dir: Path, suite: str, cupboard: Path) -> Officer:
    """Return the node's post and key of a real ledger, from `keys/node`.

    Raises:
        ProofError: `restore.node_key`.
    """
    path = data_dir / NODE_KEY
    try:
        seed = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise ProofError("restore.node_key", path=str(cupboard)) from error
    signer: Signer = Sm2Signer(seed) if suite == "sm" else Ed25519Signer(seed)
    key = storage.find(Key, Officer("", signer).kid(suite_named(suite)))
    posts = _posts(storage, key.person) if key is not None else []
    if not posts:
        raise ProofError("restore.node_key", path=str(cupboard))
    return Officer(posts[0], signer)


def _posts(storage: SqlStorage, person: str) -> list[str]:
    at = [column.name for column in columns_of(Post)].index("person")
    found = (
        storage.find(Post, row[0]) for row in storage.rows(table_of(Post)) if row[at] == person
    )
    return sorted(one.id for one in found if one is not None and one.role is Role.NODE)


def open_epoch(storage: SqlStorage, checked: Checked, plan: Plan, sealer: Sealer) -> Opened:
    """Enter the act that names what is lost; the anchor is begun anew by `begin`, once the folder stands.

    Args:
        storage: The restored ledger.
        checked: The backup, older than its anchor.
        plan: Who, why, when.
        sealer: Signs the new head.

    Raises:
        Refused: If the ledger refuses the act; nothing changed then.
    """
    known, head = checked.anchored, storage.head()
    if known is None or head is None:
        raise InvalidInputError("genesis.missing")
    book = Node(storage, constants_of(storage, head.ledger))
    time_ms = max(plan.time_ms, head.time_ms)
    act = OpenEpoch(
        kept_size=head.size,
        kept_root=head.root.hex(),
        lost_size=known.checkpoint.size,
        lost_root=known.checkpoint.root.hex(),
        reason=plan.reason,
    )
    subject, nonce = new_id(Epoch.prefix, time_ms, plan.random(10)), plan.random(16)
    body = draft(book.constants, storage, plan.officer, act, subject, made_ms=time_ms, nonce=nonce)
    outcome = book.submit(sign(body, plan.officer.signer), time_ms)
    if outcome.receipt is None:
        code, facts = outcome.refusals[0]
        raise Refused(code, **facts)
    note, lost = parse_note(sealer.checkpoint(book)), known.checkpoint.size - head.size
    return Opened(outcome.receipt.index, head.size, lost, note, sealer.vkey(book))


def begin(anchor: Anchor, opened: Opened) -> Path:
    """Begin the anchor anew on an epoch; the old one is copied beside it first, as evidence of what was lost.

    Returns:
        Where the old anchor lies.
    """
    aside = anchor.path.with_name(f"{anchor.path.name}.before-epoch-at-{opened.kept}")
    with anchor.locked():
        write_bytes(aside, anchor.path.read_bytes())
        checkpoint = parse_checkpoint(opened.note.text)
        anchor.replace(Anchored(opened.vkey, opened.note.encode(), checkpoint), opened.vkey)
    return aside
