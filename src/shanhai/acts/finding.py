"""Findings of an audit and their rectification (整改台账), from evidence to 销号 or 移送.

Source: funds reference §5.6; 《审计法》 arts. 42–44 (征求意见, 审计决定; 待核); 《审计法》 art. 52 (整改, 待核).
Until it is determined the text says 疑点: a flag is not a violation.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    commitment,
    digest,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
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
