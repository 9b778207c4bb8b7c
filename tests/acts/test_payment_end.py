"""After the bank: paid on its receipt, reconciled by another, refunded by split and year; books close."""

from typing import Any

import pytest

from acts.county import DAY, DOC, WAN
from acts.money_world import MoneyWorld
from acts.scenario import WEST
from shanhai.acts.claim import Claim, ClaimState
from shanhai.acts.contract import Contract, ContractState
from shanhai.acts.fiscal_year import (
    Direction,
    FiscalYear,
    FrozenMonth,
    MonthAdjustment,
    YearState,
    month_key,
)
from shanhai.acts.line import FundingLine
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.payment import Payment, PaymentSplit, PaymentState, Refund
from shanhai.acts.payment_end import (
    EnterReceipt,
    FailPayment,
    ReconcilePayment,
    RefundPart,
    RefundPayment,
)
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_closing import CloseProject
from shanhai.acts.roles import Role
from shanhai.acts.settlement import Settlement, SettlementState
from shanhai.acts.settlement_flow import ConfirmSettlement, DraftSettlement, ReturnSettlement
from shanhai.acts.year_end import AdjustMonth, CloseYear, FreezeMonth
from shanhai.kernel.periods import date_of


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


def ordered(world: MoneyWorld) -> str:
    budget, contract = world.building()
    world.later(days=16)
    return world.ordered(world.claim(contract, payable_fen=50 * WAN), (budget, 50 * WAN))


def receipt(world: MoneyWorld, **more: Any) -> EnterReceipt:
    return EnterReceipt(**{"receipt": world.paper(), "paid_ms": world.now, **more})


def refund(world: MoneyWorld, payment: Payment, fen: int, **more: Any) -> RefundPayment:
    parts = (RefundPart(split=payment.splits[0], amount_fen=fen),)
    given = {"refunded_ms": world.now, "receipt": world.paper(), "parts": parts, **more}
    return RefundPayment(reason=DOC, **given)


def freeze(world: MoneyWorld, paid_fen: int, when_ms: int, **more: int) -> str:
    day = date_of(when_ms)
    given = {"year": day.year, "month": day.month, "paid_fen": paid_fen, **more}
    return world.make("frm", FreezeMonth(region=WEST, document=DOC, **given), "finance")


def test_an_order_is_paid_only_on_the_banks_receipt(world: MoneyWorld) -> None:
    payment = ordered(world)
    project = world.get(Payment, payment).project
    assert world.total(Payment, "paid_fen", project) == 0
    world.when(receipt(world), by="treasury", on=payment).ok()
    found = world.get(Payment, payment)
    assert world.total(Payment, "paid_fen", project) == 50 * WAN
    assert world.total(PaymentSplit, "paid_fen", found.lines[0]) == 50 * WAN
    assert world.get(Claim, found.claim).state is ClaimState.PAID


def test_a_receipt_proves_one_payment_and_falls_between_order_and_now(world: MoneyWorld) -> None:
    payment = ordered(world)
    for paid_ms in (world.now + 1, world.now - 2 * DAY):
        world.when(receipt(world, paid_ms=paid_ms), by="treasury", on=payment)
        world.refused("payment.paid_when")
    used = world.paper()
    other = {"receipt": used, "code": "x", "state": PaymentState.FAILED}
    world.put(world.get(Payment, payment).but(id=world.id("pay"), **other))
    world.when(receipt(world, receipt=used), by="treasury", on=payment).refused("object.taken")


def test_payer_receiver_of_receipts_and_reconciler_are_three(world: MoneyWorld) -> None:
    payment = ordered(world)
    world.second("payer", Role.COUNTY_TREASURY, person="finance")
    world.when(receipt(world), by="payer", on=payment).refused("authority.same")
    world.when(receipt(world), by="treasury", on=payment).ok()
    world.second("books", Role.COUNTY_RECONCILER, person="treasury")
    fits = ReconcilePayment(statement=DOC, found_fen=50 * WAN)
    world.when(fits, by="books", on=payment).refused("authority.same")
    astray = ReconcilePayment(statement=DOC, found_fen=50 * WAN - 1)
    world.when(astray, by="reconciler", on=payment).refused("payment.statement_differs")
    world.when(fits, by="reconciler", on=payment).ok()
    assert world.get(Payment, payment).state is PaymentState.RECONCILED


def test_a_failed_payment_gives_everything_back(world: MoneyWorld) -> None:
    payment = ordered(world)
    world.when(FailPayment(document=DOC, reason=DOC), by="treasury", on=payment).ok()
    found = world.get(Payment, payment)
    assert world.total(PaymentSplit, "net_fen", found.lines[0]) == 0
    assert world.get(Claim, found.claim).state is ClaimState.CHECKED


def test_a_refund_in_the_year_restores_the_line(world: MoneyWorld) -> None:
    budget, payment = world.advance_paid()
    world.when(refund(world, payment, 20 * WAN), by="finance", on=payment.id).ok()
    assert world.total(PaymentSplit, "net_fen", budget) == 30 * WAN
    assert world.total(Payment, "net_fen", payment.contract) == 30 * WAN
    assert world.total(Payment, "paid_fen", payment.project) == 50 * WAN
    assert world.total(Refund, "amount_fen", payment.id) == 20 * WAN


def test_a_later_refund_restores_nothing(world: MoneyWorld) -> None:
    budget, payment = world.advance_paid()
    world.later(days=300).when(refund(world, payment, 20 * WAN), by="finance", on=payment.id).ok()
    assert world.total(PaymentSplit, "net_fen", budget) == 50 * WAN
    assert world.get(FundingLine, payment.lines[0]).available_fen == 1000 * WAN
    assert world.get(Payment, payment.id).refunded_fen == 20 * WAN


