"""Writes a world that lives in memory into the state tables, so that pages have money to show."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from acts.county import DOC, WAN
from acts.money_world import MoneyWorld
from shanhai.acts.agreement import Agreement
from shanhai.acts.claim import PayStage
from shanhai.acts.contract import AccountKind, Contract
from shanhai.acts.lot import LotState
from shanhai.acts.payment import Payment
from shanhai.acts.payment_end import ReconcilePayment, RefundPart, RefundPayment
from shanhai.acts.project import ProjectState
from shanhai.acts.year_end import FreezeMonth
from shanhai.domains.rows import MODELS, row_of
from shanhai.kernel.canonical import encode
from shanhai.kernel.periods import date_of
from shanhai.node.tables import columns_of, values_of

if TYPE_CHECKING:
    from shanhai.acts.machine import Object


def load(world: MoneyWorld) -> None:
    """Insert every object of the world, totals too, replacing what stands there."""
    grouped: dict[type[Object], list[Object]] = defaultdict(list)
    for one in world.store.objects.values():
        if type(one) in MODELS:
            grouped[type(one)].append(one)
    for kind, found in grouped.items():
        model, names = row_of(kind), [column.name for column in columns_of(kind)]
        rows = [
            dict(zip([*names, "object"], (*values_of(kind)(one), encode(one)), strict=True))
            for one in found
        ]
        model.objects.filter(pk__in=[one.id for one in found]).delete()
        model.objects.bulk_create([model(**row) for row in rows])


def refund(world: MoneyWorld, payment: Payment, fen: int) -> None:
    """Have part of a payment come back."""
    part = RefundPart(split=payment.splits[0], amount_fen=fen)
    act = RefundPayment(parts=(part,), receipt=world.paper(), refunded_ms=world.now, reason=DOC)
    world.when(act, by="finance", on=payment.id).ok()


def story() -> MoneyWorld:
    """Return a year of money: two projects, payments in every state, a refund, an agent account, a reported month."""
    world = MoneyWorld()
    budget, contract = world.building()
    world.later(days=16)
    advance = world.claim(contract, payable_fen=50 * WAN)
    paid = world.get(Payment, world.paid(advance, (budget, 50 * WAN)))
    world.when(
        ReconcilePayment(statement=DOC, found_fen=50 * WAN), by="reconciler", on=paid.id
    ).ok()
    progress = world.claim(
        contract, PayStage.PROGRESS, certified_fen=200 * WAN, payable_fen=100 * WAN
    )
    world.later(days=3)
    second = world.get(Payment, world.paid(progress, (budget, 60 * WAN)))
    refund(world, second, 5 * WAN)
    world.ordered(progress, (budget, 25 * WAN))
    world.order(progress, (budget, 10 * WAN))
    world.ok()
    _second_project(world, paid.lines[0])
    _freeze(world, second)
    agreement = next(one.id for one in world.store.objects.values() if isinstance(one, Agreement))
    world.send(agreement, 300 * WAN)
    world.ok()
    return world


def _second_project(world: MoneyWorld, line: str) -> None:
    project = world.reach(ProjectState.EXECUTING, name="模拟村级冷库")
    budget = world.assign(project, line, 300 * WAN)
    lot = world.ok().lot(LotState.AWARDED, project, name="模拟二标段")
    made = world.file_contract(lot, account_kind=AccountKind.AGENT)
    from shanhai.acts.contract_flow import RegisterContract  # noqa: PLC0415 - only here

    world.ok().when(RegisterContract(compared=True), by="agriculture", on=made).ok()
    world.later(days=16)
    claim = world.claim(world.get(Contract, made).id, payable_fen=40 * WAN)
    world.paid(claim, (budget, 40 * WAN))


def _freeze(world: MoneyWorld, payment: Payment) -> None:
    day = date_of(payment.paid_ms)
    world.later(days=40)
    paid: Any = [
        one.amount_fen
        for one in world.store.objects.values()
        if isinstance(one, Payment) and one.month == payment.month
    ]
    act = FreezeMonth(
        region="510722", year=day.year, month=day.month, paid_fen=sum(paid), document=DOC
    )
    world.make("frm", act, "finance")
    world.ok()
