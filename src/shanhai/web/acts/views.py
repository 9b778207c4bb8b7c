"""The generic act page: form, dry run, bytes to sign. It serves every act; a hand-made page may override."""

from django.http import HttpResponse
from django.template.loader import select_template
from django.urls import reverse
from django.utils.translation import gettext as _

from shanhai.domains.accounts.keys import active_kids
from shanhai.domains.book import desk
from shanhai.web.acts.config import sign_config
from shanhai.web.acts.form import ActForm
from shanhai.web.acts.page import NEW, ActPage, find_act
from shanhai.web.http import UNPROCESSABLE, WebRequest, page


def act_page(request: WebRequest, noun: str, id: str, verb: str) -> HttpResponse:  # noqa: A002 - the address's name
    """Show an act's form; POST `check` tries it and shows the bytes to be signed."""
    act = find_act(noun, verb, request.actor)
    if act.row.creates and id == NEW:
        id = desk.fresh_id(act)  # noqa: A001 - made before signing
    shown = ActPage(request, act, id)
    if request.method != "POST":
        return _form(shown, shown.form())
    data = request.POST.copy()
    if request.POST.get("add_row"):
        name = f"{request.POST['add_row']}-rows"
        data[name] = str(int(data.get(name, "1") or 1) + 1)
    form = shown.form(data)
    if request.POST.get("step") != "check":
        return _form(shown, form)
    if not form.is_valid():
        return _form(shown, form, status=UNPROCESSABLE)
    return _check(shown, form)


def _form(shown: ActPage, form: ActForm, status: int = 200) -> HttpResponse:
    row = shown.act.row
    template = select_template([f"{row.on.noun}/{row.verb}.html", "acts/form.html"])
    context = {"page": shown, "form": form}
    return page(shown.request, template.template.name, context, fragment="form", status=status)


def _check(shown: ActPage, form: ActForm) -> HttpResponse:
    actor, act = shown.actor, shown.act
    kids = active_kids(actor.person)
    values = desk.sealed(act, shown.subject_id, actor.person, form.values)
    payload = desk.payload_of(act, values)
    kid = shown.request.GET.get("kid", "") or (kids[0] if kids else "")
    prepared = desk.prepare(actor=actor, payload=payload, subject=shown.subject_id, kid=kid)
    config = None
    if prepared.verdict.accepted:
        after = reverse("object", args=[act.row.on.noun, shown.subject_id])
        config = sign_config(
            shown.request, [prepared], kids, next=after, key_url=f"{shown.url}?kid="
        )
    context = {
        "page": shown,
        "draft": prepared,
        "config": config,
        "no_key": not kids,
        "title": _("核对"),
    }
    return page(shown.request, "acts/check.html", context)
