"""What was entered of a running project, as tables: `{% load opening %}{% opening_entered project %}`."""

from typing import Any, NamedTuple

from django import template

from shanhai.acts.budget import Budget
from shanhai.acts.contract import Contract
from shanhai.acts.line import FundingLine
from shanhai.acts.lot import Lot
from shanhai.acts.officer import Organisation
from shanhai.acts.opening import Opening, OpeningState
from shanhai.acts.payment import PaymentSplit
from shanhai.acts.project import Project
from shanhai.domains import names
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.kernel.text import Text

register = template.Library()


class ContractLine(NamedTuple):
    """A contract with its lot and contractor in words."""

    contract: Contract
    lot: str
    contractor: Text


class MoneyLine(NamedTuple):
    """A budget with its line and what was paid of it before, split by split."""

    budget: Budget
    line: FundingLine
    paid: list[tuple[PaymentSplit, str]]


@register.inclusion_tag("project/opening_entered.html")
def opening_entered(project: Project) -> dict[str, Any]:
    """Show everything that the pending batches brought in, with its evidence; seven queries."""
    rows = row_of(Opening).objects.filter(project=project.id, state=OpeningState.PENDING.value)
    batches = structs(Opening, rows.order_by("id"))
    lots = by_id(Lot, (one for batch in batches for one in batch.lots))
    contracts = by_id(Contract, (one for batch in batches for one in batch.contracts))
    budgets = by_id(Budget, (one for batch in batches for one in batch.budgets))
    splits = by_id(PaymentSplit, (one for batch in batches for one in batch.splits))
    named = {one for batch in batches for one in batch.lines}
    lines = by_id(FundingLine, named | {one.line for one in budgets.values()})
    bodies = names.of([(Organisation, one.contractor) for one in contracts.values()])
    spent = {
        one.id: [
            (split, contracts[split.contract].number if split.contract in contracts else "")
            for split in splits.values()
            if split.budget == one.id
        ]
        for one in budgets.values()
    }
    return {
        "project": project,
        "batches": batches,
        "lots": list(lots.values()),
        "contracts": [
            ContractLine(
                one,
                lots[one.lot].name if one.lot in lots else "",
                bodies.get(one.contractor, Text("—", "—")),
            )
            for one in contracts.values()
        ],
        "money": [MoneyLine(one, lines[one.line], spent[one.id]) for one in budgets.values()],
        "unbudgeted": [
            line for line in lines.values() if line.id not in {b.line for b in budgets.values()}
        ],
    }
