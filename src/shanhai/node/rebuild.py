"""Projections made again from the log: objects, timeline, search. Equal means equal dumps, sorted by key.

The log is the truth; a projection that differs was edited or damaged, and is put right here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from shanhai.acts import book
from shanhai.acts.machine.objects import NOUNS, Holder, Total
from shanhai.kernel.canonical import encode
from shanhai.node import schema
from shanhai.node.memory import Memory
from shanhai.node.replay import Replay
from shanhai.node.sql import SqlStorage
from shanhai.node.tables import Table, table_of, values_of

RULES = book.__name__
Rows = list[tuple[Any, ...]]


class Difference(NamedTuple):
    """A row that is not as the log leads to: its table and key, and whether it is `missing`, `extra` or `changed`."""

    table: str
    key: str
    what: str


def projected(state: Memory, table: Table) -> Rows:
    """Return the rows of a projection that a replayed state leads to, sorted by key."""
    if table is schema.TIMELINE:
        return sorted(state.timeline)
    if table is schema.SEARCH:
        return sorted(state.search.values())
    kind = NOUNS[table.name]
    found = [one for (noun, _), one in state.objects.items() if noun is kind]
    return sorted((*values_of(kind)(one), encode(one)) for one in found)


def projections() -> tuple[Table, ...]:
    """Return the tables that `rebuild` makes: every noun's, timeline, search."""
    return (*(table_of(kind) for kind in NOUNS.values()), schema.TIMELINE, schema.SEARCH)


def replayed(storage: SqlStorage, size: int) -> Memory:
    """Return the state that the log leads to; signatures are `verify`'s affair.

    Raises:
        BadEntryError: If the log itself does not hold.
    """
    state = Memory()
    Replay(state, signatures=False).run(storage.packed(0, size))
    return state


def telling(table: Table, rows: Rows) -> Rows:
    """Return the rows that say something: a total of nothing, or a value that nobody holds any more, is as good as none.

    A copy that was taken up from a snapshot has no such rows of before.
    """
    if table.name not in (Total.noun, Holder.noun):
        return rows
    return [row for row in rows if row[1]]


def differences(table: Table, wanted: Rows, found: Rows) -> Iterator[Difference]:
    """Yield what differs between two dumps of a table."""
    mine, theirs = {row[0]: row for row in wanted}, {row[0]: row for row in found}
    for key in sorted(mine.keys() | theirs.keys()):
        if key not in theirs:
            yield Difference(table.name, str(key), "missing")
        elif key not in mine:
            yield Difference(table.name, str(key), "extra")
        elif tuple(mine[key]) != tuple(theirs[key]):
            yield Difference(table.name, str(key), "changed")


def rebuild(
    storage: SqlStorage, report: Callable[[Difference], None], *, write: bool = True
) -> int:
    """Make every projection again from the log and put right what differs.

    Args:
        storage: The ledger's.
        report: Told of each difference.
        write: False only compares, on one snapshot.

    Returns:
        How many rows differed.

    Raises:
        BadEntryError: If the log itself does not hold; nothing is written then.
    """
    count = 0
    with _hold(storage, write=write):
        head = storage.head()
        state = replayed(storage, head.size if head is not None else 0)
        for table in projections():
            wanted, found = projected(state, table), storage.rows(table)
            wrong = list(differences(table, telling(table, wanted), telling(table, found)))
            for one in wrong:
                report(one)
            if wrong and write:
                storage.restore(table, wanted)
            count += len(wrong)
    return count


@contextmanager
def _hold(storage: SqlStorage, *, write: bool) -> Iterator[None]:
    if write:
        with storage.transaction():
            yield
    else:
        with storage.snapshot():
            yield
