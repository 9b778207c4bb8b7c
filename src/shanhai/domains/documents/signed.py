"""Who signed what when, from the log: organs and posts by name, officers never by a name nobody opened."""

from collections.abc import Sequence
from typing import NamedTuple

from shanhai.acts.machine import Object, Post
from shanhai.acts.officer import Organisation
from shanhai.domains.book.models import Entry, Timeline
from shanhai.domains.book.timeline import SHOWN, text_of
from shanhai.domains.documents.paper import Cell, Table, label
from shanhai.domains.rows import by_id
from shanhai.kernel.periods import iso
from shanhai.node.schema import TOUCHED_BITS

WIDTHS = (23.0, 74.0, 12.0, 47.0)


class Signature(NamedTuple):
    """One signed act: `act` without version, its words, the organ and role that signed."""

    entry: int
    act_id: str
    act: str
    words: str
    organ: str
    role: str
    time_ms: int
    subject: str


def signatures(*found: Object) -> list[Signature]:
    """Return the acts that touched some objects, the oldest first; four queries however many there are."""
    rows = Timeline.objects.filter(object_id__in=[one.id for one in found]).order_by("-position")
    indexes = {p >> TOUCHED_BITS for p in rows.values_list("position", flat=True)[:SHOWN]}
    columns = ("index", "act_id", "act", "post", "time_ms", "subject")
    entries = list(Entry.objects.filter(pk__in=indexes).order_by("index").values_list(*columns))
    posts = by_id(Post, {row[3] for row in entries})
    organs = by_id(Organisation, {post.organisation for post in posts.values()})
    return [_signature(row, posts.get(row[3]), organs) for row in entries]


def _signature(
    row: tuple[int, str, str, str, int, str], post: Post | None, organs: dict[str, Organisation]
) -> Signature:
    index, act_id, act, _, time_ms, subject = row
    organ = organs.get(post.organisation) if post else None
    return Signature(
        entry=index,
        act_id=act_id,
        act=act.partition("/")[0],
        words=text_of(act).zh,
        organ=organ.name if organ else "创世密钥",
        role=post.role.zh if post else "",
        time_ms=time_ms,
        subject=subject,
    )


def last_of(signed: Sequence[Signature], *acts: str) -> Signature | None:
    """Return the newest signature of some acts."""
    return next((one for one in reversed(signed) if one.act in acts), None)


def table(rows: Sequence[tuple[str, Signature | None, str]]) -> Table:
    """Return the table of signatures (会签): step, organ and post, opinion, time and entry.

    Args:
        rows: (step, signature or None where the step is still open, opinion).
    """
    heads = ("环节", "单位（岗位）", "意见", "签名时间和账本记录")
    made = [tuple(label(text) for text in heads)]
    for step, one, opinion in rows:
        if one is None:
            made.append((Cell(step), Cell("待办"), Cell(""), Cell("")))
            continue
        when = f"{iso(one.time_ms)}  第 {one.entry} 条"
        made.append((Cell(step), Cell(f"{one.organ}（{one.role}）"), Cell(opinion), Cell(when)))
    return Table(WIDTHS, tuple(made), head=True)
