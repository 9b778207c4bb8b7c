"""Claims for payment: what a contractor asks for, on which invoice, and how far its checks have come.

Source: funds reference §5.2 (申请 → 认证 → 业主 → 主管部门 → 财政), D12, D14; acts in `claim_flow`.
"""

from typing import Annotated

from shanhai.acts.contract import ContractId
from shanhai.acts.lot import LotId
from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    digest,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Year
from shanhai.acts.project import ProjectId
from shanhai.kernel.text import Text


class PayStage(Choice):
    """For what the money is due; each stage has its cap."""

    ADVANCE = "advance", "预付款", "Advance"
    PROGRESS = "progress", "进度款", "Progress"
    SETTLED = "settled", "结算款", "On settlement"
    RELEASED = "released", "质保金", "Retention"


class ClaimState(Choice):
    """Life of a claim."""

    SUBMITTED = "submitted", "待监理认证", "Awaiting the site supervisor"
    CERTIFIED = "certified", "待业主审核", "Awaiting the owner"
    REVIEWED = "reviewed", "待主管部门审核", "Awaiting the department"
    ENDORSED = "endorsed", "待财政审核", "Awaiting finance"
    CHECKED = "checked", "待支付", "To be paid"
    PAID = "paid", "已付清", "Paid in full"
    RETURNED = "returned", "已退回", "Returned"
    VOID = "void", "已作废", "Void"


UNDER_CHECK = (
    ClaimState.SUBMITTED,
    ClaimState.CERTIFIED,
    ClaimState.REVIEWED,
    ClaimState.ENDORSED,
)
GONE = frozenset({ClaimState.RETURNED, ClaimState.VOID})


@noun
class Claim(Object, frozen=True, kw_only=True):
    """One request for money under a contract."""

    noun, prefix, text, title = "claim", "clm", Text("请款", "Claim"), "invoice"
    late = frozenset({"certified_fen", "payable_fen"})
    sums = (Sum("open", by="contract"), Sum("open", by="project"))
    contract: ContractId
    lot: LotId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    owner: Annotated[str, ref(Organisation, "项目业主", "Owner")]
    claimant: Annotated[str, ref(Organisation, "请款单位", "Claimant")]
    stage: Annotated[PayStage, label("款项", "Kind of payment")]
    invoice: Annotated[str, word("发票号码", "Invoice number", max_length=40)]
    invoice_digest: Annotated[str, digest("发票", "Invoice")]
    claimed_fen: Annotated[int, amount("申请金额", "Claimed")]
    document: Annotated[str, digest("请款材料", "Documents")]
    certified_fen: Annotated[int, amount("累计核定工程量", "Certified so far")] = 0
    report: Annotated[str, digest("计量认证单", "Certificate of work done")] = ""
    payable_fen: Annotated[int, amount("审定应付", "Found payable")] = 0
    submitted_ms: Annotated[int, moment("申请时间", "Submitted")] = 0
    certified_ms: Annotated[int, moment("认证时间", "Certified")] = 0
    checked_ms: Annotated[int, moment("财政审核时间", "Checked by finance")] = 0
    paid_ms: Annotated[int, moment("付清时间", "Paid in full on")] = 0
    state: Annotated[ClaimState, label("状态", "State")] = ClaimState.SUBMITTED

    @property
    def open(self) -> int:
        """Return 1 until it is paid, returned or void."""
        return int(self.state not in GONE and self.state is not ClaimState.PAID)

    @property
    def unique(self) -> tuple[str, ...]:
        """An invoice is claimed once, by number and by file (D12)."""
        if self.state in GONE:
            return ()
        return (f"invoice:{self.claimant}/{self.invoice}", f"invoice_file:{self.invoice_digest}")

    @property
    def hold_keys(self) -> tuple[str, ...]:
        """Return what a hold may name to stop this claim."""
        return (self.id, self.contract, self.lot, self.project, self.claimant)


ClaimId = Annotated[str, ref(Claim, "请款", "Claim")]
