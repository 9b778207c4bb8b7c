"""Transfers and allocations: sent within the agreement, received on the bank's word, passed down within cash."""

import pytest

from acts.county import DOC, WAN
from acts.money_world import MoneyWorld
from acts.scenario import EAST
from shanhai.acts.agreement_flow import ProposeAgreement
from shanhai.acts.fund import Allocation, AllocationState, Transfer, TransferState
from shanhai.acts.fund_flow import (
    CoverAllocation,
    RecallAllocation,
    ReceiveTransfer,
    WithdrawTransfer,
)
from shanhai.acts.roles import Role


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


def recall(fen: int) -> RecallAllocation:
    return RecallAllocation(amount_fen=fen, number="模拟收回", document=DOC)


def test_money_is_received_only_on_the_banks_word(world: MoneyWorld) -> None:
    agreement = world.agree()
    transfer = world.send(agreement)
    assert world.ok().total(Transfer, "received_fen", agreement) == 0
    act = ReceiveTransfer(receipt=DOC, received_ms=world.now)
    world.when(act, by="finance", on=transfer).ok()
    assert world.total(Transfer, "received_fen", agreement) == 2000 * WAN
    again = world.send(agreement, WAN)
    world.when(act, by="finance", on=again).refused("object.taken")


def test_what_is_sent_stays_within_a_signed_agreement(world: MoneyWorld) -> None:
    agreement = world.agree()
    world.send(agreement, 3000 * WAN + 1)
    world.refused("transfer.over_agreement")
    world.send(agreement, 0)
    world.refused("amount.zero")
    unsigned = ProposeAgreement(
        pairing=world.pair, year=2027, number="模拟", aid_fen=WAN, document=DOC
    )
    world.send(world.make("agr", unsigned, "east_office"), WAN)
    world.refused("fund.not_signed")


def test_money_does_not_arrive_before_it_left(world: MoneyWorld) -> None:
    transfer = world.send(world.agree())
    act = ReceiveTransfer(receipt=DOC, received_ms=world.now + 1)
    world.when(act, by="finance", on=transfer).refused("transfer.received_when")
    world.second("both", Role.COUNTY_FINANCE, person="east_finance")
    own = ReceiveTransfer(receipt=DOC, received_ms=world.now)
    world.when(own, by="both", on=transfer).refused("authority.same")


def test_a_withdrawn_transfer_counts_no_more(world: MoneyWorld) -> None:
    agreement = world.agree()
    transfer = world.send(agreement, 3000 * WAN)
    world.when(WithdrawTransfer(reason=DOC, document=DOC), by="east_finance", on=transfer).ok()
    assert world.get(Transfer, transfer).state is TransferState.WITHDRAWN
    world.send(agreement, 3000 * WAN)
    world.ok()


def test_allocations_stay_within_the_cash_of_their_transfer(world: MoneyWorld) -> None:
    agreement = world.agree()
    transfer = world.received(agreement)
    world.allocate(agreement, transfer)
    world.ok().allocate(agreement, transfer, amount_fen=500 * WAN + 1)
    world.refused("total.over")
    unreceived = world.send(agreement, WAN)
    world.allocate(agreement, unreceived, amount_fen=WAN)
    world.refused("total.over")


def test_money_stays_with_whom_and_what_it_was_agreed(world: MoneyWorld) -> None:
    agreement = world.agree()
    transfer = world.received(agreement)
    world.officer("elsewhere", Role.COUNTY_FINANCE, region="510000")
    world.allocate(agreement, transfer, region="510100")
    assert "allocation.region" in world.codes
    other = world.agree(year=2027)
    world.allocate(other, transfer)
    world.refused("allocation.other_agreement")


def test_an_advance_stands_on_the_agreement_until_cash_covers_it(world: MoneyWorld) -> None:
    agreement = world.agree()
    world.allocate(agreement, amount_fen=3000 * WAN + 1)
    world.refused("allocation.over_agreement")
    advance = world.allocate(agreement)
    assert world.ok().get(Allocation, advance).advance
    transfer = world.received(agreement)
    world.when(CoverAllocation(transfer=transfer), by="finance", on=advance).ok()
    assert world.total(Allocation, "cash_fen", transfer) == 1500 * WAN
    assert world.total(Allocation, "advance_fen", agreement) == 0
    world.when(CoverAllocation(transfer=transfer), by="finance", on=advance)
    world.refused("allocation.covered")


def test_an_allocation_is_recalled_as_far_as_no_line_draws_on_it(world: MoneyWorld) -> None:
    world.open_year()
    agreement = world.agree()
    allocation = world.allocate(agreement, world.received(agreement))
    line = world.issue(allocation)
    world.ok().when(recall(1500 * WAN + 1), by="finance", on=allocation)
    assert "allocation.recall_over" in world.codes
    world.when(recall(500 * WAN + 1), by="finance", on=allocation).refused("total.over")
    world.when(recall(500 * WAN), by="finance", on=allocation).ok()
    assert world.get(Allocation, allocation).state is AllocationState.ISSUED
    assert line
    whole = world.allocate(agreement, region="510722101")
    world.ok().when(recall(1500 * WAN), by="finance", on=whole).ok()
    assert world.get(Allocation, whole).state is AllocationState.RECALLED
    assert world.get(Allocation, whole).east_region == EAST
