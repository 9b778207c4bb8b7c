"""Claims: one at a time, certified within the contract, checked by four others, payable within the stage's cap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acts.county import DOC, WAN
from acts.money_world import MoneyWorld
from shanhai.acts.claim import Claim, ClaimState, PayStage
from shanhai.acts.claim_flow import (
    CertifyClaim,
    CheckClaim,
    EndorseClaim,
    ReturnClaim,
    ReviewClaim,
)
from shanhai.acts.contract import Contract
from shanhai.acts.lot import LotState
from shanhai.acts.machine import Setting
from shanhai.acts.payment_flow import VoidClaim
from shanhai.acts.roles import Role

VOID = VoidClaim(reason=DOC, document=DOC)


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


def test_an_invoice_is_claimed_once_by_number_and_by_file(world: MoneyWorld) -> None:
    _, contract = world.building()
    first = world.submit(contract, invoice="发票1", invoice_digest=DOC)
    world.ok().when(VOID, by="builder", on=first).ok()
    world.submit(contract, invoice="发票1", invoice_digest=DOC)
    other = world.ok().contract_of(world.lot(LotState.CONTRACTED)).id
    world.submit(other, invoice="发票1")
    world.refused("object.taken")
    world.submit(other, invoice_digest=DOC)
    world.refused("object.taken")


def test_a_contract_has_one_claim_under_way(world: MoneyWorld) -> None:
    _, contract = world.building()
    world.submit(contract, claimed_fen=0)
    world.refused("claim.zero")
    world.submit(contract)
    world.ok().submit(contract)
    world.refused("claim.another_open")


def test_each_kind_of_payment_has_its_time(world: MoneyWorld) -> None:
    _, contract = world.building()
    for stage in (PayStage.SETTLED, PayStage.RELEASED):
        world.submit(contract, stage)
        world.refused("claim.stage")
    _, settled = MoneyWorld.building(fresh := MoneyWorld(), LotState.SETTLED)
    fresh.submit(settled, PayStage.PROGRESS)
    fresh.refused("claim.stage")
    fresh.submit(settled, PayStage.RELEASED)
    fresh.refused("claim.defects_period")
    fresh.later(days=366).submit(settled, PayStage.RELEASED)
    fresh.ok()


def test_what_is_certified_grows_within_the_contract(world: MoneyWorld) -> None:
    _, contract = world.building()
    limit = world.get(Contract, contract).limit_fen
    claim = world.submit(contract, PayStage.PROGRESS)
    over = CertifyClaim(certified_fen=limit + 1, report=DOC)
    world.when(over, by="supervisor", on=claim).refused("claim.over_contract")
    world.put(world.get(Contract, contract).but(certified_fen=WAN))
    less = CertifyClaim(certified_fen=WAN - 1, report=DOC)
    world.when(less, by="supervisor", on=claim).refused("claim.certified_less")
    world.when(CertifyClaim(certified_fen=WAN, report=DOC), by="supervisor", on=claim).ok()


def test_nobody_checks_what_they_did_before(world: MoneyWorld) -> None:
    _, contract = world.building()
    claim = world.claim(contract, payable_fen=WAN, state=ClaimState.ENDORSED)
    world.second("hat", Role.COUNTY_FINANCE, person="agriculture")
    act = CheckClaim(opinion=DOC, payable_fen=WAN)
    world.when(act, by="hat", on=claim).refused("authority.same")
    world.second("stamp", Role.SUPERVISOR, person="builder")
    fresh = world.submit(world.contract_of(world.lot(LotState.CONTRACTED)).id)
    world.ok().when(CertifyClaim(certified_fen=0, report=DOC), by="stamp", on=fresh)
    world.refused("authority.same")


def test_finance_finds_no_more_payable_than_cap_and_claim(world: MoneyWorld) -> None:
    _, contract = world.building()
    claim = world.claim(contract, payable_fen=WAN, state=ClaimState.ENDORSED)
    cap = world.get(Contract, contract).limit_fen * 300 // 1000
    world.when(CheckClaim(opinion=DOC, payable_fen=cap + 1), by="finance2", on=claim)
    world.refused("claim.over_cap")
    world.when(CheckClaim(opinion=DOC, payable_fen=0), by="finance2", on=claim)
    world.refused("claim.payable")
    world.when(CheckClaim(opinion=DOC, payable_fen=cap), by="finance2", on=claim).ok()
    assert world.get(Claim, claim).state is ClaimState.CHECKED


def test_a_share_that_is_not_set_is_not_guessed(world: MoneyWorld) -> None:
    _, contract = world.building()
    claim = world.claim(
        contract, PayStage.PROGRESS, certified_fen=WAN, payable_fen=1, state=ClaimState.ENDORSED
    )
    del world.store.objects[Setting, "P15d/51"]
    act = CheckClaim(opinion=DOC, payable_fen=1)
    world.when(act, by="finance2", on=claim).refused("parameter.unset")


@pytest.fixture(scope="module")
def endorsed() -> tuple[MoneyWorld, str]:
    """Return a world with a progress claim that awaits finance."""
    world = MoneyWorld()
    _, contract = world.building()
    return world, world.claim(
        contract, PayStage.PROGRESS, certified_fen=0, payable_fen=1, state=ClaimState.ENDORSED
    )


@given(certified=st.integers(0, 269 * WAN), payable=st.integers(1, 269 * WAN))
def test_progress_never_exceeds_its_share_of_work_or_contract(
    endorsed: tuple[MoneyWorld, str], certified: int, payable: int
) -> None:
    world, claim = endorsed
    before = dict(world.store.objects)
    found = world.get(Claim, claim).but(certified_fen=certified)
    world.put(found).when(CheckClaim(opinion=DOC, payable_fen=payable), by="finance2", on=claim)
    price = world.get(Contract, found.contract).price_fen
    cap = min(price * 800 // 1000, certified * 900 // 1000)
    assert ("claim.over_cap" in world.codes) is (payable > cap)
    world.store.objects.clear()
    world.store.objects.update(before)


def test_the_desk_where_it_lies_returns_a_claim(world: MoneyWorld) -> None:
    _, contract = world.building()
    claim = world.claim(contract, payable_fen=WAN, state=ClaimState.REVIEWED)
    back = ReturnClaim(reason=DOC)
    world.when(back, by="owner", on=claim).refused("claim.whose_turn")
    world.when(back, by="agriculture", on=claim).ok()
    world.submit(contract, invoice=world.get(Claim, claim).invoice)
    world.ok()


def test_each_step_waits_for_the_one_before(world: MoneyWorld) -> None:
    _, contract = world.building()
    claim = world.submit(contract)
    world.ok()
    for act, by in (
        (ReviewClaim(opinion=DOC), "owner"),
        (EndorseClaim(opinion=DOC), "agriculture"),
        (CheckClaim(opinion=DOC, payable_fen=1), "finance2"),
    ):
        world.when(act, by=by, on=claim)
        assert "object.state" in world.codes
