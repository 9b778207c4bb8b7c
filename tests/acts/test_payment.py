"""Payments: to the party and account on file, within the cap, from named budgets, with the pair's second key."""

from typing import Any

import pytest

from acts.county import DOC, WAN
from acts.money_world import OTHER_ACCOUNT, MoneyWorld
from shanhai.acts.budget import Budget
from shanhai.acts.claim import Claim, ClaimState, PayStage
from shanhai.acts.claim_flow import cap_of
from shanhai.acts.clocks import COUNTERSIGNER
from shanhai.acts.contract import Contract
from shanhai.acts.contract_flow import ChangeAccount
from shanhai.acts.lot import LotState
from shanhai.acts.machine import Setting
from shanhai.acts.payment import Payment, PaymentSplit, PaymentState
from shanhai.acts.payment_flow import (
    CountersignPayment,
    ReturnPayment,
    VoidClaim,
    WithdrawPayment,
)
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.roles import Role

SIGN = CountersignPayment()


class Ready(MoneyWorld):
    """A world with an advance claim of 50 万元 that may be paid."""

    def __init__(self, state: LotState = LotState.CONTRACTED) -> None:
        super().__init__()
        self.budget, self.contract_id = self.building(state)
        self.later(days=16)
        self.due = self.claim(self.contract_id, payable_fen=50 * WAN)

    def pay(self, fen: int = 50 * WAN, **more: Any) -> str:
        """Order a payment of the claim; judged, not necessarily accepted."""
        return self.order(self.due, (self.budget, fen), **more)


@pytest.fixture
def world() -> Ready:
    return Ready()


def test_a_payment_waits_for_the_pairs_second_key(world: Ready) -> None:
    payment = world.pay()
    found = world.ok().get(Payment, payment)
    assert (found.state, found.ordered_ms) == (PaymentState.PROPOSED, 0)
    assert len(found.code) == 8
    world.when(SIGN, by="cadre", on=payment).ok()
    assert world.get(Payment, payment).state is PaymentState.ORDERED


def test_only_the_countersigner_fixed_in_the_order_signs_or_returns(world: Ready) -> None:
    payment = world.pay()
    world.value(COUNTERSIGNER.id, words=("liaison",), region="51")
    world.when(SIGN, by="liaison", on=payment).refused("payment.wrong_countersigner")
    world.when(ReturnPayment(reason=DOC), by="liaison", on=payment)
    world.refused("payment.wrong_countersigner")
    world.when(SIGN, by="cadre", on=payment).ok()


def test_a_pair_without_a_countersigner_orders_at_once(world: Ready) -> None:
    world.value(COUNTERSIGNER.id, words=("none",), region="51")
    assert world.get(Payment, world.pay()).state is PaymentState.ORDERED


def test_silence_of_the_pair_drops_no_key(world: Ready) -> None:
    del world.store.objects[Setting, f"{COUNTERSIGNER.id}/51"]
    world.pay()
    world.refused("parameter.unset")


def test_one_person_never_holds_both_keys(world: Ready) -> None:
    world.second("deputy", Role.EAST_CADRE, person="finance", region="330182")
    payment = world.pay()
    world.when(SIGN, by="deputy", on=payment).refused("authority.same")


@pytest.mark.parametrize(
    ("name", "person"),
    [("checker", "finance2"), ("endorser", "agriculture"), ("leader", "leaders")],
)
def test_whoever_approved_does_not_pay(world: Ready, name: str, person: str) -> None:
    world.second(name, Role.COUNTY_TREASURY, person=person)
    world.pay(by=name)
    world.refused("authority.same")


def test_only_a_checked_claim_of_a_living_project_is_paid(world: Ready) -> None:
    claim = world.get(Claim, world.due)
    world.put(claim.but(state=ClaimState.ENDORSED)).pay()
    world.refused("payment.claim_stage")
    project = world.get(Project, claim.project)
    world.put(claim, project.but(state=ProjectState.SUSPENDED)).pay()
    world.refused("payment.project_stage")


def test_only_the_party_and_the_account_on_file_are_paid(world: Ready) -> None:
    world.pay(payee="org-supervisor")
    world.refused("payment.payee")
    world.pay(account=OTHER_ACCOUNT)
    world.refused("payment.account")
    change = ChangeAccount(account=OTHER_ACCOUNT, account_proof=DOC)
    world.when(change, by="owner", on=world.contract_id).ok()
    world.later(days=15).pay(account=OTHER_ACCOUNT)
    world.refused("payment.account_new")
    world.later(days=1).pay(account=OTHER_ACCOUNT)
    world.ok()


