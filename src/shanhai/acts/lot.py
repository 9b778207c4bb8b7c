"""Lots: the parts of a project that are bought, built and accepted one by one; there is at least one.

Source: frozen decision 22; funds reference §5.1 S7–S13. Their acts stand in `lot_work`.
"""

from typing import Annotated, Any

from shanhai.acts.machine import (
    Case,
    Choice,
    Facts,
    Object,
    Sum,
    amount,
    digest,
    flag,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import Project, ProjectId, ProjectState
from shanhai.kernel.text import Text


class LotKind(Choice):
    """What is bought; the tender thresholds (P13) differ by it."""

    WORKS = "works", "工程", "Works"
    GOODS = "goods", "货物", "Goods"
    SERVICES = "services", "服务", "Services"


class LotState(Choice):
    """S6–S13 of a lot."""

    OPENING = "opening", "期初待确认", "Opening, to be confirmed"
    ADDED = "added", "待财政评审", "Awaiting evaluation"
    EVALUATED = "evaluated", "已财政评审", "Evaluated"
    TENDERING = "tendering", "采购中", "Being tendered"
    AWARDED = "awarded", "已定标", "Awarded"
    CONTRACTED = "contracted", "已签合同", "Contracted"
    STARTED = "started", "已开工", "Started"
    COMPLETED = "completed", "已完工自验", "Completed, self-checked"
    TOWNSHIP_ACCEPTED = "township_accepted", "乡镇初验通过", "Accepted by the township"
    ACCEPTED = "accepted", "县级验收通过", "Accepted by the county"
    SETTLED = "settled", "已结算", "Settled"
    FINISHED = "finished", "已移交", "Handed over"
    TERMINATED = "terminated", "已终止", "Terminated"
    VOID = "void", "已作废", "Void"


OVER = frozenset({LotState.OPENING, LotState.FINISHED, LotState.TERMINATED, LotState.VOID})
INERT = frozenset({LotState.OPENING, LotState.TERMINATED, LotState.VOID})


@noun
class Lot(Object, frozen=True, kw_only=True):
    """One separately awarded part of a project."""

    noun, prefix, text, title = "lot", "lot", Text("标段", "Lot"), "name"
    late = frozenset({"control_fen", "settled_fen"})
    sums = (
        Sum("unfinished", by="project"),
        Sum("listed", by="project"),
        Sum("live_fen", by="project", of=Project, within="approved_fen"),
        Sum("live_fen", by="mergeable"),
    )
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    owner: Annotated[str, ref(Organisation, "项目业主", "Owner")]
    name: Annotated[str, word("标段名称", "Name")]
    kind: Annotated[LotKind, label("标的", "Kind")]
    estimate_fen: Annotated[int, amount("概算", "Estimate")]
    control_fen: Annotated[int, amount("控制价", "Control price")] = 0
    evaluation: Annotated[str, digest("财政评审报告", "Evaluation report")] = ""
    award: Annotated[str, ref(None, "定标", "Award")] = ""
    permit: Annotated[str, digest("施工许可", "Building permit")] = ""
    permit_free: Annotated[bool, flag("依法免施工许可", "No permit needed by law")] = False
    board_photo: Annotated[str, digest("公示牌照片", "Photograph of the site board")] = ""
    start_due_ms: Annotated[int, moment("应开工时间", "Start due")] = 0
    started_ms: Annotated[int, moment("开工时间", "Started")] = 0
    completed_ms: Annotated[int, moment("完工时间", "Completed")] = 0
    accept_due_ms: Annotated[int, moment("应验收时间", "Acceptance due")] = 0
    accepted_ms: Annotated[int, moment("验收时间", "Accepted")] = 0
    settled_fen: Annotated[int, amount("结算金额", "Settled")] = 0
    opening: Annotated[bool, flag("期初", "Opening balance")] = False
    resumes: Annotated[LotState, label("期初所处环节", "Stage at the opening")] = LotState.ADDED
    state: Annotated[LotState, label("状态", "State")] = LotState.ADDED

    @property
    def unfinished(self) -> int:
        """Return 1 until the lot is handed over, terminated or void; an opening one does not count yet."""
        return int(self.state not in OVER)

    @property
    def listed(self) -> int:
        """Return 1 for a lot that counts at all."""
        return int(self.state not in (LotState.OPENING, LotState.VOID))

    @property
    def live_fen(self) -> int:
        """Return the estimate while the lot stands: lots stay within the approval."""
        return 0 if self.state in INERT else self.estimate_fen

    @property
    def mergeable(self) -> str:
        """Return the key under which parts that could be bought together are added up (P13)."""
        return f"{self.project}/{self.kind.value}"

    @property
    def hold_keys(self) -> tuple[str, ...]:
        """Return what a hold may name to stop this lot."""
        return (self.id, self.project, self.owner)


LotId = Annotated[str, ref(Lot, "标段", "Lot")]


@guard(
    "lot.project_stage",
    "项目现处“{state}”；实施须在公告后、未中止时进行",
    "The project is in “{state_en}”; work goes on only once announced and while not suspended",
    "D36",
)
def project_executing(payload: Any, case: Case[Any]) -> Facts | None:
    """Buying and building need an announced project that does not stand still."""
    part = case.subject if case.subject is not None else case.get(Lot, payload.lot)
    state = case.get(Project, part.project).state
    running = state is ProjectState.EXECUTING
    return None if running else {"state": state.zh, "state_en": state.en}
