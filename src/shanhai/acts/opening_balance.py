"""Bringing running projects in (期初导入): one officer enters, a second confirms or refuses.

Source: frozen decision 23. Until confirmed everything is inert; refusal voids it; what is confirmed carries
期初 for ever. Both officers count as doers of every earlier step, or separations would be empty.
"""

from typing import Annotated, Any

from shanhai.acts.contract import Contract
from shanhai.acts.derived import derived_id
from shanhai.acts.lot import Lot, LotState
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Did,
    Facts,
    Grade,
    Never,
    Object,
    act,
    amount,
    commitment,
    guard,
    label,
    moment,
    ref,
    refs,
    region,
    word,
)
from shanhai.acts.machine.separation import doers
from shanhai.acts.officer import Organisation
from shanhai.acts.opening import Opening, OpeningState
from shanhai.acts.opening_batch import Batch, brought
from shanhai.acts.opening_guards import CHECKS, LOT_LINE
from shanhai.acts.pairing import Pairing, PairingId, Year
from shanhai.acts.project import Project, ProjectId, ProjectState, Sector
from shanhai.acts.roles import Role

PROJECT_STEPS = (
    (ProjectState.APPROVED, ("declare", "township_review", "appraise", "admit", "plan")),
    (ProjectState.APPROVED, ("confirm_plan", "approve")),
    (ProjectState.EVALUATED, ("evaluate",)),
)
LOT_STEPS = (
    (LotState.ADDED, "add"),
    (LotState.EVALUATED, "evaluate"),
    (LotState.STARTED, "start"),
    (LotState.COMPLETED, "self_check"),
    (LotState.TOWNSHIP_ACCEPTED, "accept_township"),
    (LotState.ACCEPTED, "accept_county"),
)
CONTRACT_STEPS = ("file", "register")
PAID_STEPS = (
    *(f"claim.{verb}" for verb in ("submit", "certify", "review", "endorse", "check")),
    *(f"payment.{verb}" for verb in ("order", "countersign", "receipt")),
)
MAIN_LINE = (
    ProjectState.APPROVED,
    ProjectState.EXECUTING,
    ProjectState.EVALUATED,
    ProjectState.WARRANTY,
)
MOST_OBJECTS = 200  # an entry touches at most 256 objects (design §3)
ENTERERS = (Role.COUNTY_OFFICE,)
SECONDERS = (Role.COUNTY_OFFICE, Role.COUNTY_FINANCE, Role.COUNTY_LEADERS)


class Stage(Choice):
    """Where a running project stands."""

    APPROVED = "approved", "已批复，待公告", "Approved, to be announced"
    EXECUTING = "executing", "实施中", "Under execution"
    EVALUATED = "evaluated", "已评价，完工公告", "Evaluated, completion notice"
    WARRANTY = "warranty", "质保期", "Defects period"


@act(
    "project.open/1",
    "录入期初项目",
    "Enter a running project",
    on=Project,
    by=ENTERERS,
    grade=Grade.APPROVE,
    also=CHECKS,
)
class OpenProject(Batch, frozen=True, kw_only=True):
    """Enter a project that was approved before the ledger began, with cumulative amounts."""

    name: Annotated[str, word("项目名称", "Name")]
    region: Annotated[str, region()]
    pairing: PairingId
    year: Year
    category: Annotated[str, word("项目类别", "Category", max_length=60)]
    sector: Annotated[Sector, label("投向", "Sector")]
    place: Annotated[str, word("实施地点", "Place")]
    content: Annotated[str, word("建设内容", "Content", max_length=1000)]
    owner: Annotated[str, ref(Organisation, "项目业主", "Owner")]
    department: Annotated[str, ref(Organisation, "主管部门", "Department")]
    approver: Annotated[str, ref(Organisation, "批复单位", "Approved by")]
    number: Annotated[str, word("批复文号", "Approval number", max_length=60)]
    approved_ms: Annotated[int, moment("批复时间", "Approved on")]
    approved_fen: Annotated[int, amount("批复资金", "Approved")]
    paid_before_fen: Annotated[int, amount("期初累计已付", "Paid before opening")] = 0
    warranty_until_ms: Annotated[int, moment("质保期至", "Defects period until")] = 0
    stage: Annotated[Stage, label("所处环节", "Stage")]

    @guard(
        "opening.amounts",
        "批复资金须大于零，累计已付不得超过批复，请核对",
        "The approval is above nothing and what was paid is within it; check the amounts",
    )
    def amounts_fit(self, case: Case[None]) -> Facts | None:
        """No more was paid than approved."""
        fits = 0 < self.approved_fen >= self.paid_before_fen
        return None if fits else {}

    @guard(
        "opening.paid_over",
        "“期初已付”合计 {sum_fen} 元，超过项目的期初累计已付，请核对",
        "The rows of money paid before add up to {sum_fen}, more than the project was paid; check them",
    )
    def rows_within(self, _case: Case[None]) -> Facts | None:
        """The rows are parts of the project's figure; further batches may bring the rest."""
        found = sum(row.amount_fen for row in self.paid)
        return {"sum_fen": found} if found > self.paid_before_fen else None

    @guard(
        "opening.approved_ahead",
        "批复时间不能晚于今天，请核对",
        "It cannot have been approved after today; check the date",
    )
    def approved_before(self, case: Case[None]) -> Facts | None:
        """Only what was approved before is brought in."""
        return {} if self.approved_ms > case.now else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build everything inert; the first batch's id is derived."""
        skipped = {*Batch.__struct_fields__, "stage"}
        given = {n: getattr(self, n) for n in self.__struct_fields__ if n not in skipped}
        project = Project(
            id=case.id,
            east_region=case.get(Pairing, self.pairing).east_region,
            planned_fen=self.approved_fen,
            application=self.document,
            opening=True,
            returned_to=ProjectState(self.stage.value),
            state=ProjectState.OPENING,
            **given,
        )
        return [project, *self.batch(case, project, derived_id(case, "opn"))]


