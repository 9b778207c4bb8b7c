"""The generic act page: form, dry run, bytes to sign. It serves every act; a hand-made page may override."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.template.loader import select_template
from django.urls import reverse

from shanhai.acts.machine import Act, Object, fields_of
from shanhai.acts.machine.fields import Field, row_type
from shanhai.domains.book import desk
from shanhai.domains.book.handle import node
from shanhai.kernel.errors import InvalidInputError
from shanhai.ledger.body import act_id
from shanhai.web.acts.config import sign_config
from shanhai.web.acts.form import ActForm
from shanhai.web.acts.options import NARROWING, References
from shanhai.web.acts.page import NEW, ActPage, find_act
from shanhai.web.acts.rows import edited
from shanhai.web.http import UNPROCESSABLE, WebRequest, page
from shanhai.web.middleware import language
from shanhai.web.objects.detail import cells, find

FORBIDDEN = 403
AGAIN = "act-again"


class Trial(NamedTuple):
    """What trying a half-filled form says."""

    lines: list[desk.Line]
    missing: list[str]
    errors: list[tuple[str, str]]
    accepted: bool


def act_page(request: WebRequest, noun: str, id: str, verb: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show an act's form; POST `try` judges it as it stands, `check` shows the bytes to be signed."""
    act = find_act(noun, verb, request.actor)
    if act.row.creates and id == NEW:
        id = desk.fresh_id(act)  # noqa: A001 - made before signing
    shown = ActPage(request, act, id)
    if not shown.eligible.role:
        return page(request, "acts/wrong_post.html", {"page": shown}, status=FORBIDDEN)
    if request.method != "POST":
        return _form(shown, shown.form())
    form = shown.form(edited(request.POST))
    step = _STEPS.get(request.POST.get("step", ""), _form)
    return step(shown, form)


def _form(shown: ActPage, form: ActForm, status: int = 200) -> HttpResponse:
    row = shown.act.row
    template = select_template([f"{row.on.noun}/{row.verb}.html", "acts/form.html"])
    trial = Trial(shown.eligible.lines, [], [], accepted=False)
    context: dict[str, Any] = {"page": shown, "form": form, "trial": trial}
    about = _about(shown)
    if about is not None:
        context |= {"cells": cells(about), "about": about.text.say(language())}
    return page(shown.request, template.template.name, context, fragment="form", status=status)


def _about(shown: ActPage) -> Object | None:
    """Return what the officer decides about: the subject, else what the address names; None for neither."""
    if shown.subject is not None:
        return shown.subject
    noun = next((name for name in NARROWING if shown.request.GET.get(name)), "")
    try:
        return find(noun, shown.request.GET[noun], shown.actor) if noun else None
    except Http404:
        return None


def _try(shown: ActPage, form: ActForm) -> HttpResponse:
    return page(shown.request, "acts/trial.html", {"page": shown, "trial": tried(shown, form)})


def tried(shown: ActPage, form: ActForm) -> Trial:
    """Judge a form as far as it is filled in; nothing is written, not even to the vault."""
    if not form.is_valid():
        missing = form.missing()
        errors = [pair for pair in form.error_list() if pair[1].partition("：")[0] not in missing]
        return Trial(shown.eligible.lines, missing, errors, accepted=False)
    act = shown.act
    try:
        payload = desk.payload_of(act, desk.blinded(act, form.values))
    except InvalidInputError as error:
        return Trial(shown.eligible.lines, [], [("", error.say(language()))], accepted=False)
    kid = shown.kids[0] if shown.kids else ""
    made = desk.prepare(actor=shown.actor, payload=payload, subject=shown.subject_id, kid=kid)
    return Trial(made.lines, [], [], made.verdict.accepted)


def _check(shown: ActPage, form: ActForm) -> HttpResponse:
    if not form.is_valid():
        return _form(shown, form, status=UNPROCESSABLE)
    values = desk.sealed(shown.act, shown.subject_id, shown.actor.person, form.values)
    payload = desk.payload_of(shown.act, values)
    asked, kids = shown.request.POST.get("kid", ""), shown.kids
    kid = asked if asked in kids else (kids[0] if kids else "")
    draft = desk.prepare(actor=shown.actor, payload=payload, subject=shown.subject_id, kid=kid)
    context = {"page": shown, "draft": draft, "config": _config(shown, draft), "again": AGAIN}
    if shown.subject is not None:
        context["cells"] = cells(shown.subject)
    return page(shown.request, "acts/check.html", context)


def _config(shown: ActPage, draft: desk.Prepared) -> Mapping[str, Any] | None:
    if not draft.verdict.accepted:
        return None
    done = reverse("receipt", args=[act_id(node().constants.suite, draft.raw)])
    more = {"next": done, "key_form": AGAIN, "reload": f"#{AGAIN}"}
    return sign_config(shown.request, [draft], shown.kids, **more)


_STEPS: dict[str, Callable[[ActPage, ActForm], HttpResponse]] = {"try": _try, "check": _check}


def choose(request: WebRequest, noun: str, verb: str, path: str) -> HttpResponse:
    """Search what a reference may be chosen from; a fragment for the form's list."""
    act = find_act(noun, verb, request.actor)
    refs = References(request.actor, act, request.GET.dict())
    q = request.GET.get("q", "").strip()[:100]
    found = refs.search(_field(act, path), q, request.GET.get("after", ""))
    return page(request, "acts/choices.html", {"found": found, "q": q})


def _field(act: type[Act], path: str) -> Field:
    outer, _, inner = path.rpartition(".")
    fields = {f.name: f for f in fields_of(act)}
    if outer in fields and outer:
        fields = {f.name: f for f in fields_of(row_type(fields[outer]))}
    if inner not in fields:
        raise Http404(f"no field {path}")
    return fields[inner]
