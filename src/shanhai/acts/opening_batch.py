"""How a batch of opening balances is built inert, brought to life by the second officer, or voided."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple

from shanhai.acts.budget import Budget, BudgetState
from shanhai.acts.contract import Contract, ContractState
from shanhai.acts.derived import derived_id
from shanhai.acts.line import FundingLine, LineState
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.machine import Act, Case, Object, digest, rows, word
from shanhai.acts.opening import Opening, OpeningState
from shanhai.acts.opening_rows import (
    OpeningBudget,
    OpeningContract,
    OpeningLine,
    OpeningLot,
    OpeningPaid,
)
from shanhai.acts.payment import PaymentSplit
from shanhai.acts.project import Project

SETTLED_LOTS = (LotState.SETTLED, LotState.FINISHED)


class Batch(Act, frozen=True, kw_only=True):
    """Lots, lines, contracts, budgets and money paid before, brought in together on documents by hash."""

    basis: Annotated[str, word("依据", "Basis")]
    document: Annotated[str, digest("期初资料", "Documents")]
    lots: Annotated[tuple[OpeningLot, ...], rows("标段", "Lots", most=32)] = ()
    lines: Annotated[tuple[OpeningLine, ...], rows("指标", "Funding lines", most=16)] = ()
    contracts: Annotated[tuple[OpeningContract, ...], rows("合同", "Contracts", most=32)] = ()
    budgets: Annotated[tuple[OpeningBudget, ...], rows("项目预算", "Budgets", most=16)] = ()
    paid: Annotated[tuple[OpeningPaid, ...], rows("期初已付", "Paid before", most=64)] = ()

    def batch(self, case: Case[Any], project: Project, id: str) -> list[Object]:  # noqa: A002 - the field's name
        """Build the batch and all it brings in."""
        lots, lines = self._lots(case, project), self._lines(case, project)
        contracts = self._contracts(case, project, lots)
        budgets = self._budgets(case, project, lines)
        splits = self._splits(case, budgets, contracts)
        opening = Opening(
            id=id,
            project=project.id,
            region=project.region,
            east_region=project.east_region,
            basis=self.basis,
            document=self.document,
            lots=_ids(lots),
            contracts=_ids(contracts),
            lines=_ids(lines),
            budgets=_ids(budgets),
            splits=_ids(splits),
            paid_fen=sum(row.amount_fen for row in self.paid),
        )
        return [opening, *lots, *lines, *contracts, *budgets, *splits]

    def _lots(self, case: Case[Any], project: Project) -> list[Lot]:
        return [
            Lot(
                id=derived_id(case, "lot", place),
                project=project.id,
                region=project.region,
                east_region=project.east_region,
                owner=project.owner,
                name=row.name,
                kind=row.kind,
                estimate_fen=row.estimate_fen,
                control_fen=row.control_fen,
                settled_fen=row.settled_fen,
                opening=True,
                resumes=row.state,
                state=LotState.OPENING,
            )
            for place, row in enumerate(self.lots)
        ]

    def _lines(self, case: Case[Any], project: Project) -> list[FundingLine]:
        return [
            FundingLine(
                id=derived_id(case, "lin", place),
                region=project.region[:6],
                east_region=project.east_region,
                year=row.year,
                origin_year=row.origin_year,
                number=row.number,
                subject=row.subject,
                kind=row.kind,
                department=row.department,
                issued_fen=row.issued_fen,
                issued_ms=case.now,
                opening=True,
                state=LineState.OPENING,
            )
            for place, row in enumerate(self.lines)
        ]

    def _contracts(self, case: Case[Any], project: Project, lots: list[Lot]) -> list[Contract]:
        """Build the inert contracts; the account counts as on file from its entry (D03)."""
        made = []
        for place, row in enumerate(self.contracts):
            if row.lot > len(lots):
                continue  # a guard refuses it; the other rows are tried all the same
            given = {name: getattr(row, name) for name in row.__struct_fields__ if name != "lot"}
            lot = lots[row.lot - 1]
            over = lot.resumes in SETTLED_LOTS
            made.append(
                Contract(
                    id=derived_id(case, Contract.prefix, place),
                    project=project.id,
                    lot=lot.id,
                    region=project.region,
                    east_region=project.east_region,
                    year=project.year,
                    owner=project.owner,
                    account_ms=case.now,
                    registered_ms=row.signed_ms,
                    settled_fen=lot.settled_fen if over else 0,
                    opening=True,
                    resumes=ContractState.SETTLED if over else ContractState.REGISTERED,
                    state=ContractState.OPENING,
                    **given,
                )
            )
        return made

    def _budgets(self, case: Case[Any], project: Project, lines: list[FundingLine]) -> list[Budget]:
        made = []
        for place, row in enumerate(self.budgets):
            if row.place > len(lines):
                continue
            line = lines[row.place - 1] if row.place else case.get(FundingLine, row.line)
            made.append(
                Budget(
                    id=derived_id(case, Budget.prefix, place),
                    project=project.id,
                    line=line.id,
                    region=project.region,
                    east_region=project.east_region,
                    year=line.year,
                    amount_fen=row.amount_fen,
                    number=row.number,
                    document=self.document,
                    assigned_ms=case.now,
                    opening=True,
                    state=BudgetState.OPENING,
                )
            )
        return made

    def _splits(
        self, case: Case[Any], budgets: list[Budget], contracts: list[Contract]
    ) -> list[PaymentSplit]:
        """Build what was paid before; it is off until the second officer confirms."""
        made = []
        for place, row in enumerate(self.paid):
            if row.budget > len(budgets) or row.contract > len(contracts):
                continue
            budget = budgets[row.budget - 1]
            made.append(
                PaymentSplit(
                    id=derived_id(case, PaymentSplit.prefix, place),
                    contract=contracts[row.contract - 1].id if row.contract else "",
                    budget=budget.id,
                    line=budget.line,
                    project=budget.project,
                    region=budget.region,
                    east_region=budget.east_region,
                    year=budget.year,
                    amount_fen=row.amount_fen,
                    document=row.document,
                    off=True,
                    opening=True,
                )
            )
        return made


def _ids(objects: Sequence[Object]) -> tuple[str, ...]:
    return tuple(one.id for one in objects)


class Brought(NamedTuple):
    """Everything that some batches of a project brought in."""

    batches: list[Opening]
    lots: list[Lot]
    lines: list[FundingLine]
    contracts: list[Contract]
    budgets: list[Budget]
    splits: list[PaymentSplit]

    @property
    def paid_fen(self) -> int:
        """Return what was paid before the ledger, by its splits."""
        return sum(one.paid_fen for one in self.batches)

    def alive(self) -> Iterator[Object]:
        """Yield all of it in force; what bounds stands before what it bounds."""
        yield from (one.but(state=OpeningState.CONFIRMED) for one in self.batches)
        yield from (one.but(state=one.resumes) for one in self.lots)
        yield from (one.but(state=LineState.OPEN) for one in self.lines)
        yield from (one.but(state=one.resumes) for one in self.contracts)
        yield from (one.but(state=BudgetState.ASSIGNED) for one in self.budgets)
        yield from (one.but(off=False, paid=True) for one in self.splits)

    def void(self) -> Iterator[Object]:
        """Yield all of it voided; its splits are off already and stay so."""
        yield from (one.but(state=OpeningState.REFUSED) for one in self.batches)
        yield from (one.but(state=LotState.VOID) for one in self.lots)
        yield from (one.but(state=LineState.VOID) for one in self.lines)
        yield from (one.but(state=ContractState.VOID) for one in self.contracts)
        yield from (one.but(state=BudgetState.VOID) for one in self.budgets)


def brought(case: Case[Any], openings: Sequence[str]) -> Brought:
    """Return everything that the named batches brought in."""
    batches = [case.get(Opening, one) for one in openings]
    return Brought(
        batches,
        [case.get(Lot, one) for batch in batches for one in batch.lots],
        [case.get(FundingLine, one) for batch in batches for one in batch.lines],
        [case.get(Contract, one) for batch in batches for one in batch.contracts],
        [case.get(Budget, one) for batch in batches for one in batch.budgets],
        [case.get(PaymentSplit, one) for batch in batches for one in batch.splits],
    )
