"""Acts on a lot: added, evaluated, started, checked, accepted twice, or ended (S6–S11).

Source: funds reference §5.1 S9–S11, §5.8 no. 8; 《建筑法》 art. 7 (施工许可, 待核); 财政评审 rules (待核).
"""

from typing import Annotated

from shanhai.acts.clocks import ACCEPTANCE_DAYS, START_MONTHS, due_in_days, due_in_months
from shanhai.acts.lot import OVER, Lot, LotKind, LotState, project_executing
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    amount,
    commitment,
    digest,
    flag,
    guard,
    label,
    permille,
    refs,
    word,
)
from shanhai.acts.machine.authority import Person
from shanhai.acts.platform import platform
from shanhai.acts.project import Project, ProjectId, ProjectState
from shanhai.acts.project_declare import never_declared
from shanhai.acts.roles import Role


@act(
    "lot.add/1", "增加标段", "Add a lot", on=Lot, by=(Role.OWNER,), grade=Grade.DECLARE, own="owner"
)
class AddLot(Act, frozen=True, kw_only=True):
    """Add a part of an approved project; the parts stay within the approval."""

    project: ProjectId
    name: Annotated[str, word("标段名称", "Name")]
    kind: Annotated[LotKind, label("标的", "Kind")]
    estimate_fen: Annotated[int, amount("概算", "Estimate")]

    @guard(
        "lot.stage",
        "项目现处“{state}”，批复后方可分标段",
        "The project is in “{state_en}”; it has lots only once approved",
        "D36",
    )
    def project_approved(self, case: Case[None]) -> Facts | None:
        """Only an approved project has lots."""
        state = case.get(Project, self.project).state
        if state in (ProjectState.APPROVED, ProjectState.EXECUTING):
            return None
        return {"state": state.zh, "state_en": state.en}

    @guard("lot.amount", "标段概算须大于零，请填写", "Enter an estimate above nothing")
    def has_amount(self, case: Case[None]) -> Facts | None:
        """A lot costs something."""
        return None if self.estimate_fen else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the lot; its start is due some months from now."""
        project = case.get(Project, self.project)
        return [
            Lot(
                id=case.id,
                project=project.id,
                region=project.region,
                east_region=project.east_region,
                owner=project.owner,
                name=self.name,
                kind=self.kind,
                estimate_fen=self.estimate_fen,
                start_due_ms=due_in_months(case, START_MONTHS, project.region),
            )
        ]


@act(
    "lot.evaluate/1",
    "财政评审",
    "Evaluate a lot",
    on=Lot,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(LotState.ADDED,),
    not_by=(Never("lot.add"), *never_declared("project")),
)
class EvaluateLot(Act, frozen=True, kw_only=True):
    """Set the control price before anybody bids."""

    control_fen: Annotated[int, amount("控制价", "Control price")]
    report: Annotated[str, digest("财政评审报告", "Evaluation report")]

    @guard(
        "lot.control_price",
        "控制价须大于零且不超过概算 {estimate_fen} 元；概算不足的请先调整",
        "The control price must be above nothing and within the estimate {estimate_fen}",
    )
    def within_estimate(self, case: Case[Lot]) -> Facts | None:
        """The control price never exceeds the estimate."""
        fits = 0 < self.control_fen <= case.subject.estimate_fen
        return None if fits else {"estimate_fen": case.subject.estimate_fen}

    def effects(self, case: Case[Lot]) -> list[Object]:
        """Note the price."""
        lot = case.subject
        priced = {"control_fen": self.control_fen, "evaluation": self.report}
        return [lot.but(state=LotState.EVALUATED, **priced)]


@act(
    "lot.start/1",
    "开工",
    "Start a lot",
    on=Lot,
    by=(Role.OWNER,),
    grade=Grade.CERTIFY,
    when=(LotState.CONTRACTED,),
    own="owner",
    also=(project_executing,),
)
class StartLot(Act, frozen=True, kw_only=True):
    """Begin: works need a permit, or the clause that frees them, and the board at the site."""

    report: Annotated[str, digest("开工报告", "Report of the start")]
    permit: Annotated[str, digest("施工许可", "Building permit")] = ""
    permit_free: Annotated[bool, flag("依法免施工许可", "No permit needed by law")] = False
    board_photo: Annotated[str, digest("公示牌照片", "Photograph of the site board")] = ""

    @guard(
        "lot.no_permit",
        "工程须有施工许可；依法免办的请勾选",
        "Works need a building permit; tick where the law frees them",
        "《建筑法》第七条，待核",
    )
    def permitted(self, case: Case[Lot]) -> Facts | None:
        """No works without a permit."""
        works = case.subject.kind is LotKind.WORKS
        return {} if works and not (self.permit or self.permit_free) else None

    @guard(
        "lot.no_board",
        "工程须在现场立公示牌，请上传照片",
        "Works carry a board at the site; upload its photograph",
        "P11",
    )
    def board_up(self, case: Case[Lot]) -> Facts | None:
        """The site says what is built for how much."""
        return {} if case.subject.kind is LotKind.WORKS and not self.board_photo else None

    def effects(self, case: Case[Lot]) -> list[Object]:
        """Note the start."""
        papers = {
            "permit": self.permit,
            "permit_free": self.permit_free,
            "board_photo": self.board_photo,
        }
        return [case.subject.but(state=LotState.STARTED, started_ms=case.now, **papers)]


@act(
    "lot.self_check/1",
    "完工自验",
    "Check a finished lot",
    on=Lot,
    by=(Role.OWNER,),
    grade=Grade.CERTIFY,
    when=(LotState.STARTED,),
    own="owner",
    also=(project_executing,),
)
class SelfCheck(Act, frozen=True, kw_only=True):
    """Say that everything in the contract, as varied, is done."""

    done_permille: Annotated[int, permille("完成比例", "Done")]
    drawings: Annotated[str, digest("竣工图或验收清单", "As-built drawings or list")]
    supervision: Annotated[str, digest("监理报告", "Supervisor's report")]

    @guard(
        "lot.unfinished",
        "仅完成 {done}‰；须全部完成，少做的请先办理合同变更或项目调整",
        "Only {done}‰ is done; finish it, or have the contract varied first",
        platform("R13"),
    )
    def all_done(self, case: Case[Lot]) -> Facts | None:
        """All quantities, or an approved change of them."""
        whole = 1000
        return None if self.done_permille == whole else {"done": self.done_permille}

    def effects(self, case: Case[Lot]) -> list[Object]:
        """Move on; the acceptance's clock begins."""
        due = due_in_days(case, ACCEPTANCE_DAYS, case.subject.region)
        completed = {"completed_ms": case.now, "accept_due_ms": due}
        return [case.subject.but(state=LotState.COMPLETED, **completed)]


