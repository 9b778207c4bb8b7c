"""A mirror that lost everything takes its copy up from a snapshot, and executes only what came after.

The snapshot may come from anybody who serves the log. It is believed because its state entry and every entry before it
are under a certificate: a checkpoint that the log signed and n − f failure domains of the given policy cosigned, each
after executing all of it. What this mirror did not execute itself it says of itself, for ever (`adopted`).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from shanhai.kernel.canonical import decode, encode
from shanhai.kernel.errors import InvalidInputError, ProofError
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.certificate import certify
from shanhai.ledger.checkpoint import Checkpoint, Note, parse_note, verify_note
from shanhai.ledger.merkle import consistency_path, leaf_hash, root_at, verify_consistency
from shanhai.ledger.policy import single
from shanhai.node.adoption import Adoption
from shanhai.node.loop import storing
from shanhai.node.pause import no_collection
from shanhai.node.pictures import PREFIX, Manifest, parse_manifest
from shanhai.node.witness.mirror import Mirror
from shanhai.node.witness.remote import Get, Remote
from shanhai.node.witness.shelf import Shelf

ADOPTED = "adopted"
TEXTS |= {
    "snapshot.present": Text(
        "本镜像已有 {size} 条，不需要快照；请去掉 --snapshot 继续运行",
        "This mirror has {size} entries already and needs no snapshot; run it without --snapshot",
    ),
    "snapshot.none": Text(
        "来源还没有快照：账本满 1024 条并由运行单位记录状态根（shanhai ledger snapshot）之后才有；请换一个来源，或不用快照从头执行",
        "The source has no snapshot: there is one once the log has 1,024 entries and its sequencer recorded the state's root "
        "(shanhai ledger snapshot). Take another source, or execute the whole log",
    ),
    "snapshot.uncertified": Text(
        "来源的证书只到 {certified} 条，达不到规则文件所要的联署，或没有覆盖快照的 {size} 条：请等见证单位联署后重试；"
        "规则变更过的，请换用最新的规则文件",
        "The source's certificate covers {certified} entries: it lacks the cosignatures that the policy file asks for, or does "
        "not cover the snapshot's {size}. Wait until the witnesses cosigned and try again; if the policy changed, take the newest file",
    ),
    "snapshot.stale": Text(
        "来源的证书只到 {size} 条，本见证单位曾联署 {anchored} 条：来源落后或隐瞒新记录，已拒绝；请换一个来源，或稍后重试",
        "The source's certificate covers {size} entries, and this witness cosigned {anchored} before: the source is behind or "
        "withholds entries. Refused; take another source, or try again later",
    ),
}


class Adopted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mirror took up without executing: so many entries, checked by the state's root at a size."""

    entries: int
    state_size: int
    certified: int


class Shown(NamedTuple):
    """The certificate that a source shows, and its snapshot's manifest."""

    note: Note
    checkpoint: Checkpoint
    manifest: Manifest


def adopted(shelf: Shelf) -> Adopted | None:
    """Return what a mirror took up without executing, None where it executed everything."""
    raw = shelf.get(ADOPTED)
    return decode(raw, Adopted) if raw is not None else None


def adopt(mirror: Mirror, get: Get) -> Adopted:
    """Take an empty mirror's copy up from a snapshot.

    Args:
        mirror: Its copy holds nothing.
        get: Reads the files of the sequencer, or of another mirror.

    Returns:
        What was not executed.

    Raises:
        InvalidInputError: `snapshot.present`, `snapshot.none`, `remote.…`, `rules.unknown`.
        ProofError: `snapshot.…`, `witness.…`, `note.…`; nothing was written.
    """
    head = mirror.head()
    if head is not None:
        raise InvalidInputError("snapshot.present", size=head.size)
    mirror.evidence.check()
    shown = _shown(mirror, get)
    manifest = shown.manifest
    before = mirror.cosigned_before(mirror.trust.root.log)
    if before is not None and before.checkpoint.size > shown.checkpoint.size:
        facts = {"size": shown.checkpoint.size, "anchored": before.checkpoint.size}
        raise ProofError("snapshot.stale", **facts)
    made = Adopted(manifest.size, manifest.state_size, shown.checkpoint.size)
    inside = mirror.shelves.inside
    try:
        with storing(), no_collection(), mirror.storage.transaction():
            _take(mirror, shown, get)
            mirror.trust.check()
            if before is not None:
                _compare(mirror, shown, before.note, before.checkpoint, get)
            inside.put(ADOPTED, encode(made))
    except BaseException:
        inside.drop(ADOPTED)
        raise
    return made


