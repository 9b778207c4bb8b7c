"""Projects: what one is, its states S1–S16 and its side exits.

Source: funds reference §5.1 as corrected by §5.8; 财农〔2021〕19号 (项目库, 公告公示; articles 待核). S0, the draft,
is off the ledger. The acts stand in `project_declare`, `project_review`, `project_plan`, `project_closing`, `opening`.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Choice,
    Object,
    Standing,
    Sum,
    amount,
    count,
    digest,
    flag,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.machine.authority import Person
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Countersigner, PairingId, Year
from shanhai.kernel.text import Text


class ProjectState(Choice):
    """The main line S1–S16 with its side exits; S7–S13 are states of a lot."""

    OPENING = "opening", "期初待确认", "Opening, to be confirmed"
    VILLAGE_NOTICE = "village_notice", "村级公示", "Village notice"
    TOWNSHIP_REVIEW = "township_review", "乡镇审核", "Township review"
    TOWNSHIP_NOTICE = "township_notice", "乡镇公示", "Township notice"
    APPRAISAL = "appraisal", "县级论证", "County appraisal"
    COUNTY_NOTICE = "county_notice", "县级公示", "County notice"
    IN_POOL = "in_pool", "已入库", "In the pool"
    PLANNED = "planned", "已列计划，待东部确认", "Planned, awaiting the east"
    CONFIRMED = "confirmed", "计划已确认，待批复", "Plan confirmed, awaiting approval"
    APPROVED = "approved", "已批复，待公告", "Approved, to be announced"
    EXECUTING = "executing", "实施中", "Under execution"
    EVALUATED = "evaluated", "已评价，完工公告", "Evaluated, completion notice"
    WARRANTY = "warranty", "质保期", "Defects period"
    ARCHIVING = "archiving", "待归档", "To be archived"
    CLOSED = "closed", "已归档", "Closed"
    RETURNED = "returned", "已退回", "Returned"
    REJECTED = "rejected", "未通过", "Rejected"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"
    OUT_OF_POOL = "out_of_pool", "已出库", "Out of the pool"
    SUSPENDED = "suspended", "已中止", "Suspended"
    TERMINATED = "terminated", "已终止", "Terminated"
    RECORDED = "recorded", "已公布（转录）", "Recorded as published"
    VOID = "void", "已作废", "Void"


class Sector(Choice):
    """What the money is for; it decides the industry share (P3) and never changes."""

    INDUSTRY = "industry", "产业发展", "Industry"
    INFRASTRUCTURE = "infrastructure", "基础设施", "Infrastructure"
    SERVICES = "services", "公共服务", "Public services"
    EMPLOYMENT = "employment", "劳务协作", "Employment"
    TALENT = "talent", "人才交流", "Talent"
    RESETTLEMENT = "resettlement", "易地搬迁后续扶持", "Support after resettlement"
    MANAGEMENT = "management", "项目管理费", "Management fee"
    OTHER = "other", "其他", "Other"


class AmountKind(Choice):
    """What a published amount is; only aid of one project may be added up."""

    AID = "aid", "协作资金", "Aid"
    INVESTMENT = "investment", "总投资", "Total investment"
    YEARLY = "yearly", "年度额", "Yearly amount"
    NOT_STATED = "not_stated", "未公布", "Not stated"


IN_PLAN = frozenset(
    {
        ProjectState.PLANNED,
        ProjectState.CONFIRMED,
        ProjectState.APPROVED,
        ProjectState.EXECUTING,
        ProjectState.EVALUATED,
        ProjectState.WARRANTY,
        ProjectState.ARCHIVING,
        ProjectState.CLOSED,
        ProjectState.SUSPENDED,
    }
)
"""States in which a project counts in its year's plan."""

LIVE = (
    ProjectState.APPROVED,
    ProjectState.EXECUTING,
    ProjectState.EVALUATED,
    ProjectState.WARRANTY,
)
"""States from approval to the end of the defects period, in which money may still move."""


