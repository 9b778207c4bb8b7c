"""When work is really due: conditions that the guards will ask for, as conditions on rows.

A to-do that `judge` would refuse helps nobody, so the queue waits for the notice to pass, the lots to be
finished, the period to be over. `judge` still decides.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shanhai.acts.asset import Asset, AssetState
from shanhai.acts.claim import Claim, ClaimState
from shanhai.acts.contract import Contract, ContractState
from shanhai.acts.fund import Allocation
from shanhai.acts.line import FundingLine, LineState
from shanhai.acts.lot import OVER, Lot, LotState
from shanhai.acts.machine import Object
from shanhai.acts.notice import (
    STAGES,
    UNFINISHED,
    Notice,
    NoticeState,
    Objection,
    Stage,
)
from shanhai.acts.pairing import Countersigner
from shanhai.acts.payment import Payment, PaymentState
from shanhai.acts.project import Project
from shanhai.acts.project_review import LEAST_DEPARTMENTS, Appraisal, AppraisalState
from shanhai.acts.settlement import Settlement, SettlementState
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import row_of
from shanhai.domains.workbench.duties import Duty
from shanhai.kernel.periods import year_of
from shanhai.kernel.text import Choice

Ready = Callable[[Actor, int], Q]
STANDING = (NoticeState.RUNNING, NoticeState.PASSED)


def _rows(kind: type[Object], **conditions: Any) -> "QuerySet[Any]":
    found: QuerySet[Any] = row_of(kind).objects.filter(**conditions)
    return found


def _notices(stage: Stage, *states: NoticeState) -> Exists:
    """Return whether the project's present content has a notice of a stage in these states."""
    same = {"project": OuterRef("pk"), "version": OuterRef("version")}
    return Exists(_rows(Notice, stage=stage, state__in=states, **same))


def gate(stage: Stage) -> Q:
    """Return the projects whose notice of a stage has passed with no objection open."""
    open_ones = _rows(Objection, project=OuterRef("pk"), state__in=UNFINISHED)
    return Q(_notices(stage, NoticeState.PASSED)) & ~Q(Exists(open_ones))


def _publishable(actor: Actor, _now: int) -> Q:
    found = Q(pk__in=())
    for stage, where in STAGES.items():
        if actor.role in where.by and stage not in (Stage.CANDIDATES, Stage.CHANGE):
            found |= Q(state__in=where.states) & ~Q(_notices(stage, *STANDING))
    return found


def _own_stages(actor: Actor) -> Q:
    return Q(stage__in=[stage for stage, where in STAGES.items() if actor.role in where.by])


def _over(actor: Actor, now: int) -> Q:
    unanswered = _rows(Objection, notice=OuterRef("pk"), state__in=UNFINISHED)
    current = Exists(_rows(Project, pk=OuterRef("project"), version=OuterRef("version")))
    return _own_stages(actor) & Q(ends_ms__lte=now) & Q(current) & ~Q(Exists(unanswered))


def _outdated(actor: Actor, _now: int) -> Q:
    """Return notices that show older content while their stage still runs."""
    found = Q(pk__in=())
    for stage, where in STAGES.items():
        if actor.role in where.by:
            newer = {"version__gt": OuterRef("version"), "state__in": where.states}
            moved = Exists(_rows(Project, pk=OuterRef("project"), **newer))
            found |= Q(stage=stage) & Q(moved)
    return found


def _unsaid(actor: Actor, _now: int) -> Q:
    mine = {"organisation": actor.organisation, "version": OuterRef("version")}
    said = _rows(Appraisal, project=OuterRef("pk"), **mine).exclude(state=AppraisalState.VOID)
    return ~Q(Exists(said))


