"""Contracts and money paid before the ledger: inert until confirmed, then counted in every sum and cap."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acts.county import DOC, WAN
from acts.money_world import ACCOUNT, MoneyWorld
from acts.opening_world import LINE, batches, confirm, entered, lot, lots
from acts.test_totals import running_sums, slow_sums
from shanhai.acts.budget import Budget, BudgetState
from shanhai.acts.claim import ClaimState, PayStage
from shanhai.acts.claim_flow import CheckClaim
from shanhai.acts.contract import AccountKind, Contract, ContractState
from shanhai.acts.line import FundingLine
from shanhai.acts.lot import LotState
from shanhai.acts.machine import ACTS, Did, Object
from shanhai.acts.opening import Opening
from shanhai.acts.opening_balance import (
    CONTRACT_STEPS,
    PAID_STEPS,
    AddOpening,
    RefuseOpening,
)
from shanhai.acts.opening_rows import OpeningBudget, OpeningContract, OpeningPaid
from shanhai.acts.payment import Payment, PaymentSplit
from shanhai.acts.roles import Role
from shanhai.kernel.periods import DAY_MS

PAID, BUDGET, PRICE = 120 * WAN, 400 * WAN, 280 * WAN


def contract_row(world: MoneyWorld, **more: Any) -> OpeningContract:
    given: dict[str, Any] = {
        "lot": 1,
        "number": "模拟期初合同",
        "contractor": "org-builder",
        "price_fen": PRICE,
        "advance_permille": 300,
        "retention_permille": 30,
        "account": ACCOUNT,
        "account_proof": DOC,
        "document": DOC,
        "signed_ms": world.now - 400 * DAY_MS,
        "certified_fen": 150 * WAN,
        "paid_before_fen": PAID,
        "retained_before_fen": 4 * WAN,
        **more,
    }
    return OpeningContract(**given)


BUDGET_ROW = OpeningBudget(place=1, amount_fen=BUDGET, number="模拟预算〔2025〕1号")
PAID_ROW = OpeningPaid(budget=1, contract=1, amount_fen=PAID, document=DOC)


def running(world: MoneyWorld, contract: dict[str, Any] | None = None, **more: Any) -> str:
    """Enter a project with a contract, a budget and money paid before."""
    rows = {"contracts": (contract_row(world, **contract or {}),), "budgets": (BUDGET_ROW,)}
    return entered(world, **{**rows, "paid": (PAID_ROW,), **more})


def of(world: MoneyWorld, kind: type[Object], project: str) -> Any:
    """Return the one object of a noun that belongs to a project."""
    found = [one for one in world.store.objects.values() if isinstance(one, kind)]
    (only,) = (one for one in found if getattr(one, "project", project) == project)
    return only


@pytest.fixture
def world() -> MoneyWorld:
    made = MoneyWorld()
    made.officer("office2", Role.COUNTY_OFFICE)
    made.open_year()
    return made.ok()


def test_money_is_inert_until_the_second_officer_confirms(world: MoneyWorld) -> None:
    project = running(world)
    line, contract = of(world.ok(), FundingLine, project), of(world, Contract, project)
    budget = of(world, Budget, project)
    assert (contract.state, contract.listed, contract.live_fen) == (ContractState.OPENING, 0, 0)
    assert (budget.state, budget.net_fen) == (BudgetState.OPENING, 0)
    sums = ((Budget, "net_fen", line.id), (PaymentSplit, "net_fen", line.id))
    assert [world.total(*one) for one in sums] == [0, 0]
    world.submit(contract.id)
    world.refused("claim.stage")


def test_after_confirmation_every_total_equals_what_was_entered(world: MoneyWorld) -> None:
    project = running(world)
    confirm(world, project)
    line, contract = of(world.ok(), FundingLine, project), of(world, Contract, project)
    budget, split = of(world, Budget, project), of(world, PaymentSplit, project)
    assert (contract.state, contract.live_fen) == (ContractState.REGISTERED, PRICE)
    assert (contract.paid_before_fen, contract.retained_before_fen) == (PAID, 4 * WAN)
    for owner in (line.id, budget.id):
        assert world.total(PaymentSplit, "net_fen", owner) == PAID
    assert world.total(PaymentSplit, "paid_fen", line.id) == PAID
    assert world.total(Budget, "net_fen", project) == BUDGET
    assert world.total(Contract, "live_fen", project) == PRICE
    assert world.total(Opening, "paid_fen", project) == PAID
    assert (split.contract, split.payment, split.document) == (contract.id, "", DOC)
    assert all(one.opening for one in (line, contract, budget, split))
    assert running_sums(world) == slow_sums(world)


def test_what_was_paid_before_is_never_counted_as_proven(world: MoneyWorld) -> None:
    project = running(world)
    confirm(world, project)
    assert not any(isinstance(one, Payment) for one in world.ok().store.objects.values())
    assert world.total(Payment, "paid_fen", project) == 0


def test_a_refusal_voids_contract_budget_and_splits(world: MoneyWorld) -> None:
    project = running(world)
    act = RefuseOpening(openings=batches(world, project), reason=DOC)
    world.when(act, by="finance", on=project).ok()
    contract, budget = of(world, Contract, project), of(world, Budget, project)
    assert (contract.state, contract.live_fen) == (ContractState.VOID, 0)
    assert (budget.state, budget.net_fen, budget.unique) == (BudgetState.VOID, 0, ())
    assert of(world, PaymentSplit, project).off
    assert running_sums(world) == slow_sums(world)


def test_both_officers_did_what_came_before_the_contract_too(world: MoneyWorld) -> None:
    project = running(world)
    confirm(world, project)
    contract = of(world.ok(), Contract, project).id
    for step in (*(f"contract.{verb}" for verb in CONTRACT_STEPS), *PAID_STEPS):
        assert world.get(Did, f"{step}/{contract}").persons == ("office", "office2")


def test_every_separation_of_contract_claim_and_payment_is_covered() -> None:
    """A step on contract, claim or payment that separates must be among those written down."""
    written = {f"contract.{verb}" for verb in CONTRACT_STEPS} | set(PAID_STEPS)
    named = {never.act for act in ACTS.values() for never in act.row.not_by}
    ours = {one for one in named if one.partition(".")[0] in ("contract", "claim", "payment")}
    assert ours <= written


def claimed(world: MoneyWorld, contract: str, certified_fen: int, payable_fen: int) -> str:
    return world.claim(
        contract, PayStage.PROGRESS, certified_fen=certified_fen, payable_fen=payable_fen
    )


def test_a_new_claim_is_capped_by_what_was_paid_before(world: MoneyWorld) -> None:
    """200 certified at 90 % is 180, less the 120 paid before: 60."""
    project = running(world)
    confirm(world, project)
    contract = of(world.ok(), Contract, project).id
    claim = claimed(world, contract, 200 * WAN, 60 * WAN)
    assert world.get(Contract, contract).certified_fen == 200 * WAN
    world.later(days=16)
    budget = of(world, Budget, project).id
    world.order(claim, (budget, 60 * WAN + 1))
    world.refused("payment.over_cap", "total.over")
    world.order(claim, (budget, 60 * WAN))
    world.ok()
    assert world.total(PaymentSplit, "net_fen", budget) == PAID + 60 * WAN


def endorsed(world: MoneyWorld, contract: str, certified_fen: int) -> str:
    """Bring a claim of progress to finance's desk."""
    rows: dict[str, Any] = {"certified_fen": certified_fen, "payable_fen": 0}
    return world.claim(contract, PayStage.PROGRESS, state=ClaimState.ENDORSED, **rows)


