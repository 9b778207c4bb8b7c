"""Declaring a project (S1): declared, amended, resubmitted, withdrawn, or recorded as published elsewhere.

Source: funds reference §5.1 and §5.8; 财农〔2021〕19号 (项目库; article 待核).
"""

from typing import Annotated

from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    Standing,
    act,
    amount,
    commitment,
    count,
    digest,
    flag,
    guard,
    label,
    moment,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Pairing, PairingId, PairingState, Year
from shanhai.acts.project import AmountKind, Project, ProjectState, Sector
from shanhai.acts.roles import Role
from shanhai.kernel.regions import contains

PUBLIC = (
    "name",
    "category",
    "sector",
    "operating",
    "place",
    "content",
    "owner",
    "department",
    "planned_fen",
    "households",
    "people",
    "poor_households",
    "poor_people",
    "start_ms",
    "finish_ms",
    "linkage",
)
"""What a notice shows of a project: changing it restarts the notices."""

CONTENT = (*PUBLIC, "application", "targets")


def never_declared(via: str = "") -> tuple[Never, ...]:
    """Return the separations from whoever declared the project, in whichever of the three acts."""
    acts = ("project.declare", "project.amend", "project.resubmit")
    return tuple(Never(name, via) for name in acts)


DECLARERS = (Role.VILLAGE, Role.TOWNSHIP, Role.OWNER)
EARLY = (
    ProjectState.VILLAGE_NOTICE,
    ProjectState.TOWNSHIP_REVIEW,
    ProjectState.TOWNSHIP_NOTICE,
    ProjectState.APPRAISAL,
    ProjectState.COUNTY_NOTICE,
    ProjectState.IN_POOL,
    ProjectState.RETURNED,
)
"""States in which the declarer may still withdraw."""


class Content(Act, frozen=True, kw_only=True):
    """What is declared of a project; declaring, amending and resubmitting share it."""

    name: Annotated[str, word("项目名称", "Name")]
    category: Annotated[str, word("项目类别", "Category", max_length=60)]
    sector: Annotated[Sector, label("投向", "Sector")]
    operating: Annotated[bool, flag("经营性项目", "Run for income")] = False
    place: Annotated[str, word("实施地点", "Place")]
    content: Annotated[str, word("建设内容", "Content", max_length=1000)]
    owner: Annotated[str, ref(Organisation, "项目业主", "Owner")]
    department: Annotated[str, ref(Organisation, "主管部门", "Department")]
    planned_fen: Annotated[int, amount("申请资金", "Amount asked for")]
    households: Annotated[int, count("受益户数", "Households", le=10_000_000)] = 0
    people: Annotated[int, count("受益人数", "People", le=100_000_000)] = 0
    poor_households: Annotated[int, count("其中脱贫（监测）户", "Of them poor", le=10_000_000)] = 0
    poor_people: Annotated[int, count("其中脱贫（监测）人", "Poor people", le=100_000_000)] = 0
    start_ms: Annotated[int, moment("计划开工", "Planned start")]
    finish_ms: Annotated[int, moment("计划完工", "Planned finish")]
    application: Annotated[str, digest("申报书", "Application")]
    targets: Annotated[str, digest("绩效目标表", "Performance targets")] = ""
    linkage: Annotated[str, digest("联农带农机制", "Benefit linkage")] = ""

    def values(self, names: tuple[str, ...] = CONTENT) -> dict[str, object]:
        """Return the content's fields by name."""
        return {name: getattr(self, name) for name in names}


@guard(
    "project.amount",
    "申请资金须大于零，请填写金额",
    "Ask for more than nothing; enter the amount",
)
def has_amount(payload: Content, _case: Case[Project | None]) -> Facts | None:
    """A project asks for money."""
    return None if payload.planned_fen else {}


@guard(
    "project.dates",
    "计划完工须晚于计划开工，请核对日期",
    "The planned finish must follow the planned start; check the dates",
)
def dates_in_order(payload: Content, _case: Case[Project | None]) -> Facts | None:
    """A project ends after it begins."""
    return None if payload.start_ms < payload.finish_ms else {}


@guard(
    "project.people",
    "其中脱贫（监测）户、人不能多于受益户、人，请核对数字",
    "Of the households and people, no more can be poor than there are; check the numbers",
)
def people_add_up(payload: Content, _case: Case[Project | None]) -> Facts | None:
    """Parts are no larger than the whole."""
    fits = payload.poor_households <= payload.households and payload.poor_people <= payload.people
    return None if fits else {}


@guard(
    "project.owner_only",
    "业主只能申报本单位的项目；请由村、乡镇申报或改填业主",
    "An owner declares only its own projects; let village or township declare it, or name yourself",
)
def own_project(payload: Content, case: Case[Project | None]) -> Facts | None:
    """An owner's officer declares for the owner."""
    foreign = case.post.role is Role.OWNER and case.post.organisation != payload.owner
    return {} if foreign else None


@guard(
    "project.unknown_organisation",
    "项目业主或主管部门未登记，请先登记单位",
    "The owner or department is not registered; have it registered first",
)
def organisations_known(payload: Content, case: Case[Project | None]) -> Facts | None:
    """Owner and department are known bodies."""
    known = (case.find(Organisation, one) for one in (payload.owner, payload.department))
    return None if all(known) else {}


SOUND = (has_amount, dates_in_order, people_add_up, own_project, organisations_known)


