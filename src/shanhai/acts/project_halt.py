"""Side exits of an approved project: suspended, resumed, terminated with what is to be recovered.

Source: funds reference §5.1 (side exits), P9 (沭阳: recall of funds).
"""

from typing import Annotated

from shanhai.acts.machine import (
    Act,
    Case,
    Grade,
    Never,
    Object,
    act,
    amount,
    commitment,
    digest,
)
from shanhai.acts.project import LIVE, Project, ProjectState
from shanhai.acts.roles import Role

Reason = Annotated[str, commitment("理由", "Reason")]
Decision = Annotated[str, digest("决定文件", "Decision")]
STOPPABLE = (ProjectState.PLANNED, ProjectState.CONFIRMED, *LIVE, ProjectState.SUSPENDED)


@act(
    "project.suspend/1",
    "中止项目",
    "Suspend a project",
    on=Project,
    by=(Role.COUNTY_OFFICE, Role.COUNTY_LEADERS),
    grade=Grade.APPROVE,
    when=LIVE,
)
class SuspendProject(Act, frozen=True, kw_only=True):
    """Let it stand still; an audit's hold is another thing and overlays any state."""

    reason: Reason
    document: Decision

    def effects(self, case: Case[Project]) -> list[Object]:
        """Remember the stage."""
        halted = {"returned_to": case.subject.state, "state": ProjectState.SUSPENDED}
        return [case.subject.but(**halted)]


@act(
    "project.resume/1",
    "恢复项目",
    "Resume a project",
    on=Project,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=(ProjectState.SUSPENDED,),
    not_by=(Never("project.suspend"),),
)
class ResumeProject(Act, frozen=True, kw_only=True):
    """Go on where it stood."""

    document: Decision

    def effects(self, case: Case[Project]) -> list[Object]:
        """Back to the stage."""
        return [case.subject.but(state=case.subject.returned_to)]


@act(
    "project.terminate/1",
    "终止项目",
    "Terminate a project",
    on=Project,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=STOPPABLE,
    not_by=(Never("project.suspend"),),
)
class TerminateProject(Act, frozen=True, kw_only=True):
    """End it for good; what was paid and not built is to be recovered."""

    reason: Reason
    document: Decision
    recover_fen: Annotated[int, amount("应追回", "To be recovered")] = 0

    def effects(self, case: Case[Project]) -> list[Object]:
        """End it."""
        ended = {"recover_fen": self.recover_fen, "state": ProjectState.TERMINATED}
        return [case.subject.but(**ended)]
