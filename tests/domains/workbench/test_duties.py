"""Kinds of work: each comes from an act, and what is left out is left out on purpose."""

from shanhai.acts.machine import ACTS, fields_of
from shanhai.acts.machine.registry import newest
from shanhai.acts.roles import Role
from shanhai.domains.workbench import duties
from shanhai.domains.workbench.readiness import READY


def test_every_act_with_states_is_work_or_a_named_way_out() -> None:
    work = {duty.code for duty in duties.every()}
    for act in ACTS.values():
        row = act.row
        if not row.creates and row.when and not row.open_door:
            side = row.verb in duties.SIDE_VERBS or row.plain in duties.SIDE_ACTS
            assert (row.plain in work) is not side, row.plain


def test_follows_deadlines_and_conditions_name_what_exists() -> None:
    known = {act.row.plain for act in ACTS.values()}
    present = [follow for follow in duties.FOLLOWS if follow.act in known]
    for follow in present:
        names = {field.name for field in fields_of(newest(follow.act))}
        assert follow.field in names
    by_code = duties.by_code()
    assert {code for code in READY if code in known} <= by_code.keys()
    for code, column in duties.DUE.items():
        if code in by_code and column:
            assert by_code[code].due == column


def test_every_state_that_a_follow_names_is_one_of_the_nouns() -> None:
    for follow in duties.FOLLOWS:
        duty = duties.by_code().get(follow.act)
        if duty is not None:
            assert {state.value for state in duty.states} == set(follow.states)


def test_ways_out_are_offered_beside_the_work() -> None:
    verbs = {act.row.verb for act in duties.ways_out("project.township_review", Role.TOWNSHIP)}
    assert verbs == {"return", "reject"}
