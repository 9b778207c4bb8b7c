"""Dealing with objections: raised off the ledger with a receipt, accepted or refused, answered.

Source: funds reference §5.8 no. 10: one blocks once accepted; one that is not stays visible with the reason.
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


@guard(
    "objection.period",
    "异议须在公示期间提出；收件时间不在公示期内",
    "An objection is raised while the notice runs; it was received outside that time",
)
def raised_in_time(payload: Submission, case: Case[None]) -> Facts | None:
    """An objection belongs to the notice's period."""
    notice = case.get(Notice, payload.notice)
    last = min(case.now, notice.ends_ms - 1)
    return None if notice.started_ms <= payload.received_ms <= last else {}


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
class AcceptObjection(Submission, frozen=True, kw_only=True):
    """Take an objection in hand: from now it blocks the stage until it is answered."""

    state = ObjectionState.ACCEPTED

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it with the deadline of its answer."""
        region = case.get(Notice, self.notice).region
        return [self.made(case, due_ms=due_in_days(case, ANSWER_DAYS, region))]


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
