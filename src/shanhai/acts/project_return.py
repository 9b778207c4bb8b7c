"""Returning and rejecting a project under review (S1–S4), with reasons anchored to its fields.

Source: funds reference §5.1 (RETURNED keeps its clock; REJECTED ends it).
"""

from typing import Annotated

import msgspec

from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Object,
    act,
    commitment,
    digest,
    fields_of,
    guard,
    rows,
    word,
)
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_declare import CONTENT, never_declared
from shanhai.acts.roles import Role

COUNTY = (Role.COUNTY_DEPARTMENT, Role.COUNTY_OFFICE, Role.COUNTY_LEADERS)
BY_STAGE = {
    ProjectState.VILLAGE_NOTICE: (Role.TOWNSHIP,),
    ProjectState.TOWNSHIP_REVIEW: (Role.TOWNSHIP,),
    ProjectState.TOWNSHIP_NOTICE: (Role.TOWNSHIP,),
    ProjectState.APPRAISAL: COUNTY,
    ProjectState.COUNTY_NOTICE: COUNTY,
}
REVIEWERS = (Role.TOWNSHIP, *COUNTY)


class Reason(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What is wrong with one field."""

    field: Annotated[str, word("字段", "Field", max_length=40)]
    reason: Annotated[str, word("退回理由", "Reason", max_length=400)]


@guard(
    "review.not_your_stage",
    "“{state}”由{roles}处理，请由其办理",
    "“{state_en}” is handled by: {roles_en}",
    "D36",
)
def at_its_level(_payload: Act, case: Case[Project]) -> Facts | None:
    """Each level decides at its own stage."""
    state = case.subject.state
    by = BY_STAGE.get(state, ())
    if case.post.role in by:
        return None
    zh, en = "、".join(r.zh for r in by), ", ".join(r.en for r in by)
    return {"state": state.zh, "state_en": state.en, "roles": zh, "roles_en": en}


@act(
    "project.return/1",
    "退回修改",
    "Return a project",
    on=Project,
    by=REVIEWERS,
    grade=Grade.CERTIFY,
    when=tuple(BY_STAGE),
    not_by=never_declared(),
    also=(at_its_level,),
)
class ReturnProject(Act, frozen=True, kw_only=True):
    """Send it back with reasons at the fields; the stage's clock goes on."""

    reasons: Annotated[tuple[Reason, ...], rows("退回理由", "Reasons", least=1, most=32)]

    @guard(
        "review.unknown_field",
        "“{field}”不是申报内容的字段，请选择要修改的字段",
        "“{field}” is no field of a declaration; choose the one to mend",
    )
    def fields_known(self, case: Case[Project]) -> Facts | None:
        """A reason points at what can be mended."""
        known = {f.name for f in fields_of(Project)} & set(CONTENT)
        wrong = [reason.field for reason in self.reasons if reason.field not in known]
        return {"field": wrong[0]} if wrong else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Remember the stage."""
        back = {"returned_to": case.subject.state, "state": ProjectState.RETURNED}
        return [case.subject.but(**back)]


@act(
    "project.reject/1",
    "不予通过",
    "Reject a project",
    on=Project,
    by=REVIEWERS,
    grade=Grade.APPROVE,
    when=tuple(BY_STAGE),
    not_by=never_declared(),
    also=(at_its_level,),
)
class RejectProject(Act, frozen=True, kw_only=True):
    """End it here."""

    reason: Annotated[str, commitment("不予通过理由", "Reason")]
    document: Annotated[str, digest("审定文件", "Decision")]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=ProjectState.REJECTED, due_ms=0)]
