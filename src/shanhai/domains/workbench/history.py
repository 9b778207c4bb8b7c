"""What happened to a case lately and what changed in it, for whoever decides next."""

from dataclasses import dataclass

from shanhai.acts.machine import Act, Object
from shanhai.acts.project import Project
from shanhai.domains.book import timeline
from shanhai.domains.book.payloads import payloads
from shanhai.domains.workbench.returns import CONTENT, Change, differences, plain

SHOWN = 6


@dataclass(frozen=True)
class History:
    """The last events, the last change of content field by field, and when that was."""

    events: list[timeline.Event]
    changes: list[Change]
    changed_ms: int
    before: Act | None
    after: Act | None


def history(found: Object) -> History:
    """Return a case's recent past; five queries at most."""
    events = timeline.events(found)
    content = [e for e in events if plain(e.act) in CONTENT] if isinstance(found, Project) else []
    if len(content) < 2:  # noqa: PLR2004 - a change needs a before and an after
        return History(events[:SHOWN], [], 0, None, None)
    said = payloads([event.index for event in content[:2]])
    after, before = (said[event.index] for event in content[:2])
    changes = differences(before, after)
    return History(events[:SHOWN], changes, content[0].time_ms, before, after)