@noun
class Project(Object, frozen=True, kw_only=True):
    """One project; `version` rises whenever its publicised content changes, so that notices restart."""

    noun, prefix, text, title = "project", "prj", Text("项目", "Project"), "name"
    sums = (Sum("in_plan_fen", by="plan"), Sum("industry_fen", by="plan"))
    late = frozenset(
        {"planned_fen", "approved_fen", "households", "people", "poor_households", "poor_people"}
    )
    name: Annotated[str, word("项目名称", "Name")]
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    pairing: PairingId = ""
    year: Year
    category: Annotated[str, word("项目类别", "Category", max_length=60)] = ""
    sector: Annotated[Sector, label("投向", "Sector")]
    operating: Annotated[bool, flag("经营性项目", "Run for income")] = False
    place: Annotated[str, word("实施地点", "Place")] = ""
    content: Annotated[str, word("建设内容", "Content", max_length=1000)] = ""
    owner: Annotated[str, ref(Organisation, "项目业主", "Owner")] = ""
    owner_name: Annotated[str, word("实施单位（转录）", "Carried out by, as published")] = ""
    department: Annotated[str, ref(Organisation, "主管部门", "Department")] = ""
    department_name: Annotated[str, word("主管单位（转录）", "Supervised by, as published")] = ""
    fund_source: Annotated[str, word("资金来源（转录）", "Source of money, as published")] = ""
    asset_owner: Annotated[str, word("资产归属（转录）", "Owner of the asset, as published")] = ""
    planned_fen: Annotated[int, amount("计划资金", "Planned")] = 0
    approved_fen: Annotated[int, amount("批复资金", "Approved")] = 0
    households: Annotated[int, count("受益户数", "Households", le=10_000_000)] = 0
    people: Annotated[int, count("受益人数", "People", le=100_000_000)] = 0
    poor_households: Annotated[int, count("其中脱贫（监测）户", "Of them poor", le=10_000_000)] = 0
    poor_people: Annotated[int, count("其中脱贫（监测）人", "Poor people", le=100_000_000)] = 0
    start_ms: Annotated[int, moment("计划开工", "Planned start")] = 0
    finish_ms: Annotated[int, moment("计划完工", "Planned finish")] = 0
    application: Annotated[str, digest("申报书", "Application")] = ""
    minutes: Annotated[str, digest("村民（代表）会议纪要", "Villagers' meeting record")] = ""
    targets: Annotated[str, digest("绩效目标表", "Performance targets")] = ""
    linkage: Annotated[str, digest("联农带农机制", "Benefit linkage")] = ""
    declarer: Annotated[str, ref(Organisation, "申报单位", "Declared by")] = ""
    version: Annotated[int, count("公示内容版本", "Version of its public content")] = 0
    declared_ms: Annotated[int, moment("申报时间", "Declared")] = 0
    returned_to: Annotated[ProjectState, label("退回或中止前环节", "Stage before")] = (
        ProjectState.VILLAGE_NOTICE
    )
    due_ms: Annotated[int, moment("本环节期限", "Due at this stage")] = 0
    pool_year: Annotated[int, count("入库年度", "Year in the pool", le=2100)] = 0
    investment_code: Annotated[str, word("投资项目代码", "Investment code", max_length=40)] = ""
    approval: Annotated[str, digest("立项批复", "Approval of the investment")] = ""
    plan_minutes: Annotated[str, digest("领导小组会议纪要", "Leading group's record")] = ""
    confirmer: Annotated[Countersigner, label("东部确认方", "Eastern confirmer")] = (
        Countersigner.NONE
    )
    confirmation: Annotated[str, digest("东部确认函", "Eastern confirmation")] = ""
    number: Annotated[str, word("批复文号", "Approval number", max_length=60)] = ""
    approver: Annotated[str, ref(Organisation, "批复单位", "Approved by")] = ""
    drafter: Annotated[str, ref(Person, "经办人", "Drafter")] = ""
    reviewer: Annotated[str, ref(Person, "审核人", "Reviewer")] = ""
    signer: Annotated[str, ref(Person, "签发人", "Signer")] = ""
    approved_ms: Annotated[int, moment("批复时间", "Approved on")] = 0
    announce_due_ms: Annotated[int, moment("应公告时间", "Announcement due")] = 0
    announced_ms: Annotated[int, moment("公告时间", "Announced")] = 0
    evaluation: Annotated[str, digest("绩效评价报告", "Evaluation report")] = ""
    completed_ms: Annotated[int, moment("完工公告时间", "Completion announced")] = 0
    warranty_until_ms: Annotated[int, moment("质保期至", "Defects period until")] = 0
    closed_ms: Annotated[int, moment("归档时间", "Closed")] = 0
    recover_fen: Annotated[int, amount("应追回", "To be recovered")] = 0
    opening: Annotated[bool, flag("期初", "Opening balance")] = False
    paid_before_fen: Annotated[int, amount("期初累计已付", "Paid before opening")] = 0
    source: Annotated[str, word("来源", "Source", max_length=400)] = ""
    source_ms: Annotated[int, moment("公布日期", "Published")] = 0
    standing: Annotated[Standing, label("核实", "Standing")] = Standing.CONFIRMED
    amount_kind: Annotated[AmountKind, label("金额口径", "Kind of amount")] = AmountKind.AID
    state: Annotated[ProjectState, label("状态", "State")] = ProjectState.VILLAGE_NOTICE

    @property
    def suspended(self) -> bool:
        """Return whether the project stands still."""
        return self.state is ProjectState.SUSPENDED

    @property
    def plan(self) -> str:
        """Return the county and year whose plan the project counts in."""
        return f"{self.region[:6]}/{self.year}"

    @property
    def in_plan_fen(self) -> int:
        """Return what it takes in the plan."""
        return self.planned_fen if self.state in IN_PLAN else 0

    @property
    def industry_fen(self) -> int:
        """Return what of it counts as industry (P3)."""
        return self.in_plan_fen if self.sector is Sector.INDUSTRY else 0

    @property
    def unique(self) -> tuple[str, ...]:
        """A published row is recorded once."""
        if self.state is not ProjectState.RECORDED:
            return ()
        return (f"recorded:{self.region}/{self.year}/{self.name}/{self.planned_fen}/{self.source}",)

    @property
    def hold_keys(self) -> tuple[str, ...]:
        """Return what a hold may name to stop this project."""
        return (
            self.id,
            self.owner,
            f"{self.owner}/{self.year}",
            f"{self.region[:6]}/{self.category}",
        )


ProjectId = Annotated[str, ref(Project, "项目", "Project")]
