"""Procurement (S7): the tender, its award, or the exemption with the meeting's record.

Source: 发改委令2018年第16号 (thresholds, P13); 《招标投标法》 art. 24 (20 days, 待核); its 条例 art. 54
(3 days' notice of candidates, 待核); 《政府采购法》 (methods, 待核); 以工代赈 and 村民自建 by local rule (待核).
"""

from typing import Annotated

from shanhai.acts.lot import LotId
from shanhai.acts.machine import (
    Choice,
    Object,
    amount,
    count,
    digest,
    label,
    moment,
    noun,
    ref,
    region,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
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
