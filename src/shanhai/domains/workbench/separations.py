"""Separations as conditions on rows: what this officer may not do is not offered.

The same `Did` objects that `judge` reads are looked up here by their key, in the database.
"""

from typing import Any, NamedTuple

from django.db.models import Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from shanhai.acts.machine import Object, Person, Post, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.acts.machine.objects import Did
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import by_id, row_of
from shanhai.domains.workbench.duties import Duty

Rows = QuerySet[Any]


class Doers(NamedTuple):
    """The persons that separations treat as this officer: oneself, the principal, and merged records."""

    persons: frozenset[str]

    @classmethod
    def of(cls, actor: Actor) -> "Doers":
        """Look them up; two queries."""
        post = by_id(Post, [actor.post]).get(actor.post)
        own = post.persons if post is not None else frozenset({actor.person})
        merged = {one.same_as for one in by_id(Person, own).values() if one.same_as}
        return cls(own | merged)


class _Position(Func):
    """Where bytes stand in bytes, 0 where they do not."""

    function = "INSTR"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL's POSITION takes them the other way round."""
        turned = self.copy()
        turned.set_source_expressions(self.get_source_expressions()[::-1])
        form = {"template": "POSITION(%(expressions)s)", "arg_joiner": " IN "}
        return turned.as_sql(compiler, connection, **form, **more)


def _step(kind: type[Object], name: str) -> type[Object] | None:
    """Return what a reference column of a noun leads to, None where it is no column of ids."""
    field = next((f for f in fields_of(kind) if f.name == name and f.kind is Kind.REF), None)
    return field.ref if field is not None and field.ref is not None else None  # type: ignore[return-value]


def _led_to(rows: Rows, duty: Duty, via: str) -> tuple[Rows, str] | None:
    """Annotate the rows with the id that a separation's path leads to; None where rows cannot say."""
    path = via.split(".") if via else []
    kind: type[Object] | None = duty.on
    place = "pk"
    if duty.row.creates:
        if not path or path[0] != duty.field:
            return None
        path = path[1:]
    for depth, name in enumerate(path):
        if kind is None or name not in kind.__struct_fields__:
            return None
        if depth == 0:
            place, kind = name, _step(kind, name)
            continue
        step = Subquery(row_of(kind).objects.filter(pk=OuterRef(place)).values(name)[:1])
        place, kind = f"via_{'_'.join(path[: depth + 1])}", _step(kind, name)
        rows = rows.annotate(**{place: step})
    return rows, place


def allowed(rows: Rows, duty: Duty, doers: Doers) -> Rows:
    """Cut a noun's rows to those on which none of the officer's earlier acts forbids this one."""
    places: dict[str, list[str]] = {}
    for never in duty.row.not_by:
        found = _led_to(rows, duty, never.via)
        if found is not None:
            rows, place = found
            places.setdefault(place, []).append(never.act)
    for place, acts in places.items():
        keys = [Concat(Value(f"{act}/"), OuterRef(place)) for act in acts]
        done = row_of(Did).objects.filter(pk__in=keys).annotate(by=_position_sum(doers))
        rows = rows.exclude(Exists(done.filter(by__gt=0)))
    return rows


def _position_sum(doers: Doers) -> Any:
    terms = [_Position(F("object"), Value(f'"{one}"'.encode())) for one in sorted(doers.persons)]
    total: Any = terms[0]
    for term in terms[1:]:
        total = total + term
    return total
