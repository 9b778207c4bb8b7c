"""Funding lines (指标): what a county may spend, by document number, subject and year; no cash, a cap.

Source: funds reference §5.8 nos. 1 and 2; 《预算法》 arts. 42 (结转) and 63 (预算调剂, both 待核).
"""

from typing import Annotated

from shanhai.acts.fund import Allocation, AllocationId, Amount, Document, Number
from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    count,
    flag,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Year
from shanhai.kernel.text import Text


class LineKind(Choice):
    """Where the money comes from."""

    EAST_WEST = "east_west", "东西部协作资金", "East–West collaboration"
    BRIDGING = "bridging", "衔接推进乡村振兴补助资金", "Bridging fund"
    PROVINCE = "province", "省级资金", "Provincial"
    COUNTY = "county", "县级资金", "County"
    SOCIAL = "social", "社会帮扶资金", "Social"


class LineState(Choice):
    """Life of a line; an opening one is inert until the second officer confirms."""

    OPENING = "opening", "期初待确认", "Opening, to be confirmed"
    OPEN = "open", "可用", "Open"
    CLOSED = "closed", "已结清", "Closed"
    VOID = "void", "已作废", "Void"


@noun
class FundingLine(Object, frozen=True, kw_only=True):
    """A budget indicator of one county and fiscal year; every payment names the lines it draws on."""

    noun, prefix, text, title = "funding_line", "lin", Text("指标", "Funding line"), "number"
    sums = (Sum("drawn_fen", by="allocation", of=Allocation, within="net_fen"),)
    allocation: AllocationId = ""
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    origin_year: Annotated[int, count("首次下达年度", "Year first issued", ge=1996, le=2100)]
    number: Annotated[str, word("指标文号", "Line number", max_length=60)]
    subject: Annotated[str, word("预算科目", "Budget subject", max_length=20)]
    kind: Annotated[LineKind, label("资金性质", "Kind")]
    department: Annotated[str, ref(Organisation, "预算单位", "Budget unit")]
    issued_fen: Annotated[int, amount("指标金额", "Issued")]
    carried_fen: Annotated[int, amount("已结转", "Carried over")] = 0
    returned_fen: Annotated[int, amount("结余已收回", "Surplus returned")] = 0
    advance: Annotated[bool, flag("提前下达", "In advance of the cash")] = False
    direct: Annotated[bool, flag("直达资金", "Marked as direct fund")] = False
    parent: Annotated[str, ref(None, "上年指标", "Last year's line")] = ""
    issued_ms: Annotated[int, moment("下达时间", "Issued")] = 0
    opening: Annotated[bool, flag("期初", "Opening balance")] = False
    state: Annotated[LineState, label("状态", "State")] = LineState.OPEN

    @property
    def available_fen(self) -> int:
        """Return what the line caps: issued less carried over and returned, 0 while inert."""
        inert = self.state in (LineState.OPENING, LineState.VOID)
        return 0 if inert else self.issued_fen - self.carried_fen - self.returned_fen

    @property
    def drawn_fen(self) -> int:
        """Return what the line draws on its allocation; carrying over moves it to the child."""
        return self.available_fen

    @property
    def unique(self) -> tuple[str, ...]:
        """A line's number stands once a county and year."""
        if self.state is LineState.VOID:
            return ()
        return (f"line_number:{self.region[:6]}/{self.year}/{self.number}",)


LineId = Annotated[str, ref(FundingLine, "指标", "Funding line")]


class MoveKind(Choice):
    """How a line's amount moved after it was issued."""

    ADD = "add", "追加", "Added"
    ADJUST = "adjust", "调剂", "Moved to another line"
    RECALL = "recall", "收回", "Recalled"
    CARRY_OVER = "carry_over", "结转", "Carried over"
    SURPLUS = "surplus", "结余收回", "Surplus returned"


@noun
class LineMove(Object, frozen=True, kw_only=True):
    """One movement of a line, with its document."""

    noun, prefix, text, title = "line_move", "lmv", Text("指标变动", "Movement of a line"), "number"
    kind: Annotated[MoveKind, label("变动", "Kind")]
    line: LineId
    other: Annotated[str, ref(FundingLine, "对方指标", "Other line")] = ""
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    amount_fen: Amount
    number: Number
    document: Document
    moved_ms: Annotated[int, moment("时间", "When")] = 0
