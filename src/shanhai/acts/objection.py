"""Dealing with objections: raised off the ledger with a receipt, accepted or refused, answered.

An objection that a witness took is lodged with the witness's receipt before the organ decides: it cannot be lost, and
its notice does not end before the organ accepted or refused it.

Source: funds reference §5.8 no. 10: one blocks once accepted; one that is not stays visible with the reason; design §3
(mirrors take objections).
"""

from typing import Annotated, ClassVar

from shanhai.acts.clocks import ANSWER_DAYS, due_in_days
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Object,
    act,
    digest,
    flag,
    guard,
    moment,
    word,
)
from shanhai.acts.notice import (
    ORGANS,
    Notice,
    NoticeId,
    NoticeState,
    Objection,
    ObjectionState,
)
from shanhai.acts.project_declare import never_declared
from shanhai.acts.roles import Role
from shanhai.acts.witness_policy import VKeyLine, in_force, policy_of, signers
from shanhai.ledger.witness_receipt import WitnessReceipt


class Submission(Act, frozen=True, kw_only=True):
    """An objection that somebody raised; the complainant stays in the vault."""

    state: ClassVar[ObjectionState]
    notice: NoticeId
    receipt: Annotated[str, digest("收件回执", "Receipt of the submission")]
    received_ms: Annotated[int, moment("收件时间", "Received")]

    def made(self, case: Case[None], reason: str = "", due_ms: int = 0) -> Objection:
        """Build the objection."""
        notice = case.get(Notice, self.notice)
        return Objection(
            id=case.id,
            notice=notice.id,
            project=notice.project,
            region=notice.region,
            east_region=notice.east_region,
            organ=notice.organ,
            receipt=self.receipt,
            received_ms=self.received_ms,
            reason=reason,
            due_ms=due_ms,
            state=self.state,
        )


class Dated(Submission, frozen=True, kw_only=True):
    """An objection that is owed an answer from now on."""

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it with the deadline of its answer."""
        region = case.get(Notice, self.notice).region
        return [self.made(case, due_ms=due_in_days(case, ANSWER_DAYS, region))]


@guard(
    "objection.period",
    "异议须在公示期间提出；收件时间不在公示期内",
    "An objection is raised while the notice runs; it was received outside that time",
)
def raised_in_time(payload: Submission, case: Case[None]) -> Facts | None:
    """An objection belongs to the notice's period."""
    notice = case.get(Notice, payload.notice)
    early = payload.received_ms <= case.now
    return None if early and in_period(notice, payload.received_ms) else {}


def in_period(notice: Notice, received_ms: int) -> bool:
    """Return whether a notice ran when an objection was received."""
    return notice.started_ms <= received_ms < notice.ends_ms


@guard(
    "objection.notice_void",
    "该公示已作废，请对新的公示提出",
    "That notice is void; object to the new one",
)
def notice_stands(payload: Submission, case: Case[None]) -> Facts | None:
    """A void notice takes no objections."""
    void = case.get(Notice, payload.notice).state is NoticeState.VOID
    return {} if void else None


@act(
    "objection.accept/1",
    "受理异议",
    "Accept an objection",
    on=Objection,
    by=ORGANS,
    grade=Grade.CERTIFY,
    own="organ",
    not_by=never_declared("notice.project"),
    also=(raised_in_time, notice_stands),
)
class AcceptObjection(Dated, frozen=True, kw_only=True):
    """Take an objection in hand: from now it blocks the stage until it is answered."""

    state = ObjectionState.ACCEPTED


