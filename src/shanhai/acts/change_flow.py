"""The way of a change: requested, reviewed by the department, checked by finance, decided, confirmed in the east.

Source: funds reference §5.3 (变更表 of 津市市) and §5.8 nos. 4 and 7; D40.
"""

from typing import Annotated, Any, ClassVar

from shanhai.acts.change import Change, ChangeField, ChangeItem, ChangeState
from shanhai.acts.clocks import MATERIAL_SHARE, optional
from shanhai.acts.eastern import CONFIRMERS, confirmer_of, right_confirmer
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Never,
    Object,
    act,
    commitment,
    digest,
    guard,
    rows,
    word,
)
from shanhai.acts.notice import GATE, Notice, NoticeId, Stage
from shanhai.acts.pairing import Countersigner
from shanhai.acts.platform import platform
from shanhai.acts.project import LIVE, Project, ProjectId
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import MAX_INT

NUMBERS = (ChangeField.AMOUNT, ChangeField.HOUSEHOLDS, ChangeField.PEOPLE, ChangeField.FINISH)
ALWAYS_MATERIAL = frozenset(
    {
        ChangeField.CONTENT,
        ChangeField.PLACE,
        ChangeField.HOUSEHOLDS,
        ChangeField.PEOPLE,
        ChangeField.OWNER,
    }
)
Items = Annotated[tuple[ChangeItem, ...], rows("调整事项", "Items", least=1, most=16)]
WHOLE = 1000


def current(project: Project, field: ChangeField) -> str:
    """Return a field's present value as a change writes it."""
    value = getattr(project, field.value)
    return value.value if isinstance(value, Choice) else str(value)


def changed(project: Project, items: tuple[ChangeItem, ...]) -> Project:
    """Return the project with the items applied; its public version rises."""
    values: dict[str, Any] = {
        one.field.value: int(one.after) if one.field in NUMBERS else one.after for one in items
    }
    return project.but(version=project.version + 1, **values)


def is_material(case: Case[Any], project: Project, items: tuple[ChangeItem, ...]) -> bool:
    """Return whether the change needs publicity and the east: content, place, beneficiaries, or much money.

    Where the share is unset every change of the amount is material.
    """
    if any(one.field in ALWAYS_MATERIAL for one in items):
        return True
    share = optional(case, MATERIAL_SHARE, project.region, case.now) or 0
    moved = [
        abs(int(one.after) - project.approved_fen)
        for one in items
        if one.field is ChangeField.AMOUNT
    ]
    return any(by * WHOLE > project.approved_fen * share for by in moved)


@guard(
    "change.stale",
    "“{field}”现为“{value}”，与所填调整前不符，请按现值重新申请",
    "“{field_en}” is “{value}” now, not what was entered as before; ask again from the present value",
    "D40",
)
def from_present_values(payload: Any, case: Case[Any]) -> Facts | None:
    """A change starts from what stands approved."""
    source = payload if hasattr(payload, "items") else case.subject
    project = case.get(Project, source.project)
    for one in source.items:
        if one.before != (value := current(project, one.field)):
            return {"field": one.field.zh, "field_en": one.field.en, "value": value or "—"}
    return None


