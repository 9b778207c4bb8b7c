"""A mirror that lost everything: its copy from a snapshot, believed only under a certificate, and only if it holds."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from node.witness.network import Witnessing, identity
from shanhai.acts import state
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import InvalidInputError, ProofError, ShanhaiError
from shanhai.ledger.entry import unpack
from shanhai.ledger.policy import Policy
from shanhai.node.admission import Signed
from shanhai.node.loop import Node, Outcome
from shanhai.node.memory import Memory
from shanhai.node.pictures import Album, parse_manifest
from shanhai.node.rebuild import projections
from shanhai.node.recording import record
from shanhai.node.sqlite import SqliteStorage
from shanhai.node.witness.adopting import adopt, adopted
from shanhai.node.witness.desk import status
from shanhai.node.witness.mirror import Mirror, Shelves
from shanhai.node.witness.remote import Get
from shanhai.node.witness.shelf import MemoryShelf


class Lost(Witnessing):
    """A witnessed set whose sequencer has a snapshot; the first mirror loses its folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(4, chunk=7)
        self.album = Album(folder)
        self.made = 0
        self.grow(40)
        self.rounds()
        node, world = self.site.node, self.site.world
        record(node, world.officers[Role.NODE], self.now, bytes)
        self.grow(3)
        assert self.album.renew(node.storage) is not None
        self.settle()

    def grow(self, count: int) -> None:
        """Enter more acts."""
        self.site.grow(self.made, count)
        self.made += count

    def settle(self) -> None:
        """Let everybody cosign what there is."""
        for _ in range(2):
            assert all(one.refused is None for one in self.rounds())

    def get(self, path: str) -> bytes:
        """Serve the log's files and the snapshot's."""
        if not path.startswith("snapshot"):
            return self.site.get(path)
        raw = self.album.served(path)
        if raw is None:
            raise InvalidInputError("remote.unreachable", url="site", path=path, detail="404 none")
        return raw

    def lose(self, storage: SqliteStorage, policy: Policy | None = None) -> Mirror:
        """Return the first mirror with an empty copy; what lies outside its folder is there."""
        self.shelves[0] = Shelves(MemoryShelf(), self.shelves[0].outside)
        self.mirrors[0] = Mirror(storage, policy or self.policy, identity(0), self.shelves[0], 7)
        return self.mirrors[0]


@pytest.fixture
def lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lost:
    monkeypatch.setattr(state, "FIRST", 16)
    return Lost(tmp_path)


def test_a_lost_mirror_takes_up_executes_the_rest_and_cosigns(
    lost: Lost, new_sqlite: Callable[[], SqliteStorage]
) -> None:
    mirror = lost.lose(new_sqlite())
    done = adopt(mirror, lost.get)
    assert (done.entries, done.state_size) == (45, 40)
    lost.grow(9)
    result = lost.round(0)
    assert (result.refused, result.new) == (None, 9)
    head = lost.site.node.head()
    assert mirror.head() == head
    assert status(mirror, lost.policy) | {"adopted": 45, "adopted_state": 40} == status(
        mirror, lost.policy
    )
    assert lost.round(1).refused is None
    assert adopted(lost.shelves[1].inside) is None
    assert status(lost.mirrors[1], lost.policy)["adopted"] == 0
    assert list(mirror.storage.packed(0, head.size)) == list(
        lost.mirrors[1].storage.packed(0, head.size)
    )
    assert mirror.root_at(3) == lost.mirrors[1].root_at(3)


def answers(node: Node, signed: list[Signed], now_ms: int) -> list[Outcome]:
    """Return what a node answers to acts: receipts, or every reason against them."""
    return node.submit_many(signed, now_ms)


def test_every_later_act_is_answered_as_by_a_node_that_executed_everything(
    lost: Lost, new_sqlite: Callable[[], SqliteStorage]
) -> None:
    mirror = lost.lose(new_sqlite())
    adopt(mirror, lost.get)
    lost.round(0)
    world, ours, theirs = lost.site.world, mirror.node(), lost.mirrors[1].node()
    old = world.organisations(0, 2)  # the same names under other act ids: the register holds them
    *new, last = world.organisations(lost.made, 4)
    forged = Signed(last.body, new[1].signature)
    known = [entry_of(lost, index) for index in (3, 20, 44)]
    signed = [*old, *new, forged, *known]
    found = answers(ours, signed, world.now)
    assert found == answers(theirs, signed, world.now)
    assert {one.accepted for one in found} == {True, False}
    assert sum(one.duplicate for one in found) == len(known)
    assert ours.head() == theirs.head()


def entry_of(lost: Lost, index: int) -> Signed:
    """Return the act of an entry, as it was submitted."""
    entry = unpack(next(iter(lost.site.node.storage.packed(index, index + 1))))
    return Signed(entry.body, entry.signature)


def refused(mirror: Mirror, get: Get) -> str:
    """Return why a snapshot is refused; nothing of it may be left."""
    with pytest.raises(ShanhaiError) as caught:
        adopt(mirror, get)
    assert caught.value.say("zh")
    assert caught.value.say("en")
    assert mirror.head() is None
    assert adopted(mirror.shelves.inside) is None
    if isinstance(mirror.storage, SqliteStorage):
        assert not any(mirror.storage.rows(table) for table in projections())
    return caught.value.code


def changed(lost: Lost, path: str, change: Callable[[bytes], bytes]) -> Get:
    """Return a source that lies about one file."""
    return lambda asked: change(lost.get(asked)) if asked == path else lost.get(asked)


