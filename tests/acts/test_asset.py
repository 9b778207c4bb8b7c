"""Assets: registered once a lot is settled, within its settlement, taken over by their holder."""

from typing import Any

import pytest

from acts.project_world import DOC, WAN, ProjectWorld
from shanhai.acts.asset import Asset, AssetClass, AssetState, HandOverAsset
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.roles import Role

LAST = HandOverAsset(handover=DOC, last=True)


@pytest.fixture
def world() -> ProjectWorld:
    return ProjectWorld()


@pytest.fixture
def lot(world: ProjectWorld) -> str:
    return world.lot(LotState.SETTLED)


def test_the_last_handover_finishes_the_lot(world: ProjectWorld, lot: str) -> None:
    first, second = world.register(lot), world.register(lot)
    world.when(LAST, by="village", on=first).refused("asset.pending")
    world.when(HandOverAsset(handover=DOC), by="village", on=first).ok()
    assert world.get(Lot, lot).state is LotState.SETTLED
    world.when(LAST, by="village", on=second).ok()
    assert world.get(Lot, lot).state is LotState.FINISHED
    assert world.get(Asset, second).state is AssetState.HANDED_OVER


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value_fen": 0}, "asset.value"),
        ({"kind": AssetClass.NONE}, "asset.value"),
        ({"value_fen": 270 * WAN}, "asset.over_settlement"),
        ({"holder": "org-nobody"}, "asset.organisation"),
        ({"owner": "org-nobody"}, "asset.organisation"),
    ],
)
def test_an_asset_is_refused(
    world: ProjectWorld, lot: str, change: dict[str, Any], code: str
) -> None:
    world.register(lot, **change)
    world.refused(code)


def test_what_leaves_no_asset_is_registered_without_value(world: ProjectWorld, lot: str) -> None:
    world.register(lot, kind=AssetClass.NONE, value_fen=0)
    world.ok()


def test_assets_follow_the_settlement(world: ProjectWorld) -> None:
    world.register(world.lot(LotState.ACCEPTED))
    world.refused("asset.lot_stage", "asset.over_settlement")


def test_a_register_number_names_one_asset(world: ProjectWorld, lot: str) -> None:
    world.register(lot, number="模拟-1")
    world.ok().register(lot, number="模拟-1")
    world.refused("object.taken")


def test_only_the_holder_takes_over_and_not_who_registered(world: ProjectWorld, lot: str) -> None:
    asset = world.register(lot)
    world.when(LAST, by="township", on=asset).refused("authority.organisation")
    ours: dict[str, Any] = {"organisation": "org-village"}
    world.second("twice", Role.COUNTY_DEPARTMENT, person="agriculture", **ours)
    world.when(LAST, by="twice", on=asset).refused("authority.same")
