"""What holds for every noun and act, read from the registry."""

import inspect
import re
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import pytest

from acts.scenario import Scenario
from shanhai.acts import book
from shanhai.acts.machine import ACTS, NOUNS, Act, Did, Object, fields_of
from shanhai.acts.machine.registry import newest_on
from shanhai.acts.machine.sample import sample
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import MAX_INT, encode
from shanhai.kernel.text import TEXTS

assert book.__all__
STRUCTS = [*NOUNS.values(), *ACTS.values()]


def as_subject(act: type[Act], state: Any = None) -> Object | None:
    """Return a subject of the act in a state."""
    if act.row.creates:
        return None
    made: Object = sample(act.row.on)
    return made.but(state=state) if state is not None else made


def codes(world: Scenario, act: type[Act], subject: Object | None, role: Role) -> list[str]:
    """Judge a sample of the act by a role and return what refused it; nothing may have been written."""
    region = "000000"
    world.post("actor", role, region=region)
    if subject is not None:
        world.store.write([subject])
    before = dict(world.store.objects)
    world.when(sample(act), by="actor", on=subject.id if subject else world.id("xxx"))
    assert world.last is not None
    if not world.last.accepted:
        assert world.store.objects == before
    return world.codes


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_foreign_role_is_refused(name: str) -> None:
    act = ACTS[name]
    if act.row.open_door:
        return
    state = act.row.when[0] if act.row.when else None
    for role in Role:
        found = codes(Scenario(), act, as_subject(act, state), role)
        assert ("authority.role" in found) is (role not in act.row.by), role


@pytest.mark.parametrize("name", sorted(n for n, a in ACTS.items() if a.row.when))
def test_every_wrong_state_is_refused(name: str) -> None:
    act = ACTS[name]
    states = {f.name: f for f in fields_of(act.row.on)}["state"].type
    for state in states:
        found = codes(Scenario(), act, as_subject(act, state), act.row.by[0])
        assert ("object.state" in found) is (state not in act.row.when), state


@pytest.mark.parametrize("name", sorted(n for n, a in ACTS.items() if not a.row.open_door))
def test_a_missing_or_present_subject_is_refused(name: str) -> None:
    act, world = ACTS[name], Scenario()
    if act.row.creates:
        subject = sample(act.row.on)
        world.post("actor", act.row.by[0], region="000000")
        world.store.write([subject])
        world.when(sample(act), by="actor", on=subject.id).refused("object.exists")
    else:
        world.post("actor", act.row.by[0], region="000000")
        world.when(sample(act), by="actor", on="nobody").refused("object.unknown")


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda s: s.__name__)
def test_defaults_are_safe_to_omit(struct: type[msgspec.Struct]) -> None:
    """Msgspec omits defaults by identity, so only singletons may be defaults (frozen decision 5)."""
    for field in msgspec.structs.fields(struct):
        if field.default is not msgspec.NODEFAULT:
            assert field.default in (None, False, 0, "", ()) or isinstance(field.default, Enum), (
                field.name
            )
        assert field.default_factory is msgspec.NODEFAULT, field.name


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda s: s.__name__)
def test_every_field_has_both_labels_and_every_integer_a_bound(
    struct: type[msgspec.Struct],
) -> None:
    derived = issubclass(struct, Object) and (struct.derived or struct.noun == "did")
    for field in fields_of(struct):
        if field.name == "id" or derived:
            continue
        assert re.search(r"[\u4e00-\u9fff]|SHA", field.text.zh), field.name
        assert field.text.en != field.name, field.name
        if field.type is int:
            assert field.meta.le is not None, field.name
            assert field.meta.le <= MAX_INT, field.name


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda s: s.__name__)
def test_every_struct_survives_its_own_bytes(struct: type[msgspec.Struct]) -> None:
    made = sample(struct) if struct is not Did else Did(id="x", persons=("x",))
    assert msgspec.json.decode(encode(made), type=struct) == made


def test_prefixes_are_three_letters_and_nobody_elses() -> None:
    prefixes = [kind.prefix for kind in NOUNS.values() if kind.prefix]
    assert len(set(prefixes)) == len(prefixes)
    assert all(re.fullmatch("[a-z]{3}", prefix) for prefix in prefixes)


def test_every_guard_is_seen_failing_in_a_test() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    declared = {guard.code for act in ACTS.values() for guard in act.row.guards}
    assert not sorted(code for code in declared if f'"{code}"' not in text)


def test_every_sentence_speaks_both_languages_and_takes_the_same_facts() -> None:
    for code, text in TEXTS.items():
        assert text.zh, code
        assert text.en, code


def test_every_separation_names_a_registered_act() -> None:
    plain = {act.row.plain for act in ACTS.values()}
    for act in ACTS.values():
        assert {never.act for never in act.row.not_by} <= plain, act.row.name


def test_noun_and_verb_lead_to_one_act() -> None:
    for act in ACTS.values():
        assert newest_on(act.row.on.noun, act.row.verb).row.plain == act.row.plain


def test_every_act_has_effects_of_its_own() -> None:
    for act in ACTS.values():
        assert act.effects is not Act.effects, act.row.name
        assert inspect.getdoc(act), act.row.name
