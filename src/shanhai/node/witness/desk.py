"""What a running mirror answers over HTTP: its copy of the log, its state, and receipts for acts."""

import time
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shanhai.acts.witness_policy import policies_of
from shanhai.kernel.canonical import encode, from_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.checkpoint import parse_checkpoint, parse_note
from shanhai.ledger.policy import Policy
from shanhai.node.admission import Signed
from shanhai.node.export import serve_tile
from shanhai.node.folder import open_storage
from shanhai.node.founding import constants_of
from shanhai.node.loop import Node
from shanhai.node.pictures import PREFIX, Album
from shanhai.node.witness import adopting
from shanhai.node.witness.http import OK, Answer, as_json
from shanhai.node.witness.letter import holds
from shanhai.node.witness.mirror import Mirror

OCTETS = "application/octet-stream"
LEDGER = "/ledger/"
GUARDED = ("/ledger/tile/entries/", "/ledger/snapshot/")
"""What holds entries or objects: on a members' ledger for its witnesses alone."""
T = TypeVar("T")


class _SignedAct(msgspec.Struct, forbid_unknown_fields=True):
    body: str
    signature: dict[str, Any]


class _Objection(msgspec.Struct, forbid_unknown_fields=True):
    sha256: str
    notice: str = ""


class Desk:
    """Reads through connections of its own, so that it never waits for a round."""

    def __init__(self, folder: Path, mirror: Mirror) -> None:
        self._folder, self._mirror = folder, mirror
        self.refused = ""
        """Why the last round cosigned nothing, "" if it did."""

    def read(self, path: str) -> Answer | None:
        """Answer GET: `/ledger/…` as the log's own site does, `/witness/vkey`, `/witness/status`."""
        if path == "/witness/vkey":
            return Answer(OK, f"{self._mirror.me.vkey.line}\n".encode())
        if path in ("/witness/status", "/healthz"):
            return as_json(status(self._mirror, self._policy(), self.refused))
        if path == LEDGER + "vkey":
            return Answer(OK, f"{self._policy().log.line}\n".encode())
        if path == LEDGER + "checkpoint":
            raw = self._mirror.shown()
            return Answer(OK, raw) if raw else None
        return self._file(path.removeprefix(LEDGER)) if path.startswith(LEDGER) else None

    def _file(self, path: str) -> Answer | None:
        """Answer what a site has beside the checkpoint: the newest certificate, snapshots, tiles."""
        if path == "final":
            return _there(self._mirror.certified.newest(), "text/plain; charset=utf-8")
        if path.split("/", maxsplit=1)[0] == PREFIX:
            return _there(Album(self._folder).served(path) or b"", OCTETS)
        return self._tile(path)

    def may_read(self, path: str, text: str) -> bool:
        """Return whether a path may be read: entries and objects of a members' ledger by its witnesses alone.

        Args:
            path: What is asked for.
            text: The letter that came with it, "" for none.
        """
        if not path.startswith(GUARDED):
            return True
        with _Open(self._folder) as node:
            members = node.constants.members_only
        return not members or holds(text, path, int(time.time()), self._policy())

    def _policy(self) -> Policy:
        """Return the policy of checkpoints to come, read over a connection of one's own."""
        root = self._mirror.trust.root
        try:
            with _Open(self._folder) as node:
                found = policies_of(node.storage, node.constants.ledger)
        except InvalidInputError:
            return root  # nothing was taken up yet
        return found.newest if found is not None else root

    def _tile(self, path: str) -> Answer | None:
        with _Open(self._folder) as node:
            found = serve_tile(node, path)
        return Answer(OK, found.body, OCTETS) if found is not None else None

    def post(self, path: str, raw: bytes) -> Answer | None:
        """Answer POST: `/witness/acts` and `/witness/objections` give signed receipts."""
        now_ms = time.time_ns() // 1_000_000
        if path == "/witness/acts":
            act = _decoded(raw, _SignedAct)
            signed = Signed(from_base64(act.body), encode(act.signature))
            with _Open(self._folder) as node:
                made = self._mirror.receipts.take(node, signed, now_ms)
            return Answer(OK, made, "application/json")
        if path == "/witness/objections":
            said = _decoded(raw, _Objection)
            with _Open(self._folder) as node:
                made = self._mirror.objections.take(node, said.sha256, said.notice, now_ms)
            return Answer(OK, made, "application/json")
        return None


def _there(raw: bytes, media: str) -> Answer | None:
    return Answer(OK, raw, media) if raw else None


class _Open:
    """The mirror's copy over a connection for one request."""

    def __init__(self, folder: Path) -> None:
        self._storage = open_storage(folder, {})

    def __enter__(self) -> Node:
        head = self._storage.head()
        if head is None:
            self._storage.connection.close()
            raise InvalidInputError("genesis.missing")
        return Node(self._storage, constants_of(self._storage, head.ledger))

    def __exit__(self, *_: object) -> None:
        self._storage.connection.close()


def status(mirror: Mirror, policy: Policy, refused: str = "") -> dict[str, Any]:
    """Return where a mirror stands under a policy, as plain values."""
    raw = mirror.newest()
    cosigned = parse_checkpoint(parse_note(raw).text) if raw else None
    held = mirror.held()
    return {
        "vkey": mirror.me.vkey.line,
        "domain": policy.domain_of(mirror.me.vkey),
        "size": held.size if held is not None else 0,
        "root": held.root.hex() if held is not None else "",
        "cosigned_size": cosigned.size if cosigned is not None else 0,
        "cosigned_root": cosigned.root.hex() if cosigned is not None else "",
        "alarms": mirror.evidence.alarms(),
        "waiting": len(mirror.receipts.waiting),
        "missed": mirror.receipts.missed,
        "objections": len(mirror.objections.waiting),
        "refused": refused,
        **adopting.status(mirror.shelves.inside),
    }


def _decoded(raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError("bytes.invalid", detail=str(error)[:200]) from error
