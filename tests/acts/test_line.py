"""Funding lines: a cap by county and year; moved, recalled and carried over, never above their allocation."""

from typing import Any

import pytest

from acts.county import DOC, WAN
from acts.money_world import MoneyWorld
from shanhai.acts.line import FundingLine, LineKind, LineMove, MoveKind
from shanhai.acts.line_flow import AddToLine, AdjustLine, CarryOver, RecallLine
from shanhai.acts.machine import Setting
from shanhai.acts.project import ProjectState


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


def terms(fen: int, number: str = "模拟变动") -> dict[str, Any]:
    return {"amount_fen": fen, "number": number, "document": DOC}


def allocation(world: MoneyWorld) -> str:
    world.open_year()
    agreement = world.ok().agree()
    made = world.allocate(agreement, world.received(agreement))
    world.ok()
    return made


def moves(world: MoneyWorld, line: str) -> list[MoveKind]:
    found = (one for one in world.store.objects.values() if isinstance(one, LineMove))
    return [one.kind for one in found if one.line == line]


def test_lines_stay_within_their_allocation_and_carry_its_donor(world: MoneyWorld) -> None:
    made = allocation(world)
    line = world.issue(made)
    assert world.ok().get(FundingLine, line).east_region == "330182"
    world.issue(made, issued_fen=500 * WAN + 1)
    world.refused("total.over")
    world.issue(made, issued_fen=0)
    world.refused("line.zero")


def test_east_west_money_names_its_allocation_and_no_other_does(world: MoneyWorld) -> None:
    made = allocation(world)
    world.issue("")
    world.refused("line.no_allocation")
    world.issue(made, kind=LineKind.COUNTY)
    world.refused("line.no_allocation")
    world.issue("", kind=LineKind.COUNTY)
    world.ok()


def test_a_line_lies_in_its_allocations_place_and_year(world: MoneyWorld) -> None:
    made = allocation(world)
    world.open_year(2027)
    world.ok().issue(made, year=2027)
    world.refused("line.region")


def test_a_line_needs_an_open_year(world: MoneyWorld) -> None:
    world.issue("", kind=LineKind.COUNTY)
    world.refused("year.not_open")


def test_adding_is_bounded_by_the_allocation(world: MoneyWorld) -> None:
    line = world.issue(allocation(world))
    world.when(AddToLine(**terms(500 * WAN)), by="finance", on=line).ok()
    world.when(AddToLine(**terms(1)), by="finance", on=line).refused("total.over")
    assert moves(world, line) == [MoveKind.ADD]


def test_money_moves_between_like_lines_as_far_as_it_is_free(world: MoneyWorld) -> None:
    made = allocation(world)
    line, other = world.issue(made), world.issue(made, issued_fen=100 * WAN)
    project = world.reach(ProjectState.EXECUTING)
    world.assign(project, line)
    world.ok().when(AdjustLine(other=other, **terms(500 * WAN + 1)), by="finance", on=line)
    world.refused("total.over")
    world.when(AdjustLine(other=other, **terms(500 * WAN)), by="finance", on=line).ok()
    assert world.get(FundingLine, other).issued_fen == 600 * WAN
    strange = world.issue("", kind=LineKind.COUNTY)
    world.when(AdjustLine(other=strange, **terms(1)), by="finance", on=line)
    assert "line.not_alike" in world.codes


@pytest.mark.parametrize("surplus", [False, True])
def test_what_is_recalled_is_free_in_the_allocation_again(
    world: MoneyWorld, *, surplus: bool
) -> None:
    line = world.issue(allocation(world))
    act = RecallLine(surplus=surplus, **terms(300 * WAN))
    world.when(act, by="finance", on=line).ok()
    assert world.get(FundingLine, line).available_fen == 700 * WAN
    assert moves(world, line) == [MoveKind.SURPLUS if surplus else MoveKind.RECALL]
    world.when(RecallLine(**terms(700 * WAN + 1)), by="finance", on=line)
    assert "line.over_available" in world.codes


def test_a_carried_line_is_a_child_in_the_next_open_year(world: MoneyWorld) -> None:
    line = world.issue(allocation(world))
    carry = CarryOver(**terms(400 * WAN, "模拟结转1"))
    world.when(carry, by="finance", on=line).refused("line.next_year")
    world.open_year(2027)
    world.ok().when(carry, by="finance", on=line).ok()
    found = (one for one in world.store.objects.values() if isinstance(one, FundingLine))
    child = next(one for one in found if one.parent == line)
    assert (child.year, child.origin_year, child.issued_fen) == (2027, 2026, 400 * WAN)
    assert world.get(FundingLine, line).available_fen == 600 * WAN
    world.when(CarryOver(**terms(1001 * WAN)), by="finance", on=line)
    assert "line.over_available" in world.codes


def test_money_is_not_carried_over_for_ever(world: MoneyWorld) -> None:
    line = world.issue(allocation(world))
    for year in (2027, 2028, 2029):
        world.open_year(year)
    carried = (
        world.ok().get(FundingLine, line).but(id=world.id("lin"), number="旧", origin_year=2024)
    )
    world.put(world.get(FundingLine, line).but(issued_fen=0), carried)
    world.when(CarryOver(**terms(1)), by="finance", on=carried.id).refused("line.carry_limit")
    del world.store.objects[Setting, "P10/51"]
    world.when(CarryOver(**terms(1)), by="finance", on=carried.id).ok()
