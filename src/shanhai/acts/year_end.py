"""Fiscal years open and close, months freeze once reported, later corrections stand beside them (调整).

Source: funds reference §5.8 no. 2; Chongqing's monthly circular of 2019-07-12 (report by the 5th).
"""

from datetime import date
from typing import Annotated, Any

from shanhai.acts.fiscal_year import (
    Direction,
    FiscalYear,
    FrozenMonth,
    Month,
    MonthAdjustment,
    MonthId,
    YearState,
)
from shanhai.acts.fund_flow import some_amount
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
    guard,
    label,
    region,
)
from shanhai.acts.pairing import Year
from shanhai.acts.payment import Payment
from shanhai.acts.platform import platform
from shanhai.acts.roles import Role
from shanhai.kernel.periods import ms_of


@act(
    "year.open/1",
    "年度开账",
    "Open a fiscal year",
    on=FiscalYear,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
)
class OpenYear(Act, frozen=True, kw_only=True):
    """From here the county's lines and payments may name this year."""

    region: Annotated[str, region("县", "County")]
    year: Year

    @guard(
        "year.county",
        "预算年度按县开账，请填六位县级代码",
        "A fiscal year is a county's; enter its code of six digits",
    )
    def of_a_county(self, _case: Case[None]) -> Facts | None:
        """One set of books a county."""
        county = len(self.region) == 6 and not self.region.endswith("00")  # noqa: PLR2004 - adcode
        return None if county else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Open it."""
        return [FiscalYear(id=case.id, region=self.region, year=self.year, opened_ms=case.now)]


@act(
    "year.close/1",
    "年度结账",
    "Close a fiscal year",
    on=FiscalYear,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    when=(YearState.OPEN,),
    not_by=(Never("year.open"),),
)
class CloseYear(Act, frozen=True, kw_only=True):
    """From here nothing names this year any more; what is left is carried over or returned before."""

    document: Annotated[str, digest("年终结账表", "Year-end statement")]

    @guard(
        "year.running",
        "{year} 年度尚未结束，请于年末后结账",
        "The year {year} still runs; close it once it is over",
    )
    def is_over(self, case: Case[FiscalYear]) -> Facts | None:
        """A year closes after its last day."""
        year = case.subject.year
        return {"year": year} if case.now < ms_of(date(year + 1, 1, 1)) else None

    @guard(
        "year.payments_open",
        "本年度还有 {count} 笔支付在途，请先到账、作废或失败登记",
        "{count} payments of this year are under way; have them paid, withdrawn or failed first",
        platform("R10"),
    )
    def nothing_under_way(self, case: Case[FiscalYear]) -> Facts | None:
        """Nothing is left hanging."""
        year = case.subject
        left = case.view.total(Payment, "in_flight", f"{year.region[:6]}/{year.year}")
        return {"count": left} if left else None

    def effects(self, case: Case[FiscalYear]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=YearState.CLOSED, closed_ms=case.now)]


@act(
    "month.freeze/1",
    "上报并冻结月份",
    "Report and freeze a month",
    on=FrozenMonth,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
)
class FreezeMonth(Act, frozen=True, kw_only=True):
    """Report what was paid in a month; from here it takes only 调整."""

    region: Annotated[str, region("县", "County")]
    year: Year
    month: Month
    paid_fen: Annotated[int, amount("上报支付额", "Paid as reported")]
    document: Annotated[str, digest("月报", "Monthly report")]

    @guard(
        "month.running",
        "{month} 月尚未结束，请于月末后上报",
        "Month {month} still runs; report it once it is over",
        "重庆市财政局月通报 2019-07-12",
    )
    def is_over(self, case: Case[None]) -> Facts | None:
        """Only a whole month is reported."""
        years, following = divmod(self.month, 12)
        end = ms_of(date(self.year + years, following + 1, 1))
        return None if case.now >= end else {"month": self.month}

    @guard(
        "month.differs",
        "台账本月支付 {ledger_fen} 元，与上报数不符，请核对后上报",
        "The ledger paid {ledger_fen} in that month, not what is reported; check and report that",
    )
    def equals_the_ledger(self, case: Case[None]) -> Facts | None:
        """What is reported is what the ledger shows."""
        key = f"{self.region[:6]}/{self.year}-{self.month:02}"
        paid = case.view.total(Payment, "paid_fen", key)
        return None if paid == self.paid_fen else {"ledger_fen": paid}

    def effects(self, case: Case[None]) -> list[Object]:
        """Freeze it."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [FrozenMonth(id=case.id, frozen_ms=case.now, **given)]


@act(
    "month.adjust/1",
    "调整已上报月份",
    "Adjust a reported month",
    on=MonthAdjustment,
    by=(Role.COUNTY_FINANCE,),
    grade=Grade.APPROVE,
    not_by=(Never("month.freeze", via="month"),),
    also=(some_amount,),
)
class AdjustMonth(Act, frozen=True, kw_only=True):
    """Correct a reported figure without touching the report; another officer than the reporter."""

    month: MonthId
    direction: Annotated[Direction, label("方向", "Direction")]
    amount_fen: Annotated[int, amount("金额", "Amount")]
    reason: Annotated[str, commitment("原因", "Reason")]
    document: Annotated[str, digest("依据", "Document")]

    @guard(
        "month.below_zero",
        "调减后将低于零（现为 {net_fen} 元），请核对",
        "That would go below zero (now {net_fen}); check the amount",
    )
    def stays_positive(self, case: Case[None]) -> Facts | None:
        """A month cannot have paid less than nothing."""
        net = adjusted_fen(case, case.get(FrozenMonth, self.month))
        below = self.direction is Direction.DECREASE and self.amount_fen > net
        return {"net_fen": net} if below else None

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the adjustment."""
        month = case.get(FrozenMonth, self.month)
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        where: dict[str, Any] = {
            "region": month.region,
            "year": month.year,
            "adjusted_ms": case.now,
        }
        return [MonthAdjustment(id=case.id, **given, **where)]


def adjusted_fen(case: Case[Any], month: FrozenMonth) -> int:
    """Return a reported month's figure with its adjustments."""
    more = case.view.total(MonthAdjustment, "increase_fen", month.id)
    return month.paid_fen + more - case.view.total(MonthAdjustment, "decrease_fen", month.id)
