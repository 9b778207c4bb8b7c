"""Review of a project, S1–S3: village, township, joint appraisal of the county.

Source: funds reference §5.1 (checklist of 狸桥镇 项目库流程, 2024-11) and §5.8; P1, P2 (negative lists), P4.
"""

from typing import Annotated, ClassVar

from shanhai.acts.clocks import (
    NEGATIVE_LIST,
    PAIR_NEGATIVE_LIST,
    REVIEW_DAYS,
    due_in_days,
    words,
)
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Never,
    Object,
    act,
    count,
    digest,
    flag,
    guard,
    label,
    moment,
    noun,
    ref,
    refs,
    region,
)
from shanhai.acts.notice import GATE, NoticeId, Stage
from shanhai.acts.officer import Organisation
from shanhai.acts.platform import platform
from shanhai.acts.project import Project, ProjectId, ProjectState
from shanhai.acts.project_declare import never_declared
from shanhai.acts.roles import Role
from shanhai.kernel.text import Text


class AppraisalState(Choice):
    """What a department said."""

    FAVOURABLE = "favourable", "同意", "In favour"
    ADVERSE = "adverse", "不同意", "Against"
    VOID = "void", "已作废", "Void"


@noun
class Appraisal(Object, frozen=True, kw_only=True):
    """One department's opinion in the joint appraisal (会签); departments give theirs in parallel."""

    noun, prefix, text = "appraisal", "apr", Text("论证意见", "Appraisal")
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    organisation: Annotated[str, ref(Organisation, "会签部门", "Department")]
    version: Annotated[int, count("公示内容版本", "Version of the content")] = 0
    opinion: Annotated[str, digest("论证意见", "Opinion")]
    given_ms: Annotated[int, moment("时间", "Given")] = 0
    state: Annotated[AppraisalState, label("意见", "Opinion")]

    @property
    def unique(self) -> tuple[str, ...]:
        """A department gives one opinion on one version."""
        if self.state is AppraisalState.VOID:
            return ()
        return (f"appraisal:{self.project}/{self.version}/{self.organisation}",)


AppraisalId = Annotated[str, ref(Appraisal, "论证意见", "Appraisal")]


@act(
    "project.village_pass/1",
    "村级公示通过",
    "Pass the village stage",
    on=Project,
    by=(Role.VILLAGE,),
    grade=Grade.CERTIFY,
    when=(ProjectState.VILLAGE_NOTICE,),
    also=GATE,
)
class VillagePass(Act, frozen=True, kw_only=True):
    """Report to the township, with the villagers' meeting record."""

    stage: ClassVar[Stage] = Stage.VILLAGE
    notice: NoticeId
    minutes: Annotated[str, digest("村民（代表）会议纪要", "Villagers' meeting record")]

    def effects(self, case: Case[Project]) -> list[Object]:
        """Move on; the township's clock begins."""
        due = due_in_days(case, REVIEW_DAYS, case.subject.region)
        state = ProjectState.TOWNSHIP_REVIEW
        return [case.subject.but(minutes=self.minutes, due_ms=due, state=state)]


CHECKLIST = {
    "complete": Text("资料完整", "complete"),
    "genuine": Text("真实性", "genuine"),
    "necessary": Text("必要性", "necessary"),
    "feasible": Text("可行性", "feasible"),
    "estimate_sound": Text("投资概算", "estimate"),
    "source_clear": Text("资金来源", "source of money"),
    "linkage_sound": Text("联农带农", "benefit linkage"),
    "targets_sound": Text("绩效目标", "performance targets"),
}


@act(
    "project.township_review/1",
    "乡镇审核通过",
    "Pass the township review",
    on=Project,
    by=(Role.TOWNSHIP,),
    grade=Grade.APPROVE,
    when=(ProjectState.TOWNSHIP_REVIEW,),
    not_by=never_declared(),
)
class TownshipReview(Act, frozen=True, kw_only=True):
    """Confirm the checklist item by item after seeing the site."""

    complete: Annotated[bool, flag("资料完整", "Complete")] = False
    genuine: Annotated[bool, flag("真实性", "Genuine")] = False
    necessary: Annotated[bool, flag("必要性", "Necessary")] = False
    feasible: Annotated[bool, flag("可行性", "Feasible")] = False
    estimate_sound: Annotated[bool, flag("投资概算", "Estimate sound")] = False
    source_clear: Annotated[bool, flag("资金来源", "Source of money clear")] = False
    linkage_sound: Annotated[bool, flag("联农带农", "Benefit linkage sound")] = False
    targets_sound: Annotated[bool, flag("绩效目标", "Targets sound")] = False
    opinion: Annotated[str, digest("审核意见", "Opinion")]
    photo: Annotated[str, digest("现场照片", "Photograph of the site")]

    @guard(
        "review.unchecked",
        "尚未核对：{items}；逐项确认，不符的请退回",
        "Not confirmed: {items_en}; confirm each, or return the project",
        "狸桥镇项目库流程（2024-11）",
    )
    def all_checked(self, case: Case[Project]) -> Facts | None:
        """Every item of the checklist is confirmed."""
        open_items = [text for name, text in CHECKLIST.items() if not getattr(self, name)]
        if not open_items:
            return None
        zh, en = "、".join(t.zh for t in open_items), ", ".join(t.en for t in open_items)
        return {"items": zh, "items_en": en}

    @guard(
        "review.no_linkage",
        "经营性项目须有联农带农机制，请退回补充",
        "A project run for income needs a benefit linkage; return it to be completed",
        "P4：2023 年中央一号文件",
    )
    def linked(self, case: Case[Project]) -> Facts | None:
        """Income from public money reaches the villagers."""
        return {} if case.subject.operating and not case.subject.linkage else None

    def effects(self, case: Case[Project]) -> list[Object]:
        """Move on to the township's notice."""
        return [case.subject.but(state=ProjectState.TOWNSHIP_NOTICE, due_ms=0)]


