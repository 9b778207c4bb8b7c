"""Money: agreed, sent, received, passed down, issued as lines, assigned, claimed, paid, carried over."""

from typing import Any

from shanhai.acts.agreement import Target, TargetKind
from shanhai.acts.agreement_flow import ConfirmAgreement, ProposeAgreement
from shanhai.acts.budget import AssignBudget, Budget, RecallBudget
from shanhai.acts.claim import Claim, ClaimState, PayStage
from shanhai.acts.claim_flow import (
    CertifyClaim,
    CheckClaim,
    EndorseClaim,
    ReviewClaim,
    SubmitClaim,
)
from shanhai.acts.contract import Contract
from shanhai.acts.fund_flow import IssueAllocation, ReceiveTransfer, SendTransfer
from shanhai.acts.line import LineKind
from shanhai.acts.line_flow import CarryOver, IssueLine
from shanhai.acts.machine import View
from shanhai.acts.payment import Payment, PaymentSplit, PaymentState
from shanhai.acts.payment_end import EnterReceipt, ReconcilePayment
from shanhai.acts.payment_flow import CountersignPayment, OrderPayment, Part
from shanhai.acts.year_end import OpenYear
from shanhai.domains.demo.cast import WEST
from shanhai.domains.demo.story.teller import WAN
from shanhai.domains.demo.story.works import Works

C, PS = ClaimState, PaymentState


