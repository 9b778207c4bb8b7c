"""Money on its way: sent by eastern finance, received with the bank's receipt, allocated downwards (下达).

Source: funds reference §5.8 no. 1 (指标 is not cash) and §6.1; 《预算法》 art. 52 (转移支付下达, 待核).
"""

from typing import Annotated

from shanhai.acts.agreement import Agreement
from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    digest,
    flag,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.pairing import Year
from shanhai.kernel.text import Text

AgreementId = Annotated[str, ref(Agreement, "年度协议", "Agreement")]
Amount = Annotated[int, amount("金额", "Amount")]
Number = Annotated[str, word("文号", "Document number", max_length=60)]
Document = Annotated[str, digest("文件", "Document")]
Receipt = Annotated[str, digest("银行回单", "Bank receipt")]


class TransferState(Choice):
    """Life of a transfer."""

    SENT = "sent", "已拨出", "Sent"
    RECEIVED = "received", "已到账", "Received"
    WITHDRAWN = "withdrawn", "已撤销", "Withdrawn"


@noun
class Transfer(Object, frozen=True, kw_only=True):
    """One payment from eastern to western finance; counted as received only with the receiver's bank receipt."""

    noun, prefix, text, title = "transfer", "trf", Text("援助资金拨付", "Transfer"), "number"
    sums = (Sum("sent_fen", by="agreement"), Sum("received_fen", by="agreement"))
    agreement: AgreementId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")]
    year: Year
    amount_fen: Amount
    number: Number
    document: Document
    receipt: Receipt = ""
    sent_ms: Annotated[int, moment("拨出时间", "Sent")] = 0
    received_ms: Annotated[int, moment("到账时间", "Received")] = 0
    state: Annotated[TransferState, label("状态", "State")] = TransferState.SENT

    @property
    def sent_fen(self) -> int:
        """Return what was sent, 0 once withdrawn."""
        return 0 if self.state is TransferState.WITHDRAWN else self.amount_fen

    @property
    def received_fen(self) -> int:
        """Return what arrived."""
        return self.amount_fen if self.state is TransferState.RECEIVED else 0

    @property
    def unique(self) -> tuple[str, ...]:
        """A bank receipt proves one movement."""
        return (f"bank_receipt:{self.receipt}",) if self.receipt else ()


TransferId = Annotated[str, ref(Transfer, "援助资金拨付", "Transfer")]


class AllocationState(Choice):
    """Life of an allocation."""

    ISSUED = "issued", "已下达", "Issued"
    RECALLED = "recalled", "已全部收回", "Recalled"


@noun
class Allocation(Object, frozen=True, kw_only=True):
    """Money passed down by document: out of a transfer, or in advance (提前下达) on an agreement's word."""

    noun, prefix, text, title = "allocation", "alo", Text("资金下达", "Allocation"), "number"
    sums = (
        Sum("cash_fen", by="transfer", of=Transfer, within="received_fen"),
        Sum("advance_fen", by="agreement"),
    )
    agreement: AgreementId
    transfer: TransferId = ""
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")]
    year: Year
    amount_fen: Amount
    recalled_fen: Annotated[int, amount("已收回", "Recalled")] = 0
    number: Number
    document: Document
    advance: Annotated[bool, flag("提前下达", "In advance of the cash")] = False
    issued_ms: Annotated[int, moment("下达时间", "Issued")] = 0
    state: Annotated[AllocationState, label("状态", "State")] = AllocationState.ISSUED

    @property
    def net_fen(self) -> int:
        """Return what the allocation still carries; its funding lines stay within it."""
        return self.amount_fen - self.recalled_fen

    @property
    def cash_fen(self) -> int:
        """Return what it takes from its transfer."""
        return self.net_fen if self.transfer else 0

    @property
    def advance_fen(self) -> int:
        """Return what stands on the agreement alone, until cash covers it."""
        return 0 if self.transfer else self.net_fen

    @property
    def unique(self) -> tuple[str, ...]:
        """A document number allocates once to a place in a year."""
        if self.state is AllocationState.RECALLED:
            return ()
        return (f"allocation:{self.region}/{self.year}/{self.number}",)


AllocationId = Annotated[str, ref(Allocation, "资金下达", "Allocation")]