@act(
    "project.township_pass/1",
    "乡镇公示通过",
    "Pass the township stage",
    on=Project,
    by=(Role.TOWNSHIP,),
    grade=Grade.CERTIFY,
    when=(ProjectState.TOWNSHIP_NOTICE,),
    not_by=never_declared(),
    also=GATE,
)
class TownshipPass(Act, frozen=True, kw_only=True):
    """Report to the county after the township's notice."""

    stage: ClassVar[Stage] = Stage.TOWNSHIP
    notice: NoticeId

    def effects(self, case: Case[Project]) -> list[Object]:
        """Move on."""
        return [case.subject.but(state=ProjectState.APPRAISAL)]


@act(
    "appraisal.give/1",
    "出具论证意见",
    "Give a department's opinion",
    on=Appraisal,
    by=(Role.COUNTY_DEPARTMENT, Role.COUNTY_FINANCE),
    grade=Grade.APPROVE,
    not_by=(
        *never_declared("project"),
        Never("project.township_review", via="project"),
    ),
)
class GiveAppraisal(Act, frozen=True, kw_only=True):
    """Say for one's own department whether the project may go on (会签)."""

    project: ProjectId
    favourable: Annotated[bool, flag("同意", "In favour")] = False
    opinion: Annotated[str, digest("论证意见", "Opinion")]

    @guard(
        "appraisal.stage",
        "项目现处“{state}”，论证意见须在县级论证时出具",
        "The project is in “{state_en}”; opinions are given during the county's appraisal",
        "D36",
    )
    def under_appraisal(self, case: Case[None]) -> Facts | None:
        """Opinions belong to the appraisal."""
        state = case.get(Project, self.project).state
        due = state is ProjectState.APPRAISAL
        return None if due else {"state": state.zh, "state_en": state.en}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the opinion."""
        project = case.get(Project, self.project)
        opinion = AppraisalState.FAVOURABLE if self.favourable else AppraisalState.ADVERSE
        return [
            Appraisal(
                id=case.id,
                project=project.id,
                region=project.region,
                east_region=project.east_region,
                organisation=case.post.organisation,
                version=project.version,
                opinion=self.opinion,
                given_ms=case.now,
                state=opinion,
            )
        ]


LEAST_DEPARTMENTS = 2  # "joint": more than one; which ones is for the county to name


@act(
    "project.appraise/1",
    "县级论证通过",
    "Conclude the county's appraisal",
    on=Project,
    by=(Role.COUNTY_OFFICE,),
    grade=Grade.APPROVE,
    when=(ProjectState.APPRAISAL,),
    not_by=(
        *never_declared(),
        Never("project.township_review"),
        Never("appraisal.give", via="appraisals"),
    ),
)
class Appraise(Act, frozen=True, kw_only=True):
    """Draw the departments' opinions together, confirm the negative list one by one, attest no duplicate."""

    appraisals: Annotated[tuple[str, ...], refs(Appraisal, "论证意见", "Appraisals", most=16)]
    cleared: Annotated[
        tuple[str, ...], label("负面清单逐项确认", "Negative list, item by item")
    ] = ()
    compliant: Annotated[bool, flag("合规性", "Compliant")] = False
    land_ready: Annotated[bool, flag("用地、环评具备条件", "Land and environment ready")] = False
    not_duplicate: Annotated[bool, flag("无重复申报", "No duplicate")] = False
    opinion: Annotated[str, digest("联合论证意见", "Joint opinion")]

    @guard(
        "appraise.departments",
        "联合论证须有至少 {least} 个部门对现版本的同意意见，且所列均为同意",
        "At least {least} departments must be in favour of the present version, and all those named",
        platform("R03"),
    )
    def jointly(self, case: Case[Project]) -> Facts | None:
        """Every named opinion is of this project, of this version, in favour, of another department."""
        given = [case.get(Appraisal, one) for one in self.appraisals]
        ours = [
            a.organisation
            for a in given
            if a.project == case.id
            and a.version == case.subject.version
            and a.state is AppraisalState.FAVOURABLE
        ]
        joint = len(ours) == len(given) and len(set(ours)) >= LEAST_DEPARTMENTS
        return None if joint else {"least": LEAST_DEPARTMENTS}

    @guard(
        "appraise.negative_list",
        "负面清单未逐项确认：{items}；属于负面清单的不得列入",
        "Negative list not confirmed item by item: {items}; what is on it may not be funded",
        "P1；P2",
    )
    def nothing_forbidden(self, case: Case[Project]) -> Facts | None:
        """Each item in force is confirmed not to apply (D01)."""
        where = case.subject.region
        items = case.dated(NEGATIVE_LIST, where, case.now).words
        items += words(case, PAIR_NEGATIVE_LIST, where, case.now)
        missing = [one for one in items if one not in self.cleared]
        return {"items": "；".join(missing)} if missing else None

    @guard(
        "appraise.unattested",
        "请确认合规性、用地环评和无重复申报；不符的请退回",
        "Confirm compliance, land and environment, and that it is no duplicate; else return it",
        "D23",
    )
    def attested(self, case: Case[Project]) -> Facts | None:
        """The conclusions are stated."""
        return None if self.compliant and self.land_ready and self.not_duplicate else {}

    def effects(self, case: Case[Project]) -> list[Object]:
        """Move on to the county's notice."""
        return [case.subject.but(state=ProjectState.COUNTY_NOTICE)]
