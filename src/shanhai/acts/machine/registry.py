"""Acts and guards: how they are declared, and the authority row each act carries."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar, NamedTuple, TypeVar

import msgspec

from shanhai.acts.machine.fields import Kind, fields_of, row_type
from shanhai.acts.machine.objects import Object
from shanhai.acts.roles import Role
from shanhai.kernel.text import TEXTS, Choice, Facts, Text

A = TypeVar("A", bound="type[Act]")
Checker = Callable[[Any, Any], Facts | None]


class Grade(Choice):
    """How heavy an act is: which keys may sign it, and from when."""

    DECLARE = "declare", "申报", "Declare"
    CERTIFY = "certify", "认证", "Certify"
    APPROVE = "approve", "审批", "Approve"
    PAY = "pay", "支付", "Pay"
    GOVERN = "govern", "治理", "Govern"

    @property
    def heavy(self) -> bool:
        """Return whether a server-held key is refused and a new key or post has to wait."""
        return self in _HEAVY

    @property
    def own_key(self) -> bool:
        """Return whether the officer must hold the key."""
        return self not in _LIGHT


_HEAVY, _LIGHT = (Grade.APPROVE, Grade.PAY), (Grade.DECLARE, Grade.CERTIFY)


class Guard(NamedTuple):
    """A rule with a code, a sentence that says how to mend, a source, and the versions it is in force."""

    code: str
    text: Text
    source: str
    check: Checker
    skip_unset: bool = False
    since: int = 1
    until: int = 0


class Never(NamedTuple):
    """Whoever did `act` on this subject, or on what `via` leads to, may not do the act that says so."""

    act: str
    via: str = ""


class Row(NamedTuple):
    """One row of the authority table, printed from the registry."""

    name: str
    text: Text
    on: type[Object]
    creates: bool  # whether the act makes its subject
    when: tuple[Choice, ...]  # the subject's states it may be done in; empty: any
    by: tuple[Role, ...]
    not_by: tuple[Never, ...]
    guards: tuple[Guard, ...]
    grade: Grade
    own: str  # the subject's field that must name the post's organisation
    open_door: bool  # signed with the key in its payload, without a post

    @property
    def plain(self) -> str:
        """Return the name without its version."""
        return self.name.partition("/")[0]

    @property
    def verb(self) -> str:
        """Return the part of the name after the noun."""
        return self.plain.partition(".")[2]


class Act(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """An act: its fields are the payload that is signed, posted, judged and stored."""

    row: ClassVar[Row]

    def effects(self, case: Any) -> Iterable[Object]:
        """Return the new objects; builds only, decides nothing."""
        raise NotImplementedError

    def refers(self) -> tuple[tuple[type[Object], str], ...]:
        """Return the objects that the payload names, nested rows included (frozen decision 9)."""
        found: list[tuple[type[Object], str]] = []
        for name, kind in _ref_getters(type(self)):
            value = getattr(self, name)
            if value:
                if isinstance(value, str):
                    found.append((kind, value))
                else:
                    found.extend(_named(value, kind))
        return tuple(found)


def _named(value: Any, kind: Any) -> Iterable[tuple[type[Object], str]]:
    if isinstance(kind, tuple):  # a tuple of row structs
        for item in value:
            for name, inner in kind:
                yield from _named(getattr(item, name), inner)
    elif isinstance(value, tuple):
        yield from ((kind, one) for one in value)
    elif value:
        yield (kind, value)


@cache
def _ref_getters(struct: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    found: list[tuple[str, Any]] = []
    for field in fields_of(struct):
        if field.kind in (Kind.REF, Kind.REFS) and field.ref is not None:
            found.append((field.name, field.ref))
        elif field.kind is Kind.ROWS and (inner := _ref_getters(row_type(field))):
            found.append((field.name, inner))
    return tuple(found)


ACTS: dict[str, type[Act]] = {}


def guard(
    code: str,
    zh: str,
    en: str,
    source: str = "",
    *,
    skip_unset: bool = False,
    since: int = 1,
    until: int = 0,
) -> Callable[[Checker], Guard]:
    """Declare a guard: it returns None, or the facts of the failure that its sentence shows."""
    text = Text(zh, en)
    TEXTS[code] = text
    return lambda check: Guard(code, text, source, check, skip_unset, since, until)


def act(  # noqa: PLR0913 - one row of the authority table
    name: str,
    zh: str,
    en: str,
    *,
    on: type[Object],
    by: tuple[Role, ...],
    grade: Grade,
    when: tuple[Choice, ...] = (),
    creates: bool | None = None,
    not_by: tuple[Never, ...] = (),
    also: tuple[Guard, ...] = (),
    own: str = "",
    open_door: bool = False,
) -> Callable[[A], A]:
    """Register an act: on which noun, by which roles, in which states, never by whoever did `not_by`.

    An act without states makes its subject, unless `creates` says otherwise.
    """
    makes = not when if creates is None else creates

    def register(cls: A) -> A:
        if name in ACTS:
            raise TypeError(f"{name} is registered already")
        guards = also + tuple(g for g in vars(cls).values() if isinstance(g, Guard))
        cls.row = Row(
            name, Text(zh, en), on, makes, when, by, not_by, guards, grade, own, open_door
        )
        ACTS[name] = cls
        return cls

    return register


def newest(plain: str) -> type[Act]:
    """Return the newest version of an act.

    Raises:
        KeyError: If no such act is registered.
    """
    versions = [name for name in ACTS if name.partition("/")[0] == plain]
    if not versions:
        raise KeyError(plain)
    return ACTS[max(versions, key=lambda name: int(name.partition("/")[2]))]


def newest_on(noun: str, verb: str) -> type[Act]:
    """Return the newest version of the act with a verb on a noun, whatever its name begins with.

    Raises:
        KeyError: If no such act is registered.
    """
    for act in ACTS.values():
        if (act.row.on.noun, act.row.verb) == (noun, verb):
            return newest(act.row.plain)
    raise KeyError(f"{noun}.{verb}")
