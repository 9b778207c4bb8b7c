"""Fiscal years and reported months of a county: what is open takes movements, what was reported takes only 调整.

Source: funds reference §5.8 no. 2; 《预算法》 art. 18 (预算年度, 待核); Chongqing's monthly circular of 2019-07-12.
"""

from typing import Annotated, Any

from shanhai.acts.machine import (
    Case,
    Choice,
    Facts,
    Object,
    Sum,
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
from shanhai.acts.pairing import Year
from shanhai.acts.platform import platform
from shanhai.kernel.periods import date_of
from shanhai.kernel.text import Text

Month = Annotated[int, count("月份", "Month", ge=1, le=12)]


class YearState(Choice):
    """Whether a year takes movements."""

    OPEN = "open", "开账", "Open"
    CLOSED = "closed", "已结账", "Closed"


@noun
class FiscalYear(Object, frozen=True, kw_only=True):
    """A county's fiscal year."""

    noun, prefix, text, title = "fiscal_year", "fyr", Text("预算年度", "Fiscal year"), "year"
    region: Annotated[str, region()]
    year: Year
    opened_ms: Annotated[int, moment("开账时间", "Opened")] = 0
    closed_ms: Annotated[int, moment("结账时间", "Closed")] = 0
    state: Annotated[YearState, label("状态", "State")] = YearState.OPEN

    @property
    def unique(self) -> tuple[str, ...]:
        """A county has a year once."""
        return (f"fiscal_year:{self.region[:6]}/{self.year}",)


@noun
class FrozenMonth(Object, frozen=True, kw_only=True):
    """A month whose figures were reported; later corrections are 调整 beside it."""

    noun, prefix, text, title = "frozen_month", "frm", Text("已上报月份", "Reported month"), "month"
    region: Annotated[str, region()]
    year: Year
    month: Month
    paid_fen: Annotated[int, amount("上报支付额", "Paid as reported")]
    document: Annotated[str, digest("月报", "Monthly report")]
    frozen_ms: Annotated[int, moment("冻结时间", "Frozen")] = 0

    @property
    def unique(self) -> tuple[str, ...]:
        """A month is reported once."""
        return (f"frozen_month:{self.region[:6]}/{self.year}-{self.month:02}",)


MonthId = Annotated[str, ref(FrozenMonth, "已上报月份", "Reported month")]


class Direction(Choice):
    """Whether an adjustment raises or lowers the reported figure."""

    INCREASE = "increase", "调增", "Increase"
    DECREASE = "decrease", "调减", "Decrease"


@noun
class MonthAdjustment(Object, frozen=True, kw_only=True):
    """A correction of a reported month that leaves the report as it was (调整)."""

    noun, prefix, text = "month_adjustment", "adj", Text("月报调整", "Adjustment of a month")
    sums = (Sum("increase_fen", by="month"), Sum("decrease_fen", by="month"))
    month: MonthId
    region: Annotated[str, region()]
    year: Year
    direction: Annotated[Direction, label("方向", "Direction")]
    amount_fen: Annotated[int, amount("金额", "Amount")]
    reason: Annotated[str, commitment("原因", "Reason")]
    document: Annotated[str, digest("依据", "Document")]
    adjusted_ms: Annotated[int, moment("调整时间", "Adjusted")] = 0

    @property
    def increase_fen(self) -> int:
        """Return what it adds."""
        return self.amount_fen if self.direction is Direction.INCREASE else 0

    @property
    def decrease_fen(self) -> int:
        """Return what it takes off."""
        return self.amount_fen if self.direction is Direction.DECREASE else 0


def month_key(region: str, time_ms: int) -> str:
    """Return the county and month that a movement counts in, `510722/2026-06`."""
    day = date_of(time_ms)
    return f"{region[:6]}/{day.year}-{day.month:02}"


def year_is_open(case: Case[Any], region: str, year: int) -> bool:
    """Return whether a county's fiscal year takes movements."""
    held = case.view.holder(f"fiscal_year:{region[:6]}/{year}")
    found = case.find(FiscalYear, held) if held else None
    return found is not None and found.state is YearState.OPEN


def month_is_frozen(case: Case[Any], region: str, time_ms: int) -> bool:
    """Return whether the month of a movement has been reported."""
    return bool(case.view.holder(f"frozen_month:{month_key(region, time_ms)}"))


def open_year(case: Case[Any], region: str, year: int) -> Facts | None:
    """Return the facts of `year.not_open`, None where the year takes movements."""
    return None if year_is_open(case, region, year) else {"year": year}


@guard(
    "year.not_open",
    "{year} 年度未开账或已结账，请先开账，或结转到已开账的年度",
    "The year {year} is not open; open it first, or carry the money over to an open year",
    platform("R10") + "；《预算法》第十八条，待核",
)
def own_year_open(payload: Any, case: Case[Any]) -> Facts | None:
    """Movements name an open year: the subject's own, or the payload's while it is being made."""
    named = case.subject if case.subject is not None else payload
    return open_year(case, named.region, named.year)
