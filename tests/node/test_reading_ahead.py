"""A batch is read ahead and decoded once; that changes nothing of what enters."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from node.world import World, made_id
from shanhai.acts.claim import Claim
from shanhai.acts.machine import ACTS, View
from shanhai.acts.machine.objects import Total
from shanhai.acts.machine.sample import sample
from shanhai.acts.machine.view import State
from shanhai.acts.officer import Organisation
from shanhai.kernel.canonical import MAX_INT, encode
from shanhai.kernel.suite import INTL
from shanhai.ledger.values import check_value
from shanhai.node.admission import Signed
from shanhai.node.ahead import totals
from shanhai.node.loop import BATCH
from shanhai.node.memory import Memory
from shanhai.node.records import Storage


def test_a_batch_gives_the_same_log_as_its_acts_one_by_one(storage: Storage) -> None:
    together, alone = World(storage), World(Memory())
    batch = together.organisations(1, BATCH * 2)
    assert all(one.accepted for one in together.node.submit_many(batch, together.now))
    for one in alone.organisations(1, BATCH * 2):
        assert alone.node.submit(one, alone.now).accepted
    assert together.node.head().root == alone.node.head().root


def test_a_malformed_act_in_a_batch_is_refused_alone(storage: Storage) -> None:
    world = World(storage)
    batch = world.organisations(1, BATCH + 1)
    batch[3] = Signed(batch[3].body.replace(b'"act"', b'"bad"'), batch[3].signature)
    outcomes = world.node.submit_many(batch, world.now)
    assert [one.accepted for one in outcomes] == [place != 3 for place in range(len(batch))]
    assert outcomes[3].refusals[0][0] == "bytes.invalid"


def test_two_claims_on_one_code_in_a_batch_are_told_apart(storage: Storage) -> None:
    world = World(storage)
    first, second = world.organisations(1, 1), world.organisations(1, 1)
    rest = world.organisations(2, BATCH)
    outcomes = world.node.submit_many([*first, *second, *rest], world.now)
    assert [one.accepted for one in outcomes[:2]] == [True, False]


def test_totals_that_an_act_may_move_or_be_bound_by_are_read_ahead() -> None:
    claim, state = sample(Claim), State()
    state.write([claim])
    kind = next(one for one in ACTS.values() if one.row.on is Claim and not one.row.creates)
    act: Any = SimpleNamespace(subject=claim.id), sample(kind)
    wanted = totals([act], state)[Total]
    assert {f"claim.open/{claim.project}", f"payment.net_fen/{claim.id}"} <= wanted


@pytest.mark.parametrize("kind", ACTS.values(), ids=ACTS)
def test_what_an_act_decodes_the_general_check_takes_too(kind: type[Any]) -> None:
    raw = encode(sample(kind))
    assert msgspec.json.decode(raw, type=kind) == sample(kind)
    check_value(raw)


@pytest.mark.parametrize("kind", ACTS.values(), ids=ACTS)
def test_no_act_has_a_field_that_the_general_check_would_refuse(kind: type[Any]) -> None:
    for one in _types(msgspec.inspect.type_info(kind)):
        assert not isinstance(
            one, msgspec.inspect.FloatType | msgspec.inspect.AnyType | msgspec.inspect.DictType
        )
        if isinstance(one, msgspec.inspect.IntType):
            assert one.ge is not None
            assert one.le is not None
            assert -MAX_INT <= one.ge <= one.le <= MAX_INT


def _types(found: Any) -> Any:
    yield found
    for name in ("fields", "types", "item_types"):
        for inner in getattr(found, name, ()) or ():
            yield from _types(getattr(inner, "type", inner))
    for name in ("item_type", "type"):
        inner = getattr(found, name, None)
        if isinstance(inner, msgspec.inspect.Type):
            yield from _types(inner)


def test_a_block_asks_its_store_once_and_sees_its_own_changes() -> None:
    class Counting(Memory):
        asked = 0

        def find(self, kind: type[Any], id: str) -> Any:  # noqa: A002 - the field's name
            self.asked += 1
            return super().find(kind, id)

    store = Counting()
    state, absent = State(store), made_id("org", 1)
    view = View(state, INTL)
    assert view.find(Organisation, absent) is None
    assert view.find(Organisation, absent) is None
    assert store.asked == 1
    new = sample(Organisation).but(id=absent)
    state.write([new])
    assert view.find(Organisation, absent) is new
    assert state.changed == {(Organisation, absent): new}
    assert store.find(Organisation, absent) is None


def test_a_digest_belongs_to_the_very_object_it_was_made_of() -> None:
    view = View(Memory(), INTL)
    first = sample(Organisation)
    second = first.but(name="模拟另一家")
    assert view.digest_of(first) == INTL.digest(encode(first))
    assert view.digest_of(second) == INTL.digest(encode(second))
    assert view.digest_of(first) == INTL.digest(encode(first))
