"""Running a notice: put up, closed after its whole period, restarted when the content changed.

Source: 2018 guidance on 公告公示 (≥ 10 days, P11); funds reference §5.4 and §5.8 no. 10; D37.
"""

from typing import Annotated, Any

from shanhai.acts.clocks import CANDIDATES_DAYS, NOTICE_DAYS
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Object,
    act,
    digest,
    guard,
    label,
    ref,
    word,
)
from shanhai.acts.notice import (
    PUBLISHERS,
    STAGES,
    Channel,
    Notice,
    NoticeState,
    Stage,
    objections_answered,
    shows_present_content,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.platform import platform
from shanhai.acts.project import Project, ProjectId, ProjectState
from shanhai.acts.roles import Role
from shanhai.kernel.periods import DAY_MS, end_of_period_ms

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
        platform("R07"),
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
