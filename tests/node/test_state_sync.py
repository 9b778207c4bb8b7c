"""State sync on the fake network: a node that starts from a picture, and pictures and anchors that are refused."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from node.consortium_world import Consortium, opener
from node.world import made_id
from shanhai.acts import state
from shanhai.acts.roles import Role
from shanhai.acts.state import RecordState
from shanhai.kernel.canonical import encode
from shanhai.kernel.suite import INTL
from shanhai.node import abci_messages as abci
from shanhai.node.fake import FakeNode
from shanhai.node.fsck import check
from shanhai.node.pictures import Album
from shanhai.node.restore import PICTURE, SETTLED, metadata, parse_metadata
from shanhai.node.state_root import state_root
from shanhai.node.transactions import transaction


@pytest.fixture
def consortium(tmp_path: Path) -> Iterator[Consortium]:
    """Return two nodes."""
    made = Consortium(tmp_path, 2)
    yield made
    made.close()


def grow(consortium: Consortium, acts: int) -> None:
    for first in range(0, acts, 50):
        consortium.network.decide(consortium.tick(), consortium.acts(first, min(50, acts - first)))


def with_albums(consortium: Consortium, tmp_path: Path) -> None:
    for number, node in enumerate(consortium.network.nodes):
        node.application.snapshots.album = Album(tmp_path / f"album{number}")


def recorded(consortium: Consortium, size: int) -> None:
    """Grow beyond a fixed size and let the node's officer record the state's root there."""
    grow(consortium, size)
    world, network = consortium.world, consortium.network
    storage = network.nodes[0].application.storage
    said = RecordState(size=size, root=state_root(storage, INTL, size))
    signed = world.signed(said, made_id("srt", size), Role.NODE)
    network.decide(consortium.tick(), [transaction(signed)])
    assert not any(node.application.snapshots.heights() for node in network.nodes)
    for _ in range(SETTLED):
        network.decide(consortium.tick(), [])


def chunks_of(giver: FakeNode, offered: abci.Snapshot) -> list[bytes]:
    asked = [
        abci.LoadSnapshotChunk(offered.height, offered.format, index)
        for index in range(offered.chunks)
    ]
    return [giver.call(one, abci.LoadSnapshotChunkAnswer).chunk for one in asked]


def test_a_node_joins_from_a_picture_and_executes_nothing_before(
    consortium: Consortium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "FIRST", 128)
    network, giver = consortium.network, consortium.network.nodes[0]
    with_albums(consortium, tmp_path)
    recorded(consortium, 160)
    offers = {
        node.call(abci.ListSnapshots(), abci.ListSnapshotsAnswer).snapshots[0].hash
        for node in network.nodes
    }
    assert len(offers) == 1
    (offered,) = giver.call(abci.ListSnapshots(), abci.ListSnapshotsAnswer).snapshots
    assert offered.format == PICTURE
    hashed = network.blocks[offered.height - 1].app_hash
    network.decide(consortium.tick(), consortium.acts(400, 9))
    joiner = FakeNode(opener(tmp_path / "joiner.sqlite3"))
    told: list[str] = []
    joiner.application.snapshots.told = lambda error: told.append(error.code)
    ask = abci.OfferSnapshot(offered, hashed)
    wrong = abci.OfferSnapshot(offered, b"\x02" * 32)
    assert joiner.call(wrong, abci.OfferSnapshotAnswer).result == abci.Offered.REJECT
    assert told == ["snapshot.differs"]
    assert joiner.call(ask, abci.OfferSnapshotAnswer).result == abci.Offered.ACCEPT
    with monkeypatch.context() as still:
        still.setattr("shanhai.node.block.Block.again", lambda *_: pytest.fail("executed"))
        for index, raw in enumerate(chunks_of(giver, offered)):
            bad = abci.ApplySnapshotChunk(index, raw[:-1] + b"!", "liar")
            answer = joiner.call(bad, abci.ApplySnapshotChunkAnswer)
            assert (answer.result, answer.reject_senders) == (abci.Applied.RETRY, ["liar"])
            good = abci.ApplySnapshotChunk(index, raw, "honest")
            assert joiner.call(good, abci.ApplySnapshotChunkAnswer).result == abci.Applied.ACCEPT
    assert network.handshake(joiner) == SETTLED + 1
    assert joiner.application.head == giver.application.head
    assert not check(joiner.application.storage, None)
    network.nodes.append(joiner)
    network.decide(consortium.tick(), consortium.acts(5_000, 3))
    assert joiner.application.point == giver.application.point


def test_a_picture_that_the_log_does_not_lead_to_leaves_no_trace(
    consortium: Consortium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "FIRST", 128)
    network, giver = consortium.network, consortium.network.nodes[0]
    with_albums(consortium, tmp_path)
    recorded(consortium, 160)
    (offered,) = giver.call(abci.ListSnapshots(), abci.ListSnapshotsAnswer).snapshots
    raw = chunks_of(giver, offered)
    raw[0] = raw[0].replace("模拟合作社7".encode(), "模拟合作社八".encode(), 1)
    outline, manifest = parse_metadata(offered.metadata)
    forged = msgspec.structs.replace(manifest, chunks=(sha256(raw[0]).hexdigest(),))
    lie = abci.Snapshot(
        offered.height, PICTURE, offered.chunks, b"lie", metadata(outline, encode(forged))
    )
    hashed = network.blocks[offered.height - 1].app_hash
    joiner = FakeNode(opener(tmp_path / "joiner.sqlite3"))
    told: list[str] = []
    joiner.application.snapshots.told = lambda error: told.append(error.code)
    taken = joiner.call(abci.OfferSnapshot(lie, hashed), abci.OfferSnapshotAnswer)
    assert taken.result == abci.Offered.ACCEPT
    results = [
        joiner.call(abci.ApplySnapshotChunk(at, one, "liar"), abci.ApplySnapshotChunkAnswer).result
        for at, one in enumerate(raw)
    ]
    assert results[-1] == abci.Applied.REJECT_SNAPSHOT
    assert told == ["snapshot.state"]
    assert joiner.application.storage.head() is None
    honest = abci.OfferSnapshot(offered, hashed)
    assert joiner.call(honest, abci.OfferSnapshotAnswer).result == abci.Offered.ACCEPT
