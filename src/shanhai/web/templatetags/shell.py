"""Filters that templates use everywhere: money, dates, digests, bilingual words."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shanhai.domains import names
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.vault.services import masked
from shanhai.kernel import money
from shanhai.kernel.text import Choice, Text
from shanhai.web.middleware import language

register = template.Library()
BEIJING = timezone(timedelta(hours=8))
TONE_ICONS = {
    "success": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "danger": "x-circle-fill",
    "info": "info-circle-fill",
    "progress": "hourglass-split",
    "paused": "pause-circle-fill",
}


@register.filter
def yuan(amount_fen: int | str | None) -> str:
    """Show fen as yuan, `12,345.60`."""
    return "—" if amount_fen in (None, "") else money.yuan(int(amount_fen))


@register.filter
def wan(amount_fen: int | str | None) -> str:
    """Show fen as 万元."""
    return "—" if amount_fen in (None, "") else money.wan(int(amount_fen))


@register.filter
def capital(amount_fen: int | str) -> str:
    """Show fen as 人民币大写."""
    return money.capital(int(amount_fen))


@register.filter
def day(time_ms: int | str | None) -> str:
    """Show epoch milliseconds as a date in UTC+8, `2026-11-25`."""
    return _local(time_ms).strftime("%Y-%m-%d") if time_ms else "—"


@register.filter
def moment(time_ms: int | str | None) -> str:
    """Show epoch milliseconds as date and time in UTC+8."""
    return _local(time_ms).strftime("%Y-%m-%d %H:%M:%S") if time_ms else "—"


@register.filter
def minute(time_ms: int | str | None) -> str:
    """Show epoch milliseconds as date and time in UTC+8, to the minute."""
    return _local(time_ms).strftime("%Y-%m-%d %H:%M") if time_ms else "—"


@register.filter
def iso(time_ms: int | str | None) -> str:
    """Write epoch milliseconds for the `datetime` attribute of `<time>`."""
    return _local(time_ms).isoformat() if time_ms else ""


@register.filter
def short(digest: str) -> str:
    """Show a digest by both ends, `6e340b9c…98a3`."""
    whole = str(digest)
    return whole if len(whole) <= 14 else f"{whole[:8]}…{whole[-4:]}"  # noqa: PLR2004 - both ends and the dots


@register.filter
def say(words: Any, facts: dict[str, int | str] | None = None) -> str:
    """Say a bilingual text or choice in the page's language; anything else as it is."""
    if isinstance(words, Text):
        return words.say(language(), facts or {})
    if isinstance(words, Choice):
        return words.text.say(language())
    return str(words)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite, said to nobody: the words beside it say it."""
    sheet = static("lib/icons.svg")
    drawn = '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>'
    return format_html(drawn, sheet, name)


@register.simple_tag
def status(words: Any, tone: str, icon_name: str = "") -> SafeString:
    """Say a state with its tone's icon, never by colour alone; what `<c-status>` writes, for long tables."""
    mark = icon(icon_name or TONE_ICONS.get(tone, "circle"))
    return format_html('<span class="status status--{}">{}{}</span>', tone, mark, words)


@register.filter
def figure(value: Decimal | int | None) -> str:
    """Show a published figure with thousands commas as exactly as it was published; — where unknown."""
    return "—" if value is None else f"{value:,}"


@register.filter
def region(code: str) -> str:
    """Show a region's name after its province's."""
    return names.region(code).say(language()) if code else "—"


@register.filter
def get(known: dict[str, Any], key: str) -> Any:
    """Return a dictionary's value by a variable key, "" where it has none."""
    return known.get(key, "")


@register.filter
def filed(value: Any) -> str:
    """Show what a commitment on file stands for, its middle hidden; "" for a text that is typed."""
    return masked(str(value or ""))


@register.filter
def times(count: int) -> range:
    """Count for a loop."""
    return range(count)


@register.simple_tag
def ledger_suite() -> str:
    """Return the ledger's suite, `intl` before there is a ledger: which hash a browser must compute."""
    node = node_or_none()
    return node.constants.suite.name if node else "intl"


def _local(time_ms: int | str) -> datetime:
    return datetime.fromtimestamp(int(time_ms) // 1000, UTC).astimezone(BEIJING)
