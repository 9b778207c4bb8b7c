"""The story shows every state, leaves work for every role and invents nothing real."""

from collections import Counter
from typing import Any

import pytest

from demo_world import DemoDatabase
from shanhai.acts.claim import Claim, ClaimState
from shanhai.acts.finding import Finding, FindingState
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.machine import Object, Standing
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Level, Pairing, PairingState
from shanhai.acts.payment import Payment, PaymentState
from shanhai.acts.project import Project, ProjectState
from shanhai.data import facts
from shanhai.domains.demo.cast import CAST, name_of
from shanhai.domains.demo.offers import OFFERED, Group, offers
from shanhai.domains.rows import row_of, structs
from shanhai.domains.vault.services import value_of
from shanhai.domains.workbench.duties import begins
from shanhai.kernel.periods import iso


def states(kind: type[Object]) -> Counter[str]:
    """Count a noun's objects by state."""
    return Counter(row_of(kind).objects.values_list("state", flat=True))


def every(kind: type[Object]) -> list[Any]:
    """Return all objects of a noun."""
    return list(structs(kind, row_of(kind).objects.all()))


@pytest.mark.parametrize(
    ("kind", "all_states", "never"),
    [
        (Project, ProjectState, set()),
        (Claim, ClaimState, set()),
        (Payment, PaymentState, set()),
        (Finding, FindingState, set()),
        (Lot, LotState, set()),
    ],
)
def test_every_state_is_shown(
    demo_db: DemoDatabase, kind: type[Object], all_states: Any, never: set[str]
) -> None:
    assert {one.value for one in all_states} - states(kind).keys() == never


def test_there_is_one_payment_to_countersign_and_one_claim_to_certify(
    demo_db: DemoDatabase,
) -> None:
    assert states(Payment)["proposed"] == 1
    assert states(Claim)["submitted"] == 1


def test_every_role_at_the_door_finds_work_or_may_begin_some(demo_db: DemoDatabase) -> None:
    found = offers(demo_db.stage().actors)
    idle = {
        one.name for group in found.values() for one in group if not one.works and not one.begins
    }
    assert idle == {"owner_finance"}  # reads the owner's money; no act is its own
    assert sum(map(len, found.values())) == len(OFFERED)
    assert {one.name for one in found[Group.BOTH]} >= {"desk", "rulemaker"}


def test_what_a_role_may_begin_is_what_its_acts_say() -> None:
    assert "请款" in {row.text.zh for row in begins(OFFERED["contractor"].role)}


def test_generated_names_say_so(demo_db: DemoDatabase) -> None:
    assert all("（模拟）" in one.name for one in every(Organisation))
    own = [one for one in every(Project) if one.state is not ProjectState.RECORDED]
    assert all("（模拟）" in one.name for one in own)
    assert len(own) == 35


def test_published_projects_carry_sources_and_no_money_moves(demo_db: DemoDatabase) -> None:
    recorded = [one for one in every(Project) if one.state is ProjectState.RECORDED]
    assert len(recorded) == 31
    assert all(one.source and "模拟" not in one.name for one in recorded)
    paid = set(row_of(Payment).objects.values_list("project", flat=True))
    assert not paid & {one.id for one in recorded}


def test_pairs_are_those_published_with_their_standing(demo_db: DemoDatabase) -> None:
    pairs = [one for one in every(Pairing) if one.state is PairingState.RECORDED]
    provinces = [one for one in pairs if one.level is Level.PROVINCE]
    assert len(provinces) == 11
    assert [one.donor for one in provinces if one.standing is Standing.UNCONFIRMED] == ["山东省"]
    published = [one for one in facts.county_pairs() if one.east_west]
    assert len(pairs) - len(provinces) == len(published)


def test_officers_have_names_in_the_vault(demo_db: DemoDatabase) -> None:
    stage = demo_db.stage()
    for part in CAST:
        person = stage.object(
            type(stage.actors.persons[part.name]), stage.actors.persons[part.name].id
        )
        assert value_of(person.name) == name_of(part)


def test_ledger_time_stands_at_the_end_of_the_story(demo_db: DemoDatabase) -> None:
    stage = demo_db.stage()
    assert iso(stage.now)[:10] == iso(stage.node.head().time_ms)[:10]


def test_money_keeps_within_what_was_promised(demo_db: DemoDatabase) -> None:
    with_totals = demo_db.folder.run("rebuild", "--check", "--data-dir", str(demo_db.folder.data))
    assert with_totals.returncode == 0, with_totals.stdout + with_totals.stderr
