"""Parameters and releases: two keys, dates ahead, nothing rewritten."""

import pytest

from acts.scenario import Scenario
from shanhai.acts.governance import (
    RULESET,
    ActivateRules,
    ConfirmParameter,
    ConfirmRelease,
    ParameterChange,
    ProposalState,
    ProposeParameter,
    ProposeRelease,
    RejectParameter,
    Release,
    ReleasedFile,
    Ruleset,
    RulesStep,
)
from shanhai.acts.machine import Case, Dated, Post, Refused, Setting, View
from shanhai.acts.machine.values import KEY_DELAY
from shanhai.acts.roles import Role
from shanhai.kernel.clock import Moment
from shanhai.kernel.suite import INTL

DAY = 86_400_000
HASH = "cd" * 32


@pytest.fixture
def world() -> Scenario:
    made = Scenario().post("maker", Role.RULEMAKER, region="510000")
    made.post("keeper", Role.RULEKEEPER, region="510000").post(
        "both", Role.RULEKEEPER, person="maker", region="510000"
    )
    return made


def propose(world: Scenario, since_ms: int, value: int = 24, parameter: str = "K1") -> str:
    dated = Dated(since_ms=since_ms, value=value, basis="县办法，待核")
    made = world.id("pch")
    act = ProposeParameter(parameter=parameter, region="510700", dated=(dated,))
    world.when(act, by="maker", on=made)
    return made


def test_a_value_needs_two_people_and_begins_ahead(world: Scenario) -> None:
    made = propose(world, world.now + DAY)
    world.ok().when(ConfirmParameter(), by="both", on=made).refused("authority.same")
    world.when(ConfirmParameter(), by="keeper", on=made).ok()
    setting = world.get(Setting, "K1/5107")
    assert setting.at(world.now) is None
    found = setting.at(world.now + DAY)
    assert found is not None
    assert found.value == 24


def test_a_later_value_leaves_the_earlier_days_alone(world: Scenario) -> None:
    for days, value in ((1, 24), (9, 48)):
        made = propose(world, world.now + days * DAY, value)
        world.when(ConfirmParameter(), by="keeper", on=made).ok()
    setting = world.get(Setting, "K1/5107")
    assert [d.value for d in setting.dated] == [48, 24]
    early, late = setting.at(world.now + 2 * DAY), setting.at(world.now + 10 * DAY)
    assert early is not None
    assert late is not None
    assert (early.value, late.value) == (24, 48)


def test_no_value_begins_in_the_past(world: Scenario) -> None:
    propose(world, world.now - DAY)
    world.refused("parameter.retroactive")
    made = propose(world, world.now)
    world.ok().later(days=1).when(ConfirmParameter(), by="keeper", on=made).refused(
        "parameter.late"
    )


def test_only_registered_parameters_have_values(world: Scenario) -> None:
    propose(world, world.now, parameter="P999")
    world.refused("parameter.unknown")


def test_a_rejected_value_has_no_effect(world: Scenario) -> None:
    made = propose(world, world.now)
    world.when(RejectParameter(reason=HASH), by="keeper", on=made).ok()
    assert world.get(ParameterChange, made).state is ProposalState.REJECTED
    assert world.store.find(Setting, "K1/5107") is None


def test_the_nearest_region_decides_and_elsewhere_it_is_unset(world: Scenario) -> None:
    world.value("K1", 10).value("K1", 20, region="51").value("K1", 30, region="5107")

    def case() -> Case[None]:
        return Case(
            View(world.store, INTL),
            None,
            None,  # type: ignore[arg-type]  # values need no body
            Post(id="", person="", role=Role.NODE, organisation="", region=""),
            Moment(1, world.now),
        )

    assert [
        case().value(KEY_DELAY, code, world.now) for code in ("510722", "511500", "330100")
    ] == [
        30,
        20,
        10,
    ]
    world.store.objects.clear()
    with pytest.raises(Refused, match="not set"):
        case().value(KEY_DELAY, "510722", world.now)


def release(world: Scenario) -> str:
    made = world.id("rls")
    files = (ReleasedFile(name="sign.js", sha256=HASH),)
    world.when(ProposeRelease(version="1.0", files=files), by="maker", on=made).ok()
    return made


def test_a_release_carries_two_keys(world: Scenario) -> None:
    made = release(world)
    world.when(ConfirmRelease(), by="both", on=made).refused("authority.same")
    world.when(ConfirmRelease(), by="keeper", on=made).ok()
    assert world.get(Release, made).state is ProposalState.CONFIRMED


def test_rules_rise_one_by_one_at_an_entry_ahead(world: Scenario) -> None:
    world.put(Ruleset(id=RULESET, region="510000", steps=(RulesStep(since_index=0, version=1),)))
    made = release(world)
    act = ActivateRules(release=made, version=2, since_index=100)
    world.when(act, by="keeper", on=RULESET).refused("rules.release")
    world.when(ConfirmRelease(), by="keeper", on=made).ok()
    world.when(ActivateRules(release=made, version=3, since_index=100), by="keeper", on=RULESET)
    world.refused("rules.order")
    world.when(act, by="keeper", on=RULESET).ok()
    rules = world.get(Ruleset, RULESET)
    assert [rules.at(index) for index in (0, 99, 100)] == [1, 1, 2]
