"""Payments before the bank: ordered by finance within the cap, countersigned by the pair's eastern key.

Source: frozen decisions 16, 17 and 21; funds reference §5.2, §5.8 no. 4 (姚安县 2025: two-key payment);
rules D02, D03, D06, D07, D41.
"""

from typing import Annotated, Any

import msgspec

from shanhai.acts.budget import Budget, BudgetId, BudgetState
from shanhai.acts.claim import UNDER_CHECK, Claim, ClaimId, ClaimState
from shanhai.acts.claim_flow import cap_of
from shanhai.acts.clocks import ACCOUNT_DAYS, COUNTERSIGNER
from shanhai.acts.contract import Contract
from shanhai.acts.derived import derived_id
from shanhai.acts.fiscal_year import open_year
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
    ref,
    rows,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Countersigner
from shanhai.acts.payment import Payment, PaymentSplit, PaymentState
from shanhai.acts.platform import platform
from shanhai.acts.project import LIVE, Project
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import encode
from shanhai.kernel.ids import ALPHABET
from shanhai.kernel.periods import full_days

EASTERN = (Role.EAST_CADRE, Role.EAST_LIAISON, Role.EAST_OFFICE)
PAYERS = (Role.COUNTY_FINANCE, Role.COUNTY_TREASURY)
STEPS = ("submit", "certify", "review", "endorse", "check")
CODE_LENGTH = 8


def never_checked(via: str) -> tuple[Never, ...]:
    """Return the separations from whoever claimed, certified or approved what is to be paid."""
    return tuple(Never(f"claim.{step}", via) for step in STEPS)


