"""Brings money along its chain by real acts: agreement, transfer, allocation, line, budget, contract, claim, payment."""

from typing import Any

from acts.county import DOC, WAN
from acts.project_world import ProjectWorld
from acts.scenario import EAST, WEST
from shanhai.acts.agreement_flow import ConfirmAgreement, ProposeAgreement
from shanhai.acts.budget import AssignBudget
from shanhai.acts.claim import Claim, ClaimState, PayStage
from shanhai.acts.claim_flow import (
    CertifyClaim,
    CheckClaim,
    EndorseClaim,
    ReviewClaim,
    SubmitClaim,
)
from shanhai.acts.clocks import (
    ACCOUNT_DAYS,
    ADVANCE_CAP,
    CARRY_MONTHS,
    CERTIFIED_SHARE,
    COUNTERSIGNER,
    PROGRESS_CAP,
    RETENTION_CAP,
)
from shanhai.acts.contract import Contract
from shanhai.acts.contract_flow import FileContract, RegisterContract
from shanhai.acts.fund_flow import IssueAllocation, ReceiveTransfer, SendTransfer
from shanhai.acts.line import LineKind
from shanhai.acts.line_flow import IssueLine
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.officer import OrganisationKind
from shanhai.acts.payment import Payment
from shanhai.acts.payment_end import EnterReceipt
from shanhai.acts.payment_flow import CountersignPayment, OrderPayment, Part
from shanhai.acts.procurement import Award
from shanhai.acts.project import ProjectState
from shanhai.acts.roles import Role
from shanhai.acts.settlement_flow import ConfirmSettlement, DraftSettlement
from shanhai.acts.year_end import OpenYear
from shanhai.kernel.periods import DAY_MS

ACCOUNT, OTHER_ACCOUNT = f"{91:064x}", f"{92:064x}"
SHARES = {RETENTION_CAP: 30, ADVANCE_CAP: 300, PROGRESS_CAP: 800, CERTIFIED_SHARE: 900}
MONEY_POSTS = {
    "east_office": Role.EAST_OFFICE,
    "east_finance": Role.EAST_FINANCE,
    "finance2": Role.COUNTY_FINANCE,
    "treasury": Role.COUNTY_TREASURY,
    "reconciler": Role.COUNTY_RECONCILER,
}


