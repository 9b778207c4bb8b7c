"""What is checked of opening balances at their entry: stages, amounts, and that rows fit each other.

Source: frozen decision 23; rules D06, D10, D14. Whatever the ledger bounds for other money (approval, line,
budget) bounds opening money too, once it counts: at the second officer's confirmation.
"""

from typing import Any

from shanhai.acts.contract import AccountKind
from shanhai.acts.line import FundingLine, LineState
from shanhai.acts.lot import LotState
from shanhai.acts.machine import Case, Facts, guard
from shanhai.acts.opening_batch import SETTLED_LOTS, Batch
from shanhai.acts.opening_rows import OpeningBudget
from shanhai.acts.pairing import Pairing
from shanhai.acts.project import Project

LOT_LINE = tuple(
    state
    for state in LotState
    if state not in (LotState.OPENING, LotState.TERMINATED, LotState.VOID)
)
CONTRACTED_LOTS = LOT_LINE[LOT_LINE.index(LotState.CONTRACTED) :]


@guard(
    "opening.lot_stage",
    "标段“{lot}”的环节只能是待评审至已移交",
    "The stage of lot “{lot}” must lie between its addition and its handover",
)
def lots_stand_somewhere(payload: Batch, _case: Case[Any]) -> Facts | None:
    """A lot stands on its main line."""
    astray = [row.name for row in payload.lots if row.state not in LOT_LINE]
    return {"lot": astray[0]} if astray else None


@guard(
    "opening.contract_lot",
    "合同第 {row} 行：须填本批标段的序号，该标段已签合同，一个标段一份合同",
    "Contract {row}: name a lot of this batch by its place, contracted already, one contract a lot",
    "D20",
)
def contracts_have_lots(payload: Batch, _case: Case[Any]) -> Facts | None:
    """A contract belongs to a lot that has reached it."""
    seen: set[int] = set()
    for place, row in enumerate(payload.contracts, 1):
        known = row.lot <= len(payload.lots) and row.lot not in seen
        if not known or payload.lots[row.lot - 1].state not in CONTRACTED_LOTS:
            return {"row": place}
        seen.add(row.lot)
    return None


@guard(
    "opening.contract_amounts",
    "合同第 {row} 行：合同价须大于零；核定、结算不超过合同价；已付加扣留不超过 {most_fen} 元（合同价，已结算的为结算金额）",
    "Contract {row}: price above nothing; certified and settled within it; paid and retained within {most_fen}",
    "D14",
)
def contracts_add_up(payload: Batch, _case: Case[Any]) -> Facts | None:
    """Nobody was paid more than agreed, or than it was settled at."""
    for place, row in enumerate(payload.contracts, 1):
        lot = payload.lots[row.lot - 1] if row.lot <= len(payload.lots) else None
        over = lot is not None and lot.state in SETTLED_LOTS
        most = lot.settled_fen if lot is not None and over else row.price_fen
        within = row.certified_fen <= row.price_fen and 0 < most <= row.price_fen
        if not within or row.paid_before_fen + row.retained_before_fen > most:
            return {"row": place, "most_fen": most}
    return None


@guard(
    "opening.contract_account",
    "合同第 {row} 行：不得向个人账户支付，请提供单位账户、工资专户或代理账户",
    "Contract {row}: personal accounts are never paid; name the unit's, wages or agent account",
    "D10；P12",
)
def accounts_of_bodies(payload: Batch, _case: Case[Any]) -> Facts | None:
    """Money goes to bodies, whenever the contract was signed."""
    kinds = enumerate((row.account_kind for row in payload.contracts), 1)
    wrong = [place for place, kind in kinds if kind is AccountKind.PERSONAL]
    return {"row": wrong[0]} if wrong else None


@guard(
    "opening.contract_signed",
    "合同第 {row} 行：签订时间不能晚于今天，请核对",
    "Contract {row}: it cannot have been signed after today; check the date",
)
def contracts_signed_before(payload: Batch, case: Case[Any]) -> Facts | None:
    """Only what was signed before is brought in."""
    dates = enumerate((row.signed_ms for row in payload.contracts), 1)
    wrong = [place for place, signed in dates if signed > case.now]
    return {"row": wrong[0]} if wrong else None


def _where(payload: Any, case: Case[Any]) -> tuple[str, str]:
    """Return county and donor of the project that a batch belongs to."""
    if hasattr(payload, "project"):
        project = case.get(Project, payload.project)
        return project.region[:6], project.east_region
    return payload.region[:6], case.get(Pairing, payload.pairing).east_region


def _line_fits(payload: Batch, case: Case[Any], row: OpeningBudget) -> bool:
    """Return whether a budget names one line: of the batch, or open on the ledger, same county and donor."""
    if bool(row.place) is bool(row.line) or not row.amount_fen:
        return False
    if row.place:
        return row.place <= len(payload.lines)
    line = case.get(FundingLine, row.line)
    county, east = _where(payload, case)
    ours = line.region[:6] == county and line.state is LineState.OPEN
    return ours and line.east_region in ("", east)


@guard(
    "opening.budget_line",
    "预算第 {row} 行：须填本批指标的序号，或选择一条可用、同县、同支援地区的指标，金额大于零",
    "Budget {row}: name a line of this batch by its place, or an open one of the county and donor; above nothing",
    "D06",
)
def budgets_have_lines(payload: Batch, case: Case[Any]) -> Facts | None:
    """A county spends its own lines, and one pair's money stays with that pair."""
    for place, row in enumerate(payload.budgets, 1):
        if not _line_fits(payload, case, row):
            return {"row": place}
    return None


@guard(
    "opening.paid_rows",
    "期初已付第 {row} 行：须填本批预算的序号（有合同的并填合同序号），金额大于零",
    "Paid before {row}: name a budget of this batch by its place, and its contract if any; above nothing",
    "D06；funds reference §5.8 no. 11",
)
def paid_rows_fit(payload: Batch, _case: Case[Any]) -> Facts | None:
    """Every yuan that was paid names its line."""
    for place, row in enumerate(payload.paid, 1):
        named = row.budget <= len(payload.budgets) and row.contract <= len(payload.contracts)
        if not named or not row.amount_fen:
            return {"row": place}
    return None


@guard(
    "opening.paid_differs",
    "合同第 {row} 行：累计已付与“期初已付”中该合同的合计 {sum_fen} 元不符，请核对",
    "Contract {row}: what was paid differs from the {sum_fen} that its rows of money paid before add up to",
)
def paid_adds_up(payload: Batch, _case: Case[Any]) -> Facts | None:
    """Two figures from two sides agree, or one is wrong."""
    for place, row in enumerate(payload.contracts, 1):
        found = sum(one.amount_fen for one in payload.paid if one.contract == place)
        if found != row.paid_before_fen:
            return {"row": place, "sum_fen": found}
    return None


CHECKS = (
    lots_stand_somewhere,
    contracts_have_lots,
    contracts_add_up,
    accounts_of_bodies,
    contracts_signed_before,
    budgets_have_lines,
    paid_rows_fit,
    paid_adds_up,
)
"""The checks of every batch."""
