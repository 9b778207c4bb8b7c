"""Lists: one declaration drives page, API, export and print.

Paging is by key: a total order on (column, id), so that a page costs the same wherever it lies. No exact
count beyond 1,000.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from django.db.models import Q, QuerySet

from shanhai.acts.machine import Object, fields_of
from shanhai.acts.machine.fields import Field, Kind
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import Row, row_of, structs
from shanhai.domains.scope import visible
from shanhai.kernel.canonical import from_base64, to_base64
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.regions import stem
from shanhai.kernel.text import TEXTS, Text

PAGE, MOST = 20, 200
COUNTED = 1000
TEXTS["listing.cursor"] = Text(
    "翻页标记无效，请从第一页重新开始",
    "The page marker is invalid; start again from the first page",
)
TEXTS["listing.filter"] = Text("筛选条件 {name} 的值无效", "The value of filter {name} is invalid")


@dataclass(frozen=True)
class Listing:
    """A list of one noun: its columns, what filters it, what is searched, and its order."""

    noun: type[Object]
    columns: tuple[str, ...]
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    order: str = "-id"

    @property
    def name(self) -> str:
        """Return the noun's name: the list's address."""
        return self.noun.noun

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the columns' fields, in the order shown."""
        by_name = {field.name: field for field in fields_of(self.noun)}
        return tuple(by_name[name] for name in self.columns)

    @property
    def filter_fields(self) -> tuple[Field, ...]:
        """Return the fields that filter."""
        return tuple(field for field in fields_of(self.noun) if field.name in self.filters)

    @property
    def sortable(self) -> frozenset[str]:
        """Return the names of the columns one may sort by."""
        return frozenset(f.name for f in self.fields if f.scalar and f.kind is not Kind.COMMITMENT)


LISTINGS: dict[str, Listing] = {}


def listing(noun: type[Object], columns: tuple[str, ...], **rest: Any) -> Listing:
    """Register a list."""
    made = Listing(noun, columns, **rest)
    LISTINGS[made.name] = made
    return made


class Asked(msgspec.Struct, frozen=True):
    """What a reader asked for: search words, filters, order, place and size."""

    q: str = ""
    filters: dict[str, str] = {}
    sort: str = ""
    after: str = ""
    before: str = ""
    size: int = PAGE


class Page(NamedTuple):
    """One page of structs, with the markers of its neighbours ("" at the ends)."""

    items: list[Any]
    next: str
    previous: str


def asked(found: Listing, params: Mapping[str, str]) -> Asked:
    """Read a query string; unknown names are ignored, a wrong size falls back to the usual one."""
    size = params.get("size", "")
    sort = params.get("sort", "")
    return Asked(
        q=params.get("q", "").strip()[:100],
        filters={f: params[f].strip() for f in found.filters if params.get(f, "").strip()},
        sort=sort if sort.lstrip("-") in found.sortable else found.order,
        after=params.get("after", ""),
        before=params.get("before", ""),
        size=min(int(size), MOST) if size.isdigit() and int(size) else PAGE,
    )


def matching(found: Listing, actor: Actor, want: Asked) -> "QuerySet[Row]":
    """Return the rows that the actor may see and the filters keep, without order."""
    condition = visible(found.noun, actor)
    for field in found.filter_fields:
        if field.name in want.filters:
            condition &= _filter(field, want.filters[field.name])
    if want.q:
        words = Q(pk=want.q)
        for name in found.search:
            words |= Q(**{f"{name}__icontains": want.q})
        condition &= words
    return row_of(found.noun).objects.filter(condition)


def _filter(field: Field, value: str) -> Q:
    if field.kind is Kind.REGION:
        return Q(**{f"{field.name}__startswith": stem(value)})
    if field.kind is Kind.FLAG:
        return Q(**{field.name: value in {"1", "true"}})
    if field.integer:
        if not value.isdigit():
            raise InvalidInputError("listing.filter", name=field.name)
        return Q(**{field.name: int(value)})
    return Q(**{field.name: value})


def page(found: Listing, actor: Actor, want: Asked) -> Page:
    """Return one page; three queries at most, however long the list.

    Raises:
        InvalidInputError: For a marker that this list did not make.
    """
    rows, name = matching(found, actor, want), want.sort.lstrip("-")
    down = want.sort.startswith("-")
    back = bool(want.before)
    marker = want.before or want.after
    if marker:
        rows = rows.filter(_beyond(name, _mark(marker), down=down != back))
    sign = "-" if down != back else ""
    order = (f"{sign}{name}", f"{sign}id") if name != "id" else (f"{sign}id",)
    items = structs(found.noun, rows.order_by(*order)[: want.size + 1])
    more = len(items) > want.size
    items = items[: want.size]
    if back:
        items.reverse()
    first, last = (_key(items[0], name), _key(items[-1], name)) if items else ("", "")
    return Page(
        items, last if more or back else "", first if (more if back else want.after) else ""
    )


def _beyond(name: str, mark: tuple[Any, str], *, down: bool) -> Q:
    value, row_id = mark
    compare = "lt" if down else "gt"
    if name == "id":
        return Q(**{f"id__{compare}": row_id})
    return Q(**{f"{name}__{compare}": value}) | Q(**{name: value, f"id__{compare}": row_id})


def _key(item: Any, name: str) -> str:
    return to_base64(msgspec.json.encode([getattr(item, name), item.id]))


def _mark(marker: str) -> tuple[Any, str]:
    try:
        value, row_id = msgspec.json.decode(from_base64(marker), type=tuple[int | str | bool, str])
    except (msgspec.MsgspecError, InvalidInputError) as error:
        raise InvalidInputError("listing.cursor") from error
    return value, row_id


def count(found: Listing, actor: Actor, want: Asked) -> int | None:
    """Return how many rows there are, None beyond 1,000."""
    number = matching(found, actor, want).order_by()[: COUNTED + 1].count()
    return None if number > COUNTED else number


def every(found: Listing, actor: Actor, want: Asked) -> Iterator[Any]:
    """Yield all rows in order, page by page, for an export."""
    want = msgspec.structs.replace(want, after="", before="", size=MOST)
    while True:
        part = page(found, actor, want)
        yield from part.items
        if not part.next:
            return
        want = msgspec.structs.replace(want, after=part.next)
