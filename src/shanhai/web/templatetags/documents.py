"""The documents menu of an object's page: `{% load documents %}{% documents_menu found %}`."""

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.urls import reverse

from shanhai.acts.machine import Object
from shanhai.domains.documents import selectors
from shanhai.domains.documents.kinds import kinds_of
from shanhai.kernel.text import Text
from shanhai.web.documents.views import OFFICERS

if TYPE_CHECKING:
    from django.http import HttpRequest

register = template.Library()


class Item(NamedTuple):
    """One document of the object: its words, its page, and how many stamped scans are here."""

    text: Text
    href: str
    scans: int


@register.inclusion_tag("documents/menu.html", takes_context=True)
def documents_menu(context: dict[str, Any], found: Object) -> dict[str, Any]:
    """Show the documents that an object has, and how many scans of them are here; one query."""
    request: HttpRequest = context["request"]
    public = getattr(request, "actor").public  # noqa: B009 - typed in WebRequest
    kinds = [k for k in kinds_of(found) if not (public and k.name in OFFICERS)]
    scans = Counter(selectors.scanned_kinds(found.id)) if kinds else Counter()
    return {
        "papers": [
            Item(kind.text, reverse("document", args=[kind.name, found.id]), scans[kind.name])
            for kind in kinds
        ]
    }
