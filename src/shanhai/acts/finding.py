"""Findings of an audit and their rectification (整改台账), from evidence to 销号 or 移送.

Source: funds reference §5.6; 《审计法》 arts. 42–44 (征求意见, 审计决定; 待核); 《审计法》 art. 52 (整改, 待核).
Until it is determined the text says 疑点: a flag is not a violation.
"""

from typing import Annotated

from shanhai.acts.clocks import REPLY_DAYS, due_in_days
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Never,
    Object,
    Sum,
    act,
    amount,
    commitment,
    digest,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import Project, ProjectId
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text


class FindingKind(Choice):
    """What it is about; after the audit office's classes since 2013."""

    IDLE = "idle", "资金闲置", "Idle money"
    DIVERTED = "diverted", "挤占挪用", "Diversion"
    FALSE_BOOKING = "false_booking", "虚假列支", "False booking"
    FRAUD = "fraud", "骗取套取", "Fraudulent obtaining"
    PROCUREMENT = "procurement", "招投标与采购", "Procurement"
    MANAGEMENT = "management", "项目管理", "Project management"
    LINKAGE = "linkage", "利益联结", "Benefit linkage"
    WASTE = "waste", "损失浪费", "Waste"
    PUBLICITY = "publicity", "公告公示", "Publicity"
    OTHER = "other", "其他", "Other"


class FindingState(Choice):
    """Life of a finding."""

    EVIDENCE = "evidence", "疑点取证", "Suspicion, evidence taken"
    CONSULTED = "consulted", "疑点征求意见", "Suspicion, auditee heard"
    DETERMINED = "determined", "已认定", "Determined"
    ORDERED = "ordered", "已发整改通知", "Rectification ordered"
    RECTIFYING = "rectifying", "整改中，待核验", "Being rectified"
    VERIFIED = "verified", "核验通过", "Verified"
    CLOSED = "closed", "已销号", "Closed"
    TRANSFERRED = "transferred", "已移送", "Transferred"
    DISMISSED = "dismissed", "疑点排除", "Suspicion dispelled"


SETTLED = frozenset({FindingState.CLOSED, FindingState.TRANSFERRED, FindingState.DISMISSED})


@noun
class Finding(Object, frozen=True, kw_only=True):
    """One suspicion or finding; the text itself is a commitment."""

    noun, prefix, text, title = "finding", "fnd", Text("审计疑点与问题", "Finding"), "number"
    late = frozenset({"suspected_fen", "amount_fen"})
    sums = (Sum("open", by="project"), Sum("recovered_fen", by="project"))
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    kind: Annotated[FindingKind, label("类别", "Kind")]
    rule: Annotated[str, word("规则编号", "Rule", max_length=8)] = ""
    number: Annotated[str, word("取证单编号", "Evidence sheet number", max_length=60)]
    evidence: Annotated[str, digest("取证单", "Evidence sheet")]
    statement: Annotated[str, commitment("疑点内容", "What is suspected")]
    auditee: Annotated[str, ref(Organisation, "被审计单位", "Auditee")]
    suspected_fen: Annotated[int, amount("疑点金额", "Suspected amount")] = 0
    reply: Annotated[str, digest("被审计单位意见", "Auditee's reply")] = ""
    amount_fen: Annotated[int, amount("认定金额", "Determined amount")] = 0
    decision: Annotated[str, digest("认定文书", "Determination")] = ""
    order: Annotated[str, word("整改通知文号", "Rectification order", max_length=60)] = ""
    due_ms: Annotated[int, moment("整改期限", "Rectification due")] = 0
    rectification: Annotated[str, digest("整改证据", "Evidence of rectification")] = ""
    recovered_fen: Annotated[int, amount("追回", "Recovered")] = 0
    restored_fen: Annotated[int, amount("归还原渠道", "Returned to its source")] = 0
    activated_fen: Annotated[int, amount("盘活", "Put to use")] = 0
    adjusted_fen: Annotated[int, amount("调账", "Accounts adjusted")] = 0
    verification: Annotated[str, digest("核验记录", "Verification")] = ""
    raised_ms: Annotated[int, moment("取证时间", "Raised")] = 0
    settled_ms: Annotated[int, moment("办结时间", "Settled")] = 0
    state: Annotated[FindingState, label("状态", "State")] = FindingState.EVIDENCE

    @property
    def open(self) -> int:
        """Return 1 until it is closed, transferred or dispelled."""
        return int(self.state not in SETTLED)

    @property
    def mended_fen(self) -> int:
        """Return what was recovered, returned, put to use or re-booked."""
        return self.recovered_fen + self.restored_fen + self.activated_fen + self.adjusted_fen


