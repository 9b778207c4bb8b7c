"""Pairs and annual agreements: recorded as published, or proposed by the east and accepted by the west."""

from typing import Any

import pytest

from acts.county import DOC
from acts.money_world import MoneyWorld
from acts.scenario import EAST, WEST
from shanhai.acts.agreement import Agreement, AgreementState, Target, TargetKind
from shanhai.acts.agreement_flow import ConfirmAgreement, ProposeAgreement, WithdrawAgreement
from shanhai.acts.machine import Standing
from shanhai.acts.pairing import Level, Pairing, PairingState
from shanhai.acts.pairing_flow import (
    ConfirmPairing,
    EndPairing,
    ProposePairing,
    RecordPairing,
)
from shanhai.acts.roles import Role

PAIR: dict[str, Any] = {
    "region": WEST,
    "east_region": EAST,
    "level": Level.COUNTY,
    "scheme": "模拟协作二",
    "source": "模拟来源",
}


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


def proposed(world: MoneyWorld, **changes: Any) -> str:
    return world.make("par", ProposePairing(**{**PAIR, **changes}), "east_office")


def agreed(world: MoneyWorld, **changes: Any) -> str:
    given = {"pairing": world.pair, "year": 2026, "number": "模拟1号", "aid_fen": 1, **changes}
    return world.make("agr", ProposeAgreement(document=DOC, **given), "east_office")


def test_a_published_pair_is_recorded_once_with_its_standing(world: MoneyWorld) -> None:
    act = RecordPairing(standing=Standing.UNCONFIRMED, **PAIR)
    made = world.make("par", act, "desk")
    found = world.ok().get(Pairing, made)
    assert (found.state, found.standing) == (PairingState.RECORDED, Standing.UNCONFIRMED)
    world.make("par", act, "desk")
    world.refused("object.taken")


def test_a_pair_joins_two_places_and_ends_after_it_begins(world: MoneyWorld) -> None:
    world.make("par", RecordPairing(**{**PAIR, "east_region": WEST}), "desk")
    world.refused("pairing.same_place")
    world.make("par", RecordPairing(from_ms=2, to_ms=2, **PAIR), "desk")
    world.refused("pairing.dates")


def test_the_west_confirms_what_the_east_proposes(world: MoneyWorld) -> None:
    pair = proposed(world)
    world.ok().when(ConfirmPairing(), by="office", on=pair).ok()
    assert world.get(Pairing, pair).state is PairingState.ACTIVE
    world.when(ConfirmPairing(), by="office", on=pair).refused("object.state")


def test_one_person_does_not_agree_with_itself(world: MoneyWorld) -> None:
    world.second("turncoat", Role.COUNTY_OFFICE, person="east_office")
    pair = proposed(world)
    world.when(ConfirmPairing(), by="turncoat", on=pair).refused("authority.same")


def test_a_pair_is_ended_by_the_side_that_wrote_it(world: MoneyWorld) -> None:
    pair = proposed(world)
    world.when(ConfirmPairing(), by="office", on=pair).ok()
    recorded = world.make("par", RecordPairing(**{**PAIR, "scheme": "另一"}), "desk")
    end = EndPairing(to_ms=world.now, source="模拟依据")
    world.when(end, by="office", on=recorded).refused("pairing.whose")
    world.when(end, by="desk", on=pair).refused("pairing.whose")
    late = EndPairing(to_ms=world.now + 1, source="模拟依据")
    world.when(late, by="office", on=pair).refused("pairing.end_date")
    world.when(end, by="office", on=pair).ok()
    assert world.get(Pairing, pair).state is PairingState.ENDED


def test_an_agreement_takes_its_places_from_the_pair(world: MoneyWorld) -> None:
    targets = (Target(kind=TargetKind.JOBS, name="务工", unit="人", value=800),)
    made = agreed(world, aid_fen=0, targets=targets)
    world.ok().when(ConfirmAgreement(), by="office", on=made).ok()
    found = world.get(Agreement, made)
    assert (found.region, found.east_region, found.state) == (WEST, EAST, AgreementState.SIGNED)


def test_an_agreement_needs_a_pair_in_force_and_a_promise(world: MoneyWorld) -> None:
    agreed(world, pairing=proposed(world))
    world.refused("agreement.no_pair")
    agreed(world, aid_fen=0)
    world.refused("agreement.empty")


def test_a_pair_has_one_agreement_a_year_and_numbered_supplements(world: MoneyWorld) -> None:
    first = agreed(world)
    world.ok()
    agreed(world, number="模拟2号")
    world.refused("object.taken")
    agreed(world, part=1)
    world.ok().when(WithdrawAgreement(reason=DOC), by="east_office", on=first).ok()
    agreed(world, number="模拟3号")
    world.ok()