def _shown(mirror: Mirror, get: Get) -> Shown:
    """Return a final certificate of the given policy and a manifest that lies under it."""
    policies, root = single(mirror.trust.root), mirror.trust.root
    note = parse_note(_fetch(get, "final"))
    found = certify(note, policies)
    verify_note(note, [root.log])
    manifest = parse_manifest(_fetch(get, PREFIX))
    if root.ledger and manifest.ledger != root.ledger:
        raise ProofError("snapshot.ledger", theirs=manifest.ledger[:16], ours=root.ledger[:16])
    size = found.checkpoint.size
    if not found.final or manifest.size > size:
        raise ProofError("snapshot.uncertified", certified=size, size=manifest.size)
    return Shown(note, found.checkpoint, manifest)


def _fetch(get: Get, path: str) -> bytes:
    try:
        return get(path)
    except InvalidInputError as error:
        if "404" in str(error.facts.get("detail", "")):
            raise InvalidInputError("snapshot.none") from error
        raise


def _take(mirror: Mirror, shown: Shown, get: Get) -> None:
    adoption, manifest = Adoption(mirror.storage, shown.manifest), shown.manifest
    for number in range(1, len(manifest.chunks) + 1):
        adoption.lay(number, get(f"{PREFIX}/{manifest.size}/{number}"))
    remote = Remote(get, adoption.suite, shown.checkpoint.size)
    for start in range(0, manifest.size, mirror.chunk):
        stop = min(start + mirror.chunk, manifest.size)
        packed = list(remote.entries(start, stop))
        adoption.enter(packed)
        _prove(adoption, shown.checkpoint, remote, _numbered(start, packed))
    adoption.finish()


def _numbered(start: int, packed: list[bytes]) -> Iterator[tuple[int, bytes]]:
    return enumerate(packed, start)


def _prove(
    adoption: Adoption, shown: Checkpoint, remote: Remote, entries: Iterator[tuple[int, bytes]]
) -> None:
    """Refuse entries that are not those of the certified tree."""
    tree, suite = adoption.tree, adoption.suite
    path = consistency_path(suite, tree.size, shown.size, remote.node)
    try:
        verify_consistency(suite, tree.size, shown.size, path, tree.root(), shown.root)
    except ProofError as error:
        for index, raw in entries:
            if remote.node(0, index) != leaf_hash(suite, raw):
                raise ProofError("witness.altered", index=index) from error
        raise ProofError("witness.tiles") from error


def _compare(mirror: Mirror, shown: Shown, note: Note, before: Checkpoint, get: Get) -> None:
    """Compare with what this key cosigned last: the certified tree is to contain it."""
    known, suite = shown.checkpoint, mirror.suite(mirror.head())
    if before.size <= shown.manifest.size:
        same = mirror.root_at(before.size) == before.root
    else:
        remote = Remote(get, suite, known.size)
        same = root_at(suite, before.size, remote.node) == before.root
    if not same:
        raise mirror.split(note, before, mirror.me.name)


def status(shelf: Shelf) -> dict[str, Any]:
    """Return what a mirror says of itself: how many entries it did not execute, and what vouches for them."""
    found = adopted(shelf)
    if found is None:
        return {"adopted": 0}
    return {"adopted": found.entries, "adopted_state": found.state_size}
