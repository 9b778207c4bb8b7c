"""Validators as the network hears of them: from genesis, after the block of an act, at a peer's call, and on replay."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.consortium_world import SECOND, Consortium, app_state, opener
from node.world import START_MS, made_id
from shanhai.acts.machine import Act
from shanhai.acts.roles import Role
from shanhai.acts.validator import ConfirmValidator, ProposeValidator, Seat
from shanhai.kernel.canonical import to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.node import abci_messages as abci
from shanhai.node.fake import FakeNode
from shanhai.node.transactions import OK, transaction

CHANGE = made_id("vch", 1)


def key(number: int) -> bytes:
    return bytes([number + 1]) * 32


def seat(number: int) -> Seat:
    public = to_base64(key(number))
    return Seat(name=f"node{number}", public=public, node=f"{number:040x}", power=10)


@pytest.fixture
def consortium(tmp_path: Path) -> Iterator[Consortium]:
    """Return two nodes of a ledger whose genesis names four validators."""
    made = Consortium(tmp_path, 2, validators=tuple(seat(number) for number in range(4)))
    yield made
    made.close()


def decide(consortium: Consortium, act: Act, role: Role) -> list[abci.ValidatorUpdate]:
    """Let an act be decided; return what the block answers about validators."""
    world = consortium.world
    signed = world.signed(act, CHANGE, role)
    world.node.submit_many([signed], consortium.tick())
    (result,) = consortium.network.decide(consortium.now, [transaction(signed)])
    assert result.code == OK, result.log
    return consortium.network.voting


def propose(consortium: Consortium, since: int) -> list[abci.ValidatorUpdate]:
    act = ProposeValidator(
        name="node4",
        organisation=made_id("org", 1),
        public=to_base64(key(4)),
        node=f"{4:040x}",
        power=10,
        since_height=since,
        basis="模拟章程",
    )
    return decide(consortium, act, Role.RULEMAKER)


FIFTH = [abci.ValidatorUpdate(abci.PublicKey(key(4)), 10)]


def test_a_change_is_answered_two_blocks_before_it_holds(consortium: Consortium) -> None:
    network = consortium.network
    assert propose(consortium, 6) == []
    assert decide(consortium, ConfirmValidator(), Role.RULEKEEPER) == []
    said = []
    for _ in range(4):
        network.round(consortium.tick())
        said.append(network.voting)
    assert said == [[], FIFTH, [], []]  # blocks 3 to 6


def test_a_change_that_comes_late_is_answered_at_once(consortium: Consortium) -> None:
    propose(consortium, 1)
    assert decide(consortium, ConfirmValidator(), Role.RULEKEEPER) == FIFTH
    consortium.network.round(consortium.tick())
    assert consortium.network.voting == []


def test_a_node_that_replays_answers_the_same(consortium: Consortium, tmp_path: Path) -> None:
    propose(consortium, 4)
    decide(consortium, ConfirmValidator(), Role.RULEKEEPER)
    for _ in range(3):
        consortium.network.round(consortium.tick())
    late = FakeNode(opener(tmp_path / "late.sqlite3"))
    late.call(consortium.network.beginning(), abci.InitChainAnswer)
    said = []
    for block in consortium.network.blocks:
        said.append(consortium.network.finalize(late, block).validator_updates)
        late.restart()  # it dies before it commits, and is sent the block again
        again = consortium.network.finalize(late, block).validator_updates
        assert again == said[-1]
        late.call(abci.Commit(), abci.CommitAnswer)
    assert said == [[], FIFTH, [], [], []]
    late.application.storage.connection.close()


def test_the_ledger_says_which_peers_may_connect(consortium: Consortium, tmp_path: Path) -> None:
    def asked(path: str, node: FakeNode) -> int:
        return node.call(abci.Query(path=path), abci.QueryAnswer).code

    node, fifth = consortium.network.nodes[0], f"/p2p/filter/id/{4:040x}"
    assert asked(f"/p2p/filter/id/{3:040x}", node) == 0
    assert asked("/p2p/filter/addr/127.0.0.1:9", node) == 0
    assert asked(fifth, node) == 1
    propose(consortium, 900)
    decide(consortium, ConfirmValidator(), Role.RULEKEEPER)
    assert asked(fifth, node) == 0
    empty = FakeNode(opener(tmp_path / "empty.sqlite3"))
    assert asked(fifth, empty) == 0  # nothing is known yet
    empty.application.storage.connection.close()


def test_a_genesis_file_with_other_validators_stops_the_node(
    consortium: Consortium, tmp_path: Path
) -> None:
    node = FakeNode(opener(tmp_path / "one.sqlite3"))
    said = [abci.ValidatorUpdate(abci.PublicKey(key(number)), 10) for number in (0, 1, 2, 9)]
    raw = app_state(consortium.world)
    begin = abci.InitChain(abci.Timestamp.of(START_MS), "fake", said, raw, initial_height=1)
    with pytest.raises(InvalidInputError) as refused:
        node.call(begin, abci.InitChainAnswer)
    assert refused.value.code == "consensus.validators"
    node.application.storage.connection.close()
    assert consortium.now == START_MS + SECOND