def test_one_fen_above_the_cap_is_refused(world: MoneyWorld) -> None:
    project = running(world)
    confirm(world, project)
    made = endorsed(world, of(world.ok(), Contract, project).id, 200 * WAN)
    world.when(CheckClaim(opinion=DOC, payable_fen=60 * WAN + 1), by="finance2", on=made)
    world.refused("claim.over_cap")


def test_a_payment_beyond_the_lines_remaining_money_is_refused(world: MoneyWorld) -> None:
    """The line has 500, the budget 150, of which 120 are paid: 30 are left, whatever the claim allows."""
    small = OpeningBudget(place=1, amount_fen=150 * WAN, number="模拟预算〔2025〕2号")
    project = running(world, budgets=(small,))
    confirm(world, project)
    contract = of(world.ok(), Contract, project).id
    claim = claimed(world, contract, 200 * WAN, 60 * WAN)
    world.later(days=16)
    budget = of(world, Budget, project).id
    world.order(claim, (budget, 31 * WAN))
    world.refused("total.over")
    world.order(claim, (budget, 30 * WAN))
    world.ok()


def test_retention_of_before_is_due_with_the_retention_only(world: MoneyWorld) -> None:
    """Settled at 260 with 10 retained: 250 on settlement, 120 of them paid; the 10 after the defects period."""
    more = {"retained_before_fen": 10 * WAN, "defects_until_ms": world.now + 30 * DAY_MS}
    done = lot(LotState.SETTLED, settled_fen=260 * WAN)
    project = running(world, more, lots=(done,))
    confirm(world, project)
    contract = of(world.ok(), Contract, project)
    assert (contract.state, contract.settled_fen) == (ContractState.SETTLED, 260 * WAN)
    certified: dict[str, Any] = {"certified_fen": 260 * WAN, "payable_fen": 130 * WAN}
    claim = world.claim(contract.id, PayStage.SETTLED, **certified)
    world.later(days=16)
    world.order(claim, (of(world, Budget, project).id, 130 * WAN))
    world.ok()
    world.submit(contract.id, PayStage.RELEASED)
    world.refused("claim.defects_period", "claim.another_open")