FindingId = Annotated[str, ref(Finding, "审计问题", "Finding")]

AUDITORS = (Role.AUDITOR, Role.EAST_AUDITOR)
AUDITEES = (
    Role.VILLAGE,
    Role.TOWNSHIP,
    Role.OWNER,
    Role.COUNTY_DEPARTMENT,
    Role.COUNTY_OFFICE,
    Role.COUNTY_FINANCE,
)


@act(
    "finding.raise/1",
    "疑点取证",
    "Take evidence of a suspicion",
    on=Finding,
    by=AUDITORS,
    grade=Grade.CERTIFY,
)
class RaiseFinding(Act, frozen=True, kw_only=True):
    """Open a suspicion with its evidence sheet; nothing is established yet."""

    project: ProjectId = ""
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    kind: Annotated[FindingKind, label("类别", "Kind")]
    rule: Annotated[str, word("规则编号", "Rule", max_length=8)] = ""
    number: Annotated[str, word("取证单编号", "Evidence sheet number", max_length=60)]
    evidence: Annotated[str, digest("取证单", "Evidence sheet")]
    statement: Annotated[str, commitment("疑点内容", "What is suspected")]
    auditee: Annotated[str, ref(Organisation, "被审计单位", "Auditee")]
    suspected_fen: Annotated[int, amount("疑点金额", "Suspected amount")] = 0

    @guard(
        "finding.region",
        "疑点的地区与项目不符，请核对",
        "The place is not the project's; check it",
    )
    def where_it_is(self, case: Case[None]) -> Facts | None:
        """A suspicion about a project stands where the project stands."""
        if not self.project:
            return None
        project = case.get(Project, self.project)
        ours = (project.region, project.east_region) == (self.region, self.east_region)
        return None if ours else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [Finding(id=case.id, raised_ms=case.now, **given)]


@act(
    "finding.consult/1",
    "征求意见",
    "Ask the auditee",
    on=Finding,
    by=AUDITORS,
    grade=Grade.CERTIFY,
    when=(FindingState.EVIDENCE,),
)
class ConsultAuditee(Act, frozen=True, kw_only=True):
    """Put the suspicion to the auditee."""

    document: Annotated[str, digest("征求意见书", "Letter")]

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Begin the time to reply."""
        due = due_in_days(case, REPLY_DAYS, case.subject.region)
        return [case.subject.but(state=FindingState.CONSULTED, due_ms=due)]


@act(
    "finding.reply/1",
    "反馈意见",
    "Reply to a suspicion",
    on=Finding,
    by=AUDITEES,
    grade=Grade.CERTIFY,
    when=(FindingState.CONSULTED,),
    own="auditee",
)
class ReplyToFinding(Act, frozen=True, kw_only=True):
    """Explain, agree or object."""

    reply: Annotated[str, digest("被审计单位意见", "Auditee's reply")]

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Keep the reply."""
        return [case.subject.but(reply=self.reply)]


@act(
    "finding.determine/1",
    "认定",
    "Determine a finding",
    on=Finding,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(FindingState.CONSULTED,),
    not_by=(Never("finding.raise"),),
)
class DetermineFinding(Act, frozen=True, kw_only=True):
    """Establish what was suspected, after hearing the auditee."""

    amount_fen: Annotated[int, amount("认定金额", "Determined amount")]
    decision: Annotated[str, digest("认定文书", "Determination")]

    @guard(
        "finding.not_heard",
        "被审计单位未反馈且反馈期未满，请待其反馈",
        "The auditee has not replied and its time is not over; wait for the reply",
        "《审计法》征求意见，条款待核；P24",
    )
    def heard(self, case: Case[Finding]) -> Facts | None:
        """Nobody is found at fault unheard."""
        over = 0 < case.subject.due_ms <= case.now
        return None if case.subject.reply or over else {}

    def effects(self, case: Case[Finding]) -> list[Object]:
        """From here it is a finding."""
        fixed = {"amount_fen": self.amount_fen, "decision": self.decision, "due_ms": 0}
        return [case.subject.but(state=FindingState.DETERMINED, **fixed)]


@act(
    "finding.dismiss/1",
    "疑点排除",
    "Dispel a suspicion",
    on=Finding,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(FindingState.EVIDENCE, FindingState.CONSULTED),
)
class DismissFinding(Act, frozen=True, kw_only=True):
    """Close a suspicion that proved unfounded."""

    decision: Annotated[str, digest("排除依据", "Reasons")]

    def effects(self, case: Case[Finding]) -> list[Object]:
        """Close it."""
        fixed = {"decision": self.decision, "settled_ms": case.now, "due_ms": 0}
        return [case.subject.but(state=FindingState.DISMISSED, **fixed)]
