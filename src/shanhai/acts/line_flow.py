"""Movements of funding lines: issued, added to, moved to another, recalled, carried over to the next year.

Source: funds reference §5.8 nos. 1 and 2; 《预算法》 arts. 42 (结转) and 63 (预算调剂), both 待核.
"""

from typing import Annotated, Any

from shanhai.acts.clocks import CARRY_MONTHS
from shanhai.acts.derived import derived_id
from shanhai.acts.fiscal_year import open_year, own_year_open
from shanhai.acts.fund import Allocation, AllocationId, Amount, Document, Number
from shanhai.acts.fund_flow import some_amount
from shanhai.acts.line import FundingLine, LineId, LineKind, LineMove, LineState, MoveKind
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Object,
    act,
    amount,
    flag,
    guard,
    label,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Year
from shanhai.acts.roles import Role
from shanhai.kernel.regions import contains

FINANCE = (Role.COUNTY_FINANCE,)
MONTHS_A_YEAR = 12


def moved(case: Case[FundingLine], kind: MoveKind, payload: Any, other: str = "") -> LineMove:
    """Build the record of a movement."""
    line = case.subject
    return LineMove(
        id=derived_id(case, LineMove.prefix),
        kind=kind,
        line=line.id,
        other=other,
        region=line.region,
        east_region=line.east_region,
        year=line.year,
        amount_fen=payload.amount_fen,
        number=payload.number,
        document=payload.document,
        moved_ms=case.now,
    )


