"""State roots and pictures: what a node that starts from one has is what executing everything leads to."""

import io
import lzma
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from node.world import World, made_id
from shanhai.acts import state
from shanhai.acts.roles import Role
from shanhai.acts.state import RecordState
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import ProofError
from shanhai.kernel.suite import INTL
from shanhai.ledger.logfile import LogReader
from shanhai.node import schema
from shanhai.node.adoption import Adoption
from shanhai.node.memory import Memory
from shanhai.node.pictures import Album, Manifest, chunks
from shanhai.node.rebuild import projected, projections, rebuild, telling
from shanhai.node.replay import BadEntryError, Replay
from shanhai.node.sqlite import SqliteStorage
from shanhai.node.state_root import root_of, state_root
from shanhai.node.verify import Hashes
from shanhai.node.witness.follow import take_up

GOLDEN = Path(__file__).parents[1] / "golden/rules-1.log.xz"
FIRST = 16


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fixed sizes begin at once."""
    monkeypatch.setattr(state, "FIRST", FIRST)


def golden() -> list[bytes]:
    return list(LogReader(io.BytesIO(lzma.decompress(GOLDEN.read_bytes()))))


def plainly(memory: Memory) -> str:
    """Return the root as it is defined: over every object that there is, sorted."""
    digest = INTL.digest
    leaves = sorted(
        (kind.noun, id_, digest(encode(one)))
        for (kind, id_), one in memory.objects.items()
        if not kind.derived
    )
    return root_of(INTL, leaves)


def replayed(entries: list[bytes]) -> Memory:
    memory = Memory()
    Replay(memory, signatures=False).run(entries)
    return memory


def test_the_root_at_an_earlier_size_is_the_one_it_had_there() -> None:
    entries = golden()
    whole = replayed(entries)
    for size in (40, 333, len(entries)):
        assert state_root(whole, INTL, size) == plainly(replayed(entries[:size]))


def recorded(world: World, root: str = "") -> bytes:
    """Enter what the node says of the newest fixed size, and return the entry."""
    node = world.node
    size = state.due(node.head().size)
    said = RecordState(size=size, root=root or state_root(node.storage, INTL, size))
    outcome = world.submit(said, made_id("srt", size), Role.NODE)
    assert outcome.receipt is not None, outcome.refusals
    return next(iter(node.storage.packed(outcome.receipt.index, outcome.receipt.index + 1)))


@pytest.mark.usefixtures("early")
def test_a_false_state_root_is_refused_by_everybody() -> None:
    world = World(Memory())
    world.node.submit_many(world.organisations(0, 20), world.now)
    said = RecordState(size=20, root="ab" * 32)
    outcome = world.submit(said, made_id("srt", 1), Role.NODE)
    assert [code for code, _ in outcome.refusals] == ["state.differs"]
    recorded(world)
    honest = list(world.node.storage.packed(0, world.node.head().size))
    for storage in (Hashes(), Memory()):
        Replay(storage).run(honest)


@pytest.mark.usefixtures("early")
def test_a_replay_in_one_run_refuses_a_state_root_that_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(Memory())
    world.node.submit_many(world.organisations(0, 20), world.now)
    with monkeypatch.context() as lying:
        lying.setattr("shanhai.node.block.Block._check_state", lambda *_: None)
        recorded(world, "ab" * 32)
    lied = list(world.node.storage.packed(0, world.node.head().size))
    for storage in (Hashes(), Memory()):
        with pytest.raises(BadEntryError, match=r"state\.differs"):
            Replay(storage).run(lied)


def manifest_of(memory: Memory, made: list[tuple[bytes, int]], size: int) -> Manifest:
    head = memory.head()
    assert head is not None
    return Manifest(
        ledger=head.ledger,
        suite=head.suite,
        size=head.size,
        root=head.root.hex(),
        objects=sum(count for _, count in made),
        state_size=size,
        state_root="",
        chunks=tuple(sha256(raw).hexdigest() for raw, _ in made),
    )


def test_what_a_picture_leads_to_is_what_the_whole_log_leads_to(
    new_sqlite: Callable[[], SqliteStorage],
) -> None:
    entries, storage = golden(), new_sqlite()
    at = len(entries) * 2 // 3
    half, whole = replayed(entries[:at]), replayed(entries)
    made = list(chunks(half))
    with storage.transaction():
        adoption = Adoption(storage, manifest_of(half, made, at))
        for number, (raw, _) in enumerate(made, 1):
            adoption.lay(number, raw)
        for start in range(0, at, 100):
            adoption.enter(entries[start : min(start + 100, at)])
    assert storage.head() == half.head()
    same(storage, half)
    take_up(storage, entries[at:], lambda *_: None)
    assert storage.head() == whole.head()
    same(storage, whole)
    assert state_root(storage, INTL, at) == plainly(half)
    assert rebuild(storage, lambda _: None, write=False) == 0


def same(storage: SqliteStorage, memory: Memory) -> None:
    """Compare every projection; a total of nothing and a value that nobody holds may be there or not."""
    for table in projections():
        wanted = telling(table, projected(memory, table))
        assert telling(table, storage.rows(table)) == wanted, table.name
    entries = [tuple(one) for one in memory.records]
    assert storage.rows(schema.ENTRY) == entries
    assert storage.rows(schema.TREE_NODE) == sorted(memory.nodes.items())


@pytest.mark.usefixtures("early")
def test_an_album_takes_one_picture_a_state_entry_and_keeps_two(tmp_path: Path) -> None:
    world, album = World(Memory()), Album(tmp_path)
    assert album.renew(world.node.storage) is None
    first, made = 0, None
    for size in (20, 24, 28):
        count = size - world.node.head().size + 1
        world.node.submit_many(world.organisations(first, count), world.now)
        first += count
        recorded(world)
        made = album.renew(world.node.storage)
        assert made is not None
        assert made.state_size == size
        assert album.renew(world.node.storage) is None
    assert len(album.sizes()) == 2
    again = Album(tmp_path / "again")
    assert made is not None
    assert again.renew(world.node.storage) == made
    assert again.part(made.size, "1") == album.served(f"snapshot/{made.size}/1")


@pytest.mark.usefixtures("early")
def test_a_damaged_picture_is_taken_anew(tmp_path: Path) -> None:
    world, album = World(Memory()), Album(tmp_path)
    world.node.submit_many(world.organisations(0, 20), world.now)
    recorded(world)
    made = album.renew(world.node.storage)
    assert made is not None
    (album.folder / str(made.size) / "manifest").write_bytes(b"{}")
    with pytest.raises(ProofError, match=r"snapshot\.broken"):
        album.manifest(made.size)
    assert album.renew(world.node.storage) == made