class MoneyWorld(ProjectWorld):
    """Each step takes the step before; what a test is about it does itself."""

    def __init__(self) -> None:
        super().__init__()
        for name, role in MONEY_POSTS.items():
            east = role.value.startswith("east_")
            self.officer(name, role, OrganisationKind.GOVERNMENT, EAST if east else WEST)
        for one, share in SHARES.items():
            self.value(one.id, share, region="51")
        self.value(ACCOUNT_DAYS.id, 15, region="51")
        self.value(CARRY_MONTHS.id, 24, region="51")
        self.value(COUNTERSIGNER.id, words=("cadre",), region="51")
        self.papers = 1000

    def paper(self) -> str:
        """Return the hash of a document that nobody used."""
        self.papers += 1
        return f"{self.papers:064x}"

    def make(self, prefix: str, act: Any, by: str) -> str:
        """Do an act that makes an object; judged, not necessarily accepted."""
        made = self.id(prefix)
        self.when(act, by=by, on=made)
        return made

    def open_year(self, year: int = 2026) -> str:
        """Open the county's books."""
        return self.make("fyr", OpenYear(region=WEST, year=year), "finance")

    def agree(self, **more: Any) -> str:
        """Have an agreement signed."""
        given = {"year": 2026, "number": f"模拟协议{self.made}", "aid_fen": 3000 * WAN, **more}
        act = ProposeAgreement(pairing=self.pair, document=DOC, **given)
        made = self.make("agr", act, "east_office")
        self.ok().when(ConfirmAgreement(), by="office", on=made).ok()
        return made

    def send(self, agreement: str, amount_fen: int = 2000 * WAN) -> str:
        """Send money; judged, not necessarily accepted."""
        act = SendTransfer(
            agreement=agreement, amount_fen=amount_fen, number=f"模拟拨{self.made}", document=DOC
        )
        return self.make("trf", act, "east_finance")

    def received(self, agreement: str, amount_fen: int = 2000 * WAN) -> str:
        """Have money sent and received."""
        made = self.send(agreement, amount_fen)
        act = ReceiveTransfer(receipt=self.paper(), received_ms=self.now)
        self.ok().when(act, by="finance", on=made).ok()
        return made

    def allocate(self, agreement: str, transfer: str = "", **more: Any) -> str:
        """Pass money down; judged, not necessarily accepted."""
        given: dict[str, Any] = {
            "region": WEST,
            "year": 2026,
            "amount_fen": 1500 * WAN,
            "number": f"模拟下达{self.made}",
            **more,
        }
        act = IssueAllocation(agreement=agreement, transfer=transfer, document=DOC, **given)
        return self.make("alo", act, "finance")

    def issue(self, allocation: str, **more: Any) -> str:
        """Issue a line; judged, not necessarily accepted."""
        given: dict[str, Any] = {
            "region": WEST,
            "year": 2026,
            "number": f"模拟指标{self.made}",
            "subject": "2130599",
            "kind": LineKind.EAST_WEST,
            "department": "org-agriculture",
            "issued_fen": 1000 * WAN,
            **more,
        }
        return self.make("lin", IssueLine(allocation=allocation, **given), "finance")

    def funded(self) -> str:
        """Return a line of 1,000 万元 on received money, in an open year."""
        self.open_year()
        agreement = self.ok().agree()
        allocation = self.allocate(agreement, self.received(agreement))
        return self.ok().issue(allocation)

    def assign(self, project: str, line: str, amount_fen: int = 500 * WAN) -> str:
        """Give a project money; judged, not necessarily accepted."""
        act = AssignBudget(
            project=project,
            line=line,
            amount_fen=amount_fen,
            number=f"模拟预算{self.made}",
            document=DOC,
        )
        return self.make("bud", act, "finance")

    def file_contract(self, lot: str, **more: Any) -> str:
        """File a contract at the award's price; judged, not necessarily accepted."""
        award = self.get(Award, self.get(Lot, lot).award)
        given: dict[str, Any] = {
            "award": award.id,
            "number": f"模拟合同{self.made}",
            "price_fen": award.price_fen,
            "advance_permille": 300,
            "retention_permille": 30,
            "account": ACCOUNT,
            "signed_ms": self.now,
            **more,
        }
        act = FileContract(lot=lot, account_proof=DOC, document=DOC, **given)
        return self.make("con", act, "owner")

    def contract(self, lot: str) -> None:
        """S8, by its acts."""
        made = self.file_contract(lot)
        self.ok().when(RegisterContract(compared=True), by="agriculture", on=made).ok()

    def contract_of(self, lot: str) -> Contract:
        """Return a lot's contract."""
        found = (one for one in self.store.objects.values() if isinstance(one, Contract))
        return next(one for one in found if one.lot == lot and one.listed)

    def settle(self, lot: str) -> None:
        """S12, by its acts."""
        contract = self.contract_of(lot)
        worth = {"claimed_fen": contract.limit_fen, "settled_fen": contract.limit_fen - WAN}
        draft = DraftSettlement(contract=contract.id, report=DOC, **worth)
        made = self.make("stl", draft, "settler")
        act = ConfirmSettlement(defects_until_ms=self.now + 365 * DAY_MS)
        self.ok().when(act, by="finance2", on=made).ok()

    def building(self, state: LotState = LotState.CONTRACTED) -> tuple[str, str]:
        """Return a funded project's budget of 500 万元 and a contract whose lot is in a state."""
        line = self.funded()
        project = self.ok().reach(ProjectState.EXECUTING)
        budget = self.assign(project, line)
        contract = self.ok().contract_of(self.lot(state, project)).id
        return budget, contract

    def submit(self, contract: str, stage: PayStage = PayStage.ADVANCE, **more: Any) -> str:
        """Claim money; judged, not necessarily accepted."""
        given: dict[str, Any] = {
            "claimed_fen": 400 * WAN,
            "invoice": f"发票{self.made}",
            "invoice_digest": self.paper(),
            **more,
        }
        act = SubmitClaim(contract=contract, stage=stage, document=DOC, **given)
        return self.make("clm", act, "builder")

    def claim(
        self,
        contract: str,
        stage: PayStage = PayStage.ADVANCE,
        *,
        certified_fen: int = 0,
        payable_fen: int,
        state: ClaimState = ClaimState.CHECKED,
    ) -> str:
        """Walk a claim to a state."""
        made = self.submit(contract, stage)
        steps: tuple[tuple[Any, str], ...] = (
            (CertifyClaim(certified_fen=certified_fen, report=DOC), "supervisor"),
            (ReviewClaim(opinion=DOC), "owner"),
            (EndorseClaim(opinion=DOC), "agriculture"),
            (CheckClaim(opinion=DOC, payable_fen=payable_fen), "finance2"),
        )
        self.ok()
        for act, by in steps:
            if self.get(Claim, made).state is state:
                break
            self.when(act, by=by, on=made).ok()
        return made

    def order(self, claim: str, *parts: tuple[str, int], by: str = "finance", **more: Any) -> str:
        """Order a payment from budgets; judged, not necessarily accepted."""
        given = {"payee": "org-builder", "account": ACCOUNT, **more}
        split = tuple(Part(budget=budget, amount_fen=fen) for budget, fen in parts)
        return self.make("pay", OrderPayment(claim=claim, parts=split, **given), by)

    def ordered(self, claim: str, *parts: tuple[str, int]) -> str:
        """Have a payment ordered and countersigned."""
        made = self.order(claim, *parts)
        self.ok().when(CountersignPayment(), by="cadre", on=made).ok()
        return made

    def paid(self, claim: str, *parts: tuple[str, int]) -> str:
        """Have a payment reach its payee."""
        made = self.ordered(claim, *parts)
        act = EnterReceipt(receipt=self.paper(), paid_ms=self.now)
        self.when(act, by="treasury", on=made).ok()
        return made

    def advance_paid(self) -> tuple[str, Payment]:
        """Return a budget and a paid advance of 50 万元 from it."""
        budget, contract = self.building()
        self.later(days=16)
        claim = self.claim(contract, payable_fen=50 * WAN)
        return budget, self.get(Payment, self.paid(claim, (budget, 50 * WAN)))