def test_a_line_of_the_ledger_may_have_paid_before_too(world: MoneyWorld) -> None:
    first = running(world)
    confirm(world, first)
    line = of(world.ok(), FundingLine, first).id
    row = OpeningBudget(line=line, amount_fen=50 * WAN, number="模拟预算〔2025〕3号")
    direct = OpeningPaid(budget=1, amount_fen=20 * WAN, document=DOC)
    more: dict[str, Any] = {
        "lines": (),
        "budgets": (row,),
        "paid": (direct,),
        "paid_before_fen": 20 * WAN,
    }
    second = entered(world, **more)
    confirm(world.ok(), second)
    assert world.ok().total(PaymentSplit, "net_fen", line) == PAID + 20 * WAN
    big = OpeningBudget(line=line, amount_fen=51 * WAN, number="模拟预算〔2025〕4号")
    third = entered(world, **{**more, "budgets": (big,)})
    confirm(world.ok(), third)
    world.refused("total.over")  # 400 + 50 + 51 of 500


def test_further_batches_bring_contracts_too(world: MoneyWorld) -> None:
    project = entered(world)
    rows: dict[str, Any] = {
        "contracts": (contract_row(world),),
        "budgets": (BUDGET_ROW,),
        "paid": (PAID_ROW,),
    }
    line = msgspec.structs.replace(LINE, number="模拟财农〔2025〕4号")
    small = (lot(estimate_fen=WAN),)
    add = AddOpening(project=project, basis="补录", document=DOC, lots=small, lines=(line,), **rows)
    world.when(add, by="office", on=world.id("opn")).ok()
    confirm(world, project)
    assert of(world.ok(), Contract, project).lot in {one.id for one in lots(world, project)}


def test_named_money_is_named_whole(world: MoneyWorld) -> None:
    project = running(world, paid_before_fen=PAID + 1)
    confirm(world.ok(), project)
    world.refused("opening.paid_total")


