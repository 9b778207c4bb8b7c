"""Rectification of a finding (整改): ordered, carried out, verified, closed (销号) or handed on (移送).

Source: funds reference §5.6 and N12; 《审计法》 art. 52 (整改, 待核).
"""

from typing import Annotated

from shanhai.acts.finding import AUDITEES, AUDITORS, Finding, FindingState
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    amount,
    digest,
    guard,
    moment,
    word,
)
from shanhai.acts.roles import Role


@act(
    "finding.order/1",
    "下发整改通知",
    "Order rectification",
    on=Finding,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(FindingState.DETERMINED,),
)
class OrderRectification(Act, frozen=True, kw_only=True):
    """Set the auditee a deadline."""

    number: Annotated[str, word("整改通知文号", "Rectification order", max_length=60)]
    document: Annotated[str, digest("整改通知", "Order")]
    due_ms: Annotated[int, moment("整改期限", "Rectification due")]

    @guard(
        "finding.due", "整改期限须在今后，请核对日期", "The deadline must lie ahead; check the date"
    )
    def ahead(self, case: Case[Finding]) -> Facts | None:
        """A deadline lies ahead."""
        return None if self.due_ms > case.now else {}

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Begin the time to mend."""
        set_out = {"order": self.number, "due_ms": self.due_ms}
        return [case.subject.but(state=FindingState.ORDERED, **set_out)]


@act(
    "finding.rectify/1",
    "报送整改",
    "Report rectification",
    on=Finding,
    by=AUDITEES,
    grade=Grade.CERTIFY,
    when=(FindingState.ORDERED,),
    own="auditee",
)
class Rectify(Act, frozen=True, kw_only=True):
    """Say how it was mended and with how much of which kind, with proof."""

    evidence: Annotated[str, digest("整改证据", "Evidence of rectification")]
    recovered_fen: Annotated[int, amount("追回", "Recovered")] = 0
    restored_fen: Annotated[int, amount("归还原渠道", "Returned to its source")] = 0
    activated_fen: Annotated[int, amount("盘活", "Put to use")] = 0
    adjusted_fen: Annotated[int, amount("调账", "Accounts adjusted")] = 0

    @guard(
        "finding.mended_amount",
        "整改金额合计 {mended_fen} 元，应等于认定金额 {amount_fen} 元，请核对",
        "What is mended comes to {mended_fen}; it must equal the determined {amount_fen}",
    )
    def mends_all(self, case: Case[Finding]) -> Facts | None:
        """Each fen of the finding is recovered, returned, put to use or re-booked."""
        mended = self.recovered_fen + self.restored_fen + self.activated_fen + self.adjusted_fen
        due = case.subject.amount_fen
        return None if mended == due else {"mended_fen": mended, "amount_fen": due}

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Await verification."""
        return [
            case.subject.but(
                rectification=self.evidence,
                recovered_fen=self.recovered_fen,
                restored_fen=self.restored_fen,
                activated_fen=self.activated_fen,
                adjusted_fen=self.adjusted_fen,
                state=FindingState.RECTIFYING,
            )
        ]


@act(
    "finding.send_back/1",
    "整改不到位，退回",
    "Send rectification back",
    on=Finding,
    by=AUDITORS,
    grade=Grade.CERTIFY,
    when=(FindingState.RECTIFYING,),
    not_by=(Never("finding.rectify"),),
)
class SendRectificationBack(Act, frozen=True, kw_only=True):
    """The proof does not hold; the order stands."""

    document: Annotated[str, digest("核验记录", "Verification")]

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Back to the order; what was reported does not count."""
        none = {"recovered_fen": 0, "restored_fen": 0, "activated_fen": 0, "adjusted_fen": 0}
        back = {"verification": self.document, "state": FindingState.ORDERED}
        return [case.subject.but(**none, **back)]


@act(
    "finding.verify/1",
    "核验整改",
    "Verify rectification",
    on=Finding,
    by=AUDITORS,
    grade=Grade.APPROVE,
    when=(FindingState.RECTIFYING,),
    not_by=(Never("finding.rectify"),),
)
class VerifyRectification(Act, frozen=True, kw_only=True):
    """See with one's own eyes that it is mended."""

    document: Annotated[str, digest("核验记录", "Verification")]

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Note it."""
        return [case.subject.but(state=FindingState.VERIFIED, verification=self.document)]


@act(
    "finding.close/1",
    "销号",
    "Close a finding",
    on=Finding,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(FindingState.VERIFIED,),
    not_by=(Never("finding.verify"),),
)
class CloseFinding(Act, frozen=True, kw_only=True):
    """Strike it off the list."""

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=FindingState.CLOSED, settled_ms=case.now)]


@act(
    "finding.transfer/1",
    "移送",
    "Transfer a finding",
    on=Finding,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(
        FindingState.DETERMINED,
        FindingState.ORDERED,
        FindingState.RECTIFYING,
        FindingState.VERIFIED,
    ),
    not_by=(Never("finding.raise"),),
)
class TransferFinding(Act, frozen=True, kw_only=True):
    """Hand it on to discipline inspection or the police."""

    document: Annotated[str, digest("移送处理书", "Transfer letter")]

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Close it here."""
        on = {"decision": self.document, "settled_ms": case.now}
        return [case.subject.but(state=FindingState.TRANSFERRED, **on)]
