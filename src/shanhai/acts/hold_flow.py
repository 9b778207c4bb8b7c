"""Holds: drafted by an auditor or asked for by the east, approved by the head, executed by finance, lifted.

Source: frozen decision 21; funds reference §5.8 no. 5; 《审计法》 art. 38 (暂停拨付, 待核).
"""

from typing import Annotated, Any

import msgspec

from shanhai.acts.derived import derived_id
from shanhai.acts.hold import Hold, HoldState, HoldTarget, TargetKind
from shanhai.acts.machine import (
    NOUNS,
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    commitment,
    digest,
    guard,
    label,
    region,
    rows,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.roles import Role
from shanhai.kernel.regions import contains


class HoldRow(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One thing to stop: an id, `organisation/year`, or `county/category`."""

    kind: Annotated[TargetKind, label("对象类型", "Kind")]
    target: Annotated[str, word("对象", "Target", max_length=120)]


class HoldTerms(Act, frozen=True, kw_only=True):
    """What a hold says."""

    region: Annotated[str, region()]
    number: Annotated[str, word("审计通知书文号", "Audit notice number", max_length=60)]
    document: Annotated[str, digest("审计通知书", "Audit notice")]
    reason: Annotated[str, commitment("事由", "Reason")]
    targets: Annotated[tuple[HoldRow, ...], rows("对象", "Targets", least=1)]

    def hold(self, case: Case[None], **more: Any) -> list[Object]:
        """Build the hold with its targets, inert until the head approves."""
        targets = [
            HoldTarget(
                id=derived_id(case, HoldTarget.prefix, place),
                hold=case.id,
                region=self.region,
                kind=row.kind,
                target=row.target,
            )
            for place, row in enumerate(self.targets)
        ]
        made = Hold(
            id=case.id,
            region=self.region,
            number=self.number,
            document=self.document,
            reason=self.reason,
            targets=tuple(one.id for one in targets),
            **more,
        )
        return [made, *targets]


@guard(
    "hold.target_unknown",
    "找不到暂停对象 {target}，请核对编号",
    "There is no {target} to stop; check the id",
)
def targets_known(payload: HoldTerms, case: Case[None]) -> Facts | None:
    """A hold names what is there; a field of spending lies in its region."""
    for row in payload.targets:
        name, _, rest = row.target.partition("/")
        if row.kind is TargetKind.FIELD:
            known = contains(payload.region, name) and bool(rest)
        elif row.kind is TargetKind.ORGANISATION_YEAR:
            known = rest.isdigit() and case.find(Organisation, name) is not None
        else:
            known = case.find(NOUNS[row.kind.value], row.target) is not None
        if not known:
            return {"target": row.target}
    return None


@guard(
    "hold.target_twice",
    "同一对象列了两次：{target}",
    "{target} is listed twice",
)
def targets_distinct(payload: HoldTerms, _case: Case[None]) -> Facts | None:
    """Each target once, or lifting would leave a trace."""
    seen: set[str] = set()
    for row in payload.targets:
        if row.target in seen:
            return {"target": row.target}
        seen.add(row.target)
    return None


@act(
    "hold.draft/1",
    "拟暂停拨付通知",
    "Draft a hold",
    on=Hold,
    by=(Role.AUDITOR,),
    grade=Grade.APPROVE,
    also=(targets_known, targets_distinct),
)
class DraftHold(HoldTerms, frozen=True, kw_only=True):
    """Propose to suspend payments; the head decides."""

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it inert."""
        return self.hold(case)


@act(
    "hold.request/1",
    "请求暂停拨付",
    "Request a hold",
    on=Hold,
    by=(Role.EAST_AUDITOR,),
    grade=Grade.APPROVE,
    also=(targets_known, targets_distinct),
)
class RequestHold(HoldTerms, frozen=True, kw_only=True):
    """Eastern auditors ask; the western audit head decides."""

    east_region: Annotated[str, region("支援地区", "Donor")]

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it inert."""
        return self.hold(case, east_region=self.east_region, state=HoldState.REQUESTED)


NOT_AUTHOR = (Never("hold.draft"), Never("hold.request"))


def aimed(case: Case[Hold], *, active: int) -> list[Object]:
    """Return the hold's targets switched on or off."""
    return [case.get(HoldTarget, one).but(active=active) for one in case.subject.targets]


@act(
    "hold.approve/1",
    "批准暂停拨付",
    "Approve a hold",
    on=Hold,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(HoldState.DRAFTED, HoldState.REQUESTED),
    not_by=NOT_AUTHOR,
)
class ApproveHold(Act, frozen=True, kw_only=True):
    """From this entry on nothing that it names is paid."""

    def effects(self, case: Case[Hold]) -> list[Object]:
        """Switch the targets on."""
        held = case.subject.but(approved_ms=case.now, state=HoldState.APPROVED)
        return [held, *aimed(case, active=1)]


@act(
    "hold.decline/1",
    "不予暂停",
    "Decline a hold",
    on=Hold,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(HoldState.DRAFTED, HoldState.REQUESTED),
    not_by=NOT_AUTHOR,
)
class DeclineHold(Act, frozen=True, kw_only=True):
    """Say no, with a reason; the request stays visible."""

    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Hold]) -> list[Object]:
        """Its targets stay off."""
        return [case.subject.but(state=HoldState.DECLINED)]


@act(
    "hold.execute/1",
    "执行暂停拨付",
    "Execute a hold",
    on=Hold,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(HoldState.APPROVED,),
)
class ExecuteHold(Act, frozen=True, kw_only=True):
    """Finance acknowledges that it pays nothing of it; the block itself stands since the approval."""

    def effects(self, case: Case[Hold]) -> list[Object]:
        """Acknowledge it."""
        return [case.subject.but(executed_ms=case.now, state=HoldState.EXECUTED)]


@act(
    "hold.lift/1",
    "解除暂停拨付",
    "Lift a hold",
    on=Hold,
    by=(Role.AUDIT_HEAD,),
    grade=Grade.APPROVE,
    when=(HoldState.APPROVED, HoldState.EXECUTED),
)
class LiftHold(Act, frozen=True, kw_only=True):
    """Let payments go on; the notice stays on record."""

    document: Annotated[str, digest("解除通知", "Notice of lifting")]
    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Hold]) -> list[Object]:
        """Switch the targets off."""
        lifted = case.subject.but(lifted_ms=case.now, state=HoldState.LIFTED)
        return [lifted, *aimed(case, active=0)]
