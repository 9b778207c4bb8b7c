"""The application of a consortium, driven by the fake network through every call, restarts and replays."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.consortium_world import Consortium, app_state, opener
from node.world import START_MS, World, made_id
from shanhai.acts.officer import OrganisationKind, RegisterOrganisation
from shanhai.acts.roles import Role
from shanhai.kernel.errors import InvalidInputError, StorageError
from shanhai.kernel.suite import SM
from shanhai.ledger.body import Seen
from shanhai.node import abci_messages as abci
from shanhai.node import chain
from shanhai.node.chain import app_hash
from shanhai.node.fake import FakeNode, PartedError
from shanhai.node.fsck import check
from shanhai.node.memory import Memory
from shanhai.node.snapshot import CHUNK
from shanhai.node.transactions import KNOWN, MALFORMED, OK, REFUSED, signed_of, transaction


@pytest.fixture
def consortium(tmp_path: Path) -> Iterator[Consortium]:
    """Return four nodes."""
    made = Consortium(tmp_path)
    yield made
    made.close()


def codes(results: list[abci.ExecTxResult]) -> list[int]:
    return [one.code for one in results]


def offer(consortium: Consortium, txs: list[bytes]) -> None:
    for tx in txs:
        assert {one.code for one in consortium.network.check(tx)} == {OK}


def test_blocks_lead_to_the_log_that_one_node_alone_would_write(consortium: Consortium) -> None:
    txs = consortium.acts(0, 20)
    offer(consortium, txs)
    now = consortium.tick()
    assert codes(consortium.network.round(now)) == [OK] * 20
    alone = consortium.world.node
    alone.submit_many([signed_of(tx) for tx in txs], now)
    wanted = alone.head()
    for node in consortium.network.nodes:
        assert node.application.head == wanted
        assert not check(node.application.storage, None)
    assert consortium.network.app_hash == app_hash(alone.constants.suite, wanted.root, wanted.rules)


def test_a_block_without_acts_changes_nothing_but_time(consortium: Consortium) -> None:
    before = consortium.network.app_hash
    for _ in range(3):
        assert consortium.network.round(consortium.tick()) == []
    assert consortium.network.app_hash == before
    application = consortium.network.nodes[0].application
    assert application.point is not None
    assert (application.point.height, application.head.size) == (3, 1)
    assert application.point.time_ms == consortium.now


def test_an_act_enters_once(consortium: Consortium) -> None:
    (tx,) = consortium.acts(0, 1)
    offer(consortium, [tx])
    consortium.network.round(consortium.tick())
    assert {one.code for one in consortium.network.check(tx)} == {KNOWN}
    assert consortium.network.vote(consortium.tick(), [tx]) == 2
    assert codes(consortium.network.decide(consortium.now, [tx, tx])) == [KNOWN, KNOWN]
    assert consortium.network.nodes[0].application.head.size == 2


def test_the_same_act_twice_in_a_block_enters_once(consortium: Consortium) -> None:
    (tx,) = consortium.acts(0, 1)
    assert codes(consortium.network.decide(consortium.tick(), [tx, tx])) == [OK, KNOWN]


def test_a_bad_proposal_is_voted_down_and_an_honest_proposer_makes_none(
    consortium: Consortium,
) -> None:
    good, forged = consortium.acts(0, 2)
    forged = forged[:-20] + b"A" * 18 + forged[-2:]
    rubbish = b"\x00\x00"
    network, now = consortium.network, consortium.tick()
    for bad in (forged, rubbish, b"", good + b"x" * 70_000):
        assert network.vote(now, [good, bad]) == 2
        assert network.prepare(0, now, [bad, good]) == [good]
        assert {one.code for one in network.check(bad)} <= {MALFORMED, REFUSED}
    assert codes(network.decide(now, [forged, rubbish, good])) == [REFUSED, MALFORMED, OK]


def test_what_the_rules_refuse_leaves_the_pool_and_may_be_offered_anew(
    consortium: Consortium,
) -> None:
    payload = RegisterOrganisation(
        name="模拟合作社", kind=OrganisationKind.COOPERATIVE, region="510722", code="1" * 18
    )
    world, network = consortium.world, consortium.network
    first, second = (
        transaction(world.signed(payload, made_id("org", number))) for number in (50, 51)
    )
    offer(consortium, [first, second])
    assert codes(network.round(consortium.tick())) == [OK]
    assert network.waiting == [second]  # three nodes have not proposed yet
    for _ in range(4):
        assert network.round(consortium.tick()) == []
    assert network.waiting == []
    answers = network.check(second)
    assert {one.code for one in answers} == {REFUSED}
    assert "object.taken" in answers[0].log


def test_an_act_from_the_future_waits_for_its_time(consortium: Consortium) -> None:
    world = consortium.world
    payload = RegisterOrganisation(
        name="模拟合作社", kind=OrganisationKind.COOPERATIVE, region="510722", code="1" * 18
    )
    seen = Seen(2, "0" * 64)
    ahead = transaction(world.signed(payload, made_id("org", 50), seen=seen))
    early = transaction(
        world.signed(payload, made_id("org", 51), made_ms=consortium.now + 10 * 60_000)
    )
    offer(consortium, [ahead])
    assert {one.code for one in consortium.network.check(early)} == {REFUSED}
    assert consortium.network.round(consortium.tick()) == []
    assert consortium.network.waiting == [ahead]


def test_an_act_whose_window_ends_leaves_the_pool(consortium: Consortium) -> None:
    seen = Seen(9, "0" * 64)
    payload = RegisterOrganisation(
        name="模拟合作社", kind=OrganisationKind.COOPERATIVE, region="510722", code="1" * 18
    )
    tx = transaction(consortium.world.signed(payload, made_id("org", 50), seen=seen))
    offer(consortium, [tx])
    consortium.now += 20 * 60_000
    consortium.network.round(consortium.now)
    assert consortium.network.waiting == []


def test_a_wrong_role_is_told_in_the_result(consortium: Consortium) -> None:
    payload = RegisterOrganisation(
        name="模拟合作社", kind=OrganisationKind.COOPERATIVE, region="510722", code="1" * 18
    )
    signed = consortium.world.signed(payload, made_id("org", 50), Role.COUNTY_FINANCE)
    (result,) = consortium.network.decide(consortium.tick(), [transaction(signed)])
    assert (result.code, result.data) == (REFUSED, b"")
    assert "authority.role" in result.log


def test_time_never_falls_whatever_the_blocks_say(consortium: Consortium) -> None:
    network = consortium.network
    network.decide(START_MS + 60_000, consortium.acts(0, 1))
    network.decide(START_MS + 1_000, consortium.acts(1, 1))
    assert network.nodes[0].application.head.time_ms == START_MS + 60_000


EVERY = 150
"""A snapshot each so many acts, in these tests."""


class CutError(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("point", ["after_finalize", "before_commit", "after_commit"])
def test_a_node_that_dies_anywhere_comes_back_to_the_same_hash(
    consortium: Consortium, tmp_path: Path, point: str
) -> None:
    network, armed = consortium.network, True

    def crash(here: str) -> None:
        nonlocal armed
        if armed and here == point:
            armed = False
            raise CutError

    late = FakeNode(opener(tmp_path / "late.sqlite3", crash))
    network.round(consortium.tick())
    for first in (0, 5):
        offer(consortium, consortium.acts(first, 5))
        network.round(consortium.tick())
    with pytest.raises(CutError):
        network.handshake(late)
    late.restart()
    network.handshake(late)
    assert late.application.head == network.nodes[0].application.head
    assert network.handshake(late) == 0
    late.application.storage.connection.close()


def test_what_was_answered_and_not_written_is_sent_again(
    consortium: Consortium, tmp_path: Path
) -> None:
    """Commit is answered before the block is written: a node that dies in between is one block behind."""
    network, unwritten = consortium.network, list[object]()
    for first in (0, 5):
        offer(consortium, consortium.acts(first, 5))
        network.round(consortium.tick())
    late = FakeNode(opener(tmp_path / "late.sqlite3", after=unwritten.append))
    network.handshake(late)
    assert (
        late.application.head.size == 6
    )  # the second block is decided; the call that asks next writes it
    late.restart()
    assert late.application.head.size == 6
    assert network.handshake(late) == 1
    late.call(abci.Info(), abci.InfoAnswer)
    assert late.application.head == network.nodes[0].application.head
    assert len(unwritten) == 3
    late.application.storage.connection.close()


def test_genesis_may_come_twice_but_not_another(tmp_path: Path) -> None:
    world, other = World(Memory()), World(Memory(), SM)
    node = FakeNode(opener(tmp_path / "one.sqlite3"))
    begin = abci.InitChain(abci.Timestamp.of(START_MS), "fake", [], app_state(world))
    first = node.call(begin, abci.InitChainAnswer)
    node.restart()
    assert node.call(begin, abci.InitChainAnswer) == first
    with pytest.raises(InvalidInputError) as refused:
        node.call(
            abci.InitChain(abci.Timestamp.of(START_MS), "fake", [], app_state(other)),
            abci.InitChainAnswer,
        )
    assert refused.value.code == "consensus.genesis"
    with pytest.raises(InvalidInputError) as malformed:
        node.call(abci.InitChain(app_state_bytes=b"{}"), abci.InitChainAnswer)
    assert malformed.value.code == "genesis.invalid"
    node.application.storage.connection.close()


def test_a_block_of_another_height_stops_the_node(consortium: Consortium) -> None:
    request = abci.FinalizeBlock([], b"", 7, abci.Timestamp.of(START_MS))
    with pytest.raises(InvalidInputError) as refused:
        consortium.network.nodes[0].call(request, abci.FinalizeBlockAnswer)
    assert refused.value.code == "consensus.height"


def test_a_node_whose_database_was_edited_is_found_out(consortium: Consortium) -> None:
    network = consortium.network
    (tx,) = consortium.acts(0, 1)
    network.decide(consortium.tick(), [tx])
    edited = network.nodes[3]
    edited.application.storage.connection.execute('DELETE FROM "holder"')
    edited.restart()
    same = transaction(
        consortium.world.signed(
            RegisterOrganisation(
                name="模拟合作社", kind=OrganisationKind.COOPERATIVE, region="510722", code="0" * 18
            ),
            made_id("org", 51),
        )
    )
    with pytest.raises(PartedError):
        network.decide(consortium.tick(), [same])


def test_questions_are_answered_from_committed_state(consortium: Consortium) -> None:
    network, node = consortium.network, consortium.network.nodes[2]
    empty = node.call(abci.Query(path="head"), abci.QueryAnswer)
    assert (empty.code, empty.log) == (1, "genesis.missing")  # no block yet
    offer(consortium, consortium.acts(0, 3))
    network.round(consortium.tick())
    found = msgspec.json.decode(
        node.call(abci.Query((2).to_bytes(8, "big"), "acts"), abci.QueryAnswer).value
    )
    assert (found["size"], found["height"], len(found["acts"])) == (4, 1, 2)
    assert found["root"] == node.application.head.root.hex()


def grow(consortium: Consortium, acts: int) -> None:
    for first in range(0, acts, 50):
        consortium.network.decide(consortium.tick(), consortium.acts(first, min(50, acts - first)))


def test_a_node_joins_from_a_snapshot(
    consortium: Consortium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "EVERY", EVERY)
    network = consortium.network
    grow(consortium, EVERY + 5)
    giver = network.nodes[0]
    (offered,) = giver.call(abci.ListSnapshots(), abci.ListSnapshotsAnswer).snapshots
    hashed = network.blocks[offered.height - 1].app_hash
    joiner = FakeNode(opener(tmp_path / "joiner.sqlite3"))
    ask = abci.OfferSnapshot(offered, hashed)
    assert (offered.height, offered.chunks) == (3, -(-(EVERY + 1) // CHUNK))
    wrong = abci.OfferSnapshot(offered, b"\x02" * 32)
    assert joiner.call(wrong, abci.OfferSnapshotAnswer).result == abci.Offered.REJECT
    other = abci.OfferSnapshot(abci.Snapshot(1, 9), hashed)
    assert joiner.call(other, abci.OfferSnapshotAnswer).result == abci.Offered.REJECT_FORMAT
    assert joiner.call(ask, abci.OfferSnapshotAnswer).result == abci.Offered.ACCEPT
    for index in range(offered.chunks):
        load = abci.LoadSnapshotChunk(offered.height, offered.format, index)
        raw = giver.call(load, abci.LoadSnapshotChunkAnswer).chunk
        bad = abci.ApplySnapshotChunk(index, raw[:-1] + b"!", "liar")
        answer = joiner.call(bad, abci.ApplySnapshotChunkAnswer)
        assert (answer.result, answer.refetch_chunks) == (abci.Applied.RETRY, [index])
        assert answer.reject_senders == ["liar"]
        good = abci.ApplySnapshotChunk(index, raw, "honest")
        assert joiner.call(good, abci.ApplySnapshotChunkAnswer).result == abci.Applied.ACCEPT
    assert network.handshake(joiner) == len(network.blocks) - offered.height
    assert joiner.application.head == giver.application.head
    assert not check(joiner.application.storage, None)
    network.nodes.append(joiner)
    offer(consortium, consortium.acts(5_000, 3))
    network.round(consortium.tick())
    with pytest.raises(StorageError) as refused:
        joiner.call(ask, abci.OfferSnapshotAnswer)
    assert refused.value.code == "snapshot.partial"


@given(st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_course_of_blocks_and_restarts_keeps_the_nodes_alike(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    consortium = Consortium(tmp_path_factory.mktemp("course"), 3)
    network, made = consortium.network, 0
    for _ in range(data.draw(st.integers(1, 8))):
        step = data.draw(st.sampled_from(["round", "restart", "lose a round", "offer"]))
        if step == "offer":
            offer(consortium, consortium.acts(made, 3))
            made += 3
        elif step == "restart":
            node = network.nodes[data.draw(st.integers(0, 2))]
            node.restart()
            network.handshake(node)
        elif step == "lose a round":
            proposed = network.prepare(0, consortium.tick(), network.waiting)
            network.vote(consortium.now, proposed)
        else:
            network.round(consortium.tick())
    network.round(consortium.tick())
    heads = {node.application.head for node in network.nodes}
    consortium.close()
    assert len(heads) == 1


def test_a_block_of_an_earlier_round_is_not_executed_again(
    consortium: Consortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = consortium.acts(0, 2)
    network, now = consortium.network, consortium.tick()
    assert network.vote(now, [first]) == 1
    assert network.vote(now + 1, [second, first]) == 1
    for node in network.nodes:
        ours = node.application.node
        assert ours is not None
        monkeypatch.setattr(ours, "enter", lambda *_: pytest.fail("executed again"))
    assert codes(network.decide(now, [first])) == [OK]
    assert network.nodes[0].application.head.size == 2
