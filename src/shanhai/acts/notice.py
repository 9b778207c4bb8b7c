"""Notices (公示, 公告) and objections: a stage ends when its notice ran its days and no objection is open.

Source: 2018 guidance on 公告公示 (≥ 10 days, P11), funds reference §5.4 and §5.8 no. 10; 《民法典》 art. 201 (待核).
"""

from typing import Annotated, Any, NamedTuple

from shanhai.acts.clocks import CANDIDATES_DAYS, NOTICE_DAYS
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Object,
    Sum,
    act,
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
from shanhai.kernel.periods import DAY_MS, end_of_period_ms
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
    """Life of an objection: it blocks from acceptance to its answer."""

    ACCEPTED = "accepted", "已受理", "Accepted"
    REFUSED = "refused", "不予受理", "Not accepted"
    ANSWERED = "answered", "已答复", "Answered"


@noun
class Objection(Object, frozen=True, kw_only=True):
    """An objection raised off the ledger with a receipt, accepted or refused by the notice's organ."""

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
        return int(self.state is ObjectionState.ACCEPTED)

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
Page = Annotated[str, digest("公示内容", "Content")]
Photo = Annotated[str, digest("公示照片", "Photograph")]


def days_of(case: Case[Any], stage: Stage, region: str) -> int:
    """Return the days a notice that begins now must run; unset refuses (`parameter.unset`)."""
    chosen = CANDIDATES_DAYS if stage is Stage.CANDIDATES else NOTICE_DAYS
    return case.value(chosen, region, case.now)


@act("notice.open/1", "发布公示", "Put up a notice", on=Notice, by=PUBLISHERS, grade=Grade.CERTIFY)
class OpenNotice(Act, frozen=True, kw_only=True):
    """Put up a notice, with page and photograph; its period begins tomorrow."""

    project: ProjectId
    lot: Annotated[str, ref(None, "标段", "Lot")] = ""
    stage: Annotated[Stage, label("环节", "Stage")]
    channel: Annotated[Channel, label("渠道", "Channel")]
    place: Annotated[str, word("位置或网址", "Place or address", max_length=400)]
    organ: Annotated[str, ref(Organisation, "受理单位", "Organ that takes objections")]
    page: Page
    photo: Photo

    @guard(
        "notice.stage",
        "项目现处“{state}”，不能发布“{stage}”；请先办完前面的环节",
        "The project is in “{state_en}”; “{stage_en}” is not due, finish the earlier steps first",
        "D36",
    )
    def due(self, case: Case[None]) -> Facts | None:
        """A notice belongs to its stage."""
        state = case.get(Project, self.project).state
        return None if state in STAGES[self.stage].states else _facts(state, self.stage)

    @guard(
        "notice.publisher",
        "“{stage}”由{roles}发布，请由其办理",
        "“{stage_en}” is put up by: {roles_en}",
    )
    def by_its_level(self, case: Case[None]) -> Facts | None:
        """Each level publishes its own."""
        by = STAGES[self.stage].by
        return None if case.post.role in by else _publishers(self.stage, by)

    @guard(
        "notice.organ_interested",
        "受理异议的单位不能是项目业主，请另行指定",
        "The organ that takes objections must not be the owner; name another",
    )
    def organ_independent(self, case: Case[None]) -> Facts | None:
        """Nobody judges objections to its own project."""
        return {} if self.organ == case.get(Project, self.project).owner else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the notice; what it shows is the project's present version."""
        project = case.get(Project, self.project)
        days = days_of(case, self.stage, project.region)
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [
            Notice(
                id=case.id,
                region=project.region,
                east_region=project.east_region,
                version=project.version,
                started_ms=case.now,
                days=days,
                ends_ms=end_of_period_ms(case.now, days),
                **given,
            )
        ]


def _facts(state: ProjectState, stage: Stage) -> Facts:
    return {"state": state.zh, "state_en": state.en, "stage": stage.zh, "stage_en": stage.en}


def _publishers(stage: Stage, by: tuple[Role, ...]) -> Facts:
    zh, en = "、".join(r.zh for r in by), ", ".join(r.en for r in by)
    return {"stage": stage.zh, "stage_en": stage.en, "roles": zh, "roles_en": en}


@guard(
    "notice.objections",
    "还有 {count} 件已受理异议未答复，请先答复",
    "{count} accepted objections are unanswered; answer them first",
    "D37",
)
def objections_answered(payload: Any, case: Case[Any]) -> Facts | None:
    """An accepted objection blocks until it is answered."""
    notice = getattr(payload, "notice", "") or case.id
    count = case.view.total(Objection, "open", notice)
    return {"count": count} if count else None


@guard(
    "notice.outdated",
    "公示后项目内容已改，本公示作废；请按新内容重新公示",
    "The project changed after this notice; put the new content up again",
    "D37",
)
def shows_present_content(payload: Any, case: Case[Any]) -> Facts | None:
    """A notice of older content never passes."""
    notice = case.get(Notice, getattr(payload, "notice", "") or case.id)
    return None if notice.version == case.get(Project, notice.project).version else {}


