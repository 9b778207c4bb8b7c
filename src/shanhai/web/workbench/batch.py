"""One batch decision with everything its pages show: chosen objects, the shared form, bytes, results."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from shanhai.acts.machine import Act, Object
from shanhai.acts.machine.registry import newest
from shanhai.domains import names
from shanhai.domains.accounts.keys import active_kids
from shanhai.domains.book import desk
from shanhai.domains.book.desk import Line, Prepared
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.book.timeline import Event
from shanhai.domains.rows import by_id
from shanhai.domains.workbench import batches, queue
from shanhai.domains.workbench.drafts import Draft, entered_rows, kept
from shanhai.domains.workbench.duties import Duty, by_code
from shanhai.kernel.text import Text
from shanhai.web.acts.config import sign_config
from shanhai.web.acts.form import ActForm
from shanhai.web.acts.options import References
from shanhai.web.http import WebRequest
from shanhai.web.middleware import language
from shanhai.web.workbench import links
from shanhai.web.workbench.sections import query

IDS = "ids"


@dataclass(frozen=True)
class Result:
    """One row of a batch: its object, the entry it became, else why it cannot be done."""

    title: str
    place: Text
    href: str
    entry: Event | None
    prepared: Prepared | None

    @property
    def ready(self) -> bool:
        """Whether it can be signed now."""
        return self.prepared is not None and self.prepared.verdict.accepted

    @property
    def reasons(self) -> list[Line]:
        """Return the rules that do not hold."""
        return [line for line in self.prepared.lines if not line.ok] if self.prepared else []


class Batch:
    """A batch decision under way, for the officer whose it is."""

    def __init__(self, request: WebRequest, draft: Draft) -> None:
        self.request, self.draft, self.actor = request, draft, request.actor
        self.act: type[Act] = newest(draft.act)
        self.duty: Duty = by_code()[draft.subject]
        self.kept = kept(draft)
        self.ids = self.kept.typed.get(IDS, [])

    @property
    def id(self) -> str:
        """Return the draft's id."""
        return self.draft.id

    @property
    def what(self) -> Text:
        """Return the decision in words."""
        return self.act.row.text

    @property
    def back(self) -> str:
        """Return the queue it was chosen from."""
        return reverse("review", args=[self.duty.code])

    @cached_property
    def found(self) -> list[Object]:
        """Return the chosen objects that are still this officer's work."""
        return queue.chosen(self.duty, self.actor, self.ids, ledger_now_ms())

    @cached_property
    def known(self) -> dict[str, Any]:
        """Return every chosen object, whatever became of it."""
        return by_id(self.duty.on, self.ids)

    @property
    def shared(self) -> tuple[str, ...]:
        """Return the fields asked once."""
        return batches.shared_fields(self.duty, self.act)

    @cached_property
    def form(self) -> ActForm:
        """Return the form of what is asked once, over what was typed."""
        data = query(self.kept.typed) if set(self.shared) & self.kept.typed.keys() else None
        return self.over(data)

    def over(self, data: Any) -> ActForm:
        """Return the shared form over some data."""
        refs = References(self.actor, self.act, {})
        return ActForm(self.act, data, refs=refs, only=self.shared)

    def titles(self) -> list[str]:
        """Return what the chosen objects are called."""
        return [names.called(one).say(language()) for one in self.found]

    @cached_property
    def results(self) -> list[Result]:
        """Return each row: entered already, ready to be signed, or refused with its reasons."""
        rows = self.kept.rows
        done = entered_rows(self.draft, [row["subject"] for row in rows])
        kids = active_kids(self.actor.person)
        kid = self.request.GET.get("kid", "") or (kids[0] if kids else "")
        return [self._result(row, done.get(row["subject"]), kid) for row in rows]

    def _result(self, row: dict[str, Any], entry: Event | None, kid: str) -> Result:
        found = self.known[row["object"]]
        prepared = None
        if entry is None:
            payload = desk.payload_of(self.act, row["values"])
            subject = row["subject"]
            prepared = desk.prepare(actor=self.actor, payload=payload, subject=subject, kid=kid)
        href = links.object_href(self.duty.noun, found.id)
        return Result(
            names.called(found).say(language()), links.place(found), href, entry, prepared
        )

    @property
    def ready(self) -> list[Prepared]:
        """Return the bytes that can be signed now."""
        return [one.prepared for one in self.results if one.prepared is not None and one.ready]

    @property
    def entered(self) -> list[Result]:
        """Return the rows that stand in the ledger."""
        return [one for one in self.results if one.entry is not None]

    @property
    def refused(self) -> list[Result]:
        """Return the rows that the rules refuse now."""
        return [one for one in self.results if one.entry is None and not one.ready]

    def config(self) -> dict[str, Any] | None:
        """Return the signing element's configuration, None where no row can be signed."""
        ready = self.ready
        if not ready:
            return None
        here = reverse("batch_sign", args=[self.id])
        done = reverse("batch_result", args=[self.id])
        kids = active_kids(self.actor.person)
        more = {"next": done, "key_url": f"{here}?kid=", "reload": here}
        return sign_config(self.request, ready, kids, **more)
