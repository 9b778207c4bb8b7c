"""Validators: two keys, one change at a time, and never so far that the network bears no fault."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acts.scenario import Scenario
from shanhai.acts.governance import ProposalState
from shanhai.acts.officer import Organisation, OrganisationKind
from shanhai.acts.roles import Role
from shanhai.acts.validator import (
    VALIDATORS,
    ConfirmValidator,
    ProposeValidator,
    RejectValidator,
    Seat,
    ValidatorChange,
    Validators,
    faults,
)
from shanhai.kernel.canonical import to_base64

HASH = "cd" * 32


def key(number: int) -> str:
    return to_base64(bytes([number]) * 32)


def seat(number: int, power: int = 10, **more: Any) -> Seat:
    given: dict[str, Any] = {"name": f"node{number}", "public": key(number)}
    return Seat(**given, node=f"{number:040x}", power=power, **more)


def world(powers: Sequence[int] = (10, 10, 10, 10)) -> Scenario:
    made = Scenario().post("maker", Role.RULEMAKER).post("keeper", Role.RULEKEEPER)
    made.post("both", Role.RULEKEEPER, person="maker")
    for number in range(12):
        body = Organisation(
            id=f"org-{number}",
            name=f"模拟单位{number}",
            kind=OrganisationKind.GOVERNMENT,
            region="510000",
        )
        made.put(body)
    if powers:
        seats = tuple(seat(number, power) for number, power in enumerate(powers))
        made.put(Validators(id=VALIDATORS, region="000000", seats=seats))
    return made


def change(number: int, power: int = 10, **more: Any) -> ProposeValidator:
    base: dict[str, Any] = {
        "name": f"node{number}",
        "organisation": f"org-{number}",
        "public": key(number),
        "node": f"{number:040x}",
        "power": power,
        "since_height": 50,
        "basis": "模拟章程",
    }
    return ProposeValidator(**{**base, **more})


def propose(made: Scenario, number: int, power: int = 10, **more: Any) -> str:
    named = made.id("vch")
    made.when(change(number, power, **more), by="maker", on=named)
    return named


def settle(made: Scenario, number: int, power: int = 10, **more: Any) -> Validators:
    named = propose(made, number, power, **more)
    made.ok().when(ConfirmValidator(), by="keeper", on=named).ok()
    return made.get(Validators, VALIDATORS)


def test_a_fifth_node_votes_by_two_keys_from_its_block_on() -> None:
    made = world()
    before = made.get(Validators, VALIDATORS)
    named = propose(made, 4)
    made.ok().when(ConfirmValidator(), by="both", on=named).refused("authority.same")
    made.when(ConfirmValidator(), by="keeper", on=named).ok()
    held = made.get(Validators, VALIDATORS)
    assert made.get(ValidatorChange, named).state is ProposalState.CONFIRMED
    assert [one.name for one in held.live().values()] == [f"node{n}" for n in range(5)]
    answered = {height: held.changes(held, height) for height in (47, 49)}
    assert answered == {47: [], 49: []}
    assert [one.public for one in held.changes(held, 48)] == [key(4)]  # holds from 50 on
    assert [one.public for one in held.changes(before, 60)] == [key(4)]  # decided late: from 62 on


def test_a_node_leaves_and_changes_its_key() -> None:
    made = world((10,) * 5)
    assert list(settle(made, 4, power=0).live()) == [key(n) for n in range(4)]
    held = settle(made, 3, public=key(9))
    assert list(held.live()) == [key(0), key(1), key(2), key(9)]
    assert [(one.public, one.power) for one in held.changes(held, 48)] == [
        (key(4), 0),
        (key(3), 0),
        (key(9), 10),
    ]


def test_a_rejected_change_has_no_effect() -> None:
    made = world()
    named = propose(made, 4)
    made.ok().when(RejectValidator(reason=HASH), by="keeper", on=named).ok()
    assert len(made.get(Validators, VALIDATORS).live()) == 4


@pytest.mark.parametrize(
    ("powers", "number", "more", "code"),
    [
        ((), 4, {}, "validator.none"),
        ((10,) * 4, 4, {"public": "A" * 42 + "B"}, "validator.key"),
        ((10,) * 4, 4, {"node": "x" * 40}, "validator.key"),
        ((10,) * 4, 4, {"power": 0}, "validator.unknown"),
        ((10,) * 4, 3, {"power": 0}, "validator.quorum"),
        ((10,) * 4, 4, {"power": 20}, "validator.quorum validator.step"),
        ((10,) * 2, 2, {}, "validator.step"),
    ],
)
def test_what_would_harm_the_network_is_refused(
    powers: tuple[int, ...], number: int, more: dict[str, Any], code: str
) -> None:
    made = world(powers)
    propose(made, number, **more)
    made.refused(*code.split())


def test_changes_follow_one_another_and_an_organisation_has_one_node() -> None:
    made = world()
    settle(made, 4)
    propose(made, 5, since_height=49)
    made.refused("validator.order")
    propose(made, 5, organisation="org-4")
    made.refused("validator.domain")
    propose(made, 5, name="node4", public=key(6))
    made.refused("validator.domain")


def test_what_was_proposed_is_asked_again_when_it_is_confirmed() -> None:
    made = world((10,) * 5)
    first, second = propose(made, 3, power=0), propose(made, 4, power=0)
    made.ok().when(ConfirmValidator(), by="keeper", on=first).ok()
    made.when(ConfirmValidator(), by="keeper", on=second).refused("validator.quorum")


@given(st.lists(st.integers(1, 60), max_size=9))
def test_so_many_nodes_may_fail_and_one_more_may_not(powers: list[int]) -> None:
    borne, falling = faults(powers), sorted(powers, reverse=True)
    assert not powers or 3 * sum(falling[:borne]) < sum(powers)
    assert borne == len(powers) or 3 * sum(falling[: borne + 1]) >= sum(powers)


def test_equal_nodes_bear_a_third() -> None:
    assert [faults([10] * n) for n in (0, 1, 3, 4, 6, 7, 10)] == [0, 0, 0, 1, 1, 2, 3]
