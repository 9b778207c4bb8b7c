"""The ledger explorer: where the log stands, its entries, one entry down to its bytes, and how to check it all."""

import base64
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from shanhai.acts.machine import ACTS, NOUNS
from shanhai.domains.book import archive
from shanhai.domains.book.entries import Wanted, listed, search
from shanhai.domains.book.handle import node_or_none
from shanhai.domains.book.reading import Reading, reading
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.checkpoint import encode64
from shanhai.ledger.proof import parse_proof
from shanhai.node.loop import frontier
from shanhai.web.http import WebRequest, page, public
from shanhai.web.ledger import drawing, releases, words
from shanhai.web.ledger.proof import missing
from shanhai.web.middleware import language

FILTERS = ("act", "noun", "day", "subject", "kid", "document")


def _options(noun: str) -> dict[str, list[tuple[str, str]]]:
    every, lang = {"zh": "全部", "en": "All"}[language()], language()
    nouns = {act.row.on.noun for act in ACTS.values()}
    acts = {
        act.row.plain: act.row.text.say(lang)
        for act in ACTS.values()
        if noun in ("", act.row.on.noun)
    }
    return {
        "nouns": [("", every), *sorted((one, NOUNS[one].text.say(lang)) for one in nouns)],
        "acts": [("", every), *acts.items()],
    }


def asked(request: HttpRequest) -> Wanted:
    """Read the query string; what cannot be is ignored."""
    given = {name: request.GET.get(name, "").strip()[:100] for name in FILTERS}
    try:
        date.fromisoformat(given["day"])
    except ValueError:
        given["day"] = ""
    places = {}
    for name in ("before", "after"):
        text = request.GET.get(name, "")
        if text.isascii() and text.isdigit() and len(text) <= archive.DIGITS:
            places[name] = int(text)
    return Wanted(**given, **places)  # type: ignore[arg-type]  # texts, then numbers


def _query(want: Wanted, **place: int) -> str:
    kept = {name: getattr(want, name) for name in FILTERS if getattr(want, name)}
    return "?" + urlencode(kept | place)


def _standing() -> dict[str, Any]:
    node, sealer = archive.opened()
    head = node.head()
    return {
        "head": head,
        "root": head.root.hex(),
        "root64": encode64(head.root),
        "trust": archive.trust(),
        "checkpoint": sealer.checkpoint(node).decode(),
        "peaks": drawing.peaks(frontier(node.constants, head.size, node.storage).peaks, head.size),
    }


@public
@require_safe
def explorer(request: WebRequest) -> HttpResponse:
    """Show where the ledger stands and its entries; a search goes where the word leads."""
    if node_or_none() is None:
        return page(request, "explorer/none.html")
    word, nothing = request.GET.get("q", "").strip()[:200], False
    if word:
        hit = search(word)
        if hit.kind == "entry":
            return redirect("explorer_entry", ref=hit.value)
        if hit.kind:
            return redirect(f"{reverse('explorer')}?{urlencode({hit.kind: hit.value})}#rows")
        nothing = True
    want = asked(request)
    found = listed(request.actor, want)
    first, last = (found.events[0], found.events[-1]) if found.events else (None, None)
    context = (
        _standing()
        | _options(want.noun)
        | {
            "want": want,
            "word": word,
            "nothing": nothing,
            "filtered": any(getattr(want, name) for name in FILTERS),
            "events": found.events,
            "older": _query(want, before=last.index) if found.older and last else "",
            "newer": _query(want, after=first.index) if found.newer and first else "",
            "newest": _query(want) if want.before or want.after >= 0 else "",
            "restricted": not archive.may_read(request.actor, ""),
        }
    )
    return page(request, "explorer/index.html", context, fragment="rows")


def _tree(found: Reading) -> dict[str, Any]:
    node, _ = archive.opened()
    made = parse_proof(archive.proof(archive.place(str(found.event.index))))
    size, root = made.note.decode().split("\n")[1:3]
    whole = drawing.Node(0, int(size), base64.b64decode(root))
    found_steps = drawing.steps(node.constants.suite, found.leaf, made.index, made.path, whole)
    return {
        "steps": found_steps,
        "tree": drawing.ladder(found_steps, whole),
        "whole": whole,
        "box_width": drawing.BOX_WIDTH,
        "box_height": drawing.BOX_HEIGHT,
    }


@public
@require_safe
def entry(request: WebRequest, ref: str) -> HttpResponse:
    """Show one entry: in words, its bytes, its signature, its receipt, and its path to the root."""
    try:
        found = reading(request.actor, ref)
    except InvalidInputError as error:
        return missing(request, error)
    index = found.event.index
    context = _tree(found) | {
        "found": found,
        "event": found.event,
        "subject": words.subject(found),
        "said": words.said(found.payload) if found.payload is not None else [],
        "things": words.things(found),
        "body_text": found.body_raw.decode(),
        "receipt_text": found.receipt_raw.decode(),
        "leaf": found.leaf.hex(),
        "older": index - 1 if index else None,
        "newer": index + 1 if index + 1 < found.size else None,
        "base": request.build_absolute_uri("/").rstrip("/"),
    }
    return page(request, "explorer/entry.html", context)


@public
@require_safe
def verify(request: WebRequest) -> HttpResponse:
    """Say how to check the ledger without trusting this site, with exact commands."""
    if node_or_none() is None:
        return page(request, "explorer/none.html")
    known = releases.recorded()
    context = _standing() | {
        "base": request.build_absolute_uri("/").rstrip("/"),
        "releases": known,
        "bundle": releases.bundled(known),
    }
    return page(request, "explorer/verify.html", context)
