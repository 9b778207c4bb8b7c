"""Findings: a suspicion is heard before it is determined, mended to the fen, verified by others, closed."""

from typing import Any

import pytest

from acts.project_world import DOC, VILLAGE, WAN, ProjectWorld
from shanhai.acts.finding import (
    ConsultAuditee,
    DetermineFinding,
    DismissFinding,
    Finding,
    FindingKind,
    FindingState,
    RaiseFinding,
    ReplyToFinding,
)
from shanhai.acts.rectification import (
    CloseFinding,
    OrderRectification,
    Rectify,
    SendRectificationBack,
    TransferFinding,
    VerifyRectification,
)
from shanhai.acts.roles import Role

DETERMINE = DetermineFinding(amount_fen=9 * WAN, decision=DOC)
EAST = "330182"


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


@pytest.fixture
def project(world: ProjectWorld) -> str:
    return world.declare()


def raised(world: ProjectWorld, project: str, by: str = "auditor", **more: Any) -> str:
    made = world.id("fnd")
    given: dict[str, Any] = {
        "region": VILLAGE,
        "east_region": EAST,
        "kind": FindingKind.IDLE,
        "rule": "D39",
        "number": "取证-1",
        "evidence": DOC,
        "statement": DOC,
        "auditee": "org-owner",
        "suspected_fen": 10 * WAN,
        **more,
    }
    world.when(RaiseFinding(project=project, **given), by=by, on=made)
    return made


def determined(world: ProjectWorld, project: str) -> str:
    finding = raised(world, project)
    world.ok().when(ConsultAuditee(document=DOC), by="auditor", on=finding).ok()
    world.when(ReplyToFinding(reply=DOC), by="owner", on=finding).ok()
    world.when(DETERMINE, by="audit_head", on=finding).ok()
    return finding


def ordered(world: ProjectWorld, project: str) -> str:
    finding = determined(world, project)
    act = OrderRectification(number="审通〔2026〕1号", document=DOC, due_ms=world.now + 1)
    world.when(act, by="audit_head", on=finding).ok()
    return finding


def mended(**more: int) -> Rectify:
    given: dict[str, Any] = {"recovered_fen": 4 * WAN, "restored_fen": 5 * WAN, **more}
    return Rectify(evidence=DOC, **given)


def test_a_finding_goes_from_evidence_to_its_closing(world: ProjectWorld, project: str) -> None:
    finding = ordered(world, project)
    assert world.total(Finding, "open", project) == 1
    world.when(mended(), by="owner", on=finding).ok()
    world.when(VerifyRectification(document=DOC), by="auditor", on=finding).ok()
    world.when(CloseFinding(), by="audit_head", on=finding).ok()
    found = world.get(Finding, finding)
    assert (found.state, found.mended_fen) == (FindingState.CLOSED, 9 * WAN)
    assert world.total(Finding, "open", project) == 0
    assert world.total(Finding, "recovered_fen", project) == 4 * WAN


def test_until_it_is_determined_the_words_say_suspicion() -> None:
    for state in (FindingState.EVIDENCE, FindingState.CONSULTED, FindingState.DISMISSED):
        assert "疑点" in state.zh


def test_nobody_is_found_at_fault_unheard(world: ProjectWorld, project: str) -> None:
    finding = raised(world, project)
    world.when(ConsultAuditee(document=DOC), by="auditor", on=finding).ok()
    world.when(DETERMINE, by="audit_head", on=finding).refused("finding.not_heard")
    world.later(days=11).when(DETERMINE, by="audit_head", on=finding).ok()


def test_where_no_time_is_set_the_reply_is_awaited(world: ProjectWorld, project: str) -> None:
    world.store.objects = {k: v for k, v in world.store.objects.items() if k[1] != "P24/51"}
    finding = raised(world, project)
    world.when(ConsultAuditee(document=DOC), by="auditor", on=finding).ok()
    world.later(days=999).when(DETERMINE, by="audit_head", on=finding).refused("finding.not_heard")


def test_only_the_auditee_replies_and_mends(world: ProjectWorld, project: str) -> None:
    finding = raised(world, project)
    world.when(ConsultAuditee(document=DOC), by="auditor", on=finding).ok()
    world.when(ReplyToFinding(reply=DOC), by="township", on=finding).refused(
        "authority.organisation"
    )


def test_a_suspicion_may_be_dispelled(world: ProjectWorld, project: str) -> None:
    finding = raised(world, project)
    world.when(DismissFinding(decision=DOC), by="audit_head", on=finding).ok()
    assert world.total(Finding, "open", project) == 0


def test_a_suspicion_stands_where_its_project_stands(world: ProjectWorld, project: str) -> None:
    raised(world, project, region="510722")
    world.refused("finding.region")
    raised(world, "", region="510722")
    world.ok()


def test_eastern_auditors_raise_within_their_pair(world: ProjectWorld, project: str) -> None:
    raised(world, project, by="east_auditor")
    world.ok()
    raised(world, "", by="east_auditor", east_region="310000")
    world.refused("authority.scope")


def test_an_order_sets_a_day_ahead(world: ProjectWorld, project: str) -> None:
    finding = determined(world, project)
    act = OrderRectification(number="1", document=DOC, due_ms=world.now)
    world.when(act, by="audit_head", on=finding).refused("finding.due")


@pytest.mark.parametrize("more", [{"restored_fen": 0}, {"adjusted_fen": 1}])
def test_each_fen_of_a_finding_is_mended(
    world: ProjectWorld, project: str, more: dict[str, int]
) -> None:
    finding = ordered(world, project)
    world.when(mended(**more), by="owner", on=finding).refused("finding.mended_amount")


def test_proof_that_does_not_hold_goes_back(world: ProjectWorld, project: str) -> None:
    finding = ordered(world, project)
    world.when(mended(), by="owner", on=finding).ok()
    world.when(SendRectificationBack(document=DOC), by="auditor", on=finding).ok()
    found = world.get(Finding, finding)
    assert (found.state, found.mended_fen) == (FindingState.ORDERED, 0)


def test_raiser_head_mender_and_verifier_are_others(world: ProjectWorld, project: str) -> None:
    world.second("risen", Role.AUDIT_HEAD, person="auditor")
    world.deputy("stand-in", Role.AUDIT_HEAD, of="auditor")
    finding = raised(world, project)
    world.when(ConsultAuditee(document=DOC), by="auditor", on=finding).ok()
    world.when(ReplyToFinding(reply=DOC), by="owner", on=finding).ok()
    for by in ("risen", "stand-in"):
        world.when(DETERMINE, by=by, on=finding).refused("authority.same")
    finding = ordered(world, project)
    world.when(mended(), by="owner", on=finding).ok()
    world.second("both", Role.AUDITOR, person="owner")
    world.when(VerifyRectification(document=DOC), by="both", on=finding).refused("authority.same")
    world.when(VerifyRectification(document=DOC), by="auditor", on=finding).ok()
    world.when(CloseFinding(), by="risen", on=finding).refused("authority.same")


def test_a_finding_may_be_handed_on(world: ProjectWorld, project: str) -> None:
    finding = determined(world, project)
    world.when(TransferFinding(document=DOC), by="audit_head", on=finding).ok()
    assert world.get(Finding, finding).state is FindingState.TRANSFERRED
