"""Admitting and judging are two ways to one verdict, whatever is wrong with an act (scenarios compare them too)."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanhai.acts import book  # noqa: F401 - registers every noun and act
from shanhai.acts.machine import ACTS, NOUNS, Key, Post, View, judge, on_digest
from shanhai.acts.machine.admit import Admission, admitted
from shanhai.acts.machine.authority import Custody, KeyState, PostState
from shanhai.acts.machine.fields import fields_of
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.registry import Act
from shanhai.acts.machine.sample import sample
from shanhai.acts.machine.view import State
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import encode
from shanhai.kernel.clock import Moment
from shanhai.kernel.suite import INTL
from shanhai.ledger.body import Body
from shanhai.node.memory import Memory
from shanhai.node.tables import changes_of, columns_of, some_of, values_of

NOW = 1_780_243_200_000
SUBJECT = "x"


def _body(store: Memory, payload: Act, *, stale: bool) -> Body:
    return Body(
        act=payload.row.name,
        kid="kid",
        ledger="",
        made_ms=NOW,
        nonce="0" * 32,
        not_after_ms=NOW + 1,
        on="" if stale else on_digest(View(store, INTL), INTL, payload, SUBJECT),
        payload=msgspec.Raw(encode(payload)),
        post="post",
        subject=SUBJECT,
    )


def _objects(draw: Any, payload: Act) -> Iterator[Object]:
    """Yield officers and objects, most of them in order and each perhaps not."""
    row = payload.row
    role = draw(st.sampled_from([*row.by, *row.by, Role.VILLAGE]))
    region = draw(st.sampled_from(["510722", "000000", "330182"]))
    states = st.sampled_from(list(PostState))
    yield Post(
        id="post",
        person="per",
        role=role,
        organisation="x",
        region=region,
        state=draw(states),
        granted_ms=draw(st.sampled_from([0, NOW])),
    )
    yield Key(
        id="kid",
        person=draw(st.sampled_from(["per", "per", "per", "other"])),
        region=region,
        alg="ed25519",
        public="x",
        custody=draw(st.sampled_from([*Custody])),
        state=draw(st.sampled_from([KeyState.ACTIVE, KeyState.ACTIVE, KeyState.REVOKED])),
    )
    for kind in NOUNS.values():
        if kind is not Did and not kind.derived and draw(st.booleans()):
            yield _one(draw, kind, row.when)
    for never in row.not_by:
        if draw(st.integers(0, 3)) == 0:
            yield Did(id=f"{never.act}/{SUBJECT}", persons=("per",))


def _one(draw: Any, kind: type[Object], when: tuple[Any, ...]) -> Object:
    made: Object = sample(kind).but(id=SUBJECT)
    state = next((f for f in fields_of(kind) if f.name == "state"), None)
    if state is None:
        return made
    fitting = [one for one in when if isinstance(one, state.type)]
    return made.but(state=draw(st.sampled_from(fitting or list(state.type))))


@pytest.mark.parametrize("kind", ACTS.values(), ids=ACTS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_an_act_is_admitted_exactly_where_nothing_speaks_against_it(
    kind: type[Act], data: st.DataObject
) -> None:
    store, payload = Memory(), sample(kind)
    store.write(_objects(data.draw, payload))
    body = _body(store, payload, stale=data.draw(st.integers(0, 5)) == 0)
    told = store, INTL, body, payload, Moment(7, NOW, data.draw(st.integers(1, 2)))
    verdict = judge(*told)
    assert admitted(*told) == (verdict.changed if verdict.accepted else None)


@pytest.mark.parametrize("kind", ACTS.values(), ids=ACTS)
def test_what_is_not_admitted_leaves_the_state_as_it_was(kind: type[Act]) -> None:
    store, payload = Memory(), sample(kind)
    store.write(sample(noun).but(id=SUBJECT) for noun in NOUNS.values() if not noun.derived)
    state = State(store)
    for rows in [state[noun] for noun in NOUNS.values()]:
        assert rows[SUBJECT] is store.find(rows.kind, SUBJECT)
    body = _body(store, payload, stale=True)
    admission = Admission(state, INTL)
    assert admission.admit(body, payload, Moment(7, NOW, 1)) is None
    admission.lay({(Did, "a/x"): Did(id="a/x", persons=("per",))})
    admission.take_back()
    found = {(kind, id): one for kind, rows in state.items() for id, one in rows.items() if one}  # noqa: A001 - the field's name
    assert found == store.objects
    assert all(store.find(*key) is one for key, one in found.items())


@pytest.mark.parametrize("kind", NOUNS.values(), ids=NOUNS)
def test_the_columns_that_may_have_changed_are_told(kind: type[Object]) -> None:
    one = sample(kind)
    assert changes_of(kind)(one, one.but(id="other")) == ()
    for place, column in enumerate(columns_of(kind)):
        if column.name == "id":
            continue
        values = values_of(kind)(one)
        other = msgspec.structs.replace(one, **{column.name: object()})
        assert changes_of(kind)(one, other) == (place,)
        assert some_of(kind, (place,))(one) == (values[place],)


@pytest.mark.parametrize("kind", [*NOUNS.values(), *ACTS.values()])
def test_frozen_trees_stay_off_the_collectors_lists(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.gc is False
