"""Brings a project or a lot to any state in one call, by real acts of the right officers."""

from typing import Any

from acts.county import (
    CHECKED,
    CLEARED,
    CONTENT,
    DAY,
    DOC,
    MINUTES,
    OTHER,
    PAGE,
    PHOTO,
    TOWNSHIP,
    VILLAGE,
    WAN,
    County,
)
from shanhai.acts.asset import AssetClass, HandOverAsset, RegisterAsset
from shanhai.acts.lot import Lot, LotKind, LotState
from shanhai.acts.lot_work import (
    AcceptCounty,
    AcceptTownship,
    AddLot,
    EvaluateLot,
    SelfCheck,
    StartLot,
)
from shanhai.acts.notice import Stage
from shanhai.acts.procurement import Award, Method, RecordAward, Tender
from shanhai.acts.project import Project, ProjectState
from shanhai.acts.project_closing import (
    AnnounceCompletion,
    CloseProject,
    CloseWarranty,
    EvaluateProject,
)
from shanhai.acts.project_plan import AnnounceProject, ApproveProject, ConfirmPlan, PlanProject
from shanhai.acts.project_pool import Admit
from shanhai.acts.project_review import (
    Appraise,
    GiveAppraisal,
    TownshipPass,
    TownshipReview,
    VillagePass,
)
from shanhai.kernel.periods import DAY_MS

__all__ = [
    "CHECKED",
    "CLEARED",
    "CONTENT",
    "DAY",
    "DOC",
    "MINUTES",
    "OTHER",
    "PAGE",
    "PHOTO",
    "TOWNSHIP",
    "VILLAGE",
    "WAN",
]


