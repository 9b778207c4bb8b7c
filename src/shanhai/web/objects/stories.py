"""What the pages of a contract, a claim, a payment and a finding say beyond their fields."""

from collections.abc import Callable
from typing import Any, NamedTuple

from shanhai.acts.agreement import Agreement
from shanhai.acts.claim import Claim, PayStage
from shanhai.acts.claim_flow import limit_of, paid_fen
from shanhai.acts.clocks import CERTIFIED_SHARE, PROGRESS_CAP
from shanhai.acts.contract import Contract
from shanhai.acts.finding import Finding, FindingState
from shanhai.acts.fund import Allocation
from shanhai.acts.line import FundingLine
from shanhai.acts.machine import Case, Object, View
from shanhai.acts.machine.values import Dated, Parameter
from shanhai.acts.payment import Payment, PaymentSplit
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import current, ledger_now_ms, node
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.clock import Moment
from shanhai.kernel.errors import Refused
from shanhai.kernel.text import Text
from shanhai.web.projects.contract import contract_figures

F = FindingState


class Term(NamedTuple):
    """One number of a formula: what it is, in fen or in ‰, and where it comes from."""

    label: Text
    amount_fen: int | None
    permille: int | None
    source: str


class Cap(NamedTuple):
    """A claim's cap: the formula in words, its numbers, and what came of it (None where a number is unset)."""

    formula: Text
    terms: list[Term]
    limit_fen: int | None
    paid_fen: int
    cap_fen: int | None
    unset: str
    before_fen: int


FORMULAS = {
    PayStage.ADVANCE: Text(
        "上限 = 合同限额 × 预付款比例 − 已下令支付",
        "cap = contract limit × advance share − ordered",
    ),
    PayStage.PROGRESS: Text(
        "上限 = min(合同限额 × 结算前上限, 累计核定 × 进度款比例) − 已下令支付",
        "cap = min(contract limit × cap before settlement, certified × progress share) − ordered",
    ),
    PayStage.SETTLED: Text(
        "上限 = 结算金额 × (1 − 质保金比例) − 已下令支付",
        "cap = settled × (1 − retention) − ordered",
    ),
    PayStage.RELEASED: Text("上限 = 结算金额 − 已下令支付", "cap = settled − ordered"),
}


def cap(claim: Claim) -> Cap | None:
    """Return how a claim's cap is worked out; None where its contract is gone."""
    book = node()
    case: Case[Any] = Case(
        View(current(), book.constants.suite, 1),
        claim,
        None,  # type: ignore[arg-type]  # no body is judged here
        None,  # type: ignore[arg-type]  # nor a post
        Moment(0, ledger_now_ms()),
    )
    contract = case.find(Contract, claim.contract)
    if contract is None:
        return None
    paid, unset = paid_fen(case, contract.id), ""
    limit: int | None
    try:
        limit = limit_of(case, contract, claim.stage, claim.certified_fen)
    except Refused as error:
        unset = str(error.facts.get("parameter", ""))
        limit = None
    cap_fen = None if limit is None else max(0, limit - paid)
    terms, before = _terms(case, contract, claim), contract.paid_before_fen
    return Cap(FORMULAS[claim.stage], terms, limit, paid, cap_fen, unset, before)


def _terms(case: Case[Any], contract: Contract, claim: Claim) -> list[Term]:
    limit = Term(Text("合同限额", "Contract limit"), contract.limit_fen, None, contract.number)
    settled = Term(Text("结算金额", "Settled"), contract.settled_fen, None, contract.number)
    kept = Term(Text("质保金比例", "Retention"), None, contract.retention_permille, contract.number)
    advance = Term(Text("预付款比例", "Advance"), None, contract.advance_permille, contract.number)
    work = Term(
        Text("累计核定工程量", "Certified so far"), claim.certified_fen, None, claim.invoice
    )
    shares = [_share(case, one, contract) for one in (PROGRESS_CAP, CERTIFIED_SHARE)]
    return {
        PayStage.ADVANCE: [limit, advance],
        PayStage.PROGRESS: [limit, shares[0], work, shares[1]],
        PayStage.SETTLED: [settled, kept],
        PayStage.RELEASED: [settled],
    }[claim.stage]


