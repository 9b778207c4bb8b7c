"""Headings that sort, and choices for filters, as the portal's hand-made tables show them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shanhai.domains.portal.provinces import PROVINCES
from shanhai.kernel.text import Text
from shanhai.web.middleware import language

Words = str | Promise | Text


class Column(NamedTuple):
    """A heading as `<c-table>` reads it."""

    label: Words
    numeric: bool = False
    sort_href: str = ""
    sorted: str = ""


def query(params: Mapping[str, str], **changes: str) -> str:
    """Return an address's query with some parts changed and empty ones left out."""
    return "?" + urlencode({k: v for k, v in {**params, **changes}.items() if v})


def sorting(
    columns: Iterable[tuple[str, Words, bool]], params: Mapping[str, str], sort: str
) -> list[Column]:
    """Return headings; those with a key turn the order round at the second click."""
    made = []
    for key, label, numeric in columns:
        if not key:
            made.append(Column(label, numeric))
            continue
        order = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        turn = key if order == "descending" else f"-{key}" if order or numeric else key
        made.append(Column(label, numeric, query(params, sort=turn), order))
    return made


def province_options(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return provinces as the options of a select, every one of them first."""
    named = [(code, PROVINCES[code].name.say(language())) for code in sorted(codes)]
    return [("", _("全部")), *named]