def test_payments_stay_within_claim_and_cap_to_the_fen(world: Ready) -> None:
    world.pay(50 * WAN + 1)
    world.refused("total.over")
    world.pay(30 * WAN)
    world.ok().pay(20 * WAN + 1)
    world.refused("total.over")
    world.pay(20 * WAN)
    world.ok()


def test_the_cap_is_looked_at_again_when_money_moves(world: Ready) -> None:
    contract = world.get(Contract, world.contract_id)
    world.put(contract.but(advance_permille=100)).pay()
    world.refused("payment.over_cap")


@pytest.mark.parametrize("case", ["foreign", "twice", "nothing", "years", "recalled"])
def test_every_yuan_names_the_projects_own_budget(world: Ready, case: str) -> None:
    mine = world.get(Budget, world.budget)
    other = mine.but(id=world.id("bud"), number=case, amount_fen=WAN)
    if case == "foreign":
        other = other.but(project=world.reach(ProjectState.EXECUTING))
    if case == "years":
        other = other.but(year=2027)
    if case == "recalled":
        other = other.but(state=mine.state.RECALLED)
    world.put(mine.but(amount_fen=499 * WAN), other)
    second = mine.id if case == "twice" else other.id
    fen = 0 if case == "nothing" else 1
    world.order(world.due, (mine.id, 1), (second, fen))
    world.refused("payment.split")


def test_a_closed_year_pays_nothing(world: Ready) -> None:
    mine = world.get(Budget, world.budget)
    world.put(mine.but(year=2031)).pay()
    world.refused("payment.year")


@pytest.mark.parametrize(
    ("act", "by", "state"),
    [
        (ReturnPayment(reason=DOC), "cadre", PaymentState.RETURNED),
        (WithdrawPayment(reason=DOC), "finance", PaymentState.WITHDRAWN),
    ],
)
def test_a_payment_called_off_gives_everything_back(
    world: Ready, act: Any, by: str, state: PaymentState
) -> None:
    payment = world.pay()
    world.ok().when(act, by=by, on=payment).ok()
    assert world.get(Payment, payment).state is state
    assert world.total(PaymentSplit, "net_fen", world.budget) == 0
    assert world.total(Payment, "net_fen", world.contract_id) == 0
    world.pay()
    world.ok()


def test_a_claim_is_void_only_while_nothing_was_paid_on_it(world: Ready) -> None:
    void = VoidClaim(reason=DOC, document=DOC)
    payment = world.pay()
    world.when(void, by="finance", on=world.due).refused("claim.payments")
    world.when(WithdrawPayment(reason=DOC), by="finance", on=payment).ok()
    world.officer("stranger", Role.CONTRACTOR)
    world.when(void, by="stranger", on=world.due).refused("claim.not_yours")
    world.when(void, by="builder", on=world.due).ok()


def test_the_cap_follows_the_stages_to_the_last_fen() -> None:
    world = Ready()
    price = world.get(Contract, world.contract_id).price_fen
    world.paid(world.due, (world.budget, 50 * WAN))
    first = world.claim(
        world.contract_id, PayStage.PROGRESS, certified_fen=200 * WAN, payable_fen=130 * WAN
    )
    assert _cap(world, first) == 130 * WAN  # 900‰ of 200 less the 50 paid
    world.paid(first, (world.budget, 130 * WAN))
    second = world.claim(
        world.contract_id,
        PayStage.PROGRESS,
        certified_fen=price,
        payable_fen=price * 800 // 1000 - 180 * WAN,
    )
    assert _cap(world, second) == price * 800 // 1000 - 180 * WAN  # the contract's 800‰ binds
    assert _cap(world, world.get(Claim, second).but(stage=PayStage.SETTLED).id) >= 0


def _cap(world: MoneyWorld, claim: str) -> int:
    from shanhai.acts.machine import Case, Post, View  # noqa: PLC0415 - only this helper needs them
    from shanhai.kernel.clock import Moment  # noqa: PLC0415
    from shanhai.kernel.suite import INTL  # noqa: PLC0415

    view = View(world.store, INTL)
    post = world.store.find(Post, world.posts["finance"])
    case: Case[Any] = Case(view, None, None, post, Moment(1, world.now))  # type: ignore[arg-type]
    return cap_of(case, world.get(Claim, claim))
