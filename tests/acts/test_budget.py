"""Budgets: an approved project's share of a line, within both; recalled as far as nothing was paid."""

import pytest

from acts.county import DOC, WAN
from acts.money_world import MoneyWorld
from shanhai.acts.budget import Budget, BudgetState, RecallBudget
from shanhai.acts.line import FundingLine
from shanhai.acts.line_flow import RecallLine
from shanhai.acts.project import Project, ProjectState


@pytest.fixture
def world() -> MoneyWorld:
    return MoneyWorld()


def recall(fen: int) -> RecallBudget:
    return RecallBudget(amount_fen=fen, number="模拟收回", document=DOC)


def test_a_budget_stays_within_its_line_and_its_projects_approval(world: MoneyWorld) -> None:
    line = world.funded()
    project = world.reach(ProjectState.EXECUTING)
    world.assign(project, line, 500 * WAN + 1)
    world.refused("total.over")
    world.assign(project, line)
    world.ok().assign(world.reach(ProjectState.EXECUTING), line)
    world.ok().assign(world.reach(ProjectState.EXECUTING), line, 1)
    world.refused("total.over")


def test_only_an_approved_project_is_given_money(world: MoneyWorld) -> None:
    line = world.funded()
    world.assign(world.reach(ProjectState.IN_POOL), line)
    assert "budget.project_stage" in world.codes


def test_a_line_serves_its_own_county_and_pair_in_an_open_year(world: MoneyWorld) -> None:
    line = world.funded()
    project = world.reach(ProjectState.EXECUTING)
    found = world.get(FundingLine, line)
    for changes, code in (
        ({"region": "519999"}, "budget.line"),
        ({"east_region": "330000"}, "budget.other_pair"),
        ({"year": 2030}, "budget.year"),
    ):
        strange = found.but(id=world.id("lin"), number=code, allocation="", **changes)
        world.put(strange).assign(project, strange.id, WAN)
        assert code in world.codes


def test_what_was_paid_before_the_opening_counts(world: MoneyWorld) -> None:
    line = world.funded()
    project = world.reach(ProjectState.EXECUTING)
    world.put(world.get(Project, project).but(paid_before_fen=120 * WAN))
    world.assign(project, line, 380 * WAN + 1)
    world.refused("budget.paid_before")
    world.assign(project, line, 380 * WAN)
    world.ok()


def test_a_budget_is_recalled_as_far_as_nothing_was_paid(world: MoneyWorld) -> None:
    budget, _ = world.advance_paid()
    world.when(recall(450 * WAN + 1), by="finance", on=budget).refused("total.over")
    world.when(recall(450 * WAN), by="finance", on=budget).ok()
    assert world.get(Budget, budget).state is BudgetState.ASSIGNED
    world.when(recall(50 * WAN + 1), by="finance", on=budget)
    assert "budget.recall_over" in world.codes


def test_a_line_keeps_what_is_budgeted_until_the_budget_is_recalled(world: MoneyWorld) -> None:
    line = world.funded()
    budget = world.assign(world.reach(ProjectState.EXECUTING), line)
    take = RecallLine(amount_fen=1000 * WAN, number="模拟", document=DOC)
    world.ok().when(take, by="finance", on=line).refused("total.over")
    world.when(recall(500 * WAN), by="finance", on=budget).ok()
    assert world.get(Budget, budget).state is BudgetState.RECALLED
    world.when(take, by="finance", on=line).ok()
