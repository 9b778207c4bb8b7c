"""Money moves: sent by the east, received on the bank's word, passed down by document, recalled.

Source: funds reference §5.8 no. 1 and §6.1; 《预算法》 art. 52 (转移支付下达, 待核).
"""

from typing import Annotated, Any

from shanhai.acts.agreement import Agreement, AgreementState
from shanhai.acts.fund import (
    AgreementId,
    Allocation,
    AllocationState,
    Amount,
    Document,
    Number,
    Receipt,
    Transfer,
    TransferId,
    TransferState,
)
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    commitment,
    guard,
    moment,
    region,
)
from shanhai.acts.pairing import Year
from shanhai.acts.roles import Role
from shanhai.kernel.regions import contains

WEST_FINANCE = (Role.PROVINCE_FINANCE, Role.COUNTY_FINANCE)


@guard("amount.zero", "金额须大于零", "The amount must be above zero")
def some_amount(payload: Any, _case: Case[Any]) -> Facts | None:
    """Nothing moves nowhere."""
    return None if payload.amount_fen else {}


@guard(
    "fund.not_signed",
    "年度协议现为“{state}”，须双方签订后办理",
    "The agreement is “{state_en}”; both sides sign it first",
)
def agreement_signed(payload: Any, case: Case[Any]) -> Facts | None:
    """Money follows a signed agreement."""
    state = case.get(Agreement, payload.agreement).state
    signed = state is AgreementState.SIGNED
    return None if signed else {"state": state.zh, "state_en": state.en}


@act(
    "transfer.send/1",
    "拨出援助资金",
    "Send aid",
    on=Transfer,
    by=(Role.EAST_FINANCE,),
    grade=Grade.PAY,
    also=(some_amount, agreement_signed),
)
class SendTransfer(Act, frozen=True, kw_only=True):
    """Eastern finance says what it has sent."""

    agreement: AgreementId
    amount_fen: Amount
    number: Number
    document: Document

    @guard(
        "transfer.over_agreement",
        "本协议已拨 {sent_fen} 元，加本次超出约定 {aid_fen} 元；请先签补充协议",
        "{sent_fen} is sent already; with this it exceeds the {aid_fen} agreed; sign a supplement first",
    )
    def within_agreement(self, case: Case[None]) -> Facts | None:
        """What was not agreed is another agreement."""
        aid = case.get(Agreement, self.agreement).aid_fen
        sent = case.view.total(Transfer, "sent_fen", self.agreement)
        over = sent + self.amount_fen > aid
        return {"sent_fen": sent, "aid_fen": aid} if over else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it; it is not received yet."""
        agreed = case.get(Agreement, self.agreement)
        return [
            Transfer(
                id=case.id,
                agreement=agreed.id,
                region=agreed.region,
                east_region=agreed.east_region,
                year=agreed.year,
                amount_fen=self.amount_fen,
                number=self.number,
                document=self.document,
                sent_ms=case.now,
            )
        ]


@act(
    "transfer.receive/1",
    "确认到账",
    "Confirm receipt",
    on=Transfer,
    by=WEST_FINANCE,
    grade=Grade.APPROVE,
    when=(TransferState.SENT,),
    not_by=(Never("transfer.send"),),
)
class ReceiveTransfer(Act, frozen=True, kw_only=True):
    """The receiver's bank shows it; only now is it received."""

    receipt: Receipt
    received_ms: Annotated[int, moment("银行到账时间", "Credited by the bank")]

    @guard(
        "transfer.received_when",
        "到账时间须不早于拨出、不晚于现在，请按银行回单填写",
        "It arrives after it was sent and not in the future; enter what the bank's receipt says",
    )
    def arrives_after(self, case: Case[Transfer]) -> Facts | None:
        """The bank's date, within a day of the senders' clock."""
        day = 86_400_000
        return None if case.subject.sent_ms - day <= self.received_ms <= case.now else {}

    def effects(self, case: Case[Transfer]) -> list[Object]:
        """It counts as received."""
        return [
            case.subject.but(
                receipt=self.receipt, received_ms=self.received_ms, state=TransferState.RECEIVED
            )
        ]


@act(
    "transfer.withdraw/1",
    "撤销拨付",
    "Withdraw a transfer",
    on=Transfer,
    by=(Role.EAST_FINANCE,),
    grade=Grade.PAY,
    when=(TransferState.SENT,),
)
class WithdrawTransfer(Act, frozen=True, kw_only=True):
    """What never arrived and came back."""

    reason: Annotated[str, commitment("撤销理由", "Reason")]
    document: Document

    def effects(self, case: Case[Transfer]) -> list[Object]:
        """It counts no more."""
        return [case.subject.but(state=TransferState.WITHDRAWN)]