def test_no_more_comes_back_than_went_out(world: MoneyWorld) -> None:
    _, payment = world.advance_paid()
    for fen in (0, 50 * WAN + 1):
        world.when(refund(world, payment, fen), by="finance", on=payment.id)
        assert "refund.split" in world.codes
    early = refund(world, payment, 1, refunded_ms=payment.paid_ms - 1)
    world.when(early, by="finance", on=payment.id).refused("refund.when")
    world.when(refund(world, payment, 50 * WAN), by="finance", on=payment.id).ok()
    world.when(refund(world, payment, 1), by="finance", on=payment.id)
    assert "refund.split" in world.codes


def test_a_reported_month_takes_only_adjustments(world: MoneyWorld) -> None:
    payment = ordered(world)
    paid_ms = world.now
    freeze(world, 0, paid_ms)
    world.refused("month.running")
    world.later(days=31)
    freeze(world, 1, paid_ms)
    world.refused("month.differs")
    month = freeze(world, 0, paid_ms)
    world.ok().when(receipt(world, paid_ms=paid_ms), by="treasury", on=payment)
    world.refused("month.frozen")
    act = AdjustMonth(
        month=month, direction=Direction.INCREASE, amount_fen=50 * WAN, reason=DOC, document=DOC
    )
    world.make("adj", act, "finance")
    world.refused("authority.same")
    world.make("adj", act, "finance2")
    assert world.ok().total(MonthAdjustment, "increase_fen", month) == 50 * WAN
    assert world.get(FrozenMonth, month).paid_fen == 0
    low = AdjustMonth(
        month=month, direction=Direction.DECREASE, amount_fen=50 * WAN + 1, reason=DOC, document=DOC
    )
    world.make("adj", low, "finance2")
    world.refused("month.below_zero")


def test_what_is_reported_is_what_the_ledger_paid(world: MoneyWorld) -> None:
    _, payment = world.advance_paid()
    world.later(days=31)
    freeze(world, 50 * WAN, payment.paid_ms)
    world.ok()
    assert month_key("510722101", payment.paid_ms).startswith("510722/2026-")


def test_a_year_closes_when_over_and_nothing_is_under_way(world: MoneyWorld) -> None:
    payment = ordered(world)
    year = next(k[1] for k in world.store.objects if k[0] is FiscalYear)
    close = CloseYear(document=DOC)
    world.second("other", Role.COUNTY_FINANCE, person="finance")
    world.when(close, by="finance2", on=year)
    assert "year.running" in world.codes
    world.later(days=365).when(close, by="finance2", on=year).refused("year.payments_open")
    world.when(receipt(world), by="treasury", on=payment).ok()
    world.when(close, by="other", on=year).refused("authority.same")
    world.when(close, by="finance2", on=year).ok()
    assert world.get(FiscalYear, year).state is YearState.CLOSED


def test_books_are_a_countys(world: MoneyWorld) -> None:
    from shanhai.acts.year_end import OpenYear  # noqa: PLC0415 - only here

    world.officer("province", Role.COUNTY_FINANCE, region="510000")
    world.make("fyr", OpenYear(region="510000", year=2026), "province")
    world.refused("year.county")


def draft(world: MoneyWorld, contract: str, by: str = "settler", **more: int) -> str:
    given = {"claimed_fen": 260 * WAN, "settled_fen": 250 * WAN, **more}
    return world.make("stl", DraftSettlement(contract=contract, report=DOC, **given), by)


def test_a_contract_is_settled_once_accepted_within_its_limit(world: MoneyWorld) -> None:
    _, contract = world.building(LotState.COMPLETED)
    draft(world, contract)
    world.refused("settlement.stage")
    lot = world.get(Contract, contract).lot
    world.accept_township(lot)
    world.accept_county(lot)
    for worth in (0, 261 * WAN):
        draft(world, contract, settled_fen=worth)
        world.refused("settlement.over_contract")
    made = draft(world, contract)
    world.ok().when(ConfirmSettlement(defects_until_ms=world.now), by="finance2", on=made)
    world.refused("settlement.defects_date")
    act = ConfirmSettlement(defects_until_ms=world.now + 365 * DAY)
    world.when(act, by="finance2", on=made).ok()
    assert world.get(Contract, contract).state is ContractState.SETTLED
    assert world.get(Lot, lot).settled_fen == 250 * WAN


def test_the_settler_is_a_third_and_confirms_nothing(world: MoneyWorld) -> None:
    _, contract = world.building(LotState.ACCEPTED)
    world.second("inside", Role.SETTLER, person="owner", organisation="org-owner")
    draft(world, contract, by="inside")
    world.refused("settlement.reviewer_is_party")
    world.second("both", Role.COUNTY_FINANCE, person="settler")
    made = draft(world, contract)
    act = ConfirmSettlement(defects_until_ms=world.now + DAY)
    world.ok().when(act, by="both", on=made).refused("authority.same")
    world.when(ReturnSettlement(reason=DOC), by="finance2", on=made).ok()
    assert world.get(Settlement, made).state is SettlementState.RETURNED
    draft(world, contract)
    world.ok()


def test_a_project_is_archived_only_with_its_claims_settled(world: MoneyWorld) -> None:
    _, contract = world.building()
    world.submit(contract)
    project = world.get(Contract, contract).project
    world.put(world.get(Project, project).but(state=ProjectState.ARCHIVING))
    world.when(CloseProject(archive=DOC), by="leaders", on=project).refused("closing.payments")
