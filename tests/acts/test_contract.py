"""Contracts: with the winner, within the award, registered by another, paid to one account on file."""

from typing import Any

import pytest

from acts.county import DAY, DOC, WAN
from acts.money_world import OTHER_ACCOUNT, MoneyWorld
from shanhai.acts.change import Change, ChangeField, ChangeItem, ChangeState
from shanhai.acts.contract import AccountKind, Contract, ContractChange, ContractState, Way
from shanhai.acts.contract_flow import (
    ChangeAccount,
    RegisterContract,
    VaryContract,
    VoidContract,
)
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.machine import Setting
from shanhai.acts.procurement import Award
from shanhai.acts.roles import Role

REGISTER = RegisterContract(compared=True)


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


CONTENT = ChangeItem(field=ChangeField.CONTENT, before="甲", after="乙")


def change(
    world: MoneyWorld,
    project: str,
    state: ChangeState = ChangeState.APPLIED,
    item: ChangeItem = CONTENT,
) -> str:
    made = Change(
        id=world.id("cng"),
        project=project,
        region="510722101203",
        approver="org-leaders",
        items=(item,),
        reason=DOC,
        document=DOC,
        state=state,
    )
    world.put(made)
    return made.id


def test_the_winner_is_party_and_the_lot_is_contracted_once_registered(world: MoneyWorld) -> None:
    lot = world.lot(LotState.AWARDED)
    made = world.file_contract(lot)
    found = world.ok().get(Contract, made)
    assert (found.contractor, found.owner) == ("org-builder", "org-owner")
    assert world.get(Lot, lot).state is LotState.AWARDED
    world.when(REGISTER, by="agriculture", on=made).ok()
    assert world.get(Lot, lot).state is LotState.CONTRACTED


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"price_fen": 0}, "contract.over_award"),
        ({"price_fen": 270 * WAN}, "contract.over_award"),
        ({"retention_permille": 31}, "contract.retention"),
        ({"advance_permille": 301}, "contract.advance"),
        ({"account_kind": AccountKind.PERSONAL}, "contract.personal_account"),
    ],
)
def test_terms_stay_within_award_and_caps(
    world: MoneyWorld, terms: dict[str, Any], code: str
) -> None:
    world.file_contract(world.lot(LotState.AWARDED), **terms)
    world.refused(code)


def test_where_no_cap_is_set_none_is_guessed(world: MoneyWorld) -> None:
    lot = world.lot(LotState.AWARDED)
    del world.store.objects[Setting, "P15/51"]
    world.file_contract(lot, retention_permille=100)
    world.ok()


def test_a_contract_is_signed_between_its_award_and_now(world: MoneyWorld) -> None:
    lot = world.lot(LotState.AWARDED)
    awarded = world.get(Award, world.get(Lot, lot).award).awarded_ms
    for signed_ms in (world.now + 1, awarded - DAY):
        world.file_contract(lot, signed_ms=signed_ms)
        world.refused("contract.signed_when")


def test_a_lot_is_contracted_once_on_its_own_award(world: MoneyWorld) -> None:
    lot, other = world.lot(LotState.AWARDED), world.lot(LotState.AWARDED)
    world.file_contract(lot, award=world.get(Lot, other).award)
    world.refused("contract.stage")
    first = world.file_contract(lot)
    world.ok().file_contract(lot)
    world.refused("object.taken")
    world.when(VoidContract(reason=DOC), by="agriculture", on=first).ok()
    world.file_contract(lot)
    world.ok()


def test_whoever_filed_does_not_register_and_registering_compares(world: MoneyWorld) -> None:
    made = world.file_contract(world.lot(LotState.AWARDED))
    world.second("both", Role.COUNTY_OFFICE, person="owner")
    world.when(REGISTER, by="both", on=made).refused("authority.same")
    untold = RegisterContract(compared=False)
    world.when(untold, by="agriculture", on=made).refused("contract.not_compared")
    lot = world.get(Contract, made).lot
    world.put(world.get(Lot, lot).but(state=LotState.EVALUATED))
    world.when(REGISTER, by="agriculture", on=made).refused("contract.lot_moved")