def _share(case: Case[Any], parameter: Parameter, contract: Contract) -> Term:
    dated: Dated | None
    try:
        dated = case.dated(parameter, contract.region, contract.signed_ms)
    except Refused:
        dated = None
    basis = f"{parameter.id} {dated.basis if dated else parameter.source}"
    return Term(parameter.text, None, dated.value if dated else None, basis)


class Link(NamedTuple):
    """One hop of the chain that a payment's money came by."""

    noun: Text
    text: str
    href: str
    amount_fen: int


class Flow(NamedTuple):
    """One split of a payment: its amount, and the hops from the agreement down to the line."""

    amount_fen: int
    refunded_fen: int
    hops: list[Link]


def flows(payment: Payment, actor: Actor) -> list[Flow]:
    """Return where a payment's money came from, split by split, never pro rata; four queries."""
    rows = row_of(PaymentSplit).objects.filter(visible(PaymentSplit, actor), payment=payment.id)
    splits = structs(PaymentSplit, rows.order_by("id"))
    lines = by_id(FundingLine, (split.line for split in splits))
    allocations = by_id(Allocation, (line.allocation for line in lines.values()))
    agreements = by_id(Agreement, (one.agreement for one in allocations.values()))
    made = []
    for split in splits:
        line = lines.get(split.line)
        allocation = allocations.get(line.allocation) if line else None
        agreement = agreements.get(allocation.agreement) if allocation else None
        hops = [
            _hop(agreement, "aid_fen"),
            _hop(allocation, "amount_fen"),
            _hop(line, "issued_fen"),
        ]
        made.append(Flow(split.amount_fen, split.refunded_fen, [hop for hop in hops if hop]))
    return made


def _hop(found: Object | None, amount: str) -> Link | None:
    if found is None:
        return None
    number = str(getattr(found, "number", found.id))
    return Link(type(found).text, number, f"/{found.noun}/{found.id}", getattr(found, amount))


class Mark(NamedTuple):
    """One stage of a finding as `<c-stepper>` shows it."""

    label: Text
    state: str
    note: str


LINE = (F.EVIDENCE, F.CONSULTED, F.DETERMINED, F.ORDERED, F.RECTIFYING, F.VERIFIED, F.CLOSED)


def marks(finding: Finding) -> list[Mark]:
    """Return a finding's stages with where it stands; a transfer or a dispelled suspicion ends the line."""
    ended = finding.state not in LINE
    at = len(LINE) if finding.state is F.CLOSED else 1 if ended else LINE.index(finding.state)
    late = 0 < finding.due_ms <= ledger_now_ms()
    here = "late" if late else "here"
    made = [
        Mark(one.text, "done" if place < at else here if place == at and not ended else "ahead", "")
        for place, one in enumerate(LINE)
    ]
    return [*made[:2], Mark(finding.state.text, "returned", "")] if ended else made


def _of_claim(found: Any, _actor: Actor) -> dict[str, Any]:
    return {"cap": cap(found)}


def _of_payment(found: Any, actor: Actor) -> dict[str, Any]:
    return {"flows": flows(found, actor)}


def _of_finding(found: Any, _actor: Actor) -> dict[str, Any]:
    return {"marks": marks(found)}


def _of_contract(found: Any, _actor: Actor) -> dict[str, Any]:
    return {"figures": contract_figures(found)}


STORIES: dict[type[Object], Callable[[Any, Actor], dict[str, Any]]] = {
    Claim: _of_claim,
    Contract: _of_contract,
    Payment: _of_payment,
    Finding: _of_finding,
}


def story(found: Object, actor: Actor) -> dict[str, Any]:
    """Return what an object's page says beyond its fields."""
    tell = STORIES.get(type(found))
    return tell(found, actor) if tell else {}
