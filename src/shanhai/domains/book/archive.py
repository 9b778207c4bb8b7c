"""The log as files that anybody can check: tiles, checkpoint, key, proofs, the whole log.

Source: C2SP tlog-tiles and tlog-proof; what may be fetched by whom is the genesis constant
`publication` (design §3: tiles, checkpoints and proofs of notices are public on every ledger).
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import witnesses
from shanhai.domains.book.handle import data_dir, node
from shanhai.domains.book.models import Entry
from shanhai.domains.book.voiding import voided_by
from shanhai.kernel.errors import InvalidInputError, Refused
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.body import Seen
from shanhai.ledger.checkpoint import Checkpoint, encode64, sign_note
from shanhai.ledger.merkle import leaf_hash
from shanhai.ledger.proof import Proof, parse_proof
from shanhai.node import export
from shanhai.node.export import Served
from shanhai.node.loop import Node
from shanhai.node.pictures import PREFIX, Album
from shanhai.node.schema import act_key
from shanhai.node.seal import Sealer

OPEN_ACTS = ("notice.", "objection.")
"""Acts whose entries and proofs are public on a members' ledger too: what was put up for everyone."""
TEXT = "text/plain; charset=utf-8"
DIGITS = 15
"""Most digits of an index or size that is read at all."""
_ACT_ID = re.compile(r"[0-9a-f]{64}").fullmatch
_INDEX = re.compile(r"0|[1-9][0-9]{0,14}").fullmatch
TEXTS |= {
    "ledger.unknown": Text(
        "账本中没有编号为 {ref} 的记录，请核对条目序号（数字）或办理编号（64 位十六进制）",
        "The ledger has no entry {ref}; check the index (digits) or the act id (64 hex digits)",
    ),
    "ledger.sizes": Text(
        "请写明两个条数：?from=较早的条数&to=较晚的条数",
        "Name two sizes: ?from=the older one&to=the newer one",
    ),
    "authority.members": Text(
        "本账本的条目只对成员单位公开，请先登录；检查点、瓦片和公示的证明不受限制",
        "This ledger shows entries to its members only; sign in first. Checkpoints, tiles and proofs of notices "
        "are open to all",
    ),
}


class Place(msgspec.Struct, frozen=True):
    """An entry's place in the log and the act it holds."""

    index: int
    act_id: str
    act: str


def opened() -> tuple[Node, Sealer]:
    """Return this thread's node and what signs its checkpoints."""
    found = node()
    if not isinstance(found.publisher, Sealer):
        raise TypeError("a folder's node is sealed")
    return found, found.publisher


def served(path: str) -> Served | None:
    """Return the file at a path below `/ledger/`: `vkey`, `checkpoint`, `final`, `tile/…`, `snapshot…`; None where there is none."""
    if path == "final":
        note = witnesses.final_note()
        return Served(note, TEXT) if note else None
    if path == "checkpoint":
        return Served(witnesses.checkpoint(opened()[1]), TEXT)
    if path.split("/", maxsplit=1)[0] == PREFIX:
        return _picture(path)
    return export.serve(*opened(), path)


def _picture(path: str) -> Served | None:
    """Return a snapshot's manifest or chunk; its objects are for whom entries are."""
    raw, chunk = Album(data_dir()).served(path), path != PREFIX
    members = chunk and node().constants.members_only
    return Served(raw, immutable=chunk, members_only=members) if raw is not None else None


def may_read(actor: Actor, act: str) -> bool:
    """Return whether an actor may read entries of an act."""
    return not actor.public or not node().constants.members_only or act.startswith(OPEN_ACTS)


def place(ref: str) -> Place:
    """Return the entry that an index or an act id names.

    Raises:
        InvalidInputError: `ledger.unknown`.
    """
    rows = Entry.objects.values_list("index", "act_id", "act")
    found = None
    if _INDEX(ref):
        found = rows.filter(pk=int(ref)).first()
    elif _ACT_ID(ref):
        found = rows.filter(key=act_key(ref), act_id=ref).first()
    if found is None:
        raise InvalidInputError("ledger.unknown", ref=ref[:80])
    return Place(*found)


def readable(actor: Actor, ref: str) -> Place:
    """Return the entry that an index or act id names, if the actor may read it.

    Raises:
        InvalidInputError: `ledger.unknown`.
        Refused: `authority.members`.
    """
    found = place(ref)
    if not may_read(actor, found.act):
        raise Refused("authority.members")
    return found


def proof(found: Place) -> bytes:
    """Return an entry's proof file, with whether it was voided since."""
    note = witnesses.final_note()
    return export.prove(*opened(), found.index, voided_by=voided_by(found.index), note=note)


def proof_parts(raw: bytes) -> dict[str, Any]:
    """Return a proof file's content as plain values, for programs that read JSON.

    Args:
        raw: A proof file of this ledger.
    """
    made: Proof = parse_proof(raw)
    found, _ = opened()
    _, size, root = made.note.decode().split("\n")[:3]
    entry = entry_bytes(made.index)
    extra = made.extra
    return {
        "index": made.index,
        "size": int(size),
        "root": root,
        "leaf": encode64(leaf_hash(found.constants.suite, entry)),
        "path": [encode64(part) for part in made.path],
        "checkpoint": made.note.decode(),
        "entry": extra.entry,
        "key": extra.key,
        "voided_by": extra.status.voided_by if extra.status else 0,
    }


def entry_bytes(index: int) -> bytes:
    """Return an entry's leaf bytes."""
    return next(iter(node().storage.packed(index, index + 1)))


def consistency(size1: int, size2: int) -> list[str]:
    """Return the consistency path between two sizes, hex.

    Raises:
        InvalidInputError: `proof.range`.
    """
    return [part.hex() for part in export.consistency(node(), size1, size2)]


def checkpoint_of(seen: Seen) -> str:
    """Return the signed checkpoint of a state that bodies name as seen; its root is this ledger's own."""
    found, sealer = opened()
    if seen.size == found.head().size:
        return sealer.checkpoint(found).decode()
    origin = sealer.vkey(found).name
    text = Checkpoint(origin, seen.size, found.root_at(seen.size)).text
    return sign_note(text, origin, sealer.signer).encode().decode()


def log_stream(actor: Actor) -> Iterator[bytes]:
    """Return the whole log as a stream.

    Raises:
        Refused: `authority.members`.
    """
    if not may_read(actor, ""):
        raise Refused("authority.members")
    return export.log_stream(*opened())


def cosigned(size: int) -> bytes:
    """Return a consortium node's cosigned checkpoint of a size, b"" where there is none."""
    return witnesses.cosigned(size, opened()[1])


def finality(index: int) -> list[Text]:
    """Return in words whether an entry is final and which collusion that does not cover; [] without a policy."""
    shown = witnesses.shown(index, opened()[1])
    return shown.sentences() if shown is not None else []


def trust() -> dict[str, Any]:
    """Return what a client compares proofs with: key, origin, ledger id, suite, web origins.

    Whoever needs more than this site's word takes the key from a printed notice.
    """
    found, sealer = opened()
    known, gathering, own = found.constants, witnesses.gathering(), sealer.vkey(found)
    return {
        "vkey": own.line,
        "origin": own.name,
        "ledger": known.ledger,
        "suite": known.suite.name,
        "web": {"rp_id": known.web.rp_id, "origins": list(known.web.origins)},
        "simulated": known.simulated,
        "publication": "members" if known.members_only else "open",
    } | (witnesses.trust(gathering.policies, own) if gathering is not None else {})
