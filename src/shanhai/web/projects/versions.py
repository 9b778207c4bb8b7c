"""What changed in a project: between the versions of its content, and by its changes."""

from dataclasses import dataclass
from itertools import pairwise

from shanhai.acts.change import Change as ProjectChange
from shanhai.acts.machine import Act
from shanhai.acts.project_declare import Content
from shanhai.domains import names
from shanhai.domains.book.payloads import payloads
from shanhai.domains.book.timeline import Event
from shanhai.kernel.text import Text
from shanhai.web.objects.diff import Change, differences, refs

CONTENT_ACTS = ("project.declare", "project.amend", "project.resubmit")


@dataclass(frozen=True, slots=True)
class Version:
    """One revision: what did it, when, and the fields that differ from before."""

    title: Text
    time_ms: int
    href: str
    changes: list[Change]


def versions(
    events: list[Event], changes: list[ProjectChange], most: int | None = None
) -> list[Version]:
    """Return the revisions, the newest first; two queries and one a noun named.

    Args:
        events: The project's entries.
        changes: Its changes.
        most: How many of the newest revisions of its content to compare; None for all.
    """
    told = [e for e in events if e.act.partition("/")[0] in CONTENT_ACTS]
    told.sort(key=lambda event: event.index)
    if most is not None:
        told = told[-most - 1 :]
    said = payloads([event.index for event in told])
    contents = [(e, said[e.index]) for e in told if e.index in said]
    known = names.of(refs([content for _, content in contents]))
    made = [
        Version(event.text, event.time_ms, "", _differences(before, after, known))
        for (_, before), (event, after) in pairwise(contents)
    ]
    made += [_change(one) for one in changes if one.applied_ms]
    return sorted((one for one in made if one.changes), key=lambda one: -one.time_ms)


def _differences(before: Act, after: Act, known: dict[str, Text]) -> list[Change]:
    if not isinstance(before, Content) or not isinstance(after, Content):
        return []
    return differences(before, after, known)


def _change(one: ProjectChange) -> Version:
    rows = [Change(item.field.text, item.before, item.after) for item in one.items]
    return Version(type(one).text, one.applied_ms, f"/change/{one.id}", rows)