def _appraised(_actor: Actor, _now: int) -> Q:
    """Return projects on whose present content enough departments are in favour."""
    same = {"project": OuterRef("pk"), "version": OuterRef("version")}
    given = _rows(Appraisal, state=AppraisalState.FAVOURABLE, **same)
    return Q(Exists(given[LEAST_DEPARTMENTS - 1 : LEAST_DEPARTMENTS]))


def _finished(_actor: Actor, _now: int) -> Q:
    lots = _rows(Lot, project=OuterRef("pk"))
    return Q(Exists(lots)) & ~Q(Exists(lots.exclude(state__in=OVER)))


def _without_lots(_actor: Actor, _now: int) -> Q:
    return ~Q(Exists(_rows(Lot, project=OuterRef("pk"))))


def _without(kind: type[Object], field: str, *void: Choice) -> Ready:
    """Return the rows that nothing of a noun names yet, void ones aside."""

    def condition(_actor: Actor, _now: int) -> Q:
        made = _rows(kind, **{field: OuterRef("pk")}).exclude(state__in=void)
        return ~Q(Exists(made))

    return condition


def _to_settle(actor: Actor, now: int) -> Q:
    """Return contracts whose lot the county has accepted and that nobody has settled."""
    accepted = _rows(Lot, pk=OuterRef("lot"), state=LotState.ACCEPTED)
    open_ones = _without(Settlement, "contract", SettlementState.RETURNED)
    return Q(Exists(accepted)) & open_ones(actor, now)


def _countersigned_by(actor: Actor, _now: int) -> Q:
    """Return the payments whose frozen countersigner this role is."""
    return Q(countersigner__in=[one.value for one in Countersigner if one.role is actor.role])


def _claim_again(actor: Actor, _now: int) -> Q:
    """Return one's own contracts whose last claim was returned: it is mended and claimed again."""
    later = _rows(Claim, contract=OuterRef("contract"), pk__gt=OuterRef("pk")).exclude(
        state=ClaimState.VOID
    )
    last = _rows(Claim, contract=OuterRef("pk"), state=ClaimState.RETURNED).exclude(Exists(later))
    return Q(contractor=actor.organisation) & Q(Exists(last))


READY: dict[str, Ready] = {
    "allocation.cover": lambda _actor, _now: Q(transfer=""),
    "allocation.issue": _without(Allocation, "transfer"),
    "asset.register": _without(Asset, "lot", AssetState.VOID),
    "claim.submit": _claim_again,
    "contract.file": _without(Contract, "lot", ContractState.VOID),
    "line.issue": _without(FundingLine, "allocation", LineState.VOID),
    "payment.countersign": _countersigned_by,
    "payment.order": _without(
        Payment, "claim", PaymentState.RETURNED, PaymentState.WITHDRAWN, PaymentState.FAILED
    ),
    "settlement.draft": _to_settle,
    "year.close": lambda _actor, now: Q(year__lt=year_of(now)),
    "notice.open": _publishable,
    "notice.close": _over,
    "notice.restart": _outdated,
    "appraisal.give": _unsaid,
    "project.appraise": _appraised,
    "project.evaluate": _finished,
    "project.refresh": lambda _actor, now: Q(pool_year__lt=year_of(now)),
    "project.plan": lambda _actor, now: Q(pool_year__gte=year_of(now)),
    "project.close_warranty": lambda _actor, now: Q(warranty_until_ms__lte=now),
    "lot.add": _without_lots,
    "post.take_over": lambda actor, _now: Q(successor=actor.post),
    "finding.rectify": lambda actor, _now: Q(auditee=actor.organisation),
    "finding.reply": lambda actor, _now: Q(auditee=actor.organisation),
}


def ready(duty: Duty, actor: Actor, now_ms: int) -> Q:
    """Return the condition under which a kind of work is due now."""
    if duty.code in READY:
        return READY[duty.code](actor, now_ms)
    stage = getattr(duty.act, "stage", None)
    if isinstance(stage, Stage) and duty.on is Project and not duty.row.creates:
        return gate(stage)
    return Q()
