"""An officer's keys."""

from shanhai.acts.machine import Key, KeyState
from shanhai.domains.rows import row_of, structs


def active_kids(person: str) -> list[str]:
    """Return the kids a person may sign with, the newest first; one query."""
    rows = row_of(Key).objects.filter(person=person, state=KeyState.ACTIVE)
    return [key.id for key in sorted(structs(Key, rows), key=lambda key: -key.confirmed_ms)]