@act(
    "line.issue/1",
    "下达指标",
    "Issue a funding line",
    on=FundingLine,
    by=FINANCE,
    grade=Grade.APPROVE,
    also=(own_year_open,),
)
class IssueLine(Act, frozen=True, kw_only=True):
    """Give a budget unit of the county an indicator; East–West money draws on an allocation."""

    allocation: AllocationId = ""
    region: Annotated[str, region("县", "County")]
    year: Year
    number: Annotated[str, word("指标文号", "Line number", max_length=60)]
    subject: Annotated[str, word("预算科目", "Budget subject", max_length=20)]
    kind: Annotated[LineKind, label("资金性质", "Kind")]
    department: Annotated[str, ref(Organisation, "预算单位", "Budget unit")]
    issued_fen: Annotated[int, amount("指标金额", "Issued")]
    direct: Annotated[bool, flag("直达资金", "Marked as direct fund")] = False

    @guard("line.zero", "指标金额须大于零", "A line's amount must be above zero")
    def some_money(self, _case: Case[None]) -> Facts | None:
        """An empty line caps nothing."""
        return None if self.issued_fen else {}

    @guard(
        "line.no_allocation",
        "东西部协作资金须选择其资金下达文件，其他资金不选",
        "East–West money names its allocation; other money names none",
    )
    def names_its_allocation(self, _case: Case[None]) -> Facts | None:
        """East–West money keeps its lineage."""
        ours = self.kind is LineKind.EAST_WEST
        return None if bool(self.allocation) is ours else {}

    @guard(
        "line.region",
        "县不在下达地区 {region} 之内，或年度与下达文件不同，请核对",
        "The county is outside the allocation's {region}, or the year differs; check them",
    )
    def fits_allocation(self, case: Case[None]) -> Facts | None:
        """A line lies within its allocation's place and year."""
        if not self.allocation:
            return None
        found = case.get(Allocation, self.allocation)
        fits = contains(found.region, self.region) and found.year == self.year
        return None if fits else {"region": found.region}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it."""
        found = case.find(Allocation, self.allocation)
        more: dict[str, Any] = {
            "origin_year": self.year,
            "east_region": found.east_region if found else "",
            "advance": bool(found and found.advance),
            "issued_ms": case.now,
        }
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [FundingLine(id=case.id, **given, **more)]


class Movement(Act, frozen=True, kw_only=True):
    """What every movement of a line says."""

    amount_fen: Amount
    number: Number
    document: Document


@act(
    "line.add/1",
    "追加指标",
    "Add to a line",
    on=FundingLine,
    by=FINANCE,
    grade=Grade.APPROVE,
    when=(LineState.OPEN,),
    also=(some_amount, own_year_open),
)
class AddToLine(Movement, frozen=True, kw_only=True):
    """Raise it; its allocation bounds it."""

    def effects(self, case: Case[FundingLine]) -> list[Object]:
        """Raise it and write the movement down."""
        line = case.subject
        raised = line.but(issued_fen=line.issued_fen + self.amount_fen)
        return [raised, moved(case, MoveKind.ADD, self)]


@act(
    "line.adjust/1",
    "调剂指标",
    "Move money to another line",
    on=FundingLine,
    by=FINANCE,
    grade=Grade.APPROVE,
    when=(LineState.OPEN,),
    also=(some_amount, own_year_open),
)
class AdjustLine(Movement, frozen=True, kw_only=True):
    """Move what is free to another line of the same county, year, kind and allocation."""

    other: LineId

    @guard(
        "line.not_alike",
        "只能在同县、同年度、同性质、同一下达文件且可用的指标之间调剂",
        "Money moves only between open lines of one county, year, kind and allocation",
        "《预算法》第六十三条，待核",
    )
    def alike(self, case: Case[FundingLine]) -> Facts | None:
        """Money does not change its nature on the way."""
        mine, other = case.subject, case.get(FundingLine, self.other)
        names = ("region", "year", "kind", "allocation", "state")
        same = all(getattr(mine, name) == getattr(other, name) for name in names)
        return None if same and mine.id != other.id else {}

    def effects(self, case: Case[FundingLine]) -> list[Object]:
        """Lower the one, raise the other; budgets and payments bound the first."""
        mine, other = case.subject, case.get(FundingLine, self.other)
        return [
            mine.but(issued_fen=mine.issued_fen - self.amount_fen),
            other.but(issued_fen=other.issued_fen + self.amount_fen),
            moved(case, MoveKind.ADJUST, self, other.id),
        ]


@guard(
    "line.over_available",
    "指标只余 {available_fen} 元，请减少金额",
    "The line has only {available_fen}; lower the amount",
)
def enough_available(payload: Any, case: Case[FundingLine]) -> Facts | None:
    """A line does not go below nothing."""
    available = case.subject.available_fen
    return {"available_fen": available} if payload.amount_fen > available else None


@act(
    "line.recall/1",
    "收回指标",
    "Recall from a line",
    on=FundingLine,
    by=FINANCE,
    grade=Grade.APPROVE,
    when=(LineState.OPEN,),
    also=(some_amount, own_year_open, enough_available),
)
class RecallLine(Movement, frozen=True, kw_only=True):
    """Take back what is not budgeted: in the year (收回) or as surplus at its end (结余收回)."""

    surplus: Annotated[bool, flag("结余收回", "As surplus")] = False

    def effects(self, case: Case[FundingLine]) -> list[Object]:
        """Lower it; budgets and payments bound it."""
        line = case.subject
        if self.surplus:
            lowered = line.but(returned_fen=line.returned_fen + self.amount_fen)
            return [lowered, moved(case, MoveKind.SURPLUS, self)]
        lowered = line.but(issued_fen=line.issued_fen - self.amount_fen)
        return [lowered, moved(case, MoveKind.RECALL, self)]


@act(
    "line.carry_over/1",
    "结转指标",
    "Carry a line over",
    on=FundingLine,
    by=FINANCE,
    grade=Grade.APPROVE,
    when=(LineState.OPEN,),
    also=(some_amount, own_year_open, enough_available),
)
class CarryOver(Movement, frozen=True, kw_only=True):
    """Create next year's line with this one as its parent; what is budgeted is recalled first."""

    @guard(
        "line.carry_limit",
        "{origin} 年下达的资金结转不得超过 {months} 个月，请按结余收回",
        "Money first issued in {origin} may be carried over for {months} months; return it as surplus",
        "《预算法》第四十二条，待核",
        skip_unset=True,
    )
    def within_limit(self, case: Case[FundingLine]) -> Facts | None:
        """Two years where the law's value is set."""
        line = case.subject
        months = case.value(CARRY_MONTHS, line.region, case.now)
        carried = line.year + 1 - line.origin_year
        over = carried * MONTHS_A_YEAR > months
        return {"origin": line.origin_year, "months": months} if over else None

    @guard(
        "line.next_year",
        "{year} 年度未开账，请先开账再结转",
        "The year {year} is not open; open it before carrying over",
    )
    def next_year_open(self, case: Case[FundingLine]) -> Facts | None:
        """The money arrives in an open year."""
        return open_year(case, case.subject.region, case.subject.year + 1)

    def effects(self, case: Case[FundingLine]) -> list[Object]:
        """Move the amount to a child line."""
        line = case.subject
        child = line.but(
            id=derived_id(case, FundingLine.prefix),
            year=line.year + 1,
            number=self.number,
            issued_fen=self.amount_fen,
            carried_fen=0,
            returned_fen=0,
            parent=line.id,
            issued_ms=case.now,
        )
        parent = line.but(carried_fen=line.carried_fen + self.amount_fen)
        return [parent, child, moved(case, MoveKind.CARRY_OVER, self, child.id)]
