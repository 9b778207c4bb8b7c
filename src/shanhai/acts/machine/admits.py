"""The function that admits an act, written from its declaration.

What `judge` asks of every act in words, in the same order of meaning: subject and state, post and key, what
the officer saw, separations, guards in force, effects with their totals, scope. It answers True or False;
an exception means False.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from shanhai.acts.machine.authority import Custody, Key, KeyState, Person, Post, PostState
from shanhai.acts.machine.fields import Kind, fields_of
from shanhai.acts.machine.judge import on_digest
from shanhai.acts.machine.live import LiveCase
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.puts import PUTS
from shanhai.acts.machine.registry import Act, Guard, Never, Row
from shanhai.acts.machine.separation import NOBODY, doers, held, same_person, too_new
from shanhai.acts.machine.source import Source
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import Refused
from shanhai.kernel.regions import stem

Admit = Callable[[Any, Any, Any, Any], bool]
"""Takes a `Live` view, body, payload and moment."""


class Admits(dict[type[Act], Admit]):
    """Each act's function under one rules version, made when it is first asked for."""

    def __init__(self, rules: int) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, kind: type[Act]) -> Admit:
        made = self[kind] = written(kind, self._rules).compiled(kind.row.name)
        return made


admits = cache(Admits)
"""Returns the functions of a rules version."""


def written(kind: type[Act], rules: int) -> Source:
    """Write `admit(view, body, payload, at)` for an act under a rules version."""
    row, source = kind.row, Source("admit", "view, body, payload, at")
    source.add("state = view.state", "id = body.subject", "now = at.time_ms")
    source.add(f"rows = state[{source.name_of(row.on, 'noun')}]", "subject = rows[id]")
    _subject(source, row)
    _acting(source, row)
    _as_seen(source, kind)
    _separated(source, kind)
    _ruled(source, kind, rules)
    _scoped(source, row)
    source.add("return True")
    return source


def _refuse(source: Source, *reasons: str) -> None:
    """Write a refusal for any of the reasons."""
    with source.block(f"if {' or '.join(reasons)}:"):
        source.add("return False")


def _subject(source: Source, row: Row) -> None:
    _refuse(source, f"subject is {'not ' if row.creates else ''}None")
    if row.when and not row.creates and _has(row.on, "state"):
        _refuse(source, f"subject.state not in {source.name_of(row.when, 'when')}")


def _has(kind: type[Object], name: str) -> bool:
    return any(field.name == name for field in fields_of(kind))


def _acting(source: Source, row: Row) -> None:
    """Write the checks of post, key and role, and who acts: `mine`."""
    names = {one: source.name_of(one, "noun") for one in (Post, Key, Person)}
    told = {one.__name__: source.name_of(one, "told") for one in (held, doers, too_new)}
    if row.open_door:
        source.add(
            f"post = {source.name_of(NOBODY, 'post')}", "mine = post.persons", "alone = False"
        )
        return
    source.add(f"post = state[{names[Post]}][body.post]", f"key = state[{names[Key]}][body.kid]")
    active, ended = source.name_of(KeyState.ACTIVE, "is"), source.name_of(PostState.ENDED, "is")
    by = source.name_of(row.by, "by")
    _refuse(
        source,
        "post is None",
        "key is None",
        f"post.role not in {by}",
        f"key.state is not {active}",
        "key.person != post.person",
    )
    plain = f"post.source or post.to_ms or post.from_ms > now or post.state is {ended}"
    _refuse(source, f"not post.id or ({plain}) and not {told['held']}(view, post, now)")
    if row.grade.own_key:
        _refuse(source, f"key.custody is {source.name_of(Custody.SERVER, 'is')}")
    if row.grade.heavy:
        waits = f"{told['too_new']}(view, key, post, now) is not None"
        _refuse(source, f"(key.confirmed_ms or post.granted_ms) and {waits}")
    source.add("person = post.person", f"who = state[{names[Person]}][person]")
    source.add("alone = person and not post.principal and (who is None or not who.same_as)")
    source.add(f"mine = (person,) if alone else {told['doers']}(view, post)")


def _as_seen(source: Source, kind: type[Act]) -> None:
    """Write the digest of what the officer saw; of an act with plain references, noun by noun in order."""
    row, refs = kind.row, _plain_refs(kind)
    if refs is None:
        told = source.name_of(on_digest, "told")
        _refuse(source, f"body.on != {told}(view, view.suite, payload, id)")
        return
    seen: dict[str, tuple[type[Object], str]] = {
        noun.noun: (noun, f"payload.{name}") for name, noun in refs
    }
    if not row.creates:
        seen[row.on.noun] = row.on, "id"
    source.add("seen = []")
    for noun in sorted(seen):
        _seen(source, *seen[noun])
    _refuse(source, f"body.on != view.suite.digest({source.name_of(encode, 'told')}(seen))")