class Money(Works):
    """The chain of the money, step by step."""

    pace = 130
    """Minutes from one desk to the next."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.lines: dict[str, str] = {}
        self.budgets: dict[str, str] = {}
        self.claims: dict[str, str] = {}
        self.payments: dict[str, str] = {}
        self.years: dict[int, str] = {}
        self.agreements: dict[int, str] = {}

    def open_year(self, year: int) -> None:
        """Open the county's books."""
        self.years[year] = self.do("finance", OpenYear(region=WEST, year=year))

    def agree(self, year: int, wan: int, **targets: int) -> str:
        """The east promises, the west accepts."""
        rows = tuple(
            Target(kind=kind, name=name, unit=unit, value=targets[key])
            for key, (kind, name, unit) in TARGETS.items()
            if key in targets
        )
        proposed = ProposeAgreement(
            pairing=self.pair,
            year=year,
            number=f"模拟海山协〔{year}〕1号",
            aid_fen=wan * WAN,
            targets=rows,
            document=self.paper(f"{year}年度协议"),
        )
        made = self.do("east_office", proposed)
        self.later(days=2)
        self.agreements[year] = self.do("office", ConfirmAgreement(), made)
        return made

    def send(self, agreement: str, wan: int, year: int) -> str:
        """Eastern finance sends money."""
        sent = SendTransfer(
            agreement=agreement,
            amount_fen=wan * WAN,
            number=f"模拟海财拨〔{year}〕{self.count}号",
            document=self.paper(f"拨付文件第{self.count}号"),
        )
        return self.do("east_finance", sent)

    def receive(self, transfer: str) -> None:
        """Western finance shows the bank's receipt."""
        self.later(days=3)
        receipt = self.paper(f"到账回单第{self.count}号")
        got = ReceiveTransfer(receipt=receipt, received_ms=self.now - 3_600_000)
        self.do("west_finance", got, transfer)

    def allocate(self, agreement: str, wan: int, year: int, transfer: str = "") -> str:
        """The province passes money down; without a transfer in advance of it."""
        issued = IssueAllocation(
            agreement=agreement,
            transfer=transfer,
            region=WEST,
            year=year,
            amount_fen=wan * WAN,
            number=f"模拟西财农〔{year}〕{self.count}号",
            document=self.paper(f"下达文件第{self.count}号"),
        )
        return self.do("west_finance", issued)

    def issue(self, name: str, allocation: str, wan: int, year: int) -> None:
        """The county issues a line."""
        issued = IssueLine(
            allocation=allocation,
            region=WEST,
            year=year,
            number=f"模拟山财指〔{year}〕{self.count}号",
            subject="2130599",
            kind=LineKind.EAST_WEST,
            department=self.body("department"),
            issued_fen=wan * WAN,
        )
        self.lines[name] = self.do("finance", issued)

    def assign(self, project: str, line: str, fen: int) -> None:
        """Give a project money from a line."""
        given = AssignBudget(
            project=self.projects[project],
            line=self.lines[line],
            amount_fen=fen,
            number=f"模拟山财预〔{self.count}〕号",
            document=self.paper(f"预算文件第{self.count}号"),
        )
        self.budgets[project] = self.do("finance", given)

    def carry_over(self, old: str, new: str, fen: int, year: int) -> None:
        """Carry what a line has left into the next year."""
        carried = CarryOver(
            amount_fen=fen,
            number=f"模拟山财结〔{year}〕{self.count}号",
            document=self.paper(f"结转文件第{self.count}号"),
        )
        self.do("finance", carried, self.lines[old])
        self.lines[new] = next(one for one in self.beside("funding_line") if one != self.lines[old])

    def recall_budget(self, project: str, fen: int) -> None:
        """Take back what a project will not spend this year."""
        recalled = RecallBudget(
            amount_fen=fen,
            number=f"模拟山财收〔{self.count}〕号",
            document=self.paper(f"收回文件第{self.count}号"),
        )
        self.do("finance", recalled, self.budgets[project])

    def left_fen(self, project: str) -> int:
        """Return what a project's present budget still has."""
        budget: Budget = self.object(Budget, self.budgets[project])
        view = View(self.node.storage, self.suite)
        return budget.net_fen - view.total(PaymentSplit, "net_fen", budget.id)

    def submit(self, lot: str, stage: PayStage, fen: int) -> str:
        """The contractor claims."""
        contract = self.object(Contract, self.contracts[lot])
        submitted = SubmitClaim(
            contract=contract.id,
            stage=stage,
            invoice=f"模拟发票{self.count:08}",
            invoice_digest=self.paper(f"发票第{self.count}号"),
            claimed_fen=fen,
            document=self.paper(f"请款材料第{self.count}号"),
        )
        self.claims[lot] = self.do(self.specs[lot].winner, submitted)
        return self.claims[lot]

    def claim(
        self,
        lot: str,
        stage: PayStage,
        fen: int,
        *,
        certified_fen: int = 0,
        to: ClaimState = C.CHECKED,
    ) -> str:
        """Walk a claim to a state."""
        made = self.submit(lot, stage, fen)
        mark = f"·{self.specs[lot].name}·{self.count}"
        steps: tuple[tuple[ClaimState, Any, str], ...] = (
            (
                C.SUBMITTED,
                CertifyClaim(certified_fen=certified_fen, report=self.paper(f"计量认证单{mark}")),
                "supervisor",
            ),
            (C.CERTIFIED, ReviewClaim(opinion=self.paper(f"业主审核意见{mark}")), "owner2"),
            (
                C.REVIEWED,
                EndorseClaim(opinion=self.paper(f"主管部门审核意见{mark}")),
                "department3",
            ),
            (
                C.ENDORSED,
                CheckClaim(opinion=self.paper(f"财政审核意见{mark}"), payable_fen=fen),
                "finance2",
            ),
        )
        for state, act, by in steps:
            if state is to:
                break
            self.later(minutes=self.pace)
            self.do(by, act, made)
        return made

    def order(self, lot: str, fen: int = 0) -> str:
        """Finance orders the payment of a checked claim."""
        claim = self.object(Claim, self.claims[lot])
        contract = self.object(Contract, claim.contract)
        budget = self.budgets[self.specs[lot].project]
        ordered = OrderPayment(
            claim=claim.id,
            payee=contract.contractor,
            account=contract.account,
            parts=(Part(budget=budget, amount_fen=fen or claim.payable_fen),),
        )
        self.payments[lot] = self.do("finance", ordered)
        return self.payments[lot]

    def pay(self, lot: str, to: PaymentState = PS.RECONCILED) -> str:
        """Bring the payment of a checked claim to a state: two keys, the bank, the accountant."""
        made = self.order(lot)
        mark = f"·{self.specs[lot].name}·{self.count}"
        receipt = self.paper(f"银行回单{mark}")
        if to is not PS.PROPOSED:
            self.later(minutes=self.pace)
            self.do("cadre", CountersignPayment(), made)
        if to in (PS.PAID, PS.RECONCILED):
            self.later(minutes=2 * self.pace)
            paid = EnterReceipt(receipt=receipt, paid_ms=self.now - 3_600_000)
            self.do("treasury", paid, made)
        if to is PS.RECONCILED:
            self.later(minutes=2 * self.pace)
            fen = self.object(Payment, made).amount_fen
            found = ReconcilePayment(statement=self.paper(f"对账单{mark}"), found_fen=fen)
            self.do("reconciler", found, made)
        return made

    def claim_and_pay(self, lot: str, stage: PayStage, fen: int, certified_fen: int = 0) -> None:
        """Have a claim made, checked, paid and reconciled."""
        self.claim(lot, stage, fen, certified_fen=certified_fen)
        self.pay(lot)

    def due_fen(self, lot: str, permille: int) -> int:
        """Return what is left to pay of a contract up to a share of its settlement."""
        contract: Contract = self.object(Contract, self.contracts[lot])
        paid = View(self.node.storage, self.suite).total(Payment, "net_fen", contract.id)
        return contract.settled_fen * permille // 1000 - paid

    def price(self, lot: str) -> int:
        """Return a contract's limit in fen."""
        contract: Contract = self.object(Contract, self.contracts[lot])
        return contract.limit_fen


K = TargetKind
TARGETS = {
    "cadres": (K.CADRES, "选派挂职干部", "人"),
    "talent": (K.TALENT, "选派专业技术人才", "人"),
    "firms": (K.FIRMS, "引导落地企业", "家"),
    "sales": (K.SALES, "消费帮扶", "万元"),
    "jobs": (K.JOBS, "转移就业", "人"),
}
