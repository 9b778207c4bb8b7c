"""Opening balances (期初导入): running projects brought in by one officer, inert until a second confirms.

Source: frozen decision 23. Everything brought in carries 期初 for ever, with cumulative amounts and documents
by hash; both officers count as doers of every earlier step. What a batch holds stands in `opening_rows`, how it
is built in `opening_batch`, the acts in `opening_balance`.
"""

from typing import Annotated

from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    digest,
    label,
    noun,
    region,
    word,
)
from shanhai.acts.project import ProjectId
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
    budgets: Annotated[tuple[str, ...], label("项目预算", "Budgets")] = ()
    splits: Annotated[tuple[str, ...], label("支付明细", "Splits")] = ()
    paid_fen: Annotated[int, amount("期初累计已付", "Paid before")] = 0
    state: Annotated[OpeningState, label("状态", "State")] = OpeningState.PENDING

    @property
    def pending(self) -> int:
        """Return 1 until the second officer has decided."""
        return int(self.state is OpeningState.PENDING)
