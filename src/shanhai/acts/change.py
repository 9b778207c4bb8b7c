"""Changes (项目调整): the only way to alter what was approved, field by field, by whoever approved it.

Source: funds reference §5.3 (变更表 of 津市市) and §5.8 nos. 4 and 7; D40; 《预算法》 (不得擅自改变用途, 待核).
"""

from typing import Annotated, NamedTuple

import msgspec

from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    commitment,
    digest,
    flag,
    label,
    moment,
    noun,
    ref,
    region,
    rows,
    word,
)
from shanhai.acts.notice import NoticeId
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Countersigner
from shanhai.acts.project import ProjectId
from shanhai.kernel.text import Text


class ChangeField(Choice):
    """What may be asked to change; the nature of the money may not."""

    AMOUNT = "approved_fen", "批复资金（分）", "Approved amount (fen)"
    CONTENT = "content", "建设内容", "Content"
    PLACE = "place", "实施地点", "Place"
    HOUSEHOLDS = "households", "受益户数", "Households"
    PEOPLE = "people", "受益人数", "People"
    FINISH = "finish_ms", "计划完工", "Planned finish"
    OWNER = "owner", "项目业主", "Owner"
    SECTOR = "sector", "资金投向", "Sector"


class ChangeItem(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One field, as it was approved and as it shall be; numbers in decimal digits."""

    field: Annotated[ChangeField, label("调整事项", "Field")]
    before: Annotated[str, word("调整前", "Before", min_length=0, max_length=1000)]
    after: Annotated[str, word("调整后", "After", max_length=1000)]


class ChangeState(Choice):
    """Life of a change: department, finance, leading group, the east where it is material."""

    REQUESTED = "requested", "待部门审核", "Awaiting the department"
    REVIEWED = "reviewed", "待财政审核", "Awaiting finance"
    CHECKED = "checked", "待领导小组审定", "Awaiting the leading group"
    DECIDED = "decided", "待东部确认", "Awaiting the east"
    APPLIED = "applied", "已生效", "In force"
    REFUSED = "refused", "未通过", "Refused"


@noun
class Change(Object, frozen=True, kw_only=True):
    """A change of one approved project."""

    noun, prefix, text = "change", "cng", Text("项目调整", "Change")
    sums = (Sum("pending", by="project"),)
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    approver: Annotated[str, ref(Organisation, "原批复单位", "Original approver")]
    items: Annotated[tuple[ChangeItem, ...], rows("调整事项", "Items", least=1, most=16)]
    reason: Annotated[str, commitment("调整理由", "Reason")]
    document: Annotated[str, digest("调整申请", "Application")]
    material: Annotated[bool, flag("重大调整", "Material")] = False
    confirmer: Annotated[Countersigner, label("东部确认方", "Eastern confirmer")] = (
        Countersigner.NONE
    )
    notice: NoticeId = ""
    minutes: Annotated[str, digest("会议纪要", "Meeting record")] = ""
    number: Annotated[str, word("批复文号", "Number", max_length=60)] = ""
    requested_ms: Annotated[int, moment("申请时间", "Requested")] = 0
    applied_ms: Annotated[int, moment("生效时间", "In force")] = 0
    state: Annotated[ChangeState, label("状态", "State")] = ChangeState.REQUESTED

    @property
    def pending(self) -> int:
        """Return 1 until it is in force or refused."""
        return int(self.state not in (ChangeState.APPLIED, ChangeState.REFUSED))


ChangeId = Annotated[str, ref(Change, "项目调整", "Change")]


class Moved(NamedTuple):
    """An approved amount as it was and as it shall be, in fen."""

    before_fen: int
    after_fen: int


def moved_by(change: Change) -> Moved | None:
    """Return how a change moves the approved amount; None for one of other fields."""
    item = next((one for one in change.items if one.field is ChangeField.AMOUNT), None)
    return Moved(int(item.before), int(item.after)) if item else None
