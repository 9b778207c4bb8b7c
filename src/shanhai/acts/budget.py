"""Budgets: which project a funding line's money is for; payments of a project draw on its budgets alone.

Source: funds reference P6 (资金到项目、管理到项目、核算到项目), D06, §6.1 (the chain of money facts).
"""

from typing import Annotated

from shanhai.acts.fiscal_year import open_year
from shanhai.acts.fund import Amount, Document, Number
from shanhai.acts.fund_flow import some_amount
from shanhai.acts.line import FundingLine, LineId, LineState
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Object,
    Sum,
    act,
    amount,
    flag,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.opening import Opening
from shanhai.acts.pairing import Year
from shanhai.acts.project import LIVE, Project, ProjectId
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text


class BudgetState(Choice):
    """Life of a budget; an opening one is inert until the second officer confirms."""

    OPENING = "opening", "期初待确认", "Opening, to be confirmed"
    ASSIGNED = "assigned", "已安排", "Assigned"
    RECALLED = "recalled", "已全部收回", "Recalled"
    VOID = "void", "已作废", "Void"


@noun
class Budget(Object, frozen=True, kw_only=True):
    """What a line gives one project; lines and approvals bound it, payment splits stay within it."""

    noun, prefix, text, title = "budget", "bud", Text("项目预算", "Budget"), "number"
    sums = (
        Sum("net_fen", by="line", of=FundingLine, within="available_fen"),
        Sum("net_fen", by="project", of=Project, within="approved_fen"),
    )
    project: ProjectId
    line: LineId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    amount_fen: Amount
    recalled_fen: Annotated[int, amount("已收回", "Recalled")] = 0
    number: Number
    document: Document
    assigned_ms: Annotated[int, moment("安排时间", "Assigned")] = 0
    opening: Annotated[bool, flag("期初", "Opening balance")] = False
    state: Annotated[BudgetState, label("状态", "State")] = BudgetState.ASSIGNED

    @property
    def net_fen(self) -> int:
        """Return what the project may still count on; its payments stay within it."""
        if self.state in (BudgetState.OPENING, BudgetState.VOID):
            return 0
        return self.amount_fen - self.recalled_fen

    @property
    def hold_keys(self) -> tuple[str, ...]:
        """Return what a hold may name to stop this budget."""
        return (self.line, self.project)

    @property
    def unique(self) -> tuple[str, ...]:
        """A document assigns a line to a project once."""
        if self.state is BudgetState.VOID:
            return ()
        return (f"budget:{self.line}/{self.project}/{self.number}",)


BudgetId = Annotated[str, ref(Budget, "项目预算", "Budget")]


@act(
    "budget.assign/1",
    "安排项目预算",
    "Assign a budget",
    on=Budget,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    also=(some_amount,),
)
class AssignBudget(Act, frozen=True, kw_only=True):
    """Give an approved project money from a line, by document."""

    project: ProjectId
    line: LineId
    amount_fen: Amount
    number: Annotated[str, word("文号", "Document number", max_length=60)]
    document: Document

    @guard(
        "budget.project_stage",
        "项目现处“{state}”，批复后、未中止时方可安排预算",
        "The project is in “{state_en}”; money is assigned once approved and while not suspended",
        "D36",
    )
    def project_live(self, case: Case[None]) -> Facts | None:
        """No money without an approval."""
        state = case.get(Project, self.project).state
        return None if state in LIVE else {"state": state.zh, "state_en": state.en}

    @guard(
        "budget.line",
        "指标须可用且与项目同县，请另选指标",
        "The line must be open and of the project's county; choose another",
        "D06",
    )
    def line_fits(self, case: Case[None]) -> Facts | None:
        """A county spends its own lines."""
        line, project = case.get(FundingLine, self.line), case.get(Project, self.project)
        ours = line.region[:6] == project.region[:6] and line.state is LineState.OPEN
        return None if ours else {}

    @guard(
        "budget.other_pair",
        "该指标来自其他支援地区，不能用于本项目",
        "The line comes from another donor; it is not for this project",
        "D06",
    )
    def same_pair(self, case: Case[None]) -> Facts | None:
        """One pair's money is not spent on another's project."""
        line, project = case.get(FundingLine, self.line), case.get(Project, self.project)
        alike = not line.east_region or line.east_region == project.east_region
        return None if alike else {}

    @guard(
        "budget.paid_before",
        "加上期初已付 {paid_fen} 元将超过批复资金，请减少金额",
        "With the {paid_fen} paid before the opening it exceeds the approval; lower the amount",
    )
    def beside_the_opening(self, case: Case[None]) -> Facts | None:
        """What was paid before the ledger began counts against the approval."""
        project = case.get(Project, self.project)
        brought = case.view.total(Opening, "paid_fen", project.id)  # it stands in opening budgets
        paid = project.paid_before_fen - brought
        stands = case.view.total(Budget, "net_fen", project.id) + paid
        over = paid and stands + self.amount_fen > project.approved_fen
        return {"paid_fen": paid} if over else None

    @guard(
        "budget.year",
        "指标所属 {year} 年度未开账或已结账，请先开账或结转",
        "The line's year {year} is not open; open it or carry the line over",
    )
    def year_open(self, case: Case[None]) -> Facts | None:
        """Money of a closed year is carried over first."""
        line = case.get(FundingLine, self.line)
        return open_year(case, line.region, line.year)

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it; line and approval bound it."""
        line, project = case.get(FundingLine, self.line), case.get(Project, self.project)
        return [
            Budget(
                id=case.id,
                project=project.id,
                line=line.id,
                region=project.region,
                east_region=project.east_region,
                year=line.year,
                amount_fen=self.amount_fen,
                number=self.number,
                document=self.document,
                assigned_ms=case.now,
            )
        ]


@act(
    "budget.recall/1",
    "收回项目预算",
    "Recall a budget",
    on=Budget,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(BudgetState.ASSIGNED,),
    also=(some_amount,),
)
class RecallBudget(Act, frozen=True, kw_only=True):
    """Take back what the project has not been paid."""

    amount_fen: Amount
    number: Number
    document: Document

    @guard(
        "budget.recall_over",
        "预算只余 {net_fen} 元，请减少金额",
        "Only {net_fen} is left of it; lower the amount",
    )
    def enough_left(self, case: Case[Budget]) -> Facts | None:
        """No more than there is; payments bound it further."""
        net = case.subject.net_fen
        return {"net_fen": net} if self.amount_fen > net else None

    def effects(self, case: Case[Budget]) -> list[Object]:
        """Lower it."""
        given, recalled = case.subject.amount_fen, case.subject.recalled_fen + self.amount_fen
        state = BudgetState.RECALLED if recalled >= given else BudgetState.ASSIGNED
        return [case.subject.but(recalled_fen=min(recalled, given), state=state)]
