"""A list's rows as export cells: the words a reader sees, money in fen, names looked up a page at a time."""

from collections.abc import Iterator

import msgspec

from shanhai.acts.machine import Object
from shanhai.acts.machine.fields import Field
from shanhai.acts.machine.fields import Kind as FieldKind
from shanhai.domains import listings, names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.exports.cells import Column, Kind, Row, Value
from shanhai.domains.listings import MOST, Asked, Listing
from shanhai.kernel.periods import iso
from shanhai.kernel.text import Text
from shanhai.web.objects.cells import cell

ID = Column("id", Text("编号", "Id"))


def columns(found: Listing) -> list[Column]:
    """Return the id and the list's columns."""
    return [ID, *(_column(field) for field in found.fields)]


def _column(field: Field) -> Column:
    if field.kind is FieldKind.AMOUNT:
        return Column(field.name, field.text, Kind.MONEY)
    counted = field.kind in (FieldKind.COUNT, FieldKind.PERMILLE)
    return Column(field.name, field.text, Kind.COUNT if counted else Kind.TEXT)


def rows(found: Listing, actor: Actor, want: Asked) -> Iterator[Row]:
    """Yield every row that the filters keep and the actor may see, in the order shown."""
    want = msgspec.structs.replace(want, after="", before="", size=MOST)
    kinds = [_column(field).kind for field in found.fields]
    while True:
        part = listings.page(found, actor, want)
        known = _names(found, part.items)
        for one in part.items:
            pairs = zip(found.fields, kinds, strict=True)
            yield [one.id, *(_value(field, kind, one, known) for field, kind in pairs)]
        if not part.next:
            return
        want = msgspec.structs.replace(want, after=part.next)


def _names(found: Listing, items: list[Object]) -> dict[str, Text]:
    refs = [f for f in found.fields if f.kind is FieldKind.REF and f.ref is not None]
    return names.of((f.ref, getattr(item, f.name)) for item in items for f in refs)  # type: ignore[misc]  # refs are nouns here


def _value(field: Field, kind: Kind, one: Object, known: dict[str, Text]) -> Value:
    value = getattr(one, field.name)
    if one.unsaid(field.name, value):
        return None
    if kind is not Kind.TEXT:
        return int(value)
    if field.kind is FieldKind.WORD:
        return str(value)
    if field.kind in (FieldKind.DIGEST, FieldKind.COMMITMENT):
        return str(value)
    return "" if value in ("", None, ()) else cell(field, one, known).text


def checkpoint() -> list[str]:
    """Return the lines that every export ends with: where the ledger stood, so that it can be proved later."""
    book = node()
    head = book.head()
    return [
        f"账本 Ledger: {book.constants.ledger}",
        f"检查点 Checkpoint: {book.constants.origin}, {head.size} 条 entries, root {head.root.hex()}",
        f"生成时间 Made: {iso(ledger_now_ms())} (UTC+8)",
    ]
