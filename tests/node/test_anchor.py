"""The anchor: ahead, refuse; behind, extend; and never back."""

from pathlib import Path

import pytest

from node.world import World, genesis
from shanhai.acts.genesis import Clock
from shanhai.kernel.errors import ProofError, StorageError
from shanhai.ledger.signing import Ed25519Signer
from shanhai.node.anchor import Anchor, Anchored, parse_anchor
from shanhai.node.loop import Node
from shanhai.node.memory import Memory
from shanhai.node.seal import Sealer

SIGNER = Ed25519Signer(b"\x09" * 32)


def sealer(folder: Path, world: World) -> Sealer:
    return Sealer(SIGNER, Anchor(folder, world.node.constants.ledger))


def anchored(keeper: Sealer) -> Anchored:
    assert keeper.anchor is not None
    found = keeper.anchor.read()
    assert found is not None
    return found


def test_a_first_start_makes_the_anchor(tmp_path: Path) -> None:
    world = World(Memory())
    keeper = sealer(tmp_path, world)
    keeper.start(world.node)
    assert anchored(keeper).checkpoint.size == 1
    assert anchored(keeper).vkey == keeper.vkey(world.node)


def test_each_batch_moves_it(tmp_path: Path) -> None:
    world = World(Memory())
    world.node.publisher = keeper = sealer(tmp_path, world)
    world.node.submit_many(world.organisations(0, 3), world.now)
    assert anchored(keeper).checkpoint.root == world.node.head().root


def test_behind_is_extended_after_a_look(tmp_path: Path) -> None:
    world = World(Memory())
    sealer(tmp_path, world).start(world.node)
    world.node.submit_many(world.organisations(0, 3), world.now)
    keeper = sealer(tmp_path, world)
    keeper.start(world.node)
    assert anchored(keeper).checkpoint.size == 4


def test_a_rolled_back_database_does_not_start(tmp_path: Path) -> None:
    world, old = World(Memory()), World(Memory())
    world.node.publisher = sealer(tmp_path, world)
    world.node.submit_many(world.organisations(0, 3), world.now)
    with pytest.raises(ProofError, match=r"anchor\.ahead") as caught:
        sealer(tmp_path, old).start(old.node)
    assert "锚点" in caught.value.say("zh")


def test_a_rewritten_history_does_not_start(tmp_path: Path) -> None:
    world, other = World(Memory()), World(Memory())
    world.node.publisher = sealer(tmp_path, world)
    world.node.submit_many(world.organisations(0, 3), world.now)
    other.node.submit_many(other.organisations(50, 4), other.now)
    with pytest.raises(ProofError, match=r"anchor\.differs"):
        sealer(tmp_path, other).start(other.node)


def test_a_damaged_anchor_is_no_anchor(tmp_path: Path) -> None:
    world = World(Memory())
    keeper = sealer(tmp_path, world)
    keeper.start(world.node)
    assert keeper.anchor is not None
    raw = keeper.anchor.path.read_bytes()
    with pytest.raises(ProofError, match=r"anchor\.malformed"):
        parse_anchor(raw[:-30])


def test_a_bit_that_flips_after_the_commit_is_never_signed(tmp_path: Path) -> None:
    storage = Memory()
    world = World(storage)
    keeper = sealer(tmp_path, world)
    keeper.start(world.node)
    world.node.submit_many(world.organisations(0, 3), world.now)
    packed = storage.records[2].packed
    storage.records[2] = storage.records[2]._replace(packed=packed[:-9] + b"x" + packed[-8:])
    with pytest.raises(ProofError, match=r"seal\.differs"):
        keeper.publish(world.node)
    assert anchored(keeper).checkpoint.size == 1


def test_a_real_ledger_never_starts_behind_its_last_entry() -> None:
    storage = Memory()
    world = World(storage, clock=Clock.REAL)
    with pytest.raises(StorageError, match=r"clock\.behind"):
        Node.open(storage, lambda _: world.now - 5000)
    assert Node.open(storage, lambda _: world.now).head().size == 1


def test_a_simulated_ledger_may_start_behind() -> None:
    storage = Memory()
    world = World(storage)
    assert Node.open(storage, lambda _: world.now - 5000).head().size == 1


def test_genesis_comes_once() -> None:
    storage = Memory()
    World(storage)
    with pytest.raises(Exception, match=r"genesis\.present"):
        Node.found(storage, genesis(), 1)