class Acceptance(Act, frozen=True, kw_only=True):
    """What both acceptances record."""

    panel: Annotated[tuple[str, ...], refs(Person, "验收组成员", "Panel", most=16)]
    form: Annotated[str, digest("验收表", "Acceptance form")]
    images: Annotated[str, digest("影像资料", "Images")]
    measured: Annotated[bool, flag("工程量已复核", "Quantities measured again")] = False
    defects_mended: Annotated[bool, flag("问题已整改", "Defects mended")] = False


@guard(
    "lot.panel_owner",
    "验收组不得有项目业主的人员，请调整",
    "Nobody of the owner sits on the panel; change its members",
    platform("R14"),
)
def panel_independent(payload: Acceptance, case: Case[Lot]) -> Facts | None:
    """The panel excludes the owner, its finance staff first of all."""
    owner = case.subject.owner
    members = (case.get(Person, one).organisation for one in payload.panel)
    return {} if case.post.organisation == owner or owner in members else None


@guard(
    "lot.not_measured",
    "须复核工程量并完成问题整改；未达到的请退回整改",
    "Measure the quantities again and see the defects mended; else send it back",
    platform("R13"),
)
def measured(payload: Acceptance, _case: Case[Lot]) -> Facts | None:
    """Acceptance is more than a look."""
    return None if payload.measured and payload.defects_mended else {}


ACCEPTED_BY_OTHERS = (
    Never("lot.add"),
    Never("lot.start"),
    Never("lot.self_check"),
    *never_declared("project"),
)


@act(
    "lot.accept_township/1",
    "乡镇初验",
    "Accept for the township",
    on=Lot,
    by=(Role.TOWNSHIP,),
    grade=Grade.APPROVE,
    when=(LotState.COMPLETED,),
    not_by=ACCEPTED_BY_OTHERS,
    also=(project_executing, panel_independent, measured),
)
class AcceptTownship(Acceptance, frozen=True, kw_only=True):
    """First acceptance."""

    def effects(self, case: Case[Lot]) -> list[Object]:
        """Move on."""
        return [case.subject.but(state=LotState.TOWNSHIP_ACCEPTED)]


@act(
    "lot.accept_county/1",
    "县级验收",
    "Accept for the county",
    on=Lot,
    by=(Role.PANEL, Role.COUNTY_DEPARTMENT),
    grade=Grade.APPROVE,
    when=(LotState.TOWNSHIP_ACCEPTED,),
    not_by=(*ACCEPTED_BY_OTHERS, Never("lot.accept_township"), Never("lot.evaluate")),
    also=(project_executing, panel_independent, measured),
)
class AcceptCounty(Acceptance, frozen=True, kw_only=True):
    """Final acceptance."""

    def effects(self, case: Case[Lot]) -> list[Object]:
        """Note the day."""
        return [case.subject.but(state=LotState.ACCEPTED, accepted_ms=case.now)]


@act(
    "lot.send_back/1",
    "验收退回整改",
    "Send a lot back to be mended",
    on=Lot,
    by=(Role.TOWNSHIP, Role.PANEL, Role.COUNTY_DEPARTMENT),
    grade=Grade.CERTIFY,
    when=(LotState.COMPLETED, LotState.TOWNSHIP_ACCEPTED),
    not_by=ACCEPTED_BY_OTHERS,
    also=(project_executing,),
)
class SendBack(Act, frozen=True, kw_only=True):
    """Name the defects; the owner mends them and checks again."""

    defects: Annotated[str, digest("整改清单", "List of defects")]

    def effects(self, case: Case[Lot]) -> list[Object]:
        """Back to work."""
        return [case.subject.but(state=LotState.STARTED, completed_ms=0, accept_due_ms=0)]


@act(
    "lot.terminate/1",
    "终止标段",
    "Terminate a lot",
    on=Lot,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=tuple(s for s in LotState if s not in OVER),
    not_by=(Never("lot.add"),),
)
class TerminateLot(Act, frozen=True, kw_only=True):
    """End a lot that will not be finished; what it keeps of the approval is freed."""

    reason: Annotated[str, commitment("终止理由", "Reason")]
    document: Annotated[str, digest("终止批复", "Decision")]

    def effects(self, case: Case[Lot]) -> list[Object]:
        """End it."""
        return [case.subject.but(state=LotState.TERMINATED)]
