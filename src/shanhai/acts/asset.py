"""Assets (S13): registered by class, with owner, holder and register number, then handed over.

Source: 国办函〔2021〕51号 (P16: 公益性, 经营性, 到户类; article 待核); funds reference §5.1 S13.
"""

from typing import Annotated

from shanhai.acts.lot import Lot, LotId, LotState
from shanhai.acts.machine import (
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Never,
    Object,
    Sum,
    act,
    amount,
    digest,
    flag,
    guard,
    label,
    moment,
    noun,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.project import ProjectId
from shanhai.acts.roles import Role
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


@act(
    "asset.register/1",
    "登记资产",
    "Register an asset",
    on=Asset,
    by=(Role.COUNTY_DEPARTMENT, Role.TOWNSHIP),
    grade=Grade.CERTIFY,
)
class RegisterAsset(Act, frozen=True, kw_only=True):
    """Enter what a settled lot left behind, by class, owner and holder."""

    lot: LotId
    name: Annotated[str, word("资产名称", "Name")]
    kind: Annotated[AssetClass, label("资产类别", "Class")]
    value_fen: Annotated[int, amount("入账价值", "Value")] = 0
    owner: Annotated[str, ref(Organisation, "产权单位", "Owner")]
    holder: Annotated[str, ref(Organisation, "管护单位", "Holder")]
    number: Annotated[str, word("台账编号", "Register number", max_length=60)]
    document: Annotated[str, digest("确权登记", "Registration")]

    @guard(
        "asset.lot_stage",
        "标段现处“{state}”，结算后方可登记资产",
        "The lot is in “{state_en}”; its assets are registered once it is settled",
        "D36",
    )
    def lot_settled(self, case: Case[None]) -> Facts | None:
        """The settlement says what the asset cost."""
        state = case.get(Lot, self.lot).state
        return None if state is LotState.SETTLED else {"state": state.zh, "state_en": state.en}

    @guard(
        "asset.value",
        "形成资产的须填入账价值；不形成资产的不填",
        "Enter a value where there is an asset, none where there is none",
    )
    def valued(self, case: Case[None]) -> Facts | None:
        """An asset has a value; what leaves none has not."""
        return {} if (self.kind is AssetClass.NONE) is (self.value_fen > 0) else None

    @guard(
        "asset.over_settlement",
        "资产合计 {sum_fen} 元超过结算 {limit_fen} 元，请核对入账价值",
        "The lot's assets come to {sum_fen}, more than its settlement {limit_fen}; check the values",
    )
    def within_settlement(self, case: Case[None]) -> Facts | None:
        """Assets are not worth more than was paid for them."""
        limit = case.get(Lot, self.lot).settled_fen
        total = case.view.total(Asset, "standing_fen", self.lot) + self.value_fen
        return {"sum_fen": total, "limit_fen": limit} if total > limit else None

    @guard(
        "asset.organisation",
        "产权单位或管护单位未登记，请先登记单位",
        "The owner or holder is not registered; have it registered first",
    )
    def organisations_known(self, case: Case[None]) -> Facts | None:
        """Owner and holder are known bodies."""
        return None if all(case.find(Organisation, o) for o in (self.owner, self.holder)) else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build the asset."""
        lot = case.get(Lot, self.lot)
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [
            Asset(
                id=case.id,
                project=lot.project,
                region=lot.region,
                east_region=lot.east_region,
                **given,
            )
        ]


@act(
    "asset.hand_over/1",
    "接收资产",
    "Take an asset over",
    on=Asset,
    by=(Role.VILLAGE, Role.TOWNSHIP, Role.OWNER, Role.COUNTY_DEPARTMENT),
    grade=Grade.CERTIFY,
    when=(AssetState.REGISTERED,),
    own="holder",
    not_by=(Never("asset.register"),),
)
class HandOverAsset(Act, frozen=True, kw_only=True):
    """Take over for the holder; the last one finishes the lot."""

    handover: Annotated[str, digest("移交单", "Handover record")]
    last: Annotated[bool, flag("本标段资产已全部登记并移交", "The lot's last asset")] = False

    @guard(
        "asset.pending",
        "本标段还有 {count} 项资产未移交，不是最后一项",
        "{count} more assets of this lot are not handed over; this is not the last",
    )
    def really_last(self, case: Case[Asset]) -> Facts | None:
        """The last is the last."""
        others = case.view.total(Asset, "pending", case.subject.lot) - 1
        return {"count": others} if self.last and others > 0 else None

    def effects(self, case: Case[Asset]) -> list[Object]:
        """Note the handover and, with the last, finish the lot."""
        done = {"handover": self.handover, "handed_over_ms": case.now}
        asset = case.subject.but(state=AssetState.HANDED_OVER, **done)
        lot = case.get(Lot, asset.lot)
        return [asset, lot.but(state=LotState.FINISHED)] if self.last else [asset]
