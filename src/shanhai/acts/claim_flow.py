"""The checks of a claim: certified on site, by the owner, the department and finance; each by another.

The cap of §5.2: `max(0, limit − paid)`, where the limit is the contract's advance share before work, the lower
of its progress share and the certified share while it runs, the settlement less retention once settled, and
the whole settlement after the defects period. Shares are dated parameters of the subject's region, looked up
on the contract's day. Amounts are floored to the fen.

Source: funds reference §5.2; 财建〔2022〕183号; rules D12, D14, D41; frozen decision 17.
"""

from typing import Annotated, Any

from shanhai.acts.claim import UNDER_CHECK, Claim, ClaimState, PayStage
from shanhai.acts.clocks import CERTIFIED_SHARE, PROGRESS_CAP
from shanhai.acts.contract import Contract, ContractId, ContractState
from shanhai.acts.hold import no_hold
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    amount,
    commitment,
    digest,
    guard,
    label,
    word,
)
from shanhai.acts.machine.objects import Total
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role

WHOLE = 1000
PAID_SUM = "payment.net_fen"
SUBMIT, CERTIFY, REVIEW, ENDORSE, CHECK = (
    Never(f"claim.{verb}") for verb in ("submit", "certify", "review", "endorse", "check")
)


def paid_fen(case: Case[Any], contract: str) -> int:
    """Return what is ordered or paid under a contract, refunds off, with what was paid before the ledger."""
    found = case.find(Total, f"{PAID_SUM}/{contract}")
    before = case.get(Contract, contract).paid_before_fen
    return before + (found.value if found is not None else 0)