def test_a_snapshot_that_was_altered_or_cut_is_refused(
    lost: Lost, new_sqlite: Callable[[], SqliteStorage]
) -> None:
    mirror, part = lost.lose(new_sqlite()), f"snapshot/{lost.album.sizes()[0]}/1"
    assert refused(mirror, changed(lost, part, lambda raw: raw[:-9])) == "snapshot.broken"
    flipped = changed(lost, part, lambda raw: raw.replace("模拟".encode(), "摸拟".encode(), 1))
    assert refused(mirror, flipped) == "snapshot.broken"
    assert refused(mirror, changed(lost, "snapshot", lambda raw: raw[:40])) == "snapshot.broken"

    def altered(path: str) -> bytes:
        raw = lost.get(path)
        return raw.replace(b"510722", b"510723", 1) if path.startswith("tile/entries/") else raw

    assert refused(mirror, altered) == "witness.altered"


def forging(lost: Lost, change: Callable[[bytes], bytes], **said: object) -> Get:
    """Return a source whose snapshot is consistent with itself and not with the log."""
    size = lost.album.sizes()[0]
    raw = change(lost.get(f"snapshot/{size}/1"))
    manifest = parse_manifest(lost.get("snapshot"))
    made = msgspec.structs.replace(
        manifest, chunks=(sha256(raw).hexdigest(),), objects=raw.count(b"\n"), **said
    )
    return lambda path: (
        raw
        if path == f"snapshot/{size}/1"
        else encode(made)
        if path == "snapshot"
        else lost.get(path)
    )


def renaming(name: bytes) -> Callable[[bytes], bytes]:
    """Return what calls an object otherwise."""
    return lambda raw: raw.replace(name, b"x" + name, 1)


def test_objects_that_the_log_does_not_lead_to_are_refused(
    lost: Lost, new_sqlite: Callable[[], SqliteStorage]
) -> None:
    mirror = lost.lose(new_sqlite())
    old = f"模拟合作社{3}".encode()
    young = f"模拟合作社{41}".encode()
    for name in (old, young):
        assert refused(mirror, forging(lost, renaming(name))) == "snapshot.state"
    gone = forging(lost, lambda raw: b"".join(raw.splitlines(keepends=True)[:-1]))
    assert refused(mirror, gone) == "snapshot.state"

    def doubled(raw: bytes) -> bytes:
        lines = raw.splitlines(keepends=True)
        return b"".join([*lines, lines[-1]])

    assert refused(mirror, forging(lost, doubled)) == "snapshot.broken"
    unsaid = forging(lost, bytes, state_root="ab" * 32)
    assert refused(mirror, unsaid) == "snapshot.unrecorded"
    earlier = forging(lost, bytes, state_size=32)
    assert refused(mirror, earlier) == "snapshot.unrecorded"


def test_a_snapshot_without_the_quorum_or_behind_what_was_cosigned_is_refused(
    lost: Lost, new_sqlite: Callable[[], SqliteStorage]
) -> None:
    final = lost.site.get("final")
    lost.grow(4)
    lost.settle()
    mirror = lost.lose(new_sqlite())
    behind = changed(lost, "final", lambda _: final)
    assert refused(mirror, behind) == "snapshot.stale"

    def alone(raw: bytes) -> bytes:
        head, _, signed = raw.partition(b"\n\n")
        lines = [b"\xe2\x80\x94" + one for one in signed.split(b"\xe2\x80\x94")[1:]]
        return head + b"\n\n" + b"".join(lines[:2])

    assert refused(mirror, changed(lost, "final", alone)) == "snapshot.uncertified"
    newer = forging(lost, bytes, size=900)
    assert refused(mirror, newer) == "snapshot.uncertified"


def test_another_ledgers_snapshot_and_a_source_without_one_are_refused(
    lost: Lost, new_sqlite: Callable[[], SqliteStorage]
) -> None:
    ledger = lost.site.node.constants.ledger
    mirror = lost.lose(new_sqlite(), lost.policy._replace(ledger=ledger))
    other = forging(lost, bytes, ledger="cd" * 32)
    assert refused(mirror, other) == "snapshot.ledger"
    unnamed = lost.lose(mirror.storage, lost.policy)  # type: ignore[arg-type]  # it is that storage
    assert refused(unnamed, other) == "snapshot.ledger"
    assert refused(unnamed, lost.site.get) == "snapshot.none"
    adopt(unnamed, lost.get)
    with pytest.raises(InvalidInputError, match=r"snapshot\.present"):
        adopt(unnamed, lost.get)


def test_what_this_key_cosigned_of_another_history_raises_the_alarm(
    lost: Lost, new_sqlite: Callable[[], SqliteStorage]
) -> None:
    mirror = lost.lose(new_sqlite())
    fork = Witnessing(4)
    fork.site.grow(100, 20)
    fork.rounds()
    lost.shelves[0].outside.kept.update(fork.shelves[0].outside.kept)  # type: ignore[attr-defined]  # in memory
    with pytest.raises(ProofError, match=r"witness\.split"):
        adopt(mirror, lost.get)
    assert mirror.head() is None
    assert mirror.evidence.alarms()


def test_the_storage_in_memory_takes_a_snapshot_up_too(lost: Lost) -> None:
    mirror = Mirror(Memory(), lost.policy, identity(0), Shelves(MemoryShelf(), MemoryShelf()))
    adopt(mirror, lost.get)
    assert mirror.sync(lost.get, lost.now).size == lost.site.node.head().size
