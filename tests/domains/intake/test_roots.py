"""The periodic root: nothing handed in can vanish, a crash commits the same batch, proofs hold."""

from typing import TYPE_CHECKING

import pytest

from shanhai.acts.intake import Intake
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.intake import roots, services
from shanhai.domains.intake.content import IntakeKind
from shanhai.domains.intake.models import Submission
from shanhai.domains.intake.services import Concern
from shanhai.domains.rows import row_of
from shanhai.kernel.errors import ProofError
from shanhai.kernel.suite import INTL
from shanhai.ledger.merkle import verify_inclusion

if TYPE_CHECKING:
    from demo_world import DemoDatabase


def hand(count: int = 1) -> list[Submission]:
    made = [
        services.submission_take(
            suite=INTL,
            kind=IntakeKind.COMPLAINT,
            text=f"模拟举报第 {number} 件，内容不少于十个字。",
            about=Concern(region="510000"),
            now_ms=ledger_now_ms(),
        )
        for number in range(count)
    ]
    return [Submission.objects.get(pk=one.number) for one in made]


def held(submission: Submission) -> bool:
    submission.refresh_from_db()
    proof = roots.proof_of(submission)
    if proof is None:
        return False
    path = [bytes.fromhex(one) for one in proof.path]
    leaf, root = bytes.fromhex(submission.leaf), bytes.fromhex(proof.root)
    verify_inclusion(INTL, leaf, proof.position, proof.size, path, root)
    return node().storage.find(Intake, proof.intake).root == proof.root  # type: ignore[union-attr]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8])
def test_every_submission_lies_under_the_root(demo_db: "DemoDatabase", count: int) -> None:
    handed = hand(count)
    made = roots.root_commit()
    assert made is not None
    assert made.size == count
    assert all(held(one) for one in handed)


def test_root_is_an_entry_of_the_ledger(demo_db: "DemoDatabase") -> None:
    (one,) = hand()
    before = node().head().size
    roots.root_commit()
    one.refresh_from_db()
    proof = roots.proof_of(one)
    assert proof is not None
    assert node().head().size == before + 1
    assert proof.entry == before


def test_another_text_leads_to_another_root(demo_db: "DemoDatabase") -> None:
    first, _second = hand(2)
    roots.root_commit()
    first.refresh_from_db()
    proof = roots.proof_of(first)
    assert proof is not None
    path = [bytes.fromhex(one) for one in proof.path]
    with pytest.raises(ProofError):
        verify_inclusion(INTL, b"\x01" * 32, 0, proof.size, path, bytes.fromhex(proof.root))


def test_nothing_waiting_makes_no_root(demo_db: "DemoDatabase") -> None:
    assert roots.root_commit() is None
    assert not roots.due(ledger_now_ms())


def test_a_crash_between_numbering_and_committing_loses_nothing(demo_db: "DemoDatabase") -> None:
    early = hand(2)
    assert roots.gather("itk01m1b4kqt8fr6thqnqnegcfvvb") == 2
    (late,) = hand()
    first = roots.root_commit()
    assert first is not None
    assert first.id == "itk01m1b4kqt8fr6thqnqnegcfvvb"
    assert all(held(one) for one in early)
    assert not held(late)
    assert roots.root_commit() is not None
    assert held(late)


def test_one_root_a_submission(demo_db: "DemoDatabase") -> None:
    hand(3)
    roots.root_commit()
    assert roots.root_commit() is None
    assert row_of(Intake).objects.count() == 1


def test_without_a_node_key_nothing_is_numbered(
    demo_db: "DemoDatabase", monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = hand()
    monkeypatch.setattr(roots, "node_officer", lambda: None)
    assert roots.root_commit() is None
    one.refresh_from_db()
    assert one.intake == ""