@act(
    "project.declare/1",
    "申报项目",
    "Declare a project",
    on=Project,
    by=DECLARERS,
    grade=Grade.DECLARE,
    also=SOUND,
)
class Declare(Content, frozen=True, kw_only=True):
    """Open S1: the village's notice may now be put up."""

    region: Annotated[str, region()]
    year: Year
    pairing: PairingId

    @guard(
        "project.pairing",
        "结对关系未生效或不覆盖该地区，请选择有效的结对关系",
        "The pair is not active or does not cover this place; choose one that is",
    )
    def paired(self, case: Case[None]) -> Facts | None:
        """A project belongs to an active pair that covers its place."""
        pair = case.get(Pairing, self.pairing)
        live = pair.state in (PairingState.ACTIVE, PairingState.RECORDED)
        return None if live and contains(pair.region, self.region) else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the project."""
        return [
            Project(
                id=case.id,
                region=self.region,
                east_region=case.get(Pairing, self.pairing).east_region,
                pairing=self.pairing,
                year=self.year,
                declarer=case.post.organisation,
                declared_ms=case.now,
                **self.values(),  # type: ignore[arg-type]  # same names and types by declaration
            )
        ]


@act(
    "project.amend/1",
    "修改申报内容",
    "Amend the declaration",
    on=Project,
    by=DECLARERS,
    grade=Grade.DECLARE,
    when=(ProjectState.VILLAGE_NOTICE,),
    own="declarer",
    also=SOUND,
)
class Amend(Content, frozen=True, kw_only=True):
    """Replace the content before the village's notice has passed; a running notice must restart."""

    def effects(self, case: Case[Project]) -> list[Object]:
        """Put the new content."""
        return [case.subject.but(version=raised(self, case.subject), **self.values())]


def raised(payload: Content, project: Project) -> int:
    """Return the content's version: one more if anything publicised changed."""
    same = all(getattr(payload, name) == getattr(project, name) for name in PUBLIC)
    return project.version + (not same)


@act(
    "project.resubmit/1",
    "重新报送",
    "Resubmit a returned project",
    on=Project,
    by=DECLARERS,
    grade=Grade.DECLARE,
    when=(ProjectState.RETURNED,),
    own="declarer",
    also=SOUND,
)
class Resubmit(Content, frozen=True, kw_only=True):
    """Answer a return: back to the stage that returned it, or to S1 if what was publicised changed."""

    def effects(self, case: Case[Project]) -> list[Object]:
        """Put the new content and choose the stage."""
        project, version = case.subject, raised(self, case.subject)
        same = version == project.version
        state = project.returned_to if same else ProjectState.VILLAGE_NOTICE
        return [project.but(version=version, state=state, **self.values())]


@act(
    "project.withdraw/1",
    "撤回申报",
    "Withdraw a project",
    on=Project,
    by=DECLARERS,
    grade=Grade.DECLARE,
    when=EARLY,
    own="declarer",
)
class WithdrawProject(Act, frozen=True, kw_only=True):
    """Take a project back before it is in a plan."""

    reason: Annotated[str, commitment("撤回理由", "Reason")]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=ProjectState.WITHDRAWN)]


@act(
    "project.record_published/1",
    "转录已公布项目",
    "Record a published project",
    on=Project,
    by=(Role.DATA_DESK,),
    grade=Grade.CERTIFY,
)
class RecordPublished(Act, frozen=True, kw_only=True):
    """Record what an announcement says, and no more: no step is invented and no money moves."""

    name: Annotated[str, word("项目名称", "Name")]
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    pairing: PairingId = ""
    year: Year
    category: Annotated[str, word("项目类别", "Category", max_length=60)] = ""
    sector: Annotated[Sector, label("投向", "Sector")] = Sector.OTHER
    place: Annotated[str, word("实施地点", "Place")] = ""
    content: Annotated[str, word("建设内容", "Content", max_length=1000)] = ""
    planned_fen: Annotated[int, amount("公布金额", "Published amount")] = 0
    amount_kind: Annotated[AmountKind, label("金额口径", "Kind of amount")] = AmountKind.AID
    households: Annotated[int, count("受益户数", "Households", le=10_000_000)] = 0
    people: Annotated[int, count("受益人数", "People", le=100_000_000)] = 0
    poor_households: Annotated[int, count("其中脱贫（监测）户", "Of them poor", le=10_000_000)] = 0
    poor_people: Annotated[int, count("其中脱贫（监测）人", "Poor people", le=100_000_000)] = 0
    owner_name: Annotated[str, word("实施单位", "Carried out by")] = ""
    department_name: Annotated[str, word("主管单位", "Supervised by")] = ""
    fund_source: Annotated[str, word("资金来源", "Source of money")] = ""
    asset_owner: Annotated[str, word("资产归属", "Owner of the asset")] = ""
    start_ms: Annotated[int, moment("计划开工", "Planned start")] = 0
    finish_ms: Annotated[int, moment("计划完工", "Planned finish")] = 0
    source: Annotated[str, word("来源", "Source", max_length=400)]
    source_ms: Annotated[int, moment("公布日期", "Published")] = 0
    standing: Annotated[Standing, label("核实", "Standing")] = Standing.CONFIRMED

    @guard(
        "project.published_ahead",
        "公布日期不能晚于今天，请核对",
        "It cannot have been published after today; check the date",
    )
    def published_before_now(self, case: Case[None]) -> Facts | None:
        """Only what is published can be recorded."""
        return {} if self.source_ms > case.now else None

    @guard(
        "project.amount_kind",
        "未公布金额的请选“未公布”且不填金额；有金额的请选口径",
        "Where no amount was published choose “not stated” and enter none; else choose its kind",
    )
    def amount_fits_kind(self, case: Case[None]) -> Facts | None:
        """An unknown amount is never a zero."""
        stated = self.amount_kind is not AmountKind.NOT_STATED
        return None if stated is (self.planned_fen > 0) else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it in state RECORDED."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [Project(id=case.id, state=ProjectState.RECORDED, **given)]