def limit_of(case: Case[Any], contract: Contract, stage: PayStage, certified_fen: int) -> int:
    """Return the most that may have been paid under a contract at a stage, in fen.

    Raises:
        Refused: `parameter.unset` where a share of progress payments is not set; nothing is guessed.
    """
    if stage is PayStage.ADVANCE:
        return contract.limit_fen * contract.advance_permille // WHOLE
    kept_fen = contract.retained_before_fen  # due with the retention, no earlier
    if stage is PayStage.PROGRESS:
        where, on_ms = contract.region, contract.signed_ms
        capped = contract.limit_fen * case.value(PROGRESS_CAP, where, on_ms) // WHOLE
        capped = min(capped, contract.limit_fen - kept_fen)
        return min(capped, certified_fen * case.value(CERTIFIED_SHARE, where, on_ms) // WHOLE)
    if stage is PayStage.SETTLED:
        due = contract.settled_fen * (WHOLE - contract.retention_permille) // WHOLE
        return max(0, min(due, contract.settled_fen - kept_fen))
    return contract.settled_fen


def cap_of(case: Case[Any], claim: Claim) -> int:
    """Return what may be paid on a claim now: max(0, limit − paid)."""
    contract = case.get(Contract, claim.contract)
    limit = limit_of(case, contract, claim.stage, claim.certified_fen)
    return max(0, limit - paid_fen(case, contract.id))


@act(
    "claim.submit/1",
    "请款",
    "Submit a claim",
    on=Claim,
    by=(Role.CONTRACTOR,),
    grade=Grade.DECLARE,
    own="claimant",
)
class SubmitClaim(Act, frozen=True, kw_only=True):
    """The contractor asks for money, with an invoice that nobody used before."""

    contract: ContractId
    stage: Annotated[PayStage, label("款项", "Kind of payment")]
    invoice: Annotated[str, word("发票号码", "Invoice number", max_length=40)]
    invoice_digest: Annotated[str, digest("发票", "Invoice")]
    claimed_fen: Annotated[int, amount("申请金额", "Claimed")]
    document: Annotated[str, digest("请款材料", "Documents")]

    @guard("claim.zero", "申请金额须大于零", "A claim asks for more than nothing")
    def some_money(self, _case: Case[None]) -> Facts | None:
        """Nothing is not claimed."""
        return None if self.claimed_fen else {}

    @guard(
        "claim.stage",
        "合同现为“{state}”，不能申请{stage}：结算前可申请预付款、进度款，结算后申请结算款、质保金",
        "The contract is “{state_en}”: advance and progress come before settlement, the rest after; not {stage_en}",
        "D41",
    )
    def stage_fits(self, case: Case[None]) -> Facts | None:
        """Each stage has its time."""
        contract = case.get(Contract, self.contract)
        early = self.stage in (PayStage.ADVANCE, PayStage.PROGRESS)
        due = ContractState.REGISTERED if early else ContractState.SETTLED
        words: Facts = {"state": contract.state.zh, "state_en": contract.state.en}
        named: Facts = {"stage": self.stage.zh, "stage_en": self.stage.en}
        return None if contract.state is due else words | named

    @guard(
        "claim.defects_period",
        "缺陷责任期未满，质保金到期后方可申请",
        "The defects period still runs; the retention is claimed after it",
        "D41",
    )
    def retention_due(self, case: Case[None]) -> Facts | None:
        """Retention is not released early."""
        contract = case.get(Contract, self.contract)
        early = self.stage is PayStage.RELEASED and case.now < contract.defects_until_ms
        return {} if early else None

    @guard(
        "claim.another_open",
        "本合同还有请款在办，请待其付清、退回或作废",
        "Another claim of this contract is under way; wait until it is paid, returned or void",
    )
    def only_one(self, case: Case[None]) -> Facts | None:
        """Cumulative figures are checked one after another."""
        return {} if case.view.total(Claim, "open", self.contract) else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it."""
        contract = case.get(Contract, self.contract)
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [
            Claim(
                id=case.id,
                lot=contract.lot,
                project=contract.project,
                region=contract.region,
                east_region=contract.east_region,
                year=contract.year,
                owner=contract.owner,
                claimant=contract.contractor,
                submitted_ms=case.now,
                **given,
            )
        ]


@act(
    "claim.certify/1",
    "计量认证",
    "Certify a claim",
    on=Claim,
    by=(Role.SUPERVISOR,),
    grade=Grade.CERTIFY,
    when=(ClaimState.SUBMITTED,),
    not_by=(SUBMIT,),
)
class CertifyClaim(Act, frozen=True, kw_only=True):
    """The supervisor says how much is built in all; an advance has nothing built yet."""

    certified_fen: Annotated[int, amount("累计核定工程量", "Certified so far")]
    report: Annotated[str, digest("计量认证单", "Certificate of work done")]

    @guard(
        "claim.over_contract",
        "累计核定超过合同加批准变更 {limit_fen} 元，请先办理变更",
        "More is certified than contract and approved changes, {limit_fen}; have a change approved first",
        "D14",
    )
    def within_contract(self, case: Case[Claim]) -> Facts | None:
        """Nothing is certified that was not agreed."""
        limit = case.get(Contract, case.subject.contract).limit_fen
        return {"limit_fen": limit} if self.certified_fen > limit else None

    @guard(
        "claim.certified_less",
        "累计核定不得少于上次的 {certified_fen} 元，请填累计数",
        "It must not be less than the {certified_fen} certified before; enter the running total",
    )
    def never_less(self, case: Case[Claim]) -> Facts | None:
        """Work does not vanish; a wrong certificate is corrected by an act of its own."""
        before = case.get(Contract, case.subject.contract).certified_fen
        return {"certified_fen": before} if self.certified_fen < before else None

    def effects(self, case: Case[Claim]) -> list[Object]:
        """Certify it."""
        given = {"certified_fen": self.certified_fen, "report": self.report}
        done = {"certified_ms": case.now, "state": ClaimState.CERTIFIED}
        return [case.subject.but(**given, **done)]


class Opinion(Act, frozen=True, kw_only=True):
    """A body's opinion on a claim."""

    opinion: Annotated[str, digest("审核意见", "Opinion")]


@act(
    "claim.review/1",
    "业主审核请款",
    "Review a claim",
    on=Claim,
    by=(Role.OWNER,),
    grade=Grade.APPROVE,
    when=(ClaimState.CERTIFIED,),
    not_by=(SUBMIT, CERTIFY),
    own="owner",
)
class ReviewClaim(Opinion, frozen=True, kw_only=True):
    """The owner agrees."""

    def effects(self, case: Case[Claim]) -> list[Object]:
        """Pass it on."""
        return [case.subject.but(state=ClaimState.REVIEWED)]


@act(
    "claim.endorse/1",
    "主管部门审核请款",
    "Endorse a claim",
    on=Claim,
    by=(Role.COUNTY_DEPARTMENT,),
    grade=Grade.APPROVE,
    when=(ClaimState.REVIEWED,),
    not_by=(SUBMIT, CERTIFY, REVIEW),
)
class EndorseClaim(Opinion, frozen=True, kw_only=True):
    """The department agrees."""

    def effects(self, case: Case[Claim]) -> list[Object]:
        """Pass it on."""
        return [case.subject.but(state=ClaimState.ENDORSED)]


@act(
    "claim.check/1",
    "财政审核请款",
    "Check a claim",
    on=Claim,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(ClaimState.ENDORSED,),
    not_by=(SUBMIT, CERTIFY, REVIEW, ENDORSE),
    also=(no_hold,),
)
class CheckClaim(Opinion, frozen=True, kw_only=True):
    """Finance finds what is payable, within the cap and what was claimed."""

    payable_fen: Annotated[int, amount("审定应付", "Found payable")]

    @guard(
        "claim.over_cap",
        "可支付上限为 {cap_fen} 元，多 {excess_fen} 元；请减少金额，或待工程量、结算到位",
        "At most {cap_fen} may be paid, {excess_fen} less; lower it, or wait for work and settlement",
        platform("R08") + "；D41",
    )
    def within_cap(self, case: Case[Claim]) -> Facts | None:
        """The stage's cap, less what was paid."""
        cap = cap_of(case, case.subject)
        excess = self.payable_fen - cap
        return {"cap_fen": cap, "excess_fen": excess} if excess > 0 else None

    @guard(
        "claim.payable",
        "审定应付须大于零且不超过申请金额 {claimed_fen} 元",
        "What is payable must be above nothing and within the {claimed_fen} claimed",
    )
    def within_claimed(self, case: Case[Claim]) -> Facts | None:
        """Nobody is paid more than asked for."""
        claimed = case.subject.claimed_fen
        return None if 0 < self.payable_fen <= claimed else {"claimed_fen": claimed}

    def effects(self, case: Case[Claim]) -> list[Object]:
        """It may be paid; its certified total becomes the contract's."""
        claim, contract = case.subject, case.get(Contract, case.subject.contract)
        done = {"checked_ms": case.now, "state": ClaimState.CHECKED}
        checked = claim.but(payable_fen=self.payable_fen, **done)
        return [checked, contract.but(certified_fen=claim.certified_fen)]


@act(
    "claim.return/1",
    "退回请款",
    "Return a claim",
    on=Claim,
    by=(Role.SUPERVISOR, Role.OWNER, Role.COUNTY_DEPARTMENT, Role.COUNTY_FINANCE),
    grade=Grade.CERTIFY,
    when=UNDER_CHECK,
)
class ReturnClaim(Act, frozen=True, kw_only=True):
    """Send it back with reasons; a new claim may use the invoice again."""

    reason: Annotated[str, commitment("退回理由", "Reason")]

    @guard(
        "claim.whose_turn",
        "现处“{state}”，由当前环节的审核人退回",
        "It is “{state_en}”; whoever checks it now may return it",
    )
    def at_its_desk(self, case: Case[Claim]) -> Facts | None:
        """Only the desk where it lies sends it back."""
        state = case.subject.state
        turn = TURNS[state] is case.post.role
        return None if turn else {"state": state.zh, "state_en": state.en}

    def effects(self, case: Case[Claim]) -> list[Object]:
        """End it."""
        return [case.subject.but(state=ClaimState.RETURNED)]


TURNS = {
    ClaimState.SUBMITTED: Role.SUPERVISOR,
    ClaimState.CERTIFIED: Role.OWNER,
    ClaimState.REVIEWED: Role.COUNTY_DEPARTMENT,
    ClaimState.ENDORSED: Role.COUNTY_FINANCE,
}
