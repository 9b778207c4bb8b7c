"""The page of one act: its title, subject, addresses, and what the form starts from."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from shanhai.acts.machine import Act, Object, fields_of
from shanhai.acts.machine.fields import Field, Kind
from shanhai.acts.machine.registry import newest_on
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.accounts.keys import active_kids
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.rows import row_of, struct_or_404
from shanhai.domains.scope import visible
from shanhai.kernel.periods import date_of
from shanhai.web.actor import resolve
from shanhai.web.acts import stale
from shanhai.web.acts.eligible import Eligible, eligible
from shanhai.web.acts.form import ActForm
from shanhai.web.acts.options import NARROWING, References, own_side
from shanhai.web.acts.prefill import prefilled
from shanhai.web.http import WebRequest
from shanhai.web.middleware import language
from shanhai.web.objects.diff import Change

NEW = "new"
OURS = ("step", "csrfmiddlewaretoken", "add_row", "drop_row", "kid", "seen")


class ActPage:
    """One act on one subject, for one actor."""

    def __init__(self, request: WebRequest, act: type[Act], subject_id: str) -> None:
        self.request, self.act, self.actor = request, act, request.actor
        self.subject_id = subject_id
        self.subject = None if act.row.creates else self._subject()

    def _subject(self) -> Object:
        kind = self.act.row.on
        rows = row_of(kind).objects.filter(visible(kind, self.actor))
        return struct_or_404(kind, rows, self.subject_id)

    @property
    def title(self) -> str:
        """Return what is done, in the page's language."""
        return self.act.row.text.say(language())

    @property
    def noun(self) -> str:
        """Return what kind of thing it is done to."""
        return self.act.row.on.text.say(language())

    @property
    def listed(self) -> str:
        """Return the address of the noun's list."""
        return reverse("list", args=[self.act.row.on.noun])

    @property
    def subject_name(self) -> str:
        """Return what it is done to; for a new object, what it will belong to."""
        return names.called(self.subject).say(language()) if self.subject is not None else self.noun

    @property
    def url(self) -> str:
        """Return this page's address."""
        row = self.act.row
        return reverse("act", args=[row.on.noun, self.subject_id, row.verb])

    @property
    def action(self) -> str:
        """Return where the form is posted: the address with what narrows the choices."""
        query = self.request.GET.urlencode()
        return f"{self.url}?{query}" if query else self.url

    @property
    def roles(self) -> list[str]:
        """Return the roles that may do it."""
        return [role.text.say(language()) for role in self.act.row.by]

    @property
    def back(self) -> str:
        """Return where the page was opened from, else the object's own page or list."""
        noun = self.act.row.on.noun
        if self.subject is not None:
            return reverse("object", args=[noun, self.subject_id])
        near = next((n for n in NARROWING if self.request.GET.get(n)), "")
        return (
            reverse("object", args=[near, self.request.GET[near]])
            if near
            else reverse("list", args=[noun])
        )

    @cached_property
    def kids(self) -> list[str]:
        """Return the officer's active keys, the newest first."""
        return active_kids(self.actor.person)

    @cached_property
    def eligible(self) -> Eligible:
        """Return whether the officer may do it at all."""
        posts = resolve(self.request)[1]
        return eligible(self.act, self.subject, self.actor, posts, self.kids)

    @cached_property
    def near(self) -> dict[str, str]:
        """Return ids that the subject or the address names: they narrow what may be chosen."""
        known = {name: self.request.GET.get(name, "") for name in NARROWING}
        for name in NARROWING:
            known[name] = known[name] or str(getattr(self.subject, name, "") or "")
        noun = self.act.row.on.noun
        if self.subject is not None and noun in NARROWING:
            known[noun] = self.subject.id
        return known

    @property
    def seen(self) -> str:
        """Return the subject as it stands, for the form to carry."""
        return stale.snapshot(self.subject)

    @property
    def changed(self) -> list[Change]:
        """Return what changed since the form was opened."""
        return stale.changes(self.request.POST.get("seen", ""), self.subject)

    def form(self, data: QueryDict | None = None) -> ActForm:
        """Return the form, filled from the address and from fields of the same name."""
        refs = References(self.actor, self.act, self.near)
        return ActForm(self.act, data, initial=self._initial(), refs=refs)

    def _initial(self) -> Mapping[str, Any]:
        own = {f.name: f for f in fields_of(type(self.subject))} if self.subject is not None else {}
        start: dict[str, Any] = {}
        for field in fields_of(self.act):
            if self.request.GET.get(field.name):
                start[field.name] = self.request.GET[field.name]
            elif (
                field.name in own
                and own[field.name].kind is field.kind
                and field.kind is not Kind.COMMITMENT
            ):
                start[field.name] = typed(field, getattr(self.subject, field.name))
            elif field.kind is Kind.REGION and own_side(field, self.actor):
                start[field.name] = self.actor.region
            elif field.name == "year":
                start[field.name] = date_of(ledger_now_ms()).year
        return start | prefilled(self.act, self.near)

    def posted(self) -> list[tuple[str, str]]:
        """Return what was entered, for the way back from the check page."""
        data = self.request.POST
        return [(name, value) for name in data if name not in OURS for value in data.getlist(name)]


def typed(field: Field, value: Any) -> Any:
    """Return a value as an officer would type it."""
    if field.kind is Kind.AMOUNT:
        return f"{value // 100}.{value % 100:02}" if value else ""
    if field.kind is Kind.MOMENT:
        return date_of(value).isoformat() if value else ""
    if field.kind is Kind.WORDS:
        return "\n".join(value)
    return value


def find_act(noun: str, verb: str, actor: Actor) -> type[Act]:
    """Return the newest version of an act that officers sign.

    Raises:
        Http404: If there is none, or the actor is the public.
    """
    try:
        act = newest_on(noun, verb)
    except KeyError as error:
        raise Http404(f"no act {noun}.{verb}") from error
    if actor.public or act.row.open_door:
        raise Http404(f"no act {noun}.{verb} for the public")
    return act
