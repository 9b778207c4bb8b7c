"""The API's own pages: what there is, the OpenAPI document, and a page for people without foreign assets."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shanhai.acts.machine import NOUNS
from shanhai.api import describe
from shanhai.api.document import openapi
from shanhai.api.problems import plain_json
from shanhai.domains.listings import LISTINGS


def index(_request: HttpRequest) -> HttpResponse:
    """Say where everything is."""
    return plain_json(
        {
            "openapi": "/api/openapi.json",
            "docs": "/api/docs",
            "head": "/api/head",
            "entries": "/api/entries",
            "acts": "/api/acts",
            "nouns": "/api/nouns",
            "lists": {name: f"/api/{name}" for name in sorted(LISTINGS)},
            "ledger": "/ledger/checkpoint",
        }
    )


def document(_request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI 3.1 document."""
    return plain_json(openapi())


def page(request: HttpRequest) -> HttpResponse:
    """Show the API to people, in their language."""
    acts: dict[str, list[Any]] = {}
    for kind in describe.newest_acts():
        acts.setdefault(kind.row.on.noun, []).append(kind.row)
    groups = [(noun, NOUNS[noun].text, rows) for noun, rows in sorted(acts.items())]
    lists = [
        (name, found.noun.text, [field.name for field in found.filter_fields])
        for name, found in sorted(LISTINGS.items())
    ]
    context = {
        "groups": groups,
        "count": len(describe.newest_acts()),
        "lists": lists,
        "base": request.build_absolute_uri("/api").rstrip("/"),
    }
    return render(request, "api/docs.html", context)
