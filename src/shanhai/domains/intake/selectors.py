"""Who may see which submission, and what happened to it."""

from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.http import Http404

from shanhai.acts.machine import Post
from shanhai.acts.notice import ORGANS, Objection
from shanhai.acts.roles import Role
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.intake.content import IntakeKind, IntakeState
from shanhai.domains.intake.models import Step, Submission
from shanhai.domains.intake.services import LABEL, step_note
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.domains.vault.models import Reveal
from shanhai.kernel.regions import stem
from shanhai.kernel.text import Text

HANDLERS = frozenset({Role.AUDITOR, Role.AUDIT_HEAD, Role.DISCIPLINE, Role.PROVINCE_OFFICE})
"""Roles that deal with complaints in their region: never those whom a complaint is about."""
PAGE = 20
Letter = Submission
"""What pages call a submission: they import no models."""


def may_handle(actor: Actor) -> bool:
    """Return whether the actor's role has an inbox at all."""
    return actor.role in HANDLERS or actor.role in ORGANS


def _mine(actor: Actor) -> Q:
    if actor.public or actor.role is None:
        return Q(pk__in=())
    mine = Q(pk__in=())
    if actor.role in HANDLERS:
        mine |= Q(region__startswith=stem(actor.region)) & ~Q(region="")
    if actor.role in ORGANS:
        mine |= Q(kind=IntakeKind.OBJECTION.value, organ=actor.organisation)
    return mine & ~Q(concerned=actor.organisation)


def inbox(
    actor: Actor, *, state: str = "", kind: str = "", after: str = "", size: int = PAGE
) -> "QuerySet[Submission]":
    """Return what the actor has to deal with, the newest first; one query.

    Args:
        actor: Who asks: complaints by region, objections by organ; nothing about one's own organisation.
        state: Only those in a state.
        kind: Only complaints, or only objections.
        after: The number of the last one of the page before.
        size: How many, plus one to see whether there are more.
    """
    rows = Submission.objects.filter(_mine(actor))
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    last = Submission.objects.filter(pk=after).values_list("received_ms", flat=True).first()
    if last is not None:
        rows = rows.filter(Q(received_ms__lt=last) | Q(received_ms=last, number__lt=after))
    return rows.defer("sealed").order_by("-received_ms", "-number")[: size + 1]


def waiting(actor: Actor) -> int:
    """Return how many submissions nobody has dealt with yet."""
    return Submission.objects.filter(_mine(actor), state=IntakeState.RECEIVED.value).count()


def submission_or_404(actor: Actor, number: str) -> Submission:
    """Return one submission that the actor may deal with.

    Raises:
        Http404: If it is missing or not theirs, alike.
    """
    found = Submission.objects.filter(_mine(actor), pk=number).first()
    if found is None:
        raise Http404(f"no submission {number}")
    return found


class Told(NamedTuple):
    """One step as its sender reads it."""

    at_ms: int
    state: IntakeState
    role: Role
    note: str


def steps(submission: Submission) -> list[Told]:
    """Return what was done, oldest first; one query."""
    rows = Step.objects.filter(submission=submission).order_by("at_ms", "id")
    return [Told(s.at_ms, IntakeState(s.state), Role(s.role), step_note(s)) for s in rows]


class Opened(NamedTuple):
    """Somebody read the submission: when, in which role, why."""

    at_ms: int
    role: Text
    reason: str


def openings(submission: Submission) -> list[Opened]:
    """Return who opened the submission, by role and not by name; two queries."""
    rows = list(Reveal.objects.filter(object_id=submission.number, label=LABEL).order_by("at_ms"))
    posts = by_id(Post, (row.post for row in rows))
    unknown = Text("已离任岗位", "A post since ended")
    return [
        Opened(r.at_ms, posts[r.post].role.text if r.post in posts else unknown, r.reason)
        for r in rows
    ]


def opened_by(submission: Submission, actor: Actor) -> bool:
    """Return whether this officer gave a reason and opened it before."""
    rows = Reveal.objects.filter(object_id=submission.number, label=LABEL, post=actor.post)
    return rows.exists()


def objection_of(submission: Submission) -> Objection | None:
    """Return the ledger's objection that answers a submission, None before the organ decided."""
    if submission.kind != IntakeKind.OBJECTION.value:
        return None
    found = structs(Objection, row_of(Objection).objects.filter(receipt=submission.leaf)[:1])
    return found[0] if found else None
