"""The project pool (S4): admitted after the county's notice, refreshed every year, dropped when stale.

Source: funds reference §5.1 S4 and §7.1; 财农〔2021〕19号 (项目库; article 待核); P7.
"""

from typing import Annotated, ClassVar

from shanhai.acts.clocks import TARGETS_REQUIRED
from shanhai.acts.machine import (
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
)
from shanhai.acts.notice import GATE, NoticeId, Stage
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_declare import never_declared
from shanhai.acts.roles import Role
from shanhai.kernel.periods import year_of


@act(
    "project.admit/1",
    "入库",
    "Admit to the pool",
    on=Project,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=(ProjectState.COUNTY_NOTICE,),
    not_by=(*never_declared(), Never("project.township_review"), Never("project.appraise")),
    also=GATE,
)
class Admit(Act, frozen=True, kw_only=True):
    """Put it in the pool after the county's notice."""

    stage: ClassVar[Stage] = Stage.COUNTY
    notice: NoticeId
    document: Annotated[str, digest("入库批复", "Decision")]

    @guard(
        "pool.no_targets",
        "没有绩效目标的项目不得入库，请退回补充绩效目标表",
        "Without performance targets nothing enters the pool; return it to be completed",
        "P7：安徽规定；其他地区按参数",
        skip_unset=True,
    )
    def has_targets(self, case: Case[Project]) -> Facts | None:
        """Targets come before money."""
        required = case.value(TARGETS_REQUIRED, case.subject.region, case.now)
        return {} if required and not case.subject.targets else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Admit it for this year."""
        return [case.subject.but(state=ProjectState.IN_POOL, pool_year=year_of(case.now))]


@act(
    "project.refresh/1",
    "项目库年度更新",
    "Refresh in the pool",
    on=Project,
    by=(Role.COUNTY_OFFICE,),
    grade=Grade.APPROVE,
    when=(ProjectState.IN_POOL,),
)
class Refresh(Act, frozen=True, kw_only=True):
    """Confirm in the yearly review that it still stands; stale ones cannot be planned."""

    document: Annotated[str, digest("更新审定文件", "Decision")]

    @guard(
        "pool.refreshed",
        "本年度已更新，无须重复",
        "It was refreshed this year already; nothing is to be done",
    )
    def not_yet(self, case: Case[Project]) -> Facts | None:
        """Once a year."""
        return {} if case.subject.pool_year >= year_of(case.now) else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Note the year."""
        return [case.subject.but(pool_year=year_of(case.now))]


@act(
    "project.drop/1",
    "出库",
    "Drop from the pool",
    on=Project,
    by=(Role.COUNTY_OFFICE, Role.COUNTY_LEADERS),
    grade=Grade.APPROVE,
    when=(ProjectState.IN_POOL,),
)
class Drop(Act, frozen=True, kw_only=True):
    """Take out of the pool what went stale or cannot be done."""

    reason: Annotated[str, commitment("出库理由", "Reason")]
    document: Annotated[str, digest("出库审定文件", "Decision")]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=ProjectState.OUT_OF_POOL)]
