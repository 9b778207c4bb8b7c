"""A view: reads by key through a store, keeps totals and unique values, writes nothing down."""

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from shanhai.acts.machine.objects import BOUNDED_BY, Holder, Object, Sum, Total
from shanhai.kernel.canonical import encode
from shanhai.kernel.errors import Refused
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Text

O = TypeVar("O", bound=Object)  # noqa: E741 - an object of any noun
ObjectKey = tuple[type[Object], str]
Changed = dict[ObjectKey, Object]
TEXTS |= {
    "object.unknown": Text(
        "没有编号为 {id} 的{noun}，请核对编号", "There is no {noun} {id}; check the id"
    ),
    "object.taken": Text(
        "{value} 已被 {holder} 使用，不能重复；如原件有误请先更正或作废",
        "{value} is already used by {holder}; correct or void that one first",
    ),
    "total.over": Text(
        "{sum} 合计将超出上限 {limit_fen} 元，多 {excess_fen} 元；请减少金额或先调整上限",
        "{sum_en} would exceed the limit {limit_fen} by {excess_fen}; lower the amount or raise the limit first",
    ),
    "total.negative": Text(
        "{sum} 合计将变为负数，请核对金额", "{sum_en} would become negative; check the amount"
    ),
}


class Reads(Protocol):
    """What a state stands on."""

    @property
    def find(self) -> Callable[[Any, str], Any]:
        """Return what finds the object of a noun with an id, or None."""


class Store(Protocol):
    """All that the machine asks of a database: read by key, write a batch."""

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object with that id, or None."""

    def write(self, changed: Iterable[Object]) -> None:
        """Put objects, replacing those of the same noun and id."""


class Rows(dict[str, Object | None]):
    """One noun's objects as a block sees them: each id is asked once, absent ones are None.

    `digests` remembers what was hashed, beside the very object it was the hash of.
    """

    __slots__ = ("_find", "digests", "kind")

    def __init__(self, kind: type[Object], find: Callable[[Any, str], Object | None]) -> None:
        super().__init__()
        self.kind, self._find = kind, find
        self.digests: dict[str, tuple[Object, str]] = {}

    def __missing__(self, id: str) -> Object | None:  # noqa: A002 - the field's name
        found = self[id] = self._find(self.kind, id)
        return found


class WholeRows(Rows):
    """One noun's objects where there are no others: what is not here is nowhere."""

    __slots__ = ()

    def __missing__(self, id: str) -> Object | None:  # noqa: A002 - the field's name
        return None


class State(dict[type[Object], Rows]):
    """A store as one block sees it, by noun; what the block's acts change lies on top, in `changed`."""

    __slots__ = ("_find", "changed")

    def __init__(self, store: "Reads | None" = None) -> None:
        """Begin on a store, or on nothing: then the state holds all there is."""
        super().__init__()
        self._find = store.find if store is not None else None
        self.changed: Changed = {}

    def __missing__(self, kind: type[Object]) -> Rows:
        find = self._find
        found = self[kind] = WholeRows(kind, _nowhere) if find is None else Rows(kind, find)
        return found

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object as the block sees it, or None."""
        return self[kind][id]  # type: ignore[return-value]  # the key says its type

    def write(self, changed: Iterable[Object]) -> None:
        """Put objects on top, replacing those of the same noun and id."""
        self.absorb({(type(new), new.id): new for new in changed})

    def absorb(self, changed: Changed) -> None:
        """Put what an act changed on top."""
        for (kind, id), new in changed.items():  # noqa: A001 - the field's name
            self[kind][id] = new
        self.changed.update(changed)


def _nowhere(kind: type[Object], id: str) -> None:  # noqa: A002 - the field's name
    """Find nothing."""


@cache
def _summands(kind: type[Object]) -> Callable[[Object], tuple[Any, ...]]:
    """Return what reads owner and amount of each of a noun's sums: owner and amount in turn."""
    return attrgetter(*(name for total in kind.sums for name in (total.by, total.field)))


