"""Procurement (S7): the tender, its award, or the exemption with the meeting's record.

Source: 发改委令2018年第16号 (thresholds, P13); 《招标投标法》 art. 24 (20 days, 待核); its 条例 art. 54
(3 days' notice of candidates, 待核); 《政府采购法》 (methods, 待核); 以工代赈 and 村民自建 by local rule (待核).
"""

from typing import Annotated, Any, ClassVar

from shanhai.acts.clocks import (
    BID_DAYS,
    DIRECT_LIMIT,
    GOODS_LIMIT,
    SERVICES_LIMIT,
    WORKS_LIMIT,
)
from shanhai.acts.lot import Lot, LotId, LotKind, LotState, project_executing
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Object,
    act,
    amount,
    commitment,
    count,
    digest,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
)
from shanhai.acts.notice import GATE, Notice, NoticeId, Stage
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
from shanhai.acts.roles import Role
from shanhai.kernel.periods import end_of_period_ms
from shanhai.kernel.text import Text


class Method(Choice):
    """How the contractor or supplier is found."""

    OPEN_TENDER = "open_tender", "公开招标", "Open tender"
    INVITED_TENDER = "invited_tender", "邀请招标", "Invited tender"
    NEGOTIATION = "negotiation", "竞争性谈判或磋商", "Competitive negotiation"
    INQUIRY = "inquiry", "询价", "Request for quotations"
    SELF_BUILT = "self_built", "村民自建", "Built by the villagers"
    WORK_RELIEF = "work_relief", "以工代赈", "Work for relief"
    DIRECT = "direct", "限额以下直接采购", "Direct purchase below the limit"

    @property
    def exempt(self) -> bool:
        """Return whether nobody bids."""
        return self in (Method.SELF_BUILT, Method.WORK_RELIEF, Method.DIRECT)

    @property
    def tender(self) -> bool:
        """Return whether the law on tenders sets its periods."""
        return self in (Method.OPEN_TENDER, Method.INVITED_TENDER)


class AwardState(Choice):
    """Life of an award; a contract needs AWARDED."""

    TENDERING = "tendering", "采购中", "Tendering"
    AWARDED = "awarded", "已定标", "Awarded"
    VOID = "void", "已作废", "Void"


@noun
class Award(Object, frozen=True, kw_only=True):
    """Who won a lot, by which method, at which price."""

    noun, prefix, text = "award", "awd", Text("采购定标", "Award")
    late = frozenset({"bidders", "price_fen"})
    project: ProjectId
    lot: LotId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    owner: Annotated[str, ref(Organisation, "项目业主", "Owner")]
    method: Annotated[Method, label("采购方式", "Method")]
    document: Annotated[str, digest("招标公告或会议纪要", "Tender notice or meeting record")]
    tendered_ms: Annotated[int, moment("公告时间", "Tendered")] = 0
    bids_ms: Annotated[int, moment("开标时间", "Bids opened")] = 0
    bidders: Annotated[int, count("投标人数", "Bidders", le=999)] = 0
    winner: Annotated[str, ref(Organisation, "中标单位", "Winner")] = ""
    price_fen: Annotated[int, amount("中标价", "Award price")] = 0
    letter: Annotated[str, digest("中标通知书", "Letter of award")] = ""
    awarded_ms: Annotated[int, moment("定标时间", "Awarded")] = 0
    state: Annotated[AwardState, label("状态", "State")] = AwardState.TENDERING

    @property
    def unique(self) -> tuple[str, ...]:
        """A lot has one standing award."""
        return () if self.state is AwardState.VOID else (f"award:{self.lot}",)


AwardId = Annotated[str, ref(Award, "采购定标", "Award")]

LIMITS = {
    LotKind.WORKS: WORKS_LIMIT,
    LotKind.GOODS: GOODS_LIMIT,
    LotKind.SERVICES: SERVICES_LIMIT,
}
LEAST_BIDDERS = 3  # 《招标投标法》 art. 28, 待核
MethodField = Annotated[Method, label("采购方式", "Method")]


def together_fen(case: Case[Any], lot: Lot) -> int:
    """Return what the project's parts of this kind cost together: parts that can be merged are summed."""
    return case.view.total(Lot, "live_fen", lot.mergeable)


@guard(
    "award.stage",
    "标段现处“{state}”，财政评审后方可采购",
    "The lot is in “{state_en}”; it is bought only after its evaluation",
    "D36",
)
def lot_evaluated(payload: Any, case: Case[None]) -> Facts | None:
    """The control price comes first."""
    state = case.get(Lot, payload.lot).state
    due = state is LotState.EVALUATED
    return None if due else {"state": state.zh, "state_en": state.en}