class ProjectWorld(County):
    """`reach` walks a project along the main line, `lot` a lot."""

    def state_of(self, project: str) -> ProjectState:
        """Return where the project stands."""
        return self.get(Project, project).state

    def village_pass(self, project: str) -> None:
        """S1."""
        notice = self.passed(project, Stage.VILLAGE, "village")
        self.when(VillagePass(notice=notice, minutes=MINUTES), by="village", on=project).ok()

    def township_review(self, project: str) -> None:
        """S2, the review."""
        self.when(
            TownshipReview(opinion=DOC, photo=PHOTO, **CHECKED), by="township", on=project
        ).ok()

    def township_pass(self, project: str) -> None:
        """S2, the notice."""
        notice = self.passed(project, Stage.TOWNSHIP, "township")
        self.when(TownshipPass(notice=notice), by="township", on=project).ok()

    def appraisal(self, project: str, by: str, *, favourable: bool = True) -> str:
        """One department's opinion; judged, not necessarily accepted."""
        made = self.id("apr")
        act = GiveAppraisal(project=project, favourable=favourable, opinion=DOC)
        self.when(act, by=by, on=made)
        return made

    def appraise(self, project: str) -> None:
        """S3."""
        given = tuple(self.appraisal(project, by) for by in ("agriculture", "resources"))
        self.when(conclusion(given), by="office", on=project).ok()

    def admit(self, project: str) -> None:
        """S4."""
        notice = self.passed(project, Stage.COUNTY, "office")
        self.when(Admit(notice=notice, document=DOC), by="leaders", on=project).ok()

    def plan(self, project: str) -> None:
        """S5, the leading group."""
        self.when(planned(), by="leaders", on=project).ok()

    def confirm_plan(self, project: str) -> None:
        """S5, the east."""
        self.when(ConfirmPlan(letter=DOC), by="cadre", on=project).ok()

    def approve(self, project: str) -> None:
        """S6."""
        self.when(approval(), by="leaders", on=project).ok()

    def announce(self, project: str) -> None:
        """S6, the announcement."""
        self.when(AnnounceProject(page=PAGE, address="模拟网址"), by="office", on=project).ok()

    def finish(self, project: str) -> None:
        """S7–S13 of one lot, then S14."""
        self.lot(LotState.FINISHED, project)
        act = EvaluateProject(score_permille=900, report=DOC)
        self.when(act, by="agriculture", on=project).ok()

    def announce_completion(self, project: str) -> None:
        """S14."""
        notice = self.passed(project, Stage.COMPLETION, "office")
        act = AnnounceCompletion(notice=notice, warranty_until_ms=self.now + 365 * DAY_MS)
        self.when(act, by="office", on=project).ok()

    def close_warranty(self, project: str) -> None:
        """S15."""
        self.later(days=366)
        self.when(CloseWarranty(certificate=DOC), by="agriculture", on=project).ok()

    def close(self, project: str) -> None:
        """S16."""
        self.when(CloseProject(archive=DOC), by="leaders", on=project).ok()

    def add_lot(self, project: str, **more: Any) -> str:
        """Add a lot; judged, not necessarily accepted."""
        made = self.id("lot")
        given: dict[str, Any] = {
            "name": "模拟一标段",
            "kind": LotKind.WORKS,
            "estimate_fen": 300 * WAN,
            **more,
        }
        self.when(AddLot(project=project, **given), by="owner", on=made)
        return made

    def evaluate(self, lot: str) -> None:
        """财政评审 at nine tenths of the estimate."""
        control = self.get(Lot, lot).estimate_fen * 9 // 10
        self.when(EvaluateLot(control_fen=control, report=DOC), by="finance", on=lot).ok()

    def tender(self, lot: str, method: Method = Method.OPEN_TENDER) -> None:
        """S7, the tender."""
        act = Tender(lot=lot, method=method, document=DOC)
        self.when(act, by="owner", on=self.id("awd")).ok()

    def award(self, lot: str) -> None:
        """S7, the award, after bid period and candidates' notice."""
        self.later(days=21)
        bids_ms, found = self.now, self.get(Lot, lot)
        stage = Stage.CANDIDATES
        notice = self.passed(found.project, stage, "owner", lot=lot, page=OTHER)
        price = found.control_fen - WAN
        act = awarded(notice=notice, price_fen=price, bids_ms=bids_ms)
        self.when(act, by="owner", on=found.award).ok()

    def contract(self, lot: str) -> None:
        """S8."""
        self.put(self.get(Lot, lot).but(state=LotState.CONTRACTED))

    def start(self, lot: str) -> None:
        """S9."""
        act = StartLot(report=DOC, permit=DOC, board_photo=PHOTO)
        self.when(act, by="owner", on=lot).ok()

    def self_check(self, lot: str) -> None:
        """S10."""
        act = SelfCheck(done_permille=1000, drawings=DOC, supervision=DOC)
        self.when(act, by="owner", on=lot).ok()

    def accept_township(self, lot: str) -> None:
        """S11, the township."""
        self.when(AcceptTownship(**ACCEPTANCE), by="township", on=lot).ok()

    def accept_county(self, lot: str) -> None:
        """S11, the county."""
        self.when(AcceptCounty(**ACCEPTANCE), by="panel", on=lot).ok()

    def settle(self, lot: str) -> None:
        """S12."""
        price = self.get(Award, self.get(Lot, lot).award).price_fen
        self.put(self.get(Lot, lot).but(state=LotState.SETTLED, settled_fen=price))

    def hand_over(self, lot: str) -> None:
        """S13."""
        asset = self.register(lot, value_fen=self.get(Lot, lot).settled_fen)
        self.ok().when(HandOverAsset(handover=DOC, last=True), by="village", on=asset).ok()

    def register(self, lot: str, **more: Any) -> str:
        """Register an asset; judged, not necessarily accepted."""
        made = self.id("ast")
        given: dict[str, Any] = {
            "name": "模拟大棚",
            "kind": AssetClass.OPERATING,
            "value_fen": 100 * WAN,
            "owner": "org-village",
            "holder": "org-village",
            "number": made,
            "document": DOC,
            **more,
        }
        self.when(RegisterAsset(lot=lot, **given), by="agriculture", on=made)
        return made

    def lot(self, state: LotState, project: str = "", **more: Any) -> str:
        """Add a lot to a project (a new one if none is named) and walk it to a state."""
        made = self.add_lot(project or self.reach(ProjectState.EXECUTING), **more)
        self.ok()
        for there, step in LOT_STEPS:
            found = self.get(Lot, made).state
            if found is state:
                break
            assert found is there, (found, there)
            getattr(self, step)(made)
        assert self.get(Lot, made).state is state
        return made

    def reach(self, state: ProjectState, **content: Any) -> str:
        """Declare a project and walk it to a state of the main line."""
        project = self.declare(**content)
        self.ok()
        for there, step in STEPS:
            if self.state_of(project) is state:
                break
            assert self.state_of(project) is there, (self.state_of(project), there)
            getattr(self, step)(project)
        assert self.state_of(project) is state
        return project


