"""Where a to-do leads: the page on which its act is done."""

from urllib.parse import urlencode

from django.urls import reverse

from shanhai.acts.machine import Object
from shanhai.domains import names
from shanhai.domains.listings import LISTINGS
from shanhai.domains.workbench.clocks import Clock, Urgency
from shanhai.domains.workbench.duties import Duty
from shanhai.kernel.text import Text

TONES = {
    Urgency.OVERDUE: "danger",
    Urgency.TODAY: "warning",
    Urgency.SOON: "warning",
    Urgency.LATER: "info",
    Urgency.NONE: "neutral",
}


def act_href(duty: Duty, found: Object) -> str:
    """Return the page that does the work on one object."""
    row = duty.row
    if not row.creates:
        return reverse("act", args=[row.on.noun, found.id, row.verb])
    query = urlencode({duty.field: found.id})
    return f"{reverse('act', args=[row.on.noun, 'new', row.verb])}?{query}"


def object_href(noun: str, id: str) -> str:  # noqa: A002 - the field's name
    """Return an object's page, "" for nouns without one."""
    return reverse("object", args=[noun, id]) if noun in LISTINGS else ""


def place(found: Object) -> Text:
    """Return where an object lies, in words."""
    code = str(getattr(found, "region", ""))
    return names.region(code) if code else Text("", "")


def clock_text(clock: Clock) -> Text:
    """Return a deadline in words: how long is left, or how late it is."""
    if clock.urgency is Urgency.NONE:
        return Text("未设期限", "No deadline")
    if clock.urgency is Urgency.OVERDUE:
        late = clock.late
        if not late:
            return Text("今日已过期限", "Passed today")
        return Text(f"已逾期 {late} 天", f"{late} day{'s' if late > 1 else ''} overdue")
    if clock.urgency is Urgency.TODAY:
        return Text("今日到期", "Due today")
    return Text(f"还剩 {clock.days} 天", f"{clock.days} day{'s' if clock.days > 1 else ''} left")
