"""What an officer may do now, found by index: one query a kind of work, however many objects there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When

from shanhai.acts.machine import Object
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import by_id, row_of
from shanhai.domains.scope import visible
from shanhai.domains.workbench import duties
from shanhai.domains.workbench.clocks import Clock, Urgency, clock
from shanhai.domains.workbench.duties import Duty
from shanhai.domains.workbench.readiness import ready
from shanhai.domains.workbench.separations import Doers, allowed
from shanhai.kernel.regions import stem

COUNTED = 99
SHOWN = 5
WINDOW = 500
"""So many rows of a kind of work are looked at, in the order of the index: a home page must not read a backlog."""
NEVER_MS = 2**53 - 1
Rows = QuerySet[Any]


class Todo(NamedTuple):
    """One object that waits, with its clock."""

    found: Object
    clock: Clock


@dataclass(frozen=True)
class Group:
    """One kind of work: how many wait (99 and more are 100), how many are late, the most urgent of them."""

    duty: Duty
    count: int
    overdue: int
    today: int
    first: Clock
    items: list[Todo]

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED

    @property
    def urgency(self) -> tuple[int, int]:
        """Return what groups are sorted by: their most urgent item."""
        return self.first.urgency.rank, self.first.due_ms


def span(kind: type[Object], actor: Actor) -> tuple[str, str, str] | None:
    """Return the column and the range of regions that the actor's post covers, None for everything."""
    names = kind.__struct_fields__
    column = "east_region" if actor.east and "east_region" in names else "region"
    mine = stem(actor.region)
    if column not in names or not mine:
        return None
    return column, mine, str(int(mine) + 1).rjust(len(mine), "0")


def reach(kind: type[Object], actor: Actor) -> Q:
    """Return the rows that the actor's post covers, as a range that an index serves."""
    found = span(kind, actor)
    if found is None:
        return Q()
    column, first, after = found
    return Q(**{f"{column}__gte": first, f"{column}__lt": after})


def present(wanted: Sequence[Duty], actor: Actor) -> list[Duty]:
    """Return the kinds of work of which the actor's region holds anything in the right state; one query for all.

    Most kinds have nothing, and to ask each in full costs more in writing the question than in answering it.
    """
    if not wanted:
        return []
    asked, given = [], []
    for duty in wanted:
        states = [state.value for state in duty.states]
        where = [f"state IN ({', '.join(['%s'] * len(states))})"]
        given += states
        if (found := span(duty.on, actor)) is not None:
            column, first, after = found
            where.append(f"{column} >= %s AND {column} < %s")
            given += [first, after]
        asked.append(f'EXISTS (SELECT 1 FROM "{duty.on.noun}" WHERE {" AND ".join(where)})')  # noqa: S608 - names of our own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", given)
        row = cursor.fetchone()
    return [duty for duty, there in zip(wanted, row, strict=True) if there]


def waiting(duty: Duty, actor: Actor, doers: Doers, now_ms: int) -> Rows:
    """Return the rows of one kind of work that this officer may do now, without order.

    Args:
        duty: The kind of work.
        actor: Who would act, in which post; the actor's role must be among the act's.
        doers: Whom separations take the officer for.
        now_ms: Ledger time.
    """
    kind, own = duty.on, duty.row.own
    condition = visible(kind, actor) & reach(kind, actor) & ready(duty, actor, now_ms)
    if own and own in kind.__struct_fields__:
        condition &= Q(**{own: actor.organisation})
    states = [state.value for state in duty.states]
    rows = row_of(kind).objects.filter(condition, state__in=states)
    return allowed(rows, duty, doers)


def _most_urgent(rows: Rows, duty: Duty) -> list[tuple[str, int]]:
    """Return ids and deadlines of the first WINDOW rows, the most urgent first; one query that sorts nothing."""
    found = rows.order_by().values_list("id", *([duty.due] if duty.due else []))[:WINDOW]
    pairs = [(row[0], row[1] if duty.due else 0) for row in found]
    return sorted(pairs, key=lambda pair: (pair[1] or NEVER_MS, pair[0]))[: COUNTED + 1]


def by_urgency(rows: Rows, duty: Duty) -> Rows:
    """Order rows by deadline, those without one last; a total order."""
    if not duty.due:
        plain: Rows = rows.annotate(due=Value(0, BigIntegerField())).order_by("id")
        return plain
    none = When(**{duty.due: 0}, then=Value(NEVER_MS))
    last = Case(none, default=F(duty.due), output_field=BigIntegerField())
    ordered: Rows = rows.annotate(due=F(duty.due), last=last).order_by("last", "id")
    return ordered


def groups(actor: Actor, now_ms: int, shown: int = SHOWN) -> list[Group]:
    """Return the officer's work, the most urgent kind first.

    Two queries for the officer, one for what there is, one a kind of work that is there, one a noun shown.
    """
    if actor.role is None:
        return []
    doers = Doers.of(actor)
    found: list[tuple[Duty, list[tuple[str, int]]]] = []
    for duty in present(duties.of_role(actor.role), actor):
        pairs = _most_urgent(waiting(duty, actor, doers, now_ms), duty)
        if pairs:
            found.append((duty, pairs))
    wanted: dict[type[Object], set[str]] = {}
    for duty, pairs in found:
        wanted.setdefault(duty.on, set()).update(one for one, _ in pairs[:shown])
    structs = {kind: by_id(kind, ids) for kind, ids in wanted.items()}
    made = [_group(duty, pairs, structs[duty.on], now_ms, shown) for duty, pairs in found]
    return sorted(made, key=lambda group: (group.urgency, group.duty.code))


def _group(
    duty: Duty, pairs: list[tuple[str, int]], known: dict[str, Any], now_ms: int, shown: int
) -> Group:
    clocks = [clock(due, now_ms) for _, due in pairs]
    late = sum(1 for one in clocks if one.urgency is Urgency.OVERDUE)
    today = sum(1 for one in clocks if one.urgency is Urgency.TODAY)
    items = [
        Todo(known[one], read)
        for (one, _), read in zip(pairs[:shown], clocks, strict=False)
        if one in known
    ]
    return Group(duty, len(pairs), late, today, clocks[0], items)


@dataclass(frozen=True)
class Totals:
    """The figures of the workbench."""

    count: int
    overdue: int
    today: int
    more: bool


def totals(found: list[Group]) -> Totals:
    """Add the groups up."""
    return Totals(
        sum(min(group.count, COUNTED) for group in found),
        sum(group.overdue for group in found),
        sum(group.today for group in found),
        any(group.more for group in found),
    )