@act(
    "notice.close/1",
    "公示期满",
    "Close a notice",
    on=Notice,
    by=PUBLISHERS,
    grade=Grade.CERTIFY,
    when=(NoticeState.RUNNING,),
    also=(shows_present_content, objections_answered),
)
class CloseNotice(Act, frozen=True, kw_only=True):
    """Take the notice down after its whole period, with what was seen on the last day."""

    page: Page
    photo: Photo

    @guard(
        "notice.period",
        "公示须满 {days} 天（首日不计），还差 {left} 天",
        "A notice runs {days} whole days, the first not counted; {left} to go",
        "P11; D37",
    )
    def period_over(self, case: Case[Notice]) -> Facts | None:
        """Nothing shortens the period."""
        left = case.subject.ends_ms - case.now
        return {"days": case.subject.days, "left": -(-left // DAY_MS)} if left > 0 else None

    @guard(
        "notice.edited",
        "期满时内容与发布时不同；请按新内容重新公示",
        "What hangs there is not what was put up; restart the notice with the new content",
        "D37",
    )
    def unedited(self, case: Case[Notice]) -> Facts | None:
        """The page is the one that was put up."""
        return None if self.page == case.subject.page else {}

    @guard(
        "notice.closer",
        "“{stage}”由{roles}办结，请由其办理",
        "“{stage_en}” is closed by: {roles_en}",
    )
    def by_its_level(self, case: Case[Notice]) -> Facts | None:
        """Each level closes its own."""
        stage = case.subject.stage
        return None if case.post.role in STAGES[stage].by else _publishers(stage, STAGES[stage].by)

    def effects(self, case: Case[Notice]) -> list[Object]:
        """Mark it passed."""
        done = {"closing_photo": self.photo, "closed_ms": case.now}
        return [case.subject.but(state=NoticeState.PASSED, **done)]


@act(
    "notice.restart/1",
    "重新公示",
    "Restart a notice",
    on=Notice,
    by=PUBLISHERS,
    grade=Grade.CERTIFY,
    when=(NoticeState.RUNNING, NoticeState.PASSED),
)
class RestartNotice(Act, frozen=True, kw_only=True):
    """Begin the period anew, because the content changed; an objection alone restarts nothing."""

    page: Page
    photo: Photo

    @guard(
        "notice.unchanged",
        "内容未变，无须重新公示；异议请答复",
        "The content is the same; a notice restarts only when it changes, objections are answered",
        "funds reference §5.8 no. 10",
    )
    def changed(self, case: Case[Notice]) -> Facts | None:
        """Only changed content restarts."""
        return {} if self.page == case.subject.page else None

    @guard(
        "notice.stage_over",
        "项目已到“{state}”，“{stage}”不再适用",
        "The project is in “{state_en}”; “{stage_en}” is behind it",
        "D36",
    )
    def still_due(self, case: Case[Notice]) -> Facts | None:
        """A stage that is over has no notice."""
        state = case.get(Project, case.subject.project).state
        stage = case.subject.stage
        return None if state in STAGES[stage].states else _facts(state, stage)

    def effects(self, case: Case[Notice]) -> list[Object]:
        """Run again from now."""
        old = case.subject
        project = case.get(Project, old.project)
        days = days_of(case, old.stage, old.region)
        return [
            old.but(
                page=self.page,
                photo=self.photo,
                version=project.version,
                round=old.round + 1,
                started_ms=case.now,
                days=days,
                ends_ms=end_of_period_ms(case.now, days),
                closing_photo="",
                closed_ms=0,
                state=NoticeState.RUNNING,
            )
        ]


@guard(
    "notice.mismatch",
    "该公示不属于本项目的本环节，请选择“{stage}”的公示",
    "That notice is not this stage's; choose the project's “{stage_en}”",
    "D36",
)
def of_this_stage(payload: Any, case: Case[Any]) -> Facts | None:
    """The gate takes its own stage's notice."""
    notice, project = case.get(Notice, payload.notice), getattr(case.subject, "project", case.id)
    fits = notice.stage is payload.stage and notice.project == project
    return None if fits else {"stage": payload.stage.zh, "stage_en": payload.stage.en}


@guard(
    "notice.not_passed",
    "公示未办结（{state}），请待期满并办结后再办",
    "The notice has not passed ({state_en}); wait until it is over and close it",
    "D37",
)
def passed(payload: Any, case: Case[Any]) -> Facts | None:
    """Only a closed notice opens the gate."""
    state = case.get(Notice, payload.notice).state
    return None if state is NoticeState.PASSED else {"state": state.zh, "state_en": state.en}


GATE = (of_this_stage, passed, shows_present_content, objections_answered)
"""Guards of every act that leaves a publicised stage; the act names its `notice` and its class the `stage`."""
