"""What a node remembers of waiting acts and of those that entered."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from node.consortium_world import Consortium
from shanhai.ledger.body import MAX_WINDOW_MS
from shanhai.node import chain, pool
from shanhai.node.abci_messages import CheckTx
from shanhai.node.consensus import RECHECK, Application
from shanhai.node.transactions import KNOWN, OK, REFUSED


@pytest.fixture
def consortium(tmp_path: Path) -> Iterator[Consortium]:
    made = Consortium(tmp_path, 1)
    yield made
    made.close()


def application(consortium: Consortium) -> Application:
    return consortium.network.nodes[0].application


def code(consortium: Consortium, tx: bytes, kind: int = 0) -> int:
    return application(consortium).check_tx(CheckTx(tx, kind)).code


def gone(consortium: Consortium, *waiting: bytes) -> list[bytes]:
    """Ask as the consensus node does after a block, and return which of these transactions wait no longer."""
    said = application(consortium).check_tx(CheckTx(b"", RECHECK)).data
    found = {said[at : at + 32] for at in range(0, len(said), 32)}
    made = [tx for tx in waiting if sha256(tx).digest() in found]
    assert len(made) == len(found)
    return made


def enter(consortium: Consortium, first: int, count: int) -> list[bytes]:
    txs = consortium.acts(first, count)
    consortium.network.decide(consortium.tick(), txs)
    return txs


def test_a_fresh_act_is_not_looked_up_and_one_that_entered_is_known(
    consortium: Consortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    (entered,) = enter(consortium, 0, 1)
    (fresh,) = consortium.acts(1, 1)
    for _ in range(2):  # as it runs, and after a restart
        node = application(consortium)
        monkeypatch.setattr(node.storage, "known", lambda _: pytest.fail("looked up"))
        assert code(consortium, entered) == KNOWN
        assert code(consortium, fresh) == OK
        consortium.network.nodes[0].restart()


@pytest.mark.parametrize("most", [2, 3])
def test_what_was_forgotten_is_looked_up(
    consortium: Consortium, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(pool, "ENTERED", most)
    monkeypatch.setattr(chain, "LATELY", most)
    txs = [enter(consortium, number, 1)[0] for number in range(4)]
    for _ in range(2):
        node = application(consortium)
        assert not node.pool.entered(node.pool.read(txs[0]).act_id)
        assert [code(consortium, tx) for tx in txs] == [KNOWN] * 4
        consortium.network.nodes[0].restart()


def test_a_started_node_knows_what_entered_within_any_window(consortium: Consortium) -> None:
    enter(consortium, 0, 1)
    consortium.network.nodes[0].restart()
    found = application(consortium).pool
    assert not found.may_stand(consortium.now - MAX_WINDOW_MS)
    assert found.may_stand(consortium.now - MAX_WINDOW_MS - 1)


def test_an_act_that_entered_under_another_signature_waits_no_more(
    consortium: Consortium,
) -> None:
    (tx,) = consortium.acts(0, 1)
    assert code(consortium, tx) == OK
    node = application(consortium)
    id = node.pool.read(tx).act_id  # noqa: A001 - the field's name
    node.pool.enter(consortium.now, [], [id])
    assert gone(consortium, tx) == [tx]
    assert gone(consortium) == []


def test_forged_acts_use_up_nobodys_quota(
    consortium: Consortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "QUOTA", 2)
    good, *others = consortium.acts(0, 4)
    for tx in others:
        assert code(consortium, tx[:-20] + b"A" * 18 + tx[-2:]) == REFUSED
    assert code(consortium, good) == OK


def test_the_node_is_told_once_which_acts_wait_no_longer(consortium: Consortium) -> None:
    stays, late, refused, enters = txs = consortium.acts(0, 4)
    node = application(consortium)
    assert [code(consortium, tx) for tx in txs] == [OK] * 4
    assert gone(consortium) == []
    node.pool.refuse(node.pool.read(refused).act_id)
    consortium.network.decide(consortium.tick(), [enters])
    assert consortium.network.nodes[0].gone == {sha256(refused).digest()}
    assert consortium.network.waiting == []
    assert node.pool.read(stays).parsed is not None
    consortium.now += MAX_WINDOW_MS
    consortium.network.decide(consortium.tick(), [])
    assert consortium.network.nodes[0].gone == {
        sha256(tx).digest() for tx in (refused, stays, late)
    }


def test_an_act_waits_under_one_signature(consortium: Consortium) -> None:
    (tx,) = consortium.acts(0, 1)
    assert code(consortium, tx) == OK
    assert code(consortium, tx) == OK
    assert code(consortium, tx + b" ") == KNOWN
    assert gone(consortium) == []


def test_what_was_never_let_wait_is_not_told(consortium: Consortium) -> None:
    (tx,) = consortium.acts(0, 1)
    assert code(consortium, tx[:-20] + b"A" * 18 + tx[-2:]) == REFUSED
    assert gone(consortium) == []