@act(
    "objection.refuse/1",
    "不予受理异议",
    "Refuse an objection",
    on=Objection,
    by=ORGANS,
    grade=Grade.CERTIFY,
    own="organ",
    not_by=never_declared("notice.project"),
    also=(raised_in_time, notice_stands),
)
class RefuseObjection(Submission, frozen=True, kw_only=True):
    """Decline to deal with an objection, with a reason that everybody can read."""

    state = ObjectionState.REFUSED
    reason: Annotated[str, word("不予受理理由", "Reason for refusing", max_length=400)]

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it, visible for ever."""
        return [self.made(case, reason=self.reason)]


@act(
    "objection.lodge/1",
    "登记异议",
    "Lodge an objection",
    on=Objection,
    by=(Role.NODE,),
    grade=Grade.DECLARE,
    also=(raised_in_time, notice_stands),
)
class LodgeObjection(Dated, frozen=True, kw_only=True):
    """Enter an objection that a witness took, by the witness's own receipt; its text stays with who raised it."""

    state = ObjectionState.LODGED
    witness: VKeyLine
    due_ms: Annotated[int, moment("登记期限", "To be lodged by")]
    sig: Annotated[str, word("回执签名", "Signature of the receipt", max_length=120)]

    def receipt_of(self, ledger: str) -> WitnessReceipt:
        """Return the receipt as its witness signed it."""
        return WitnessReceipt(
            due_ms=self.due_ms,
            id=self.receipt,
            kind="objection",
            ledger=ledger,
            notice=self.notice,
            received_ms=self.received_ms,
            witness=self.witness,
        )

    @guard(
        "objection.unwitnessed",
        "回执不是本账本现行见证单位签的，不能据此登记；请核对见证规则和回执",
        "No witness of the policy in force signed this receipt; compare the policy and the receipt",
        "design §3",
    )
    def witnessed(self, case: Case[None]) -> Facts | None:
        """A witness of the policy in force signed it."""
        found, ledger = in_force(case), case.body.ledger
        if found is None:
            return {}
        given = [(self.witness, self.sig)]
        held = signers(policy_of(found, ledger), given, self.receipt_of(ledger).message)
        return None if held else {}


@act(
    "objection.take/1",
    "受理登记的异议",
    "Take up a lodged objection",
    on=Objection,
    by=ORGANS,
    grade=Grade.CERTIFY,
    when=(ObjectionState.LODGED,),
    own="organ",
    not_by=never_declared("project"),
)
class TakeObjection(Act, frozen=True, kw_only=True):
    """Take a lodged objection in hand; the deadline of its answer stays."""

    def effects(self, case: Case[Objection]) -> list[Object]:
        """Accept it."""
        return [case.subject.but(state=ObjectionState.ACCEPTED)]


@act(
    "objection.decline/1",
    "不予受理登记的异议",
    "Decline a lodged objection",
    on=Objection,
    by=ORGANS,
    grade=Grade.CERTIFY,
    when=(ObjectionState.LODGED,),
    own="organ",
    not_by=never_declared("project"),
)
class DeclineObjection(Act, frozen=True, kw_only=True):
    """Decline to deal with a lodged objection, with a reason that everybody can read."""

    reason: Annotated[str, word("不予受理理由", "Reason for refusing", max_length=400)]

    def effects(self, case: Case[Objection]) -> list[Object]:
        """Refuse it, visible for ever."""
        return [case.subject.but(reason=self.reason, state=ObjectionState.REFUSED)]


@act(
    "objection.answer/1",
    "答复异议",
    "Answer an objection",
    on=Objection,
    by=ORGANS,
    grade=Grade.CERTIFY,
    when=(ObjectionState.ACCEPTED,),
    own="organ",
    not_by=never_declared("project"),
)
class AnswerObjection(Act, frozen=True, kw_only=True):
    """Answer it; where it is upheld the notice is void and the content has to change."""

    answer: Annotated[str, digest("答复文件", "Answer")]
    upheld: Annotated[bool, flag("异议成立", "Upheld")] = False

    def effects(self, case: Case[Objection]) -> list[Object]:
        """Close the objection and, if upheld, void the notice."""
        answered = case.subject.but(
            answer=self.answer,
            upheld=self.upheld,
            answered_ms=case.now,
            state=ObjectionState.ANSWERED,
        )
        notice = case.get(Notice, case.subject.notice)
        return [answered, notice.but(state=NoticeState.VOID)] if self.upheld else [answered]
