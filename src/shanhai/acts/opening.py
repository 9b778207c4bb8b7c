"""Opening balances (期初导入): running projects brought in by one officer, inert until a second confirms.

Source: frozen decision 23. Everything brought in carries 期初 for ever, with cumulative amounts and documents
by hash; both officers count as doers of every earlier step.
"""

from typing import Annotated, Any

import msgspec

from shanhai.acts.derived import derived_id
from shanhai.acts.line import FundingLine, LineKind, LineState
from shanhai.acts.lot import Lot, LotKind, LotState
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Object,
    Sum,
    amount,
    count,
    digest,
    label,
    noun,
    ref,
    region,
    rows,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Year
from shanhai.acts.project import Project, ProjectId
from shanhai.kernel.text import Text


class OpeningState(Choice):
    """Life of a batch of opening balances."""

    PENDING = "pending", "待第二人确认", "Awaiting the second officer"
    CONFIRMED = "confirmed", "已确认", "Confirmed"
    REFUSED = "refused", "已作废", "Refused"


@noun
class Opening(Object, frozen=True, kw_only=True):
    """One batch of a project's opening balances."""

    noun, prefix, text, title = "opening", "opn", Text("期初", "Opening balance"), "basis"
    sums = (Sum("pending", by="project"), Sum("paid_fen", by="project"))
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    basis: Annotated[str, word("依据", "Basis")]
    document: Annotated[str, digest("期初资料", "Documents")]
    lots: Annotated[tuple[str, ...], label("标段", "Lots")] = ()
    contracts: Annotated[tuple[str, ...], label("合同", "Contracts")] = ()
    lines: Annotated[tuple[str, ...], label("指标", "Funding lines")] = ()
    splits: Annotated[tuple[str, ...], label("支付明细", "Splits")] = ()
    paid_fen: Annotated[int, amount("期初累计已付", "Paid before")] = 0
    state: Annotated[OpeningState, label("状态", "State")] = OpeningState.PENDING

    @property
    def pending(self) -> int:
        """Return 1 until the second officer has decided."""
        return int(self.state is OpeningState.PENDING)


class OpeningLot(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One lot as it stands."""

    name: Annotated[str, word("标段名称", "Name")]
    kind: Annotated[LotKind, label("标的", "Kind")]
    estimate_fen: Annotated[int, amount("概算", "Estimate")]
    control_fen: Annotated[int, amount("控制价", "Control price")] = 0
    settled_fen: Annotated[int, amount("结算金额", "Settled")] = 0
    state: Annotated[LotState, label("所处环节", "Stage")]


class OpeningLine(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One funding line as it stands."""

    number: Annotated[str, word("指标文号", "Line number", max_length=60)]
    subject: Annotated[str, word("预算科目", "Budget subject", max_length=20)]
    kind: Annotated[LineKind, label("资金性质", "Kind")]
    origin_year: Annotated[int, count("首次下达年度", "Year first issued", ge=1996, le=2100)]
    year: Year
    issued_fen: Annotated[int, amount("指标金额", "Issued")]
    department: Annotated[str, ref(Organisation, "预算单位", "Budget unit")]


class Batch(Act, frozen=True, kw_only=True):
    """Lots and lines brought in together, on documents by hash."""

    basis: Annotated[str, word("依据", "Basis")]
    document: Annotated[str, digest("期初资料", "Documents")]
    lots: Annotated[tuple[OpeningLot, ...], rows("标段", "Lots", most=32)] = ()
    lines: Annotated[tuple[OpeningLine, ...], rows("指标", "Funding lines", most=16)] = ()

    def lots_of(self, case: Case[Any], project: Project) -> list[Lot]:
        """Build the inert lots."""
        return [
            Lot(
                id=derived_id(case, "lot", place),
                project=project.id,
                region=project.region,
                east_region=project.east_region,
                owner=project.owner,
                name=row.name,
                kind=row.kind,
                estimate_fen=row.estimate_fen,
                control_fen=row.control_fen,
                settled_fen=row.settled_fen,
                opening=True,
                resumes=row.state,
                state=LotState.OPENING,
            )
            for place, row in enumerate(self.lots)
        ]

    def lines_of(self, case: Case[Any], project: Project) -> list[FundingLine]:
        """Build the inert funding lines of the county."""
        return [
            FundingLine(
                id=derived_id(case, "lin", place),
                region=project.region[:6],
                east_region=project.east_region,
                year=row.year,
                origin_year=row.origin_year,
                number=row.number,
                subject=row.subject,
                kind=row.kind,
                department=row.department,
                issued_fen=row.issued_fen,
                issued_ms=case.now,
                opening=True,
                state=LineState.OPENING,
            )
            for place, row in enumerate(self.lines)
        ]

    def batch(self, case: Case[Any], project: Project, id: str) -> list[Object]:  # noqa: A002 - the field's name
        """Build the batch and all it brings in."""
        lots, lines = self.lots_of(case, project), self.lines_of(case, project)
        opening = Opening(
            id=id,
            project=project.id,
            region=project.region,
            east_region=project.east_region,
            basis=self.basis,
            document=self.document,
            lots=tuple(one.id for one in lots),
            lines=tuple(one.id for one in lines),
        )
        return [opening, *lots, *lines]
