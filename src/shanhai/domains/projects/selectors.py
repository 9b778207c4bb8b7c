"""A project with what belongs to it, cut to what an officer may see; one query a noun, however large it is."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Q, Sum

from shanhai.acts.budget import Budget
from shanhai.acts.change import Change
from shanhai.acts.claim import Claim, PayStage
from shanhai.acts.contract import Contract, ContractState
from shanhai.acts.finding import Finding
from shanhai.acts.hold import Hold, HoldTarget
from shanhai.acts.lot import Lot
from shanhai.acts.machine import Object
from shanhai.acts.machine.objects import Total
from shanhai.acts.notice import Notice, Objection
from shanhai.acts.payment import DONE, Payment
from shanhai.acts.project import Project
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.handle import current
from shanhai.domains.rows import by_id, row_of, struct_or_404, structs
from shanhai.domains.scope import visible

O = TypeVar("O", bound=Object)  # noqa: E741 - an object of any noun
MOST = 60
"""How many of a noun a project's page shows; the list of the noun has the rest."""
BELONGING: tuple[type[Object], ...] = (
    Lot,
    Contract,
    Claim,
    Payment,
    Budget,
    Notice,
    Objection,
    Change,
    Finding,
)


def project_or_404(actor: Actor, id: str) -> Project:  # noqa: A002 - the field's name
    """Return a project that the actor may see.

    Raises:
        Http404: If it is missing or invisible.
    """
    return struct_or_404(Project, row_of(Project).objects.filter(visible(Project, actor)), id)


@dataclass(frozen=True)
class Belongings:
    """What belongs to a project, by noun, the newest last."""

    found: dict[type[Object], list[Any]]
    holds: list[Hold] = field(default_factory=list)

    def of(self, kind: type[O]) -> list[O]:
        """Return the objects of a noun."""
        return self.found[kind]

    @property
    def ids(self) -> list[str]:
        """Return the ids of everything, for the timeline."""
        return [one.id for many in self.found.values() for one in many]


def belongings(actor: Actor, project: Project) -> Belongings:
    """Return what belongs to a project; one query a noun and two for the holds."""
    found: dict[type[Object], list[Any]] = {}
    for kind in BELONGING:
        rows = row_of(kind).objects.filter(visible(kind, actor), project=project.id)
        found[kind] = structs(kind, rows.order_by("id")[:MOST])
    return Belongings(found, _holds(actor, project, found))


def _holds(actor: Actor, project: Project, found: dict[type[Object], list[Any]]) -> list[Hold]:
    """Return the holds that name the project, what it belongs to, or what belongs to it."""
    parts = [one.id for kind in (Lot, Contract, Claim, Payment) for one in found[kind]]
    wanted = Q(target__in=[*project.hold_keys, *parts])
    rows = row_of(HoldTarget).objects.filter(visible(HoldTarget, actor), wanted)
    ids = set(rows.values_list("hold", flat=True)[:MOST])
    return sorted(by_id(Hold, ids).values(), key=lambda one: one.id)


@dataclass(frozen=True)
class Money:
    """A project's sums in fen, from the ledger's own totals; they are shown to everyone."""

    budgeted_fen: int
    contracted_fen: int
    certified_fen: int
    ordered_fen: int
    paid_fen: int
    refunded_fen: int
    retained_fen: int
    retained_before_fen: int


def money(project: Project) -> Money:
    """Return the sums of a project: four totals by key and two sums over its rows."""
    payments = row_of(Payment).objects.filter(project=project.id).order_by()
    released = Q(stage=PayStage.RELEASED.value, state__in=[state.value for state in DONE])
    sums = payments.aggregate(
        refunded=Sum("refunded_fen"), released=Sum("amount_fen", filter=released)
    )
    stand = [ContractState.REGISTERED.value, ContractState.SETTLED.value]
    rows = row_of(Contract).objects.filter(project=project.id, state__in=stand)
    contracts = structs(Contract, rows)
    kept = sum(one.settled_fen * one.retention_permille // 1000 for one in contracts)
    return Money(
        budgeted_fen=_total(Budget, "net_fen", project.id),
        contracted_fen=_total(Contract, "live_fen", project.id),
        certified_fen=sum(one.certified_fen for one in contracts),
        ordered_fen=_total(Payment, "net_fen", project.id),
        paid_fen=_total(Payment, "paid_fen", project.id),
        refunded_fen=sums["refunded"] or 0,
        retained_fen=max(0, kept - (sums["released"] or 0)),
        retained_before_fen=sum(one.retained_before_fen for one in contracts),
    )


def _total(kind: type[Object], name: str, owner: str) -> int:
    found = current().find(Total, f"{kind.noun}.{name}/{owner}")
    return found.value if found is not None else 0