@act(
    "opening.add/1",
    "补录期初数据",
    "Enter more of a running project",
    on=Opening,
    by=ENTERERS,
    grade=Grade.APPROVE,
    also=CHECKS,
)
class AddOpening(Batch, frozen=True, kw_only=True):
    """A further batch of a project that awaits its second officer."""

    project: ProjectId

    @guard(
        "opening.confirmed",
        "项目已不在期初待确认环节，不能补录",
        "The project no longer awaits its confirmation; nothing can be added",
    )
    def still_open(self, case: Case[None]) -> Facts | None:
        """Nothing is slipped in afterwards."""
        awaiting = case.get(Project, self.project).state is ProjectState.OPENING
        return None if awaiting else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the batch."""
        return self.batch(case, case.get(Project, self.project), case.id)


def reached(line: tuple[Choice, ...], state: Choice, step: Choice) -> bool:
    """Return whether a stage lies at or behind another on a main line."""
    return line.index(step) <= line.index(state)


def earlier_steps(project: Project, lots: list[Lot], contracts: list[Contract]) -> list[str]:
    """Return `act/subject` of every step that came before the stages brought in.

    Claims and payments of before have no object of their own: they are written under their contract.
    """
    steps = [
        f"project.{verb}/{project.id}"
        for state, verbs in PROJECT_STEPS
        if reached(MAIN_LINE, project.returned_to, state)
        for verb in verbs
    ]
    steps += [
        f"lot.{verb}/{lot.id}"
        for lot in lots
        for state, verb in LOT_STEPS
        if reached(LOT_LINE, lot.resumes, state)
    ]
    steps += [f"contract.{verb}/{one.id}" for one in contracts for verb in CONTRACT_STEPS]
    steps += [f"{did}/{one.id}" for one in contracts if one.paid_before_fen for did in PAID_STEPS]
    return steps


def officers(case: Case[Project], batches: tuple[str, ...]) -> tuple[str, ...]:
    """Return everybody behind the entry and its confirmation, principals too."""
    entries = (f"project.open/{case.id}", *(f"opening.add/{one}" for one in batches))
    entered = {p for key in entries if (did := case.find(Did, key)) for p in did.persons}
    return tuple(sorted(entered | doers(case.view, case.post)))


Openings = Annotated[tuple[str, ...], refs(Opening, "期初批次", "Batches", most=16)]


@guard(
    "opening.incomplete",
    "期初批次须全部列出（共 {count} 批待确认），请逐批核对",
    "Name every batch that awaits confirmation ({count}); check each",
)
def all_batches(payload: Any, case: Case[Project]) -> Facts | None:
    """The second officer sees everything."""
    pending = case.view.total(Opening, "pending", case.id)
    ours = {
        one.id
        for one in (case.get(Opening, named) for named in payload.openings)
        if one.project == case.id and one.state is OpeningState.PENDING
    }
    fits = len(ours) == len(payload.openings) == pending
    return None if fits else {"count": pending}


@act(
    "project.confirm_opening/1",
    "确认期初项目",
    "Confirm a running project",
    on=Project,
    by=SECONDERS,
    grade=Grade.APPROVE,
    when=(ProjectState.OPENING,),
    not_by=(Never("project.open"), Never("opening.add", via="openings")),
    also=(all_batches,),
)
class ConfirmOpening(Act, frozen=True, kw_only=True):
    """Vouch for what was entered; from here the project lives on under the rules."""

    openings: Openings

    @guard(
        "opening.paid_total",
        "各批“期初已付”合计 {sum_fen} 元，项目期初累计已付 {paid_fen} 元，两者不符，请不予确认并重录",
        "The rows of money paid before add up to {sum_fen}, the project was paid {paid_fen}; refuse it, enter it anew",
    )
    def paid_adds_up(self, case: Case[Project]) -> Facts | None:
        """Where money is named by line it is named whole; without any the project's figure stands alone."""
        found, paid = brought(case, self.openings), case.subject.paid_before_fen
        differs = (found.contracts or found.paid_fen) and found.paid_fen != paid
        return {"sum_fen": found.paid_fen, "paid_fen": paid} if differs else None

    @guard(
        "opening.too_large",
        "一次确认涉及 {count} 个对象，超过 {most} 个，请合并标段后重录",
        "This would touch {count} objects, more than {most}; enter fewer, merged lots",
    )
    def fits_an_entry(self, case: Case[Project]) -> Facts | None:
        """An entry touches a bounded number of objects."""
        count = len(self.effects(case))
        return {"count": count, "most": MOST_OBJECTS} if count > MOST_OBJECTS else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Bring everything to life and write down who stands for the earlier steps."""
        found = brought(case, self.openings)
        project = case.subject.but(state=case.subject.returned_to)
        persons = officers(case, self.openings)
        steps = earlier_steps(project, found.lots, found.contracts)
        return [project, *found.alive(), *(Did(id=step, persons=persons) for step in steps)]


@act(
    "project.refuse_opening/1",
    "不确认期初项目",
    "Refuse a running project",
    on=Project,
    by=SECONDERS,
    grade=Grade.APPROVE,
    when=(ProjectState.OPENING,),
    not_by=(Never("project.open"), Never("opening.add", via="openings")),
    also=(all_batches,),
)
class RefuseOpening(Act, frozen=True, kw_only=True):
    """Void everything that was entered; it stays visible."""

    openings: Openings
    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Void it."""
        found = brought(case, self.openings)
        return [case.subject.but(state=ProjectState.VOID), *found.void()]