class View:
    """An overlay on a store, a block's state or another view: what one act reads and would change."""

    __slots__ = ("changed", "rules", "state", "suite")

    def __init__(self, parent: "Store | View", suite: Suite, rules: int = 1) -> None:
        self.state = parent if isinstance(parent, State) else State(parent)
        self.suite, self.rules = suite, rules
        self.changed: Changed = {}

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return the object as this view sees it, or None."""
        return self.changed.get((kind, id)) or self.state[kind][id]  # type: ignore[return-value]  # the key says its type

    def get(self, kind: type[O], id: str) -> O:  # noqa: A002 - the field's name
        """Return the object.

        Raises:
            Refused: `object.unknown` if there is none.
        """
        found = self.find(kind, id)
        if found is None:
            raise Refused("object.unknown", noun=kind.text.zh or kind.noun, id=id)
        return found

    def digest(self, kind: type[Object], id: str) -> str:  # noqa: A002 - the field's name
        """Return the digest of an object's canonical bytes, "" where there is none."""
        found = self.find(kind, id)
        return "" if found is None else self.digest_of(found)

    def digest_of(self, found: Object) -> str:
        """Return the digest of an object's canonical bytes; the same object is hashed once."""
        digests, id = self.state[type(found)].digests, found.id  # noqa: A001 - the field's name
        known = digests.get(id)
        if known is not None and known[0] is found:
            return known[1]
        made = self.suite.digest(encode(found))
        digests[id] = found, made
        return made

    def note(self, new: Object) -> None:
        """Lay an object on top as it is, without totals: for what derives from the others."""
        self.changed[type(new), new.id] = new

    def total(self, kind: type[Object], field: str, owner: str) -> int:
        """Return the sum of a noun's `field` over one owner."""
        found = self.find(Total, f"{kind.noun}.{field}/{owner}")
        return found.value if found is not None else 0

    def put(self, new: Object) -> None:
        """Write one object, keeping unique values and totals.

        Raises:
            Refused: `object.taken` for a duplicate, `total.over` or `total.negative` for a bound.
        """
        kind = type(new)
        old = self.find(kind, new.id)
        if kind.unique is not Object.unique:
            self.keep_unique(old.unique if old is not None else (), new.unique, new.id)
        self.note(new)
        if kind.sums:
            self._add_up(kind, old, new)
        for other, total in BOUNDED_BY.get(kind, ()):
            self.bound(other, total, new.id)

    def _add_up(self, kind: type[Object], old: Object | None, new: Object) -> None:
        """Move the sums whose owner or amount changed, all read at once."""
        read = _summands(kind)
        before, after = read(old) if old is not None else None, read(new)
        if before != after:
            for place, total in enumerate(kind.sums):
                pair = after[place * 2], after[place * 2 + 1]
                was = None if before is None else (before[place * 2], before[place * 2 + 1])
                if was != pair:
                    self._move(kind, total, was, pair)

    def holder(self, value: str) -> str:
        """Return the id of the object that holds a unique value, "" where nobody does."""
        found = self.find(Holder, self.holder_id(value))
        return found.holder if found is not None else ""

    def holder_id(self, value: str) -> str:
        """Return the id of the object that says who holds a unique value."""
        scope, _, rest = value.partition(":")
        return f"{scope}:{self.suite.digest(rest.encode())[:40]}"

    def keep_unique(self, before: tuple[str, ...], after: tuple[str, ...], id: str) -> None:  # noqa: A002 - the field's name
        """Release the unique values that an object gives up and take those it claims.

        Raises:
            Refused: `object.taken`.
        """
        if before == after:
            return
        for value in before:
            if value not in after:
                self.note(Holder(id=self.holder_id(value)))
        for value in after:
            held = self.holder(value)
            if held not in ("", id):
                raise Refused("object.taken", value=value.partition(":")[2], holder=held)
            self.note(Holder(id=self.holder_id(value), holder=id))

    def _move(
        self, kind: type[Object], total: Sum, old: tuple[str, int] | None, new: tuple[str, int]
    ) -> None:
        owner, amount = new
        if old is not None:
            was_owner, was = old
            if was_owner == owner:
                amount -= was
            else:
                self._add(kind, total, was_owner, -was)
        if amount:
            self._add(kind, total, owner, amount)
            self.bound(kind, total, owner)

    def _add(self, kind: type[Object], total: Sum, owner: str, amount: int) -> None:
        if owner and amount:
            self.raise_total(kind, f"{kind.noun}.{total.field}/{owner}", amount)

    def raise_total(self, kind: type[Object], key: str, amount: int) -> None:
        """Add an amount, perhaps negative, to a noun's total.

        Raises:
            Refused: `total.negative`.
        """
        found = self.find(Total, key)
        value = amount + (found.value if found is not None else 0)
        if value < 0:
            raise Refused("total.negative", **_named(kind))
        self.note(Total(id=key, value=value))

    def bound(self, kind: type[Object], total: Sum, owner: str) -> None:
        """Refuse a total above what its owner allows.

        Raises:
            Refused: `total.over`.
        """
        if not total.within or total.of is None or not owner:
            return
        if self.rules < total.since or (total.until and self.rules >= total.until):
            return
        value = self.total(kind, total.field, owner)
        limit = getattr(self.get(total.of, owner), total.within)
        if value > limit:
            raise Refused("total.over", **_named(kind), limit_fen=limit, excess_fen=value - limit)


def _named(kind: type[Object]) -> dict[str, str]:
    """Return what a sum adds up, in both languages."""
    return {
        "sum": kind.text.zh or kind.noun,
        "sum_en": f"The total of “{kind.text.en or kind.noun}”",
    }
