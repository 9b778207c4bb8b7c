"""The periodic Merkle root over submissions, signed by the node, and what proves one lies under it.

A batch is numbered first and committed by an act second; a batch that was numbered and not committed (a
crash between the two) is committed again under the same id.

Source: design §3; RFC 6962 for the tree.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from shanhai.acts.intake import Commit, Intake
from shanhai.acts.machine import Key, Post, PostState
from shanhai.acts.roles import Role
from shanhai.domains.book import timeline
from shanhai.domains.book.handle import current, data_dir, ledger_now_ms, node
from shanhai.domains.demo.door import stage
from shanhai.domains.intake.models import Intake as IntakeRow
from shanhai.domains.intake.models import Submission
from shanhai.domains.rows import row_of, structs
from shanhai.kernel.errors import Refused
from shanhai.kernel.ids import new_id
from shanhai.kernel.periods import DAY_MS
from shanhai.kernel.suite import Suite
from shanhai.ledger.merkle import Tree, inclusion_path, node_hash
from shanhai.ledger.signing import Ed25519Signer, Signer, Sm2Signer
from shanhai.node.client import Officer, draft, sign

NODE_KEY = Path("keys/node")
PERIOD_MS = DAY_MS
MOST = 10_000
ZERO = "0" * 64


class Proof(NamedTuple):
    """Where a submission lies under a root that the ledger holds."""

    leaf: str
    position: int
    size: int
    path: tuple[str, ...]
    root: str
    intake: str
    committed_ms: int
    entry: int


def node_officer() -> Officer | None:
    """Return the node's post and key: a 模拟 ledger's from its cast, else `keys/node`; None without one."""
    book = node()
    if book.constants.simulated:
        cast = stage()
        return Officer(cast.actors.posts["node"].id, cast.actors.signers["node"])
    path = data_dir() / NODE_KEY
    if not path.is_file():
        return None
    seed = bytes.fromhex(path.read_text().strip())
    signer: Signer = Sm2Signer(seed) if book.constants.suite.name == "sm" else Ed25519Signer(seed)
    key = book.storage.find(Key, Officer("", signer).kid(book.constants.suite))
    rows = row_of(Post).objects.filter(role=Role.NODE.value).exclude(state=PostState.ENDED)
    posts = structs(Post, rows.filter(person=key.person).order_by("id")[:1]) if key else []
    return Officer(posts[0].id, signer) if posts else None


def waits() -> bool:
    """Return whether anything handed in lies under no root yet."""
    return bool(unfinished()) or Submission.objects.filter(intake="").exists()


def due(now_ms: int) -> bool:
    """Return whether a root is due: daily, on a 模拟 ledger at once, after a crash too."""
    if unfinished():
        return True
    waiting = Submission.objects.filter(intake="").order_by("received_ms")
    first = waiting.values_list("received_ms", flat=True).first()
    if first is None:
        return False
    return node().constants.simulated or now_ms - first >= PERIOD_MS


@transaction.atomic
def gather(intake: str) -> int:
    """Number the submissions not yet under a root, oldest first; return how many."""
    rows = Submission.objects.filter(intake="").order_by("received_ms", "number").defer("sealed")
    waiting = list(rows[:MOST])
    for position, submission in enumerate(waiting):
        submission.intake, submission.position = intake, position
    Submission.objects.bulk_update(waiting, ["intake", "position"], batch_size=500)
    return len(waiting)


def unfinished() -> str:
    """Return the id of a batch that was numbered and not committed, "" where there is none."""
    done = IntakeRow.objects.values("id")
    rows = Submission.objects.exclude(intake="").exclude(intake__in=done)
    return rows.values_list("intake", flat=True).first() or ""


def root_commit() -> Intake | None:
    """Commit to everything handed in; None where nothing waits or the node has no key here.

    Raises:
        Refused: If the ledger refuses the act; the batch stays numbered and is tried again.
    """
    officer = node_officer()
    if officer is None:
        return None
    now = ledger_now_ms()
    intake = unfinished()
    if not intake:
        intake = new_id(Intake.prefix, now, secrets.token_bytes(10))
        if not gather(intake):
            return None
    return _submit(officer, intake, now)


def _submit(officer: Officer, intake: str, now: int) -> Intake | None:
    book = node()
    leaves = _leaves(intake)
    tree = Tree(book.constants.suite)
    for leaf, _ in leaves:
        tree.append(leaf)
    act = Commit(
        root=tree.root().hex(), size=len(leaves), first_ms=leaves[0][1], last_ms=leaves[-1][1]
    )
    nonce = secrets.token_bytes(16)
    body = draft(book.constants, book.storage, officer, act, intake, made_ms=now, nonce=nonce)
    outcome = book.submit(sign(body, officer.signer), now)
    if outcome.receipt is None:
        code, facts = outcome.refusals[0]
        raise Refused(code, **facts)
    return book.storage.find(Intake, intake)


def _leaves(intake: str) -> list[tuple[bytes, int]]:
    rows = Submission.objects.filter(intake=intake).order_by("position")
    return [(bytes.fromhex(leaf), ms) for leaf, ms in rows.values_list("leaf", "received_ms")]


def fetch_of(suite: Suite, leaves: list[bytes]) -> Callable[[int, int], bytes]:
    """Return what gives the hash of a complete subtree over these leaves."""

    def fetch(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        left, right = fetch(level - 1, 2 * index), fetch(level - 1, 2 * index + 1)
        return node_hash(suite, left, right)

    return fetch


def proof_of(submission: Submission) -> Proof | None:
    """Return the proof that a submission lies under a committed root, None before it does."""
    found = current().find(Intake, submission.intake) if submission.intake else None
    if found is None:
        return None
    suite = node().constants.suite
    leaves = [leaf for leaf, _ in _leaves(submission.intake)]
    path = inclusion_path(suite, submission.position, len(leaves), fetch_of(suite, leaves))
    made = timeline.events(found, limit=1)
    return Proof(
        submission.leaf,
        submission.position,
        len(leaves),
        tuple(one.hex() for one in path),
        found.root,
        found.id,
        found.committed_ms,
        made[0].index if made else -1,
    )
