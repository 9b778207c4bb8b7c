"""What an act's form starts from because the ledger knows it: nobody types again what is on file."""

from collections.abc import Callable, Mapping
from typing import Any

from shanhai.acts.budget import Budget, BudgetState
from shanhai.acts.claim import Claim
from shanhai.acts.contract import Contract
from shanhai.acts.machine import Act
from shanhai.acts.notice import STAGES, Stage
from shanhai.acts.opening import Opening, OpeningState
from shanhai.acts.project import Project
from shanhai.domains.rows import by_id, row_of, structs

Near = Mapping[str, str]
FEN = 100


def _payment(near: Near) -> dict[str, Any]:
    """Return payee and account as the contract filed them, and the project's first budget."""
    claim = by_id(Claim, [near.get("claim", "")]).get(near.get("claim", ""))
    if claim is None:
        return {}
    contract = by_id(Contract, [claim.contract])[claim.contract]
    rows = row_of(Budget).objects.filter(project=claim.project, state=BudgetState.ASSIGNED.value)
    budgets = structs(Budget, rows.order_by("-id")[:1])
    payable = f"{claim.payable_fen // FEN}.{claim.payable_fen % FEN:02}"
    parts = tuple({"budget": one.id, "amount_fen": payable} for one in budgets)
    return {"payee": contract.contractor, "account": contract.account, "parts": parts}


def _notice(near: Near) -> dict[str, Any]:
    """Return the notice that the project's stage asks for."""
    project = by_id(Project, [near.get("project", "")]).get(near.get("project", ""))
    asked = (s for s, where in STAGES.items() if project and project.state in where.states)
    stage: Stage | None = next(asked, None)
    return {"stage": stage.value} if stage is not None else {}


def _openings(near: Near) -> dict[str, Any]:
    """Return every batch of the project that awaits its second officer: all are decided on at once."""
    rows = row_of(Opening).objects.filter(
        project=near.get("project", ""), state=OpeningState.PENDING.value
    )
    return {"openings": list(rows.order_by("id").values_list("id", flat=True))}


MAKERS: dict[str, Callable[[Near], dict[str, Any]]] = {
    "payment.order": _payment,
    "notice.open": _notice,
    "project.confirm_opening": _openings,
    "project.refuse_opening": _openings,
}


def prefilled(act: type[Act], near: Near) -> dict[str, Any]:
    """Return what an act's form starts from, besides the subject's own fields.

    Args:
        act: The act.
        near: Ids that the address names, by noun.
    """
    maker = MAKERS.get(act.row.plain)
    return maker(near) if maker else {}
