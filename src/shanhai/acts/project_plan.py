"""Plan, approval and announcement of a project (S5, S6).

Source: funds reference §5.1 S5–S6 and §5.8 nos. 4, 6, 8; 《政府投资条例》 (立项, 待核); P3, P19.
"""

from typing import Annotated

from shanhai.acts.clocks import ANNOUNCE_DAYS, due_in_working_days
from shanhai.acts.eastern import CONFIRMERS, confirmer_of, right_confirmer
from shanhai.acts.machine import (
    Act,
    Case,
    Did,
    Facts,
    Grade,
    Never,
    Object,
    act,
    amount,
    commitment,
    digest,
    guard,
    ref,
    word,
)
from shanhai.acts.machine.authority import Person
from shanhai.acts.pairing import Countersigner, Year
from shanhai.acts.platform import platform
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_declare import never_declared
from shanhai.acts.roles import Role

REVIEWED = (Never("project.township_review"), Never("project.appraise"))


@act(
    "project.plan/1",
    "列入年度计划",
    "Put in the year's plan",
    on=Project,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=(ProjectState.IN_POOL,),
    not_by=(*never_declared(), *REVIEWED),
)
class PlanProject(Act, frozen=True, kw_only=True):
    """The leading group decides; then the east confirms, where the pair has agreed on somebody."""

    year: Year
    planned_fen: Annotated[int, amount("计划资金", "Planned")]
    minutes: Annotated[str, digest("领导小组会议纪要", "Leading group's record")]
    investment_code: Annotated[str, word("投资项目代码", "Investment code", max_length=40)]
    approval: Annotated[str, digest("立项批复", "Approval of the investment")]

    @guard(
        "plan.stale",
        "项目库信息为 {pool_year} 年，未做年度更新，请先更新或出库",
        "It was last refreshed in the pool in {pool_year}; refresh it first, or drop it",
        platform("R04"),
    )
    def fresh(self, case: Case[Project]) -> Facts | None:
        """A plan draws on this year's pool, or the one refreshed at the end of last year."""
        year = case.subject.pool_year
        return None if self.year - year <= 1 else {"pool_year": year}

    @guard(
        "plan.amount",
        "计划资金须大于零且不超过申报的 {asked_fen} 元；要增加的请退回重新申报公示",
        "Plan more than nothing and no more than the {asked_fen} that was publicised",
        "D40",
    )
    def as_publicised(self, case: Case[Project]) -> Facts | None:
        """No more is planned than the notices showed."""
        asked = case.subject.planned_fen
        return None if 0 < self.planned_fen <= asked else {"asked_fen": asked}

    def effects(self, case: Case[Project]) -> list[Object]:
        """Plan it and freeze who confirms for the east."""
        confirmer = confirmer_of(case, case.subject.region)
        nobody = confirmer is Countersigner.NONE
        return [
            case.subject.but(
                year=self.year,
                planned_fen=self.planned_fen,
                plan_minutes=self.minutes,
                investment_code=self.investment_code,
                approval=self.approval,
                confirmer=confirmer,
                state=ProjectState.CONFIRMED if nobody else ProjectState.PLANNED,
            )
        ]


@act(
    "project.confirm_plan/1",
    "东部确认计划",
    "Confirm the plan in the east",
    on=Project,
    by=CONFIRMERS,
    grade=Grade.APPROVE,
    when=(ProjectState.PLANNED,),
    not_by=(*never_declared(), *REVIEWED, Never("project.plan")),
    also=(right_confirmer,),
)
class ConfirmPlan(Act, frozen=True, kw_only=True):
    """The east agrees with its own key; a posted cadre who sat in the leading group cannot."""

    letter: Annotated[str, digest("东部确认函", "Eastern confirmation")]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Move on."""
        return [case.subject.but(state=ProjectState.CONFIRMED, confirmation=self.letter)]


@act(
    "project.decline_plan/1",
    "东部不同意计划",
    "Decline the plan in the east",
    on=Project,
    by=CONFIRMERS,
    grade=Grade.APPROVE,
    when=(ProjectState.PLANNED,),
    also=(right_confirmer,),
)
class DeclinePlan(Act, frozen=True, kw_only=True):
    """Send it back to the pool with the reason."""

    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Back to the pool."""
        return [case.subject.but(state=ProjectState.IN_POOL, plan_minutes="")]