def test_a_changed_account_is_filed_anew(world: MoneyWorld) -> None:
    contract = world.contract_of(world.lot(LotState.CONTRACTED))
    act = ChangeAccount(account=OTHER_ACCOUNT, account_proof=DOC)
    world.later(days=3).when(act, by="owner", on=contract.id).ok()
    found = world.get(Contract, contract.id)
    assert (found.account, found.account_ms) == (OTHER_ACCOUNT, world.now)
    personal = ChangeAccount(
        account=OTHER_ACCOUNT, account_proof=DOC, account_kind=AccountKind.PERSONAL
    )
    world.when(personal, by="owner", on=contract.id).refused("contract.personal_account")


def test_a_contract_varies_on_an_applied_change_of_its_project_once(world: MoneyWorld) -> None:
    contract = world.contract_of(world.lot(LotState.CONTRACTED))
    pending = change(world, contract.project, ChangeState.DECIDED)
    more: dict[str, Any] = {"way": Way.INCREASE, "amount_fen": 10 * WAN, "document": DOC}
    world.when(VaryContract(change=pending, **more), by="agriculture", on=contract.id)
    world.refused("contract.change_missing")
    applied = change(world, contract.project)
    act = VaryContract(change=applied, **more)
    world.when(act, by="agriculture", on=contract.id).ok()
    assert world.get(Contract, contract.id).limit_fen == contract.price_fen + 10 * WAN
    assert any(isinstance(one, ContractChange) for one in world.store.objects.values())
    world.when(act, by="agriculture", on=contract.id).refused("object.taken")


def test_a_contract_is_not_lowered_below_what_is_built(world: MoneyWorld) -> None:
    contract = world.contract_of(world.lot(LotState.CONTRACTED))
    world.put(contract.but(certified_fen=200 * WAN))
    act = VaryContract(
        change=change(world, contract.project),
        way=Way.DECREASE,
        amount_fen=contract.price_fen - 200 * WAN + 1,
        document=DOC,
    )
    world.when(act, by="agriculture", on=contract.id).refused("contract.below_certified")
    assert world.get(Contract, contract.id).state is ContractState.REGISTERED


def moving(before_wan: int, after_wan: int) -> ChangeItem:
    return ChangeItem(
        field=ChangeField.AMOUNT, before=str(before_wan * WAN), after=str(after_wan * WAN)
    )


@pytest.mark.parametrize(
    ("item", "way", "wan"),
    [
        (moving(300, 310), Way.INCREASE, 11),
        (moving(300, 310), Way.DECREASE, 5),
        (moving(300, 290), Way.INCREASE, 5),
        (moving(300, 290), Way.DECREASE, 11),
    ],
)
def test_a_variation_goes_the_way_of_its_change_and_no_further(
    world: MoneyWorld, item: ChangeItem, way: Way, wan: int
) -> None:
    contract = world.contract_of(world.lot(LotState.CONTRACTED))
    named = change(world, contract.project, item=item)
    act = VaryContract(change=named, way=way, amount_fen=wan * WAN, document=DOC)
    world.when(act, by="agriculture", on=contract.id).refused("contract.over_change")


def test_variations_of_several_contracts_share_one_change(world: MoneyWorld) -> None:
    first = world.contract_of(world.lot(LotState.CONTRACTED))
    named = change(world, first.project, item=moving(300, 310))
    second = first.but(id=world.id("con"), lot=world.id("lot"), price_fen=50 * WAN)
    world.put(second)
    more: dict[str, Any] = {"change": named, "way": Way.INCREASE, "document": DOC}
    world.when(VaryContract(amount_fen=7 * WAN, **more), by="agriculture", on=first.id).ok()
    act = VaryContract(amount_fen=4 * WAN, **more)
    world.when(act, by="agriculture", on=second.id).refused("contract.over_change")
    act = VaryContract(amount_fen=3 * WAN, **more)
    world.when(act, by="agriculture", on=second.id).ok()
