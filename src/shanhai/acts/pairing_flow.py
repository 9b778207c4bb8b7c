"""Pairs come to be: recorded as published by the data desk, or agreed by east and west; and they end.

Source: 中办发〔2016〕69号 and the 2021 adjustment of provincial pairs (text 待核).
"""

from typing import Annotated, Any

from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    Standing,
    act,
    guard,
    label,
    moment,
    region,
    word,
)
from shanhai.acts.pairing import Level, Pairing, PairingState
from shanhai.acts.roles import Role

AGREEING_WEST = (Role.PROVINCE_OFFICE, Role.PREFECTURE_OFFICE, Role.COUNTY_OFFICE)


class PairTerms(Act, frozen=True, kw_only=True):
    """What both ways of making a pair say."""

    region: Annotated[str, region("受援地区", "Recipient")]
    east_region: Annotated[str, region("支援地区", "Donor")]
    level: Annotated[Level, label("层级", "Level")]
    scheme: Annotated[str, word("协作名称", "Scheme", max_length=60)]
    donor: Annotated[str, word("支援方名称", "Donor's name")] = ""
    recipient: Annotated[str, word("受援方名称", "Recipient's name")] = ""
    from_ms: Annotated[int, moment("开始日期", "From")] = 0
    to_ms: Annotated[int, moment("结束日期", "Until (not included)")] = 0
    source: Annotated[str, word("来源", "Source", max_length=400)]

    def pair(self, id: str, **more: Any) -> Pairing:  # noqa: A002 - the field's name
        """Build the pair."""
        names = PairTerms.__struct_fields__
        return Pairing(id=id, **{name: getattr(self, name) for name in names}, **more)


@guard(
    "pairing.same_place",
    "支援方与受援方不能是同一地区，请核对",
    "Donor and recipient are different places; check them",
)
def two_places(payload: PairTerms, _case: Case[None]) -> Facts | None:
    """Nobody helps itself."""
    return {} if payload.region == payload.east_region else None


@guard(
    "pairing.dates",
    "结束日期须晚于开始日期，请核对",
    "The end comes after the beginning; check the dates",
)
def dates_in_order(payload: PairTerms, _case: Case[None]) -> Facts | None:
    """A pair lasts."""
    return {} if payload.to_ms and payload.to_ms <= payload.from_ms else None


@act(
    "pairing.record/1",
    "转录结对关系",
    "Record a published pair",
    on=Pairing,
    by=(Role.DATA_DESK,),
    grade=Grade.DECLARE,
    also=(two_places, dates_in_order),
)
class RecordPairing(PairTerms, frozen=True, kw_only=True):
    """Write down a pair that was published, with its source and how sure it is."""

    standing: Annotated[Standing, label("核实", "Standing")] = Standing.CONFIRMED

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it as recorded."""
        return [self.pair(case.id, standing=self.standing, state=PairingState.RECORDED)]


@act(
    "pairing.propose/1",
    "提出结对",
    "Propose a pair",
    on=Pairing,
    by=(Role.EAST_OFFICE,),
    grade=Grade.APPROVE,
    also=(two_places, dates_in_order),
)
class ProposePairing(PairTerms, frozen=True, kw_only=True):
    """The east proposes."""

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it; the west has to agree."""
        return [self.pair(case.id)]


@act(
    "pairing.confirm/1",
    "确认结对",
    "Confirm a pair",
    on=Pairing,
    by=AGREEING_WEST,
    grade=Grade.APPROVE,
    when=(PairingState.PROPOSED,),
    not_by=(Never("pairing.propose"),),
)
class ConfirmPairing(Act, frozen=True, kw_only=True):
    """The west agrees."""

    def effects(self, case: Case[Pairing]) -> list[Object]:
        """The pair stands."""
        return [case.subject.but(state=PairingState.ACTIVE)]


@act(
    "pairing.end/1",
    "结束结对",
    "End a pair",
    on=Pairing,
    by=(Role.EAST_OFFICE, *AGREEING_WEST, Role.DATA_DESK),
    grade=Grade.APPROVE,
    when=(PairingState.ACTIVE, PairingState.RECORDED),
)
class EndPairing(Act, frozen=True, kw_only=True):
    """Say when it ended, and on whose word."""

    to_ms: Annotated[int, moment("结束日期", "Until (not included)")]
    source: Annotated[str, word("依据", "Basis", max_length=400)]

    @guard(
        "pairing.whose",
        "转录的结对由数据专员结束，在册的由双方协作部门结束",
        "The data desk ends what it recorded; the two offices end what they agreed",
    )
    def by_its_side(self, case: Case[Pairing]) -> Facts | None:
        """Each ends its own."""
        recorded = case.subject.state is PairingState.RECORDED
        return None if recorded is (case.post.role is Role.DATA_DESK) else {}

    @guard(
        "pairing.end_date",
        "结束日期须晚于开始日期且不晚于今天，请核对",
        "It ends after it began and not in the future; check the date",
    )
    def end_is_past(self, case: Case[Pairing]) -> Facts | None:
        """What has not ended goes on."""
        return None if case.subject.from_ms < self.to_ms <= case.now else {}

    def effects(self, case: Case[Pairing]) -> list[Object]:
        """End it."""
        return [case.subject.but(to_ms=self.to_ms, state=PairingState.ENDED)]
