"""Kinds of work: each comes from an act, and what is left out is left out on purpose."""

from shanhai.acts.machine import ACTS, fields_of
from shanhai.acts.machine.registry import newest
from shanhai.acts.roles import Role
from shanhai.domains.workbench import batches, duties
from shanhai.domains.workbench.readiness import READY


def test_every_act_with_states_is_work_or_a_named_way_out() -> None:
    work = {duty.code for duty in duties.every()}
    for act in ACTS.values():
        row = act.row
        if not row.creates and row.when and not row.open_door:
            side = row.verb in duties.SIDE_VERBS or row.plain in duties.SIDE_ACTS
            assert (row.plain in work) is not side, row.plain


def test_follows_deadlines_and_conditions_name_what_exists() -> None:
    for follow in duties.FOLLOWS:
        assert follow.field in {field.name for field in fields_of(newest(follow.act))}
    by_code = duties.by_code()
    assert READY.keys() <= by_code.keys()
    assert {follow.act for follow in duties.FOLLOWS} <= by_code.keys()
    for code, column in duties.DUE.items():
        assert by_code[code].due == column


def test_every_state_that_a_follow_names_is_one_of_the_nouns() -> None:
    for follow in duties.FOLLOWS:
        duty = duties.by_code()[follow.act]
        assert {state.value for state in duty.states} == set(follow.states)


def test_ways_out_are_offered_beside_the_work() -> None:
    verbs = {act.row.verb for act in duties.ways_out("project.township_review", Role.TOWNSHIP)}
    assert verbs == {"return", "reject"}


def test_what_is_decided_together_is_a_registered_act_with_fields_of_that_name() -> None:
    for plain, columns in batches.TOGETHER.items():
        act = newest(plain)
        assert columns.keys() <= {field.name for field in fields_of(act)}


def test_a_batch_asks_once_what_belongs_to_all_and_looks_up_the_rest() -> None:
    duty = duties.by_code()["project.admit"]
    assert batches.shared_fields(duty, newest("project.admit")) == ("document",)
    duty = duties.by_code()["appraisal.give"]
    assert batches.shared_fields(duty, newest("appraisal.give")) == ("favourable", "opinion")