@act(
    "change.request/1",
    "申请项目调整",
    "Request a change",
    on=Change,
    by=(Role.OWNER, Role.TOWNSHIP, Role.COUNTY_DEPARTMENT),
    grade=Grade.DECLARE,
    also=(from_present_values,),
)
class RequestChange(Act, frozen=True, kw_only=True):
    """Ask to alter what was approved, field by field."""

    project: ProjectId
    items: Items
    reason: Annotated[str, commitment("调整理由", "Reason")]
    document: Annotated[str, digest("调整申请", "Application")]

    @guard(
        "change.stage",
        "项目现处“{state}”，批复后至质保期内方可调整",
        "The project is in “{state_en}”; it is changed only between approval and the end of warranty",
        "D36",
    )
    def approved(self, case: Case[None]) -> Facts | None:
        """Before approval one amends, after closing nothing changes."""
        state = case.get(Project, self.project).state
        return None if state in LIVE else {"state": state.zh, "state_en": state.en}

    @guard(
        "change.nature",
        "资金投向不得调整；投向不符的请终止后另行申报",
        "The nature of the money never changes; terminate the project and declare another",
        platform("R06"),
    )
    def nature_stays(self, case: Case[None]) -> Facts | None:
        """What the money is for is not negotiable."""
        return {} if any(one.field is ChangeField.SECTOR for one in self.items) else None

    @guard(
        "change.value",
        "“{field}”的调整后取值无效（数字用整数，且须与调整前不同），请重填",
        "The new value of “{field_en}” is not valid (whole numbers, and another than before)",
    )
    def values_valid(self, case: Case[None]) -> Facts | None:
        """New values are well formed, differ, and name each field once."""
        fields = [one.field for one in self.items]
        for one in self.items:
            twice = fields.count(one.field) > 1
            if twice or one.before == one.after or not _well_formed(one):
                return {"field": one.field.zh, "field_en": one.field.en}
        return None

    @guard(
        "change.pending",
        "本项目已有调整在办，请待其办结",
        "Another change of this project is under way; wait until it is settled",
    )
    def one_at_a_time(self, case: Case[None]) -> Facts | None:
        """Changes of one project follow one another."""
        return {} if case.view.total(Change, "pending", self.project) else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the change, addressed to whoever approved the project."""
        project = case.get(Project, self.project)
        bad = self.values_valid.check(self, case)
        material = bad is not None or is_material(case, project, self.items)
        return [
            Change(
                id=case.id,
                project=project.id,
                region=project.region,
                east_region=project.east_region,
                approver=project.approver,
                items=self.items,
                reason=self.reason,
                document=self.document,
                material=material,
                confirmer=confirmer_of(case, project.region) if material else Countersigner.NONE,
                requested_ms=case.now,
            )
        ]


def _well_formed(one: ChangeItem) -> bool:
    if one.field not in NUMBERS:
        return True
    digits = one.after.isascii() and one.after.isdigit()
    return digits and str(int(one.after)) == one.after and 0 < int(one.after) <= MAX_INT


REQUESTED = Never("change.request")


@act(
    "change.review/1",
    "主管部门审核调整",
    "Review a change",
    on=Change,
    by=(Role.COUNTY_DEPARTMENT,),
    grade=Grade.APPROVE,
    when=(ChangeState.REQUESTED,),
    not_by=(REQUESTED,),
)
class ReviewChange(Act, frozen=True, kw_only=True):
    """The department finds it sound."""

    opinion: Annotated[str, digest("审核意见", "Opinion")]

    def effects(self, case: Case[Change]) -> list[Object]:
        """Pass it to finance."""
        return [case.subject.but(state=ChangeState.REVIEWED)]


@act(
    "change.check/1",
    "财政审核调整",
    "Check a change",
    on=Change,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(ChangeState.REVIEWED,),
    not_by=(REQUESTED, Never("change.review")),
)
class CheckChange(Act, frozen=True, kw_only=True):
    """Finance finds the money."""

    opinion: Annotated[str, digest("审核意见", "Opinion")]

    def effects(self, case: Case[Change]) -> list[Object]:
        """Pass it to the leading group."""
        return [case.subject.but(state=ChangeState.CHECKED)]


def applied(case: Case[Change], change: Change) -> list[Object]:
    """Return the change in force and the project as it now stands approved."""
    project = case.get(Project, change.project)
    done = change.but(state=ChangeState.APPLIED, applied_ms=case.now)
    return [done, changed(project, change.items)]


@act(
    "change.decide/1",
    "审定项目调整",
    "Decide a change",
    on=Change,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=(ChangeState.CHECKED,),
    not_by=(REQUESTED, Never("change.review"), Never("change.check")),
    own="approver",
    also=(from_present_values, *GATE),
)
class DecideChange(Act, frozen=True, kw_only=True):
    """The original approver decides; a material change was publicised again and may await the east."""

    stage: ClassVar[Stage] = Stage.CHANGE
    notice: NoticeId = ""
    number: Annotated[str, word("批复文号", "Number", max_length=60)]
    minutes: Annotated[str, digest("会议纪要", "Meeting record")]

    @guard(
        "change.no_notice",
        "重大调整须在申请后重新公示，请选择该公示",
        "A material change is publicised again after it was requested; choose that notice",
        platform("R07"),
    )
    def publicised(self, case: Case[Change]) -> Facts | None:
        """Content, place, beneficiaries and much money are shown again."""
        notice = case.find(Notice, self.notice)
        shown = notice is not None and notice.started_ms >= case.subject.requested_ms
        return None if shown or not case.subject.material else {}

    def effects(self, case: Case[Change]) -> list[Object]:
        """Put it in force, or leave it to the east."""
        papers = {"notice": self.notice, "number": self.number, "minutes": self.minutes}
        change = case.subject.but(**papers)
        if change.confirmer is Countersigner.NONE:
            return applied(case, change)
        return [change.but(state=ChangeState.DECIDED)]


@act(
    "change.confirm_east/1",
    "东部确认调整",
    "Confirm a change in the east",
    on=Change,
    by=CONFIRMERS,
    grade=Grade.APPROVE,
    when=(ChangeState.DECIDED,),
    not_by=(REQUESTED, Never("change.review"), Never("change.check"), Never("change.decide")),
    also=(right_confirmer, from_present_values),
)
class ConfirmChange(Act, frozen=True, kw_only=True):
    """The east agrees with its own key."""

    letter: Annotated[str, digest("东部确认函", "Eastern confirmation")]

    def effects(self, case: Case[Change]) -> list[Object]:
        """Put it in force."""
        return applied(case, case.subject)


@act(
    "change.refuse/1",
    "不同意调整",
    "Refuse a change",
    on=Change,
    by=(Role.COUNTY_DEPARTMENT, Role.COUNTY_FINANCE, Role.COUNTY_LEADERS, *CONFIRMERS),
    grade=Grade.APPROVE,
    when=(
        ChangeState.REQUESTED,
        ChangeState.REVIEWED,
        ChangeState.CHECKED,
        ChangeState.DECIDED,
    ),
    not_by=(REQUESTED,),
)
class RefuseChange(Act, frozen=True, kw_only=True):
    """Close it; the project stands as approved."""

    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Change]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=ChangeState.REFUSED)]
