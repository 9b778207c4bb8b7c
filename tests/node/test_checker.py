"""Signatures of a block that nobody checked before: a helper process checks them meanwhile."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.consortium_world import Consortium, opener
from shanhai.kernel.errors import ProofError
from shanhai.kernel.suite import INTL, SM, Suite
from shanhai.node import admission, checker
from shanhai.node.abci_messages import FinalizeBlock, FinalizeBlockAnswer, Timestamp
from shanhai.node.checker import Checker
from shanhai.node.fake import FakeNode
from shanhai.node.helper import FAILS, HOLDS, LENGTH, answers, question
from shanhai.node.transactions import OK, REFUSED

COUNT = checker.LEAST + 9


@pytest.fixture
def helped() -> Iterator[Checker]:
    made = Checker()
    yield made
    made.close()


@pytest.fixture(params=[INTL, SM], ids=["intl", "sm"])
def suite(request: pytest.FixtureRequest) -> Suite:
    found: Suite = request.param
    return found


@pytest.fixture
def consortium(tmp_path: Path, suite: Suite) -> Iterator[Consortium]:
    made = Consortium(tmp_path, 1, suite)
    yield made
    made.close()


@pytest.fixture
def late(consortium: Consortium, tmp_path: Path, helped: Checker) -> Iterator[FakeNode]:
    """Return a node that is sent what the others decided, and whose helper listens."""
    made = FakeNode(opener(tmp_path / "late.sqlite3", checker=helped))
    consortium.network.handshake(made)
    plain = consortium.world.node.signatures.plain
    while helped.listening(plain) is None:
        time.sleep(0.02)
    yield made
    made.application.storage.connection.close()


def finalize(consortium: Consortium, node: FakeNode, txs: list[bytes]) -> list[int]:
    request = FinalizeBlock(txs, b"", 1, Timestamp.of(consortium.tick()))
    return [one.code for one in node.call(request, FinalizeBlockAnswer).tx_results]


def nobody(*_: object) -> None:
    raise ProofError("signature.invalid")


def test_the_helper_checks_every_signature_of_a_block(
    consortium: Consortium, late: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "verify_raw", nobody)
    monkeypatch.setattr(admission, "verify", nobody)
    txs = consortium.acts(0, COUNT)
    assert finalize(consortium, late, txs) == [OK] * COUNT


def test_what_does_not_hold_is_refused_at_its_turn(consortium: Consortium, late: FakeNode) -> None:
    txs = consortium.acts(0, COUNT)
    for place in (0, 20, COUNT - 1):
        txs[place] = txs[place][:-20] + b"A" * 18 + txs[place][-2:]
    txs.insert(7, b"rubbish")
    wanted = [OK] * len(txs)
    for place in (0, 7, 21, COUNT):
        wanted[place] = REFUSED
    said = finalize(consortium, late, txs)
    assert [code if code == OK else REFUSED for code in said] == wanted


def test_a_block_is_judged_alone_where_the_helper_died(
    consortium: Consortium, late: FakeNode, helped: Checker
) -> None:
    assert helped.pid
    os.kill(helped.pid, signal.SIGKILL)
    txs = consortium.acts(0, COUNT)
    assert finalize(consortium, late, txs) == [OK] * COUNT


def test_the_helper_ends_with_its_port() -> None:
    made = Checker()
    made.start("ed25519")
    pid = made.pid
    made.close()
    assert made.pid == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_question_is_read_as_it_was_asked() -> None:
    raw = question([(b"k" * 32, b"s" * 64, b"m"), (b"", b"", b"")])
    assert LENGTH.unpack(raw[: LENGTH.size]) == (len(raw) - LENGTH.size,)
    assert set(answers("ed25519", raw[LENGTH.size :])) == {FAILS} != {HOLDS}