@guard(
    "award.tender_required",
    "同类标段合计 {sum_fen} 元，达到必须招标限额 {limit_fen} 元，请招标",
    "Parts of this kind come to {sum_fen}, at or above the threshold {limit_fen}; hold a tender",
    "P13：发改委令2018年第16号",
)
def method_fits(payload: Any, case: Case[None]) -> Facts | None:
    """At or above the threshold only a tender will do; work for relief is excepted (art. 66, 待核)."""
    lot = case.get(Lot, payload.lot)
    limit, total = case.value(LIMITS[lot.kind], lot.region, case.now), together_fen(case, lot)
    free = payload.method.tender or payload.method is Method.WORK_RELIEF
    return None if free or total < limit else {"sum_fen": total, "limit_fen": limit}


def begun(payload: Any, case: Case[None], **fields: Any) -> Award:
    """Build an award of the named lot."""
    lot = case.get(Lot, payload.lot)
    return Award(
        id=case.id,
        project=lot.project,
        lot=lot.id,
        region=lot.region,
        east_region=lot.east_region,
        owner=lot.owner,
        method=payload.method,
        tendered_ms=case.now,
        **fields,
    )


@act(
    "award.tender/1",
    "发起采购",
    "Open a tender",
    on=Award,
    by=(Role.OWNER,),
    grade=Grade.CERTIFY,
    own="owner",
    also=(project_executing, lot_evaluated, method_fits),
)
class Tender(Act, frozen=True, kw_only=True):
    """Publish the tender or the call for offers."""

    lot: LotId
    method: MethodField
    document: Annotated[str, digest("招标公告或采购公告", "Tender notice")]

    @guard(
        "award.nobody_bids",
        "“{method}”不是竞争方式，请按免招标程序办理",
        "Nobody bids in “{method_en}”; file it as an exemption",
    )
    def competitive(self, case: Case[None]) -> Facts | None:
        """An exemption is another act."""
        exempt = self.method.exempt
        return {"method": self.method.zh, "method_en": self.method.en} if exempt else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the award to be and move the lot."""
        lot = case.get(Lot, self.lot)
        award = begun(self, case, document=self.document)
        return [award, lot.but(state=LotState.TENDERING, award=case.id)]


@act(
    "award.record/1",
    "定标",
    "Record the award",
    on=Award,
    by=(Role.OWNER,),
    grade=Grade.APPROVE,
    when=(AwardState.TENDERING,),
    own="owner",
    also=(project_executing, *GATE),
)
class RecordAward(Act, frozen=True, kw_only=True):
    """Name the winner after the bid period and the candidates' notice."""

    stage: ClassVar[Stage] = Stage.CANDIDATES
    notice: NoticeId = ""
    winner: Annotated[str, ref(Organisation, "中标单位", "Winner")]
    price_fen: Annotated[int, amount("中标价", "Award price")]
    bids_ms: Annotated[int, moment("开标时间", "Bids opened")]
    bidders: Annotated[int, count("投标人数", "Bidders", le=999)]
    letter: Annotated[str, digest("中标通知书", "Letter of award")]

    @guard(
        "award.bid_period",
        "投标期限须满 {days} 天，开标时间应在此之后且不晚于现在",
        "Bidders have {days} whole days; bids are opened after them and not in the future",
        "P13b：《招标投标法》第二十四条，待核",
    )
    def period_kept(self, case: Case[Award]) -> Facts | None:
        """A tender's bid period is kept."""
        award, days = case.subject, 0
        if award.method.tender:
            days = case.value(BID_DAYS, award.region, award.tendered_ms)
        first = end_of_period_ms(award.tendered_ms, days) if days else award.tendered_ms
        return None if first <= self.bids_ms <= case.now else {"days": days}

    @guard(
        "award.too_few_bidders",
        "投标人只有 {bidders} 家，不足 {least} 家，须重新招标",
        "There were {bidders} bidders, fewer than {least}; hold the tender again",
        "《招标投标法》第二十八条，待核；D31",
    )
    def enough_bidders(self, case: Case[Award]) -> Facts | None:
        """A tender needs three bidders."""
        few = case.subject.method.tender and self.bidders < LEAST_BIDDERS
        return {"bidders": self.bidders, "least": LEAST_BIDDERS} if few else None

    @guard(
        "award.no_candidates_notice",
        "招标项目须先公示本标段的中标候选人，请选择该公示",
        "A tender needs the notice of this lot's candidates; choose it",
        "《招标投标法实施条例》第五十四条，待核",
    )
    def candidates_shown(self, case: Case[Award]) -> Facts | None:
        """Candidates are published before one of them wins."""
        notice = case.find(Notice, self.notice)
        shown = notice is not None and notice.lot == case.subject.lot
        return None if shown or not case.subject.method.tender else {}

    @guard(
        "award.over_control",
        "中标价超过控制价 {control_fen} 元，请重新采购或重新评审",
        "The price is above the control price {control_fen}; tender or evaluate again",
    )
    def within_control(self, case: Case[Award]) -> Facts | None:
        """Nobody wins above the control price."""
        control = case.get(Lot, case.subject.lot).control_fen
        return None if 0 < self.price_fen <= control else {"control_fen": control}

    @guard(
        "award.winner",
        "中标单位须已登记且不是项目业主，请核对",
        "The winner must be registered and not the owner itself; check it",
    )
    def winner_fits(self, case: Case[Award]) -> Facts | None:
        """The owner does not win its own tender."""
        known = case.find(Organisation, self.winner) is not None
        return None if known and self.winner != case.subject.owner else {}

    def effects(self, case: Case[Award]) -> list[Object]:
        """Award it and move the lot."""
        lot = case.get(Lot, case.subject.lot)
        award = case.subject.but(
            winner=self.winner,
            price_fen=self.price_fen,
            bids_ms=self.bids_ms,
            bidders=self.bidders,
            letter=self.letter,
            awarded_ms=case.now,
            state=AwardState.AWARDED,
        )
        return [award, lot.but(state=LotState.AWARDED)]


