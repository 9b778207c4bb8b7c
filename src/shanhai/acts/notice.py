"""Notices (公示, 公告) and objections: a stage ends when its notice ran its days and no objection is open.

Source: 2018 guidance on 公告公示 (≥ 10 days, P11), funds reference §5.4 and §5.8 no. 10; 《民法典》 art. 201 (待核).
"""

from typing import Annotated, Any, NamedTuple

from shanhai.acts.machine import (
    Case,
    Choice,
    Facts,
    Object,
    Sum,
    count,
    digest,
    flag,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import LIVE, Project, ProjectId, ProjectState
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text


class Stage(Choice):
    """What the notice publicises."""

    VILLAGE = "village", "村级公示", "Village notice"
    TOWNSHIP = "township", "乡镇公示", "Township notice"
    COUNTY = "county", "县级公示", "County notice"
    CANDIDATES = "candidates", "中标候选人公示", "Notice of candidates"
    CHANGE = "change", "项目调整公示", "Notice of a change"
    COMPLETION = "completion", "完工公告", "Completion notice"


class Channel(Choice):
    """Where it is put up."""

    BOARD = "board", "公示栏", "Notice board"
    SITE = "site", "项目现场", "Project site"
    PORTAL = "portal", "政府门户网站", "Government portal"
    MEDIA = "media", "县级媒体", "County media"


class NoticeState(Choice):
    """Life of a notice."""

    RUNNING = "running", "公示中", "Running"
    PASSED = "passed", "公示期满", "Passed"
    VOID = "void", "已作废", "Void"


@noun
class Notice(Object, frozen=True, kw_only=True):
    """One notice of one stage; its days are the parameter's on the day it began."""

    noun, prefix, text, title = "notice", "ntc", Text("公示", "Notice"), "place"
    project: ProjectId
    lot: Annotated[str, ref(None, "标段", "Lot")] = ""
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    stage: Annotated[Stage, label("环节", "Stage")]
    channel: Annotated[Channel, label("渠道", "Channel")]
    place: Annotated[str, word("位置或网址", "Place or address", max_length=400)]
    organ: Annotated[str, ref(Organisation, "受理单位", "Organ that takes objections")]
    version: Annotated[int, count("公示内容版本", "Version of the content")] = 0
    round: Annotated[int, count("重新公示次数", "Restarts", le=999)] = 0
    started_ms: Annotated[int, moment("开始时间", "Started")] = 0
    days: Annotated[int, count("公示天数", "Days", le=3660)] = 0
    ends_ms: Annotated[int, moment("期满时间", "Over from")] = 0
    page: Annotated[str, digest("公示内容", "Content")]
    photo: Annotated[str, digest("公示照片", "Photograph")]
    closing_photo: Annotated[str, digest("期满照片", "Photograph at the end")] = ""
    closed_ms: Annotated[int, moment("结束时间", "Closed")] = 0
    state: Annotated[NoticeState, label("状态", "State")] = NoticeState.RUNNING


NoticeId = Annotated[str, ref(Notice, "公示", "Notice")]


class ObjectionState(Choice):
    """Life of an objection: it blocks until it is refused or answered."""

    LODGED = "lodged", "已登记待受理", "Lodged, not decided"
    ACCEPTED = "accepted", "已受理", "Accepted"
    REFUSED = "refused", "不予受理", "Not accepted"
    ANSWERED = "answered", "已答复", "Answered"


UNFINISHED = (ObjectionState.LODGED, ObjectionState.ACCEPTED)
"""States of an objection that block its notice."""


@noun
class Objection(Object, frozen=True, kw_only=True):
    """An objection raised off the ledger with a receipt, accepted or refused by the notice's organ.

    One that a witness took is lodged first, before the organ decided; then it can be passed over in silence no more.
    """

    noun, prefix, text = "objection", "obj", Text("异议", "Objection")
    sums = (Sum("open", by="notice"),)
    notice: NoticeId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    organ: Annotated[str, ref(Organisation, "受理单位", "Organ")]
    receipt: Annotated[str, digest("收件回执", "Receipt of the submission")]
    reason: Annotated[str, word("不予受理理由", "Reason for refusing", max_length=400)] = ""
    received_ms: Annotated[int, moment("收件时间", "Received")] = 0
    due_ms: Annotated[int, moment("答复期限", "Answer due")] = 0
    answered_ms: Annotated[int, moment("答复时间", "Answered")] = 0
    answer: Annotated[str, digest("答复文件", "Answer")] = ""
    upheld: Annotated[bool, flag("异议成立", "Upheld")] = False
    state: Annotated[ObjectionState, label("状态", "State")]

    @property
    def open(self) -> int:
        """Return 1 while it blocks."""
        return int(self.state in UNFINISHED)

    @property
    def unique(self) -> tuple[str, ...]:
        """A submission is dealt with once."""
        return (f"objection_receipt:{self.receipt}",)


class Where(NamedTuple):
    """When a stage's notice may stand, and who puts it up."""

    states: tuple[ProjectState, ...]
    by: tuple[Role, ...]


COUNTY = (Role.COUNTY_OFFICE, Role.COUNTY_DEPARTMENT)
STAGES = {
    Stage.VILLAGE: Where((ProjectState.VILLAGE_NOTICE,), (Role.VILLAGE,)),
    Stage.TOWNSHIP: Where((ProjectState.TOWNSHIP_NOTICE,), (Role.TOWNSHIP,)),
    Stage.COUNTY: Where((ProjectState.COUNTY_NOTICE,), COUNTY),
    Stage.CANDIDATES: Where((ProjectState.APPROVED, ProjectState.EXECUTING), (Role.OWNER,)),
    Stage.CHANGE: Where(LIVE, COUNTY),
    Stage.COMPLETION: Where((ProjectState.EVALUATED,), COUNTY),
}
PUBLISHERS = (Role.VILLAGE, Role.TOWNSHIP, *COUNTY, Role.OWNER)
ORGANS = (Role.VILLAGE, Role.TOWNSHIP, *COUNTY, Role.COUNTY_LEADERS)


def noticed(payload: Any, case: Case[Any]) -> Notice | None:
    """Return the notice that an act names, or its subject; None where the act needs none."""
    named = getattr(payload, "notice", None)
    if named is None:
        found: Notice = case.subject
        return found
    return case.get(Notice, named) if named else None


@guard(
    "notice.objections",
    "还有 {count} 件异议未办结（待受理或待答复），请先办理",
    "{count} objections are not decided or not answered; deal with them first",
    "D37",
)
def objections_answered(payload: Any, case: Case[Any]) -> Facts | None:
    """An objection that is lodged or accepted blocks until it is refused or answered."""
    notice = noticed(payload, case)
    count = case.view.total(Objection, "open", notice.id) if notice else 0
    return {"count": count} if count else None


@guard(
    "notice.outdated",
    "公示后项目内容已改，本公示作废；请按新内容重新公示",
    "The project changed after this notice; put the new content up again",
    "D37",
)
def shows_present_content(payload: Any, case: Case[Any]) -> Facts | None:
    """A notice of older content never passes."""
    notice = noticed(payload, case)
    if notice is None:
        return None
    return None if notice.version == case.get(Project, notice.project).version else {}


@guard(
    "notice.mismatch",
    "该公示不属于本项目的本环节，请选择“{stage}”的公示",
    "That notice is not this stage's; choose the project's “{stage_en}”",
    "D36",
)
def of_this_stage(payload: Any, case: Case[Any]) -> Facts | None:
    """The gate takes its own stage's notice."""
    notice, project = noticed(payload, case), getattr(case.subject, "project", case.id)
    fits = notice is None or (notice.stage is payload.stage and notice.project == project)
    return None if fits else {"stage": payload.stage.zh, "stage_en": payload.stage.en}


@guard(
    "notice.not_passed",
    "公示未办结（{state}），请待期满并办结后再办",
    "The notice has not passed ({state_en}); wait until it is over and close it",
    "D37",
)
def passed(payload: Any, case: Case[Any]) -> Facts | None:
    """Only a closed notice opens the gate."""
    notice = noticed(payload, case)
    if notice is None or notice.state is NoticeState.PASSED:
        return None
    return {"state": notice.state.zh, "state_en": notice.state.en}


GATE = (of_this_stage, passed, shows_present_content, objections_answered)
"""Guards of every act that leaves a publicised stage; the act names its `notice` and its class the `stage`."""