@act(
    "project.approve/1",
    "批复项目",
    "Approve a project",
    on=Project,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=(ProjectState.CONFIRMED,),
    not_by=(*never_declared(), *REVIEWED, Never("project.confirm_plan")),
)
class ApproveProject(Act, frozen=True, kw_only=True):
    """An organ decides: document number, drafter, reviewer and signer (经办、审核、签发)."""

    number: Annotated[str, word("批复文号", "Approval number", max_length=60)]
    approved_fen: Annotated[int, amount("批复资金", "Approved")]
    document: Annotated[str, digest("批复文件", "Approval")]
    drafter: Annotated[str, ref(Person, "经办人", "Drafter")]
    reviewer: Annotated[str, ref(Person, "审核人", "Reviewer")]
    signer: Annotated[str, ref(Person, "签发人", "Signer")]

    @guard(
        "approve.over_plan",
        "批复资金须大于零且不超过计划 {planned_fen} 元",
        "Approve more than nothing and no more than the plan's {planned_fen}",
    )
    def within_plan(self, case: Case[Project]) -> Facts | None:
        """An approval stays within the plan."""
        planned = case.subject.planned_fen
        return None if 0 < self.approved_fen <= planned else {"planned_fen": planned}

    @guard(
        "approve.same_hands",
        "经办、审核、签发须为三人，请分别填写",
        "Drafter, reviewer and signer are three people; name each",
        platform("R01"),
    )
    def three_people(self, case: Case[Project]) -> Facts | None:
        """Three people handle an organ's document."""
        people = 3
        return None if len({self.drafter, self.reviewer, self.signer}) == people else {}

    @guard(
        "approve.not_signer",
        "签发人须为本次签名人，请由签发人办理",
        "Whoever signs here is the signer; let the signer do it",
        platform("R01"),
    )
    def signed_by_signer(self, case: Case[Project]) -> Facts | None:
        """The signature is the signer's, or of the signer's deputy."""
        return None if self.signer in case.post.persons else {}

    @guard(
        "approve.declarer_handled",
        "经办、审核人不得是申报、审核、论证过本项目的人",
        "Neither drafter nor reviewer may have declared, reviewed or appraised the project",
        platform("R02"),
    )
    def handled_by_others(self, case: Case[Project]) -> Facts | None:
        """Nobody prepares the approval of what they put forward."""
        steps = ("declare", "amend", "resubmit", "township_review", "appraise")
        done = (case.find(Did, f"project.{step}/{case.id}") for step in steps)
        persons = {one for did in done if did is not None for one in did.persons}
        return {} if persons & {self.drafter, self.reviewer} else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Approve it; the announcement's clock begins."""
        return [
            case.subject.but(
                number=self.number,
                approved_fen=self.approved_fen,
                approver=case.post.organisation,
                drafter=self.drafter,
                reviewer=self.reviewer,
                signer=self.signer,
                approved_ms=case.now,
                announce_due_ms=due_in_working_days(case, ANNOUNCE_DAYS, case.subject.region),
                state=ProjectState.APPROVED,
            )
        ]


@act(
    "project.announce/1",
    "公告批复",
    "Announce an approval",
    on=Project,
    by=(Role.COUNTY_OFFICE, Role.COUNTY_LEADERS),
    grade=Grade.CERTIFY,
    when=(ProjectState.APPROVED,),
)
class AnnounceProject(Act, frozen=True, kw_only=True):
    """Publish the decision; being late is shown and alerted, never a reason to stay silent."""

    page: Annotated[str, digest("公告内容", "Announcement")]
    address: Annotated[str, word("公告网址或位置", "Address", max_length=400)]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Execution begins."""
        return [case.subject.but(state=ProjectState.EXECUTING, announced_ms=case.now)]
