"""The review queue: one kind of work as a list that is searched, narrowed by deadline and paged by key."""

from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import BigIntegerField, Q, QuerySet, Value

from shanhai.acts.machine import Object, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import structs
from shanhai.domains.workbench.clocks import SOON_DAYS, Urgency, clock
from shanhai.domains.workbench.duties import Duty
from shanhai.domains.workbench.separations import Doers
from shanhai.domains.workbench.todos import NEVER_MS, Todo, by_urgency, waiting
from shanhai.kernel.canonical import from_base64, to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.periods import day_number, day_start_ms

PAGE = 20
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for: words, a deadline, and the place to go on from."""

    q: str = ""
    due: str = ""
    after: str = ""


@dataclass(frozen=True)
class Part:
    """One page of the queue, with the marker of the next ("" at the end)."""

    items: list[Todo]
    next: str


def _searched(kind: type[Object], q: str) -> Q:
    """Return the rows whose title, number or id holds the words."""
    names = {f.name for f in fields_of(kind) if f.scalar and f.kind is Kind.WORD}
    condition = Q(pk=q)
    for name in {kind.title, "number"} & names:
        condition |= Q(**{f"{name}__icontains": q})
    return condition


def _due(column: str, due: str, now_ms: int) -> Q:
    """Return the rows with a deadline of that kind; every row for an unknown word."""
    if due not in {Urgency.OVERDUE.value, Urgency.TODAY.value, Urgency.SOON.value}:
        return Q()
    if not column:
        return Q(pk__in=())
    tomorrow = day_start_ms(day_number(now_ms) + 1)
    soon = day_start_ms(day_number(now_ms) + 1 + SOON_DAYS)
    if due == Urgency.OVERDUE.value:
        return Q(**{f"{column}__gt": 0, f"{column}__lte": now_ms})
    if due == Urgency.TODAY.value:
        return Q(**{f"{column}__gt": now_ms, f"{column}__lte": tomorrow})
    return Q(**{f"{column}__gt": now_ms, f"{column}__lte": soon})


def part(duty: Duty, actor: Actor, want: Wanted, now_ms: int, size: int = PAGE) -> Part:
    """Return one page of a kind of work, the most urgent first; three queries however long the queue.

    Raises:
        InvalidInputError: `listing.cursor` for a marker that this queue did not make.
    """
    rows = waiting(duty, actor, Doers.of(actor), now_ms).filter(_due(duty.due, want.due, now_ms))
    if want.q:
        rows = rows.filter(_searched(duty.on, want.q))
    rows = by_urgency(rows, duty)
    if not duty.due:
        rows = rows.annotate(last=Value(NEVER_MS, BigIntegerField()))
    if want.after:
        last, after = _read(want.after)
        rows = rows.filter(Q(last__gt=last) | Q(last=last, pk__gt=after))
    found = structs(duty.on, rows[: size + 1])
    more = len(found) > size
    items = [Todo(one, clock(_due_ms(duty, one), now_ms)) for one in found[:size]]
    return Part(items, _marker(items[-1]) if more else "")


def _due_ms(duty: Duty, found: Object) -> int:
    return int(getattr(found, duty.due)) if duty.due else 0


def _marker(last: Todo) -> str:
    return to_base64(msgspec.json.encode([last.clock.due_ms or NEVER_MS, last.found.id]))


def _read(marker: str) -> tuple[int, str]:
    try:
        return msgspec.json.decode(from_base64(marker), type=tuple[int, str])
    except (msgspec.MsgspecError, InvalidInputError) as error:
        raise InvalidInputError("listing.cursor") from error


def chosen(duty: Duty, actor: Actor, ids: list[str], now_ms: int) -> list[Object]:
    """Return those of the named objects that are this officer's work now, in the order named."""
    rows = waiting(duty, actor, Doers.of(actor), now_ms).filter(pk__in=ids)
    found = {one.id: one for one in structs(duty.on, rows)}
    return [found[one] for one in dict.fromkeys(ids) if one in found]