def conclusion(appraisals: tuple[str, ...], **more: Any) -> Appraise:
    """Return the county's conclusion with everything confirmed."""
    given: dict[str, Any] = {
        "cleared": CLEARED,
        "compliant": True,
        "land_ready": True,
        "not_duplicate": True,
        "opinion": DOC,
        **more,
    }
    return Appraise(appraisals=appraisals, **given)


def planned(**more: Any) -> PlanProject:
    """Return the leading group's plan."""
    given: dict[str, Any] = {
        "year": 2026,
        "planned_fen": 500 * WAN,
        "minutes": MINUTES,
        "investment_code": "模拟-2606",
        "approval": DOC,
        **more,
    }
    return PlanProject(**given)


def approval(**more: Any) -> ApproveProject:
    """Return the leaders' approval."""
    given: dict[str, Any] = {
        "number": "模拟农领复〔2026〕4号",
        "approved_fen": 500 * WAN,
        "document": DOC,
        "drafter": "finance",
        "reviewer": "panel",
        "signer": "leaders",
        **more,
    }
    return ApproveProject(**given)


def awarded(**more: Any) -> RecordAward:
    """Return the owner's award to the builder."""
    given: dict[str, Any] = {
        "winner": "org-builder",
        "bidders": 3,
        "letter": DOC,
        **more,
    }
    return RecordAward(**given)


ACCEPTANCE: dict[str, Any] = {
    "panel": ("agriculture", "resources"),
    "form": DOC,
    "images": PHOTO,
    "measured": True,
    "defects_mended": True,
}
LOT_STEPS = (
    (LotState.ADDED, "evaluate"),
    (LotState.EVALUATED, "tender"),
    (LotState.TENDERING, "award"),
    (LotState.AWARDED, "contract"),
    (LotState.CONTRACTED, "start"),
    (LotState.STARTED, "self_check"),
    (LotState.COMPLETED, "accept_township"),
    (LotState.TOWNSHIP_ACCEPTED, "accept_county"),
    (LotState.ACCEPTED, "settle"),
    (LotState.SETTLED, "hand_over"),
)
STEPS = (
    (ProjectState.VILLAGE_NOTICE, "village_pass"),
    (ProjectState.TOWNSHIP_REVIEW, "township_review"),
    (ProjectState.TOWNSHIP_NOTICE, "township_pass"),
    (ProjectState.APPRAISAL, "appraise"),
    (ProjectState.COUNTY_NOTICE, "admit"),
    (ProjectState.IN_POOL, "plan"),
    (ProjectState.PLANNED, "confirm_plan"),
    (ProjectState.CONFIRMED, "approve"),
    (ProjectState.APPROVED, "announce"),
    (ProjectState.EXECUTING, "finish"),
    (ProjectState.EVALUATED, "announce_completion"),
    (ProjectState.WARRANTY, "close_warranty"),
    (ProjectState.ARCHIVING, "close"),
)