@guard(
    "allocation.other_agreement",
    "该笔拨付不属于所选年度协议，请重新选择",
    "That transfer belongs to another agreement; choose again",
)
def of_its_agreement(payload: Any, case: Case[Any]) -> Facts | None:
    """Cash keeps its origin."""
    named = payload.transfer
    agreed = case.subject.agreement if case.subject is not None else payload.agreement
    return None if not named or case.get(Transfer, named).agreement == agreed else {}


@act(
    "allocation.issue/1",
    "下达资金",
    "Issue an allocation",
    on=Allocation,
    by=WEST_FINANCE,
    grade=Grade.APPROVE,
    also=(some_amount, agreement_signed, of_its_agreement),
)
class IssueAllocation(Act, frozen=True, kw_only=True):
    """Pass money down: out of received cash, or in advance (提前下达) on the agreement."""

    agreement: AgreementId
    transfer: TransferId = ""
    region: Annotated[str, region("下达地区", "Passed down to")]
    year: Year
    amount_fen: Amount
    number: Number
    document: Document

    @guard(
        "allocation.region",
        "下达地区不在协议受援地区 {region} 之内，请核对",
        "The place is outside the agreement's recipient {region}; check it",
    )
    def within_recipient(self, case: Case[None]) -> Facts | None:
        """Money stays with whom it was agreed."""
        agreed = case.get(Agreement, self.agreement).region
        return None if contains(agreed, self.region) else {"region": agreed}

    @guard(
        "allocation.over_agreement",
        "提前下达累计将超过协议资金 {aid_fen} 元，请减少金额",
        "Advances would exceed the {aid_fen} agreed; lower the amount",
    )
    def advance_within(self, case: Case[None]) -> Facts | None:
        """An advance stands on the agreement alone, so it stays within it."""
        aid = case.get(Agreement, self.agreement).aid_fen
        stands = case.view.total(Allocation, "advance_fen", self.agreement)
        over = not self.transfer and stands + self.amount_fen > aid
        return {"aid_fen": aid} if over else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it; the transfer's cash bounds it."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        east = case.get(Agreement, self.agreement).east_region
        more: dict[str, Any] = {
            "east_region": east,
            "advance": not self.transfer,
            "issued_ms": case.now,
        }
        return [Allocation(id=case.id, **given, **more)]


@act(
    "allocation.cover/1",
    "以到账资金弥补提前下达",
    "Cover an advance with cash",
    on=Allocation,
    by=WEST_FINANCE,
    grade=Grade.APPROVE,
    when=(AllocationState.ISSUED,),
    also=(of_its_agreement,),
)
class CoverAllocation(Act, frozen=True, kw_only=True):
    """The cash of an advance has come; it keeps the mark that it was issued before."""

    transfer: TransferId

    @guard(
        "allocation.covered",
        "本次下达已对应到账资金，无须弥补",
        "This allocation stands on cash already; nothing to cover",
    )
    def not_covered(self, case: Case[Allocation]) -> Facts | None:
        """Cash covers an allocation once."""
        return {} if case.subject.transfer else None

    def effects(self, case: Case[Allocation]) -> list[Object]:
        """It draws on the transfer from here."""
        return [case.subject.but(transfer=self.transfer)]


@act(
    "allocation.recall/1",
    "收回资金",
    "Recall an allocation",
    on=Allocation,
    by=WEST_FINANCE,
    grade=Grade.APPROVE,
    when=(AllocationState.ISSUED,),
    also=(some_amount,),
)
class RecallAllocation(Act, frozen=True, kw_only=True):
    """Take back what its lines do not need; their sum bounds it."""

    amount_fen: Amount
    number: Number
    document: Document

    @guard(
        "allocation.recall_over",
        "只余 {net_fen} 元可收回，请核对",
        "Only {net_fen} is left to recall; check it",
    )
    def enough_left(self, case: Case[Allocation]) -> Facts | None:
        """No more than there is."""
        net = case.subject.net_fen
        return {"net_fen": net} if self.amount_fen > net else None

    def effects(self, case: Case[Allocation]) -> list[Object]:
        """Lower it; a whole recall ends it."""
        recalled = case.subject.recalled_fen + self.amount_fen
        whole = recalled >= case.subject.amount_fen
        state = AllocationState.RECALLED if whole else AllocationState.ISSUED
        return [case.subject.but(recalled_fen=min(recalled, case.subject.amount_fen), state=state)]
