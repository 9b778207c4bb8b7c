"""Why a project came back, and what changed between the versions of its content."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from shanhai.acts.machine import Act, Object, fields_of
from shanhai.acts.machine.fields import Field
from shanhai.acts.project import Project
from shanhai.acts.project_return import ReturnProject
from shanhai.domains.book import timeline
from shanhai.domains.book.payloads import payloads
from shanhai.kernel.text import Text

RETURN = ReturnProject.row.plain
CONTENT = ("project.declare", "project.amend", "project.resubmit")


@dataclass(frozen=True)
class Returned:
    """The last return: who, when, and its reasons by field ("" for the whole)."""

    index: int
    time_ms: int
    who: Text
    reasons: dict[str, list[str]]


class Change(NamedTuple):
    """One field that differs between two states."""

    field: Field
    old: Any
    new: Any


def plain(act: str) -> str:
    """Return an act's name without its version."""
    return act.partition("/")[0]


def last_return(project: Project) -> Returned | None:
    """Return why a project was returned last, None where it never was; four queries."""
    events = timeline.events(project)
    found = next((event for event in events if plain(event.act) == RETURN), None)
    if found is None:
        return None
    payload: Any = payloads([found.index]).get(found.index)
    reasons: dict[str, list[str]] = {}
    for reason in payload.reasons if payload is not None else ():
        reasons.setdefault(reason.field, []).append(reason.reason)
    return Returned(found.index, found.time_ms, found.who, reasons)


def differences(old: Object | Act, new: Object | Act) -> list[Change]:
    """Return the fields that both have and that differ, in the new one's order."""
    names = set(old.__struct_fields__)
    return [
        Change(field, getattr(old, field.name), getattr(new, field.name))
        for field in fields_of(type(new))
        if field.name in names and getattr(old, field.name) != getattr(new, field.name)
    ]