@act(
    "award.exempt/1",
    "免招标定标",
    "Award without bids",
    on=Award,
    by=(Role.OWNER,),
    grade=Grade.APPROVE,
    own="owner",
    also=(project_executing, lot_evaluated, method_fits),
)
class Exempt(Act, frozen=True, kw_only=True):
    """Let villagers build, work for relief, or buy directly below the limit, on a meeting's record."""

    lot: LotId
    method: MethodField
    winner: Annotated[str, ref(Organisation, "承建或供应单位", "Builder or supplier")]
    price_fen: Annotated[int, amount("定标价", "Price")]
    minutes: Annotated[str, digest("会议纪要", "Meeting record")]

    @guard(
        "award.not_exempt",
        "“{method}”须竞争采购，请发起采购",
        "“{method_en}” is competitive; open a tender",
    )
    def exempt_method(self, case: Case[None]) -> Facts | None:
        """Competition is another act."""
        exempt = self.method.exempt
        return None if exempt else {"method": self.method.zh, "method_en": self.method.en}

    @guard(
        "award.over_direct_limit",
        "直接采购上限 {limit_fen} 元，同类标段合计 {sum_fen} 元，请改用竞争方式",
        "Direct purchase ends at {limit_fen}, parts of this kind come to {sum_fen}; compete instead",
        "P13d：各省限额标准，待核",
    )
    def direct_is_small(self, case: Case[None]) -> Facts | None:
        """Direct purchase stays below the province's limit."""
        if self.method is not Method.DIRECT:
            return None
        lot = case.get(Lot, self.lot)
        limit, total = case.value(DIRECT_LIMIT, lot.region, case.now), together_fen(case, lot)
        return {"limit_fen": limit, "sum_fen": total} if total > limit else None

    @guard(
        "award.exempt_price",
        "定标价须大于零且不超过控制价 {control_fen} 元",
        "The price must be above nothing and within the control price {control_fen}",
    )
    def within_control(self, case: Case[None]) -> Facts | None:
        """No award above the control price."""
        control = case.get(Lot, self.lot).control_fen
        return None if 0 < self.price_fen <= control else {"control_fen": control}

    def effects(self, case: Case[None]) -> list[Object]:
        """Award it at once and move the lot."""
        winner = case.get(Organisation, self.winner).id
        award = begun(
            self,
            case,
            document=self.minutes,
            winner=winner,
            price_fen=self.price_fen,
            awarded_ms=case.now,
            state=AwardState.AWARDED,
        )
        lot = case.get(Lot, self.lot)
        return [award, lot.but(state=LotState.AWARDED, award=case.id)]


@act(
    "award.void/1",
    "采购作废",
    "Void a tender or award",
    on=Award,
    by=(Role.OWNER,),
    grade=Grade.APPROVE,
    when=(AwardState.TENDERING, AwardState.AWARDED),
    own="owner",
)
class VoidAward(Act, frozen=True, kw_only=True):
    """Fail a tender or take an award back before its contract."""

    reason: Annotated[str, commitment("作废理由", "Reason")]
    document: Annotated[str, digest("废标文件", "Document")]

    @guard(
        "award.contracted",
        "标段已签合同（{state}），请走合同变更或终止",
        "The lot is past its award ({state_en}); vary or terminate the contract",
    )
    def not_contracted(self, case: Case[Award]) -> Facts | None:
        """A contract is not undone by voiding its award."""
        state = case.get(Lot, case.subject.lot).state
        early = state in (LotState.TENDERING, LotState.AWARDED)
        return None if early else {"state": state.zh, "state_en": state.en}

    def effects(self, case: Case[Award]) -> list[Object]:
        """Void it; the lot can be bought again."""
        lot = case.get(Lot, case.subject.lot)
        voided = case.subject.but(state=AwardState.VOID)
        return [voided, lot.but(state=LotState.EVALUATED, award="")]