@pytest.mark.parametrize(
    ("contract", "more", "code"),
    [
        ({"lot": 2}, {}, "opening.contract_lot"),
        ({}, {"lots": (lot(LotState.TENDERING),)}, "opening.contract_lot"),
        ({"price_fen": 0}, {}, "opening.contract_amounts"),
        ({"certified_fen": PRICE + 1}, {}, "opening.contract_amounts"),
        ({"retained_before_fen": PRICE - PAID + 1}, {}, "opening.contract_amounts"),
        ({}, {"lots": (lot(LotState.SETTLED),)}, "opening.contract_amounts"),
        (
            {},
            {"lots": (lot(LotState.SETTLED, settled_fen=PAID),)},
            "opening.contract_amounts",
        ),
        ({"account_kind": AccountKind.PERSONAL}, {}, "opening.contract_account"),
        ({"signed_ms": 2_000_000_000_000}, {}, "opening.contract_signed"),
        ({}, {"lines": ()}, "opening.budget_line"),
        (
            {},
            {"budgets": (OpeningBudget(amount_fen=1, number="模拟"),)},
            "opening.budget_line",
        ),
        (
            {},
            {"budgets": (OpeningBudget(place=1, amount_fen=0, number="模拟"),)},
            "opening.budget_line",
        ),
        ({}, {"budgets": ()}, "opening.paid_rows"),
        (
            {},
            {"paid": (PAID_ROW, OpeningPaid(budget=1, amount_fen=0, document=DOC))},
            "opening.paid_rows",
        ),
        ({"paid_before_fen": PAID - 1}, {}, "opening.paid_differs"),
        ({}, {"paid_before_fen": PAID - 1}, "opening.paid_over"),
    ],
)
def test_an_entry_of_money_is_refused(
    world: MoneyWorld, contract: dict[str, Any], more: dict[str, Any], code: str
) -> None:
    running(world, contract, **more)
    assert code in world.codes
    assert "internal" not in world.codes


def test_another_donors_line_is_refused(world: MoneyWorld) -> None:
    first = running(world)
    confirm(world, first)
    line = of(world.ok(), FundingLine, first)
    world.put(line.but(east_region="310000"))
    row = OpeningBudget(line=line.id, amount_fen=WAN, number="模拟")
    entered(world, lines=(), budgets=(row,))
    world.refused("opening.budget_line")


@given(
    price=st.integers(1, 300 * WAN),
    shares=st.lists(st.integers(1, 100 * WAN), min_size=1, max_size=5),
    budget=st.integers(1, 500 * WAN),
    asked=st.integers(1, 300 * WAN),
)
@settings(max_examples=25, deadline=None)
def test_no_fen_is_lost_or_found_on_the_way_in(
    price: int, shares: list[int], budget: int, asked: int
) -> None:
    """Whatever is entered: accepted it stands to the fen everywhere, and nobody is paid above the price."""
    world = MoneyWorld()
    world.officer("office2", Role.COUNTY_OFFICE)
    world.open_year()
    paid = tuple(OpeningPaid(budget=1, contract=1, amount_fen=f, document=DOC) for f in shares)
    whole = sum(shares)
    entry = {"price_fen": price, "paid_before_fen": whole, "certified_fen": price}
    row = OpeningBudget(place=1, amount_fen=budget, number="模拟预算")
    project = running(
        world, entry | {"retained_before_fen": 0}, paid=paid, budgets=(row,), paid_before_fen=whole
    )
    if world.codes:
        assert whole > price or whole > 500 * WAN
        return
    confirm(world, project)
    assert bool(world.codes) is (whole > budget)
    assert running_sums(world) == slow_sums(world)
    if world.codes:
        return
    line = of(world, FundingLine, project).id
    assert world.total(PaymentSplit, "net_fen", line) == whole
    contract = of(world, Contract, project).id
    made = endorsed(world, contract, price)
    world.when(CheckClaim(opinion=DOC, payable_fen=asked), by="finance2", on=made)
    room = max(0, price * 800 // 1000 - whole)
    assert ("claim.over_cap" in world.codes) is (asked > room)