class Part(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What the payment takes of one budget."""

    budget: BudgetId
    amount_fen: Annotated[int, amount("金额", "Amount")]


def check_code(case: Case[Any]) -> str:
    """Return the short code for the payment's 用途, by which the treasury's records are matched."""
    made = case.view.suite.hash(encode(["payment_code", case.id]))
    value = int.from_bytes(made[:8], "big")
    return "".join(ALPHABET[value >> 5 * place & 31] for place in range(CODE_LENGTH))


@act(
    "payment.order/1",
    "提出支付",
    "Order a payment",
    on=Payment,
    by=PAYERS,
    grade=Grade.PAY,
    not_by=(*never_checked("claim"), Never("project.approve", via="claim.project")),
    also=(no_hold,),
)
class OrderPayment(Act, frozen=True, kw_only=True):
    """Pay a checked claim to the party of its contract, from named budgets of its project."""

    claim: ClaimId
    payee: Annotated[str, ref(Organisation, "收款人", "Payee")]
    account: Annotated[str, commitment("收款账户", "Payee account")]
    parts: Annotated[tuple[Part, ...], rows("资金拆分", "Splits", least=1, most=16)]

    @property
    def amount_fen(self) -> int:
        """Return what is paid in all."""
        return sum(part.amount_fen for part in self.parts)

    @guard(
        "payment.claim_stage",
        "请款现为“{state}”，财政审核后方可支付",
        "The claim is “{state_en}”; it is paid once finance has checked it",
        "D36",
    )
    def claim_checked(self, case: Case[None]) -> Facts | None:
        """No payment without its claim's checks."""
        state = case.get(Claim, self.claim).state
        ready = state is ClaimState.CHECKED
        return None if ready else {"state": state.zh, "state_en": state.en}

    @guard(
        "payment.project_stage",
        "项目现处“{state}”，不能支付",
        "The project is in “{state_en}”; nothing is paid",
        "D36",
    )
    def project_live(self, case: Case[None]) -> Facts | None:
        """Money moves from approval to the end of the defects period."""
        state = case.get(Project, case.get(Claim, self.claim).project).state
        return None if state in LIVE else {"state": state.zh, "state_en": state.en}

    @guard(
        "payment.payee",
        "收款人不是合同承包方，请核对合同",
        "The payee is not the contract's contractor; check the contract",
        "D02",
    )
    def payee_is_party(self, case: Case[None]) -> Facts | None:
        """Only the contract's party is paid."""
        return None if self.payee == self._contract(case).contractor else {}

    @guard(
        "payment.account",
        "收款账户与备案账户不符，请核对或先办理账户变更",
        "The account is not the one on file; check it or have the change filed first",
        "D03",
    )
    def account_on_file(self, case: Case[None]) -> Facts | None:
        """Only the account on file is paid."""
        return None if self.account == self._contract(case).account else {}

    @guard(
        "payment.account_new",
        "收款账户备案满 {days} 天后方可支付，现为第 {passed} 天",
        "An account is paid once on file for {days} days; {passed} have passed",
        "D03",
        skip_unset=True,
    )
    def account_settled(self, case: Case[None]) -> Facts | None:
        """A late change of account is the oldest trick."""
        contract = self._contract(case)
        days = case.value(ACCOUNT_DAYS, contract.region, contract.signed_ms)
        passed = full_days(contract.account_ms, case.now)
        return {"days": days, "passed": passed} if passed < days else None

    @guard(
        "payment.over_cap",
        "超出可支付上限 {cap_fen} 元，多 {excess_fen} 元；请减少金额或先办理变更",
        "Exceeds the payable cap {cap_fen} by {excess_fen}; lower the amount or file a change",
        platform("R08") + "；D41",
    )
    def within_cap(self, case: Case[None]) -> Facts | None:
        """What was paid since the check counts too."""
        cap = cap_of(case, case.get(Claim, self.claim))
        excess = self.amount_fen - cap
        return {"cap_fen": cap, "excess_fen": excess} if excess > 0 else None

    @guard(
        "payment.split",
        "资金拆分第 {row} 行：须为本项目在用、同一年度、不重复的预算，金额大于零",
        "Split {row}: name an assigned budget of this project and one year, once, above nothing",
        "D06；" + platform("R09"),
    )
    def splits_fit(self, case: Case[None]) -> Facts | None:
        """Every yuan names the project's own money."""
        project, seen, years = case.get(Claim, self.claim).project, set(), set()
        for place, part in enumerate(self.parts, 1):
            budget = case.get(Budget, part.budget)
            years.add(budget.year)
            ours = budget.project == project and budget.state is BudgetState.ASSIGNED
            if not ours or not part.amount_fen or part.budget in seen or len(years) > 1:
                return {"row": place}
            seen.add(part.budget)
        return None

    @guard(
        "payment.year",
        "预算所属 {year} 年度未开账或已结账，请先结转指标并重新安排预算",
        "The budgets' year {year} is not open; carry the line over and assign it anew",
        platform("R10"),
    )
    def year_open(self, case: Case[None]) -> Facts | None:
        """A closed year pays nothing."""
        budget = case.get(Budget, self.parts[0].budget)
        return open_year(case, budget.region, budget.year)

    def _contract(self, case: Case[None]) -> Contract:
        return case.get(Contract, case.get(Claim, self.claim).contract)

    def effects(self, case: Case[None]) -> list[Object]:
        """Freeze payee, splits and countersigner; where the pair has none it is ordered at once."""
        claim = case.get(Claim, self.claim)
        budgets = [case.get(Budget, part.budget) for part in self.parts]
        who = Countersigner(case.dated(COUNTERSIGNER, claim.region, case.now).words[0])
        alone = who is Countersigner.NONE
        shared: dict[str, Any] = {
            "project": claim.project,
            "region": claim.region,
            "east_region": claim.east_region,
            "year": budgets[0].year,
        }
        splits = [
            PaymentSplit(
                id=derived_id(case, PaymentSplit.prefix, place),
                payment=case.id,
                budget=budget.id,
                line=budget.line,
                amount_fen=part.amount_fen,
                **shared,
            )
            for place, (part, budget) in enumerate(zip(self.parts, budgets, strict=True))
        ]
        payment = Payment(
            id=case.id,
            claim=claim.id,
            contract=claim.contract,
            stage=claim.stage,
            payee=self.payee,
            account=self.account,
            amount_fen=self.amount_fen,
            code=check_code(case),
            splits=tuple(split.id for split in splits),
            lines=tuple(dict.fromkeys(budget.line for budget in budgets)),
            countersigner=who,
            proposed_ms=case.now,
            ordered_ms=case.now if alone else 0,
            state=PaymentState.ORDERED if alone else PaymentState.PROPOSED,
            **shared,
        )
        return [payment, *splits]


@guard(
    "payment.wrong_countersigner",
    "本笔支付由{role}会签，请由其办理",
    "This payment is countersigned by: {role_en}",
    platform("R05"),
)
def right_countersigner(_payload: Any, case: Case[Payment]) -> Facts | None:
    """The key was fixed when the payment was ordered."""
    due = case.subject.countersigner
    return None if case.post.role is due.role else {"role": due.zh, "role_en": due.en}


@act(
    "payment.countersign/1",
    "会签支付",
    "Countersign a payment",
    on=Payment,
    by=EASTERN,
    grade=Grade.PAY,
    when=(PaymentState.PROPOSED,),
    not_by=(
        Never("payment.order"),
        *never_checked("claim"),
        Never("project.approve", via="project"),
    ),
    also=(right_countersigner, no_hold),
)
class CountersignPayment(Act, frozen=True, kw_only=True):
    """The second key; from here the order stands."""

    def effects(self, case: Case[Payment]) -> list[Object]:
        """Order it."""
        return [case.subject.but(ordered_ms=case.now, state=PaymentState.ORDERED)]


def called_off(case: Case[Payment], state: PaymentState) -> list[Object]:
    """Return the payment and its splits as off: line, budget, claim and contract get their room back."""
    splits = [case.get(PaymentSplit, one).but(off=True) for one in case.subject.splits]
    return [case.subject.but(state=state), *splits]


@act(
    "payment.return/1",
    "退回支付",
    "Return a payment",
    on=Payment,
    by=EASTERN,
    grade=Grade.APPROVE,
    when=(PaymentState.PROPOSED,),
    also=(right_countersigner,),
)
class ReturnPayment(Act, frozen=True, kw_only=True):
    """The east does not countersign, and says why."""

    reason: Annotated[str, commitment("退回理由", "Reason")]

    def effects(self, case: Case[Payment]) -> list[Object]:
        """Call it off."""
        return called_off(case, PaymentState.RETURNED)


@act(
    "payment.withdraw/1",
    "撤回支付",
    "Withdraw a payment",
    on=Payment,
    by=PAYERS,
    grade=Grade.PAY,
    when=(PaymentState.PROPOSED,),
)
class WithdrawPayment(Act, frozen=True, kw_only=True):
    """Take back what is not countersigned yet."""

    reason: Annotated[str, commitment("撤回理由", "Reason")]

    def effects(self, case: Case[Payment]) -> list[Object]:
        """Call it off."""
        return called_off(case, PaymentState.WITHDRAWN)


@act(
    "claim.void/1",
    "作废请款",
    "Void a claim",
    on=Claim,
    by=(Role.CONTRACTOR, Role.COUNTY_FINANCE),
    grade=Grade.CERTIFY,
    when=(*UNDER_CHECK, ClaimState.CHECKED),
)
class VoidClaim(Act, frozen=True, kw_only=True):
    """Take a claim back as long as nothing was paid on it."""

    reason: Annotated[str, commitment("作废理由", "Reason")]
    document: Annotated[str, digest("说明", "Document")]

    @guard(
        "claim.payments",
        "本请款已有支付（{paid_fen} 元），请先撤回支付或办理退款",
        "{paid_fen} is ordered or paid on it; withdraw the payment or have it refunded first",
    )
    def nothing_paid(self, case: Case[Claim]) -> Facts | None:
        """What was paid is not undone by voiding its reason."""
        paid = case.view.total(Payment, "net_fen", case.id)
        return {"paid_fen": paid} if paid else None

    @guard(
        "claim.not_yours",
        "只能作废本单位的请款",
        "A contractor voids its own claims only",
    )
    def its_own(self, case: Case[Claim]) -> Facts | None:
        """Finance may void any, a contractor its own."""
        foreign = case.post.organisation != case.subject.claimant
        return {} if case.post.role is Role.CONTRACTOR and foreign else None

    def effects(self, case: Case[Claim]) -> list[Object]:
        """Its invoice is free again."""
        return [case.subject.but(state=ClaimState.VOID)]
