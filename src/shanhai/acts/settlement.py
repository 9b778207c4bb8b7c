"""Settlement (S12): a third party reviews, finance confirms; never above contract and approved changes.

Source: funds reference §5.1 S12; 财建〔2022〕183号; 《基本建设财务规则》 (财政部令81号; article 待核).
"""

from typing import Annotated

from shanhai.acts.lot import LotId
from shanhai.acts.machine import (
    Choice,
    Object,
    amount,
    digest,
    label,
    moment,
    noun,
    ref,
    region,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
from shanhai.kernel.text import Text


class SettlementState(Choice):
    """Life of a settlement."""

    DRAFTED = "drafted", "待确认", "Drafted"
    CONFIRMED = "confirmed", "已确认", "Confirmed"
    RETURNED = "returned", "已退回", "Returned"


@noun
class Settlement(Object, frozen=True, kw_only=True):
    """What a contract is finally worth."""

    noun, prefix, text = "settlement", "stl", Text("结算", "Settlement")
    contract: Annotated[str, ref(None, "合同", "Contract")]
    lot: LotId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    reviewer: Annotated[str, ref(Organisation, "结算审核机构", "Reviewing firm")]
    claimed_fen: Annotated[int, amount("送审金额", "Claimed")]
    settled_fen: Annotated[int, amount("审定金额", "Settled")]
    report: Annotated[str, digest("结算审核报告", "Review report")]
    confirmed_ms: Annotated[int, moment("确认时间", "Confirmed")] = 0
    state: Annotated[SettlementState, label("状态", "State")] = SettlementState.DRAFTED

    @property
    def unique(self) -> tuple[str, ...]:
        """A contract is settled once."""
        if self.state is SettlementState.RETURNED:
            return ()
        return (f"settlement:{self.contract}",)


SettlementId = Annotated[str, ref(Settlement, "结算", "Settlement")]
