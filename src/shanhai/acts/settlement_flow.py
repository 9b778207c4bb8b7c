"""Settling a contract (S12): a third party reviews, finance confirms, the defects period begins.

Source: funds reference §5.1 S12; 财建〔2022〕183号; 《基本建设财务规则》 (财政部令81号; article 待核).
"""

from typing import Annotated

from shanhai.acts.contract import Contract, ContractId, ContractState
from shanhai.acts.lot import Lot, LotState
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
    moment,
)
from shanhai.acts.roles import Role
from shanhai.acts.settlement import Settlement, SettlementState


@act(
    "settlement.draft/1",
    "出具结算审核",
    "Draft a settlement",
    on=Settlement,
    by=(Role.SETTLER,),
    grade=Grade.CERTIFY,
    own="reviewer",
)
class DraftSettlement(Act, frozen=True, kw_only=True):
    """A third party says what an accepted lot's contract came to."""

    contract: ContractId
    claimed_fen: Annotated[int, amount("送审金额", "Claimed")]
    settled_fen: Annotated[int, amount("审定金额", "Settled")]
    report: Annotated[str, digest("结算审核报告", "Review report")]

    @guard(
        "settlement.stage",
        "标段现处“{state}”，县级验收通过后方可结算",
        "The lot is in “{state_en}”; it is settled once the county has accepted it",
        "D36",
    )
    def lot_accepted(self, case: Case[None]) -> Facts | None:
        """First accepted, then settled."""
        contract = case.get(Contract, self.contract)
        state = case.get(Lot, contract.lot).state
        ready = state is LotState.ACCEPTED and contract.state is ContractState.REGISTERED
        return None if ready else {"state": state.zh, "state_en": state.en}

    @guard(
        "settlement.over_contract",
        "审定金额须大于零，且不超过送审金额和合同加批准变更 {limit_fen} 元",
        "What is settled must be above nothing, within the claim and the contract with changes, {limit_fen}",
        "D14",
    )
    def within_contract(self, case: Case[None]) -> Facts | None:
        """Nothing is settled that was not agreed."""
        limit = case.get(Contract, self.contract).limit_fen
        fits = 0 < self.settled_fen <= min(limit, self.claimed_fen)
        return None if fits else {"limit_fen": limit}

    @guard(
        "settlement.reviewer_is_party",
        "结算审核机构不能是合同当事方",
        "The reviewer must not be a party to the contract",
    )
    def third_party(self, case: Case[None]) -> Facts | None:
        """A third party is a third."""
        contract, mine = case.get(Contract, self.contract), case.post.organisation
        return {} if mine in (contract.owner, contract.contractor) else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it; finance confirms."""
        contract = case.get(Contract, self.contract)
        return [
            Settlement(
                id=case.id,
                contract=contract.id,
                lot=contract.lot,
                project=contract.project,
                region=contract.region,
                east_region=contract.east_region,
                reviewer=case.post.organisation,
                claimed_fen=self.claimed_fen,
                settled_fen=self.settled_fen,
                report=self.report,
            )
        ]


@act(
    "settlement.confirm/1",
    "确认结算",
    "Confirm a settlement",
    on=Settlement,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(SettlementState.DRAFTED,),
    not_by=(Never("settlement.draft"), Never("lot.evaluate", via="lot")),
)
class ConfirmSettlement(Act, frozen=True, kw_only=True):
    """Finance takes it as the contract's final worth."""

    defects_until_ms: Annotated[int, moment("缺陷责任期至", "Defects period until")]

    @guard(
        "settlement.defects_date",
        "缺陷责任期须在今后届满，请按合同填写",
        "The defects period ends in the future; enter what the contract says",
    )
    def ahead(self, case: Case[Settlement]) -> Facts | None:
        """The period lies ahead."""
        return None if self.defects_until_ms > case.now else {}

    def effects(self, case: Case[Settlement]) -> list[Object]:
        """Settle contract and lot."""
        made = case.subject
        contract, lot = case.get(Contract, made.contract), case.get(Lot, made.lot)
        worth = {"settled_fen": made.settled_fen}
        until = {"defects_until_ms": self.defects_until_ms, "state": ContractState.SETTLED}
        return [
            made.but(confirmed_ms=case.now, state=SettlementState.CONFIRMED),
            contract.but(**worth, **until),
            lot.but(state=LotState.SETTLED, **worth),
        ]


@act(
    "settlement.return/1",
    "退回结算",
    "Return a settlement",
    on=Settlement,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(SettlementState.DRAFTED,),
    not_by=(Never("settlement.draft"),),
)
class ReturnSettlement(Act, frozen=True, kw_only=True):
    """Send it back; the contract may be settled anew."""

    reason: Annotated[str, commitment("退回理由", "Reason")]

    def effects(self, case: Case[Settlement]) -> list[Object]:
        """End it."""
        return [case.subject.but(state=SettlementState.RETURNED)]