def _plain_refs(kind: type[Act]) -> list[tuple[str, type[Object]]] | None:
    """Return the fields that each name one object and its noun, None where nouns repeat or lists are named."""
    fields = [f for f in fields_of(kind) if f.kind in (Kind.REF, Kind.REFS, Kind.ROWS)]
    fields = [f for f in fields if f.kind is Kind.ROWS or f.ref is not None]
    if any(f.kind is not Kind.REF for f in fields) or kind.refers is not Act.refers:
        return None
    named: list[tuple[str, Any]] = [(f.name, f.ref) for f in fields]
    nouns = {kind.row.on, *(noun for _, noun in named)}
    return named if len(nouns) == len(named) + 1 else None


def _seen(source: Source, kind: type[Object], where: str) -> None:
    source.add(f"name = {where}", f"those = state[{source.name_of(kind, 'noun')}]")
    source.add("one = those[name] if name else None")
    with source.block("if one is not None:"):
        source.add(
            "known = those.digests.get(name)", "fresh = known is not None and known[0] is one"
        )
        source.add("made = known[1] if fresh else view.digest_of(one)")
        source.add(f"seen.append(({kind.noun!r}, name, made))")


def _separated(source: Source, kind: type[Act]) -> None:
    """Write the look-ups of who did other acts; a path of more than one required field is walked."""
    source.add(f"dids = state[{source.name_of(Did, 'noun')}]")
    for never in kind.row.not_by:
        where = _where(kind, never)
        if where is None:
            told = source.name_of(same_person, "told")
            never_ = source.name_of(never, "never")
            asked = f"{told}(view, subject, payload, {never_}, id, frozenset(mine))"
            _refuse(source, f"{asked} is not None")
        else:
            source.add(f"did = dids[{never.act + '/'!r} + {where}]")
            both = "(mine[0] in did.persons if alone else not mine.isdisjoint(did.persons))"
            _refuse(source, f"did is not None and {both}")


def _where(kind: type[Act], never: Never) -> str | None:
    """Return the expression of the one object where the other act stood, None where it takes a walk."""
    if not never.via:
        return "id"
    for field in fields_of(kind):
        if field.name == never.via and field.kind is Kind.REF and field.required:
            return f"payload.{field.name}"
    return None


def _ruled(source: Source, kind: type[Act], rules: int) -> None:
    """Write guards in force and effects; effects are taken as a tuple before any is put."""
    source.add(f"case = {source.name_of(LiveCase, 'case')}(view, subject, body, post, at)")
    for guard in kind.row.guards:
        if guard.since <= rules and not (guard.until and rules >= guard.until):
            _guarded(source, guard)
    puts, effects = source.name_of(PUTS, "puts"), source.name_of(kind.effects, "effects")
    with source.block(f"for new in tuple({effects}(payload, case)):"):
        source.add(f"{puts}[type(new)](view, new)")
    source.add(f"key = {kind.row.plain + '/'!r} + id", "did = dids[key]")
    with source.block("if not alone or did is not None:"):
        source.add("mine = tuple(sorted({*mine, *(did.persons if did is not None else ())}))")
    noun = source.name_of(Did, "noun")
    source.add(f"new = {noun}(id=key, persons=mine)", "view.before.append((dids, key, did))")
    source.add("dids[key] = new", f"view.changed[{noun}, key] = new")


def _guarded(source: Source, guard: Guard) -> None:
    asked = f"{source.name_of(guard.check, 'guard')}(payload, case) is not None"
    if not guard.skip_unset:
        _refuse(source, asked)
        return
    with source.block("try:"):
        _refuse(source, asked)
    with source.block(f"except {source.name_of(Refused, 'refused')} as error:"):
        _refuse(source, "error.code != 'parameter.unset'")


def _scoped(source: Source, row: Row) -> None:
    """Write scope of region and organisation, asked of the subject as it will be."""
    source.add("target = rows[id]")
    region = _region(row)
    if region and not row.open_door:
        inside = f"{region}.startswith({source.name_of(stem, 'told')}(post.region))"
        _refuse(source, f"target is not None and post.id and not {inside}")
    if row.own:
        _refuse(source, f"target is not None and target.{row.own} != post.organisation")


def _region(row: Row) -> str:
    """Return the expression of the region that counts, "" where the noun lies nowhere."""
    east, west = _has(row.on, "east_region"), _has(row.on, "region")
    eastern = [role.eastern for role in row.by]
    if east and all(eastern):
        return "target.east_region"
    if east and west and any(eastern):
        return "(target.east_region if post.role.eastern else target.region)"
    return "target.region" if west else ""
