"""One draft with everything its pages show: sections and their standing, the return, differences, bytes."""

from functools import cached_property
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from shanhai.acts.machine import Act, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.acts.machine.registry import newest
from shanhai.acts.project import Project
from shanhai.domains import names
from shanhai.domains.accounts.keys import active_kids
from shanhai.domains.book import desk
from shanhai.domains.book.desk import Prepared
from shanhai.domains.rows import MODELS, row_of, structs
from shanhai.domains.scope import visible
from shanhai.domains.workbench.drafts import Draft, kept
from shanhai.domains.workbench.returns import Returned, differences, last_return
from shanhai.kernel.text import Text
from shanhai.web.acts.config import sign_config
from shanhai.web.acts.form import ActForm, Offered
from shanhai.web.http import WebRequest
from shanhai.web.middleware import language
from shanhai.web.objects.cells import cell
from shanhai.web.workbench.choices import options_for
from shanhai.web.workbench.sections import (
    OF_GUARD,
    SECTIONS,
    Section,
    Standing,
    fields_in,
    form_of,
    query,
    standing,
)


class Task(NamedTuple):
    """One line of the task list."""

    section: Section
    href: str
    standing: Standing
    reasons: list[str]


class Difference(NamedTuple):
    """A changed field as `<c-diff>` reads it."""

    label: Text
    old: str
    new: str


class Failed(NamedTuple):
    """A rule that does not hold yet, and the section in which it is mended ("" for none)."""

    sentence: Text
    href: str
    section: str | Promise


class CaseFile:
    """A draft of a declaration, for the officer whose it is."""

    def __init__(self, request: WebRequest, draft: Draft) -> None:
        self.request, self.draft, self.actor = request, draft, request.actor
        self.act: type[Act] = newest(draft.act)
        self.kept = kept(draft)
        self.options = options_for(self.actor)

    @property
    def id(self) -> str:
        """Return the draft's id."""
        return self.draft.id

    @property
    def new(self) -> bool:
        """Whether a project is declared, not changed."""
        return self.act.row.creates

    @property
    def what(self) -> Text:
        """Return what is being done, in words."""
        return self.act.row.text

    @property
    def title(self) -> str:
        """Return the project's name as typed so far."""
        return "".join(self.kept.typed.get("name", [])).strip()

    @property
    def saved_ms(self) -> int:
        """Return when it was last saved."""
        return self.draft.saved_ms

    @cached_property
    def project(self) -> Project | None:
        """Return the project that is changed, or that this draft has become; None while it is new."""
        rows = row_of(Project).objects.filter(visible(Project, self.actor), pk=self.draft.subject)
        return next(iter(structs(Project, rows)), None)

    @cached_property
    def returned(self) -> Returned | None:
        """Return why the project came back, None where it did not."""
        if self.new or self.project is None or self.draft.act != "project.resubmit":
            return None
        return last_return(self.project)

    def reasons(self, section: Section) -> list[str]:
        """Return the reasons of the return that are anchored in a section."""
        found = self.returned
        if found is None:
            return []
        labels = {f.name: f.text.say(language()) for f in fields_of(self.act)}
        return [
            f"{labels[name]}：{reason}"
            for name in fields_in(section, self.act)
            for reason in found.reasons.get(name, [])
        ]

    @cached_property
    def tasks(self) -> list[Task]:
        """Return the task list."""
        made = []
        for section in SECTIONS:
            if fields_in(section, self.act):
                reasons = self.reasons(section)
                how = standing(section, self.act, self.kept, returned=bool(reasons))
                made.append(Task(section, self.address(section), how, reasons))
        return made

    def address(self, section: Section) -> str:
        """Return a section's page."""
        return reverse("draft_section", args=[self.draft.id, section.name])

    @property
    def left(self) -> int:
        """Return how many sections are not ready."""
        return sum(not task.standing.ready for task in self.tasks)

    def following(self, section: Section) -> str:
        """Return where one goes after a section: the next one unfinished or unseen, else the task list."""
        order = [task.section.name for task in self.tasks]
        place = order.index(section.name)
        later = self.tasks[place + 1 :]
        seen = self.kept.versions
        unseen = (t for t in later if not t.standing.ready or t.section.name not in seen)
        found = next(unseen, None)
        return found.href if found is not None else reverse("draft", args=[self.draft.id])

    def form(self, section: Section) -> ActForm:
        """Return a section's form over what was typed."""
        return form_of(section, self.act, self.kept, self.options)

    @cached_property
    def whole(self) -> ActForm:
        """Return the form of the whole act, cleaned."""
        form = ActForm(self.act, query(self.kept.typed), refs=Offered(self.options))
        form.is_valid()
        return form

    @cached_property
    def prepared(self) -> Prepared | None:
        """Return the bytes to be signed with what judging them says; None while sections are missing."""
        if self.left or self.whole.errors:
            return None
        payload = desk.payload_of(self.act, self.whole.values)
        kids = active_kids(self.actor.person)
        kid = self.request.GET.get("kid", "") or (kids[0] if kids else "")
        return desk.prepare(actor=self.actor, payload=payload, subject=self.draft.subject, kid=kid)

    def config(self) -> dict[str, Any] | None:
        """Return the signing element's configuration, None where it cannot be signed."""
        if self.prepared is None or not self.prepared.verdict.accepted:
            return None
        here = reverse("draft_check", args=[self.draft.id])
        kids = active_kids(self.actor.person)
        done = reverse("draft_done", args=[self.draft.id])
        return sign_config(
            self.request, [self.prepared], kids, next=done, key_url=f"{here}?kid=", reload=here
        )

    def failed(self) -> list[Failed]:
        """Return the rules that do not hold, each with the section that mends it."""
        made = []
        for line in self.prepared.lines if self.prepared is not None else []:
            if line.ok:
                continue
            section = next((s for s in SECTIONS if s.name == OF_GUARD.get(line.code)), None)
            href = self.address(section) if section else ""
            made.append(Failed(Text(line.zh, line.en), href, section.title if section else ""))
        return made

    def differences(self) -> list[Difference]:
        """Return what this change alters of the project, field by field."""
        if self.new or self.project is None or self.prepared is None:
            return []
        changes = differences(self.project, self.prepared.payload)
        both: tuple[Any, Any] = (self.project, self.prepared.payload)
        refs = [
            (change.field.ref, getattr(one, change.field.name))
            for change in changes
            if change.field.kind is Kind.REF and change.field.ref in MODELS
            for one in both
        ]
        known = names.of(refs)
        return [
            Difference(c.field.text, *(cell(c.field, one, known).text for one in both))
            for c in changes
        ]
