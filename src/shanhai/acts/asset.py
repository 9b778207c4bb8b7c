"""Assets (S13): registered by class, with owner, holder and register number, then handed over.

Source: 国办函〔2021〕51号 (P16: 公益性, 经营性, 到户类; article 待核); funds reference §5.1 S13.
"""

from typing import Annotated

from shanhai.acts.lot import LotId
from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    digest,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
from shanhai.kernel.text import Text


class AssetClass(Choice):
    """The three classes, and what leaves no asset behind."""

    PUBLIC = "public", "公益性资产", "Public-benefit asset"
    OPERATING = "operating", "经营性资产", "Operating asset"
    HOUSEHOLD = "household", "到户类资产", "Household asset"
    NONE = "none", "不形成资产", "No asset"


class AssetState(Choice):
    """Life of an asset."""

    REGISTERED = "registered", "已登记", "Registered"
    HANDED_OVER = "handed_over", "已移交", "Handed over"
    VOID = "void", "已作废", "Void"


@noun
class Asset(Object, frozen=True, kw_only=True):
    """What a lot left behind."""

    noun, prefix, text, title = "asset", "ast", Text("资产", "Asset"), "name"
    sums = (Sum("pending", by="lot"), Sum("standing_fen", by="lot"))
    project: ProjectId
    lot: LotId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    name: Annotated[str, word("资产名称", "Name")]
    kind: Annotated[AssetClass, label("资产类别", "Class")]
    value_fen: Annotated[int, amount("入账价值", "Value")]
    owner: Annotated[str, ref(Organisation, "产权单位", "Owner")]
    holder: Annotated[str, ref(Organisation, "管护单位", "Holder")]
    number: Annotated[str, word("台账编号", "Register number", max_length=60)]
    document: Annotated[str, digest("确权登记", "Registration")]
    handover: Annotated[str, digest("移交单", "Handover record")] = ""
    handed_over_ms: Annotated[int, moment("移交时间", "Handed over")] = 0
    state: Annotated[AssetState, label("状态", "State")] = AssetState.REGISTERED

    @property
    def pending(self) -> int:
        """Return 1 until it is handed over."""
        return int(self.state is AssetState.REGISTERED)

    @property
    def standing_fen(self) -> int:
        """Return its value unless void."""
        return 0 if self.state is AssetState.VOID else self.value_fen

    @property
    def unique(self) -> tuple[str, ...]:
        """A register number names one asset in a county."""
        if self.state is AssetState.VOID:
            return ()
        return (f"asset_number:{self.region[:6]}/{self.number}",)


AssetId = Annotated[str, ref(Asset, "资产", "Asset")]
