"""The end of a project: evaluated, completion announced, defects period over, archived (S14–S16).

Source: funds reference §5.1 S14–S16; 《项目支出绩效评价管理办法》 (财预〔2020〕10号; article 待核).
"""

from typing import Annotated, ClassVar

from shanhai.acts.change import Change
from shanhai.acts.claim import Claim
from shanhai.acts.finding import Finding
from shanhai.acts.lot import Lot
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    digest,
    guard,
    moment,
    permille,
)
from shanhai.acts.notice import GATE, NoticeId, Stage
from shanhai.acts.payment import Payment
from shanhai.acts.platform import platform
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_declare import never_declared
from shanhai.acts.roles import Role


@act(
    "project.evaluate/1",
    "绩效评价",
    "Evaluate a project",
    on=Project,
    by=(Role.COUNTY_DEPARTMENT, Role.PANEL),
    grade=Grade.APPROVE,
    when=(ProjectState.EXECUTING,),
    not_by=(*never_declared(), Never("project.approve")),
)
class EvaluateProject(Act, frozen=True, kw_only=True):
    """Hold the result against the targets, once every lot is handed over."""

    score_permille: Annotated[int, permille("目标完成率", "Targets reached")]
    report: Annotated[str, digest("绩效评价报告", "Evaluation report")]

    @guard(
        "closing.lots",
        "还有 {open} 个标段未办结（共 {all} 个；至少一个），请先办结移交",
        "{open} of {all} lots are unfinished (there must be one); finish and hand them over first",
        platform("R15"),
    )
    def lots_finished(self, case: Case[Project]) -> Facts | None:
        """A project is as finished as its lots."""
        left = case.view.total(Lot, "unfinished", case.id)
        listed = case.view.total(Lot, "listed", case.id)
        return {"open": left, "all": listed} if left or not listed else None

    @guard(
        "closing.change_pending",
        "本项目有调整在办，请待其办结",
        "A change of this project is under way; settle it first",
        "D40",
    )
    def nothing_pending(self, case: Case[Project]) -> Facts | None:
        """What is being changed is not evaluated."""
        return {} if case.view.total(Change, "pending", case.id) else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Move on to the completion notice."""
        done = {"evaluation": self.report, "state": ProjectState.EVALUATED}
        return [case.subject.but(**done)]


@act(
    "project.announce_completion/1",
    "完工公告",
    "Announce completion",
    on=Project,
    by=(Role.COUNTY_OFFICE, Role.COUNTY_DEPARTMENT),
    grade=Grade.CERTIFY,
    when=(ProjectState.EVALUATED,),
    also=GATE,
)
class AnnounceCompletion(Act, frozen=True, kw_only=True):
    """After its notice the defects period begins."""

    stage: ClassVar[Stage] = Stage.COMPLETION
    notice: NoticeId
    warranty_until_ms: Annotated[int, moment("质保期至", "Defects period until")]

    @guard(
        "closing.warranty_date",
        "质保期须在今后届满，请按合同填写",
        "The defects period ends in the future; enter what the contracts say",
    )
    def ahead(self, case: Case[Project]) -> Facts | None:
        """The period lies ahead."""
        return None if self.warranty_until_ms > case.now else {}

    def effects(self, case: Case[Project]) -> list[Object]:
        """Begin the period."""
        return [
            case.subject.but(
                completed_ms=case.now,
                warranty_until_ms=self.warranty_until_ms,
                state=ProjectState.WARRANTY,
            )
        ]


@act(
    "project.close_warranty/1",
    "质保期满",
    "Close the defects period",
    on=Project,
    by=(Role.COUNTY_DEPARTMENT,),
    grade=Grade.CERTIFY,
    when=(ProjectState.WARRANTY,),
)
class CloseWarranty(Act, frozen=True, kw_only=True):
    """Certify that every defect was mended."""

    certificate: Annotated[str, digest("缺陷责任期满证明", "Certificate of defects mended")]

    @guard(
        "closing.warranty_running",
        "质保期未满，请待期满",
        "The defects period still runs; wait until it is over",
    )
    def over(self, case: Case[Project]) -> Facts | None:
        """Nothing shortens the period."""
        return {} if case.now < case.subject.warranty_until_ms else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Only the archive is left."""
        return [case.subject.but(state=ProjectState.ARCHIVING)]


@act(
    "project.close/1",
    "归档",
    "Close a project",
    on=Project,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=(ProjectState.ARCHIVING,),
    not_by=(*never_declared(), Never("project.evaluate")),
)
class CloseProject(Act, frozen=True, kw_only=True):
    """The head signs the archive: everything paid, returned, settled."""

    archive: Annotated[str, digest("归档目录", "Archive")]

    @guard(
        "closing.findings",
        "还有 {count} 个审计疑点或问题未办结，请先销号或移送",
        "{count} suspicions or findings are open; have them closed or transferred first",
        platform("R15"),
    )
    def findings_settled(self, case: Case[Project]) -> Facts | None:
        """No finding stays open in an archive."""
        left = case.view.total(Finding, "open", case.id)
        return {"count": left} if left else None

    @guard(
        "closing.payments",
        "还有 {claims} 份请款、{payments} 笔支付未办结，请先付清、作废或登记回单",
        "{claims} claims and {payments} payments are under way; pay, void or complete them first",
        platform("R15"),
    )
    def all_paid(self, case: Case[Project]) -> Facts | None:
        """An archive holds no open claim."""
        claims = case.view.total(Claim, "open", case.id)
        payments = case.view.total(Payment, "in_flight", case.id)
        return {"claims": claims, "payments": payments} if claims or payments else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Close it for good."""
        return [case.subject.but(state=ProjectState.CLOSED, closed_ms=case.now)]
