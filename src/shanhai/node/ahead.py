"""What a batch's acts will ask for beside the objects they name: totals, and the owners of those.

A guess that costs little where it is wrong: what was not read ahead is read when it is asked for. It pays where asking
is a message to a server, and is left where the database is in this process.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from shanhai.acts.machine.fields import fields_of
from shanhai.acts.machine.objects import NOUNS, Object, Total
from shanhai.acts.machine.view import State
from shanhai.node.admission import Parsed
from shanhai.node.records import Wanted


def totals(acts: Iterable[Parsed], state: State) -> Wanted:
    """Return the totals and their owners, by noun.

    Args:
        acts: Bodies and payloads.
        state: Holds the acts' own subjects already, absent ones as absent.
    """
    wanted: defaultdict[type[Object], set[str]] = defaultdict(set)
    for body, payload in acts:
        kind = payload.row.on
        subject = state[kind][body.subject]
        for by, of, begin in _owed(kind):
            owner = getattr(payload if subject is None else subject, by, "")
            if isinstance(owner, str) and owner:
                wanted[Total].add(begin + owner)
                if of is not None:
                    wanted[of].add(owner)
                    wanted[Total].update(one + owner for one in _summed(of))
        wanted[Total].update(one + body.subject for one in _summed(kind))
        for named, id in payload.refers():  # noqa: A001 - the field's name
            wanted[Total].update(one + id for one in _summed(named))
    return wanted


@cache
def _owed(kind: type[Object]) -> tuple[tuple[str, type[Object] | None, str], ...]:
    """Return of each of a noun's sums the field that names its owner, the owner's noun, and its totals' beginning."""
    return tuple((one.by, one.of, f"{kind.noun}.{one.field}/") for one in kind.sums)


@cache
def _summed(kind: type[Object]) -> tuple[str, ...]:
    """Return what the totals begin with that an object of this noun may own."""
    return tuple(
        f"{other.noun}.{one.field}/"
        for other in NOUNS.values()
        for one in other.sums
        for field in fields_of(other)
        if field.name == one.by and field.ref in (kind, None)
    )
