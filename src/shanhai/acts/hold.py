"""Holds (暂停拨付通知): drafted by an auditor, in force from the audit head's approval, executed by finance.

Source: frozen decision 21; funds reference §5.8 no. 5; 《审计法》 art. 38 (暂停拨付, 待核).
"""

from functools import cache
from typing import Annotated, Any

from shanhai.acts.machine import (
    Case,
    Choice,
    Facts,
    Object,
    Sum,
    commitment,
    count,
    digest,
    fields_of,
    guard,
    label,
    moment,
    noun,
    ref,
    refs,
    region,
    word,
)
from shanhai.acts.machine.fields import Kind
from shanhai.acts.platform import platform
from shanhai.kernel.text import Text


class TargetKind(Choice):
    """What a hold stops payments for."""

    PROJECT = "project", "项目", "Project"
    LOT = "lot", "标段", "Lot"
    CONTRACT = "contract", "合同", "Contract"
    CLAIM = "claim", "请款", "Claim"
    PAYMENT = "payment", "支付", "Payment"
    LINE = "funding_line", "指标", "Funding line"
    ORGANISATION = "organisation", "单位", "Organisation"
    ORGANISATION_YEAR = "organisation_year", "单位某年度", "Organisation in a year"
    FIELD = "field", "资金投向", "Field of spending"


class HoldState(Choice):
    """Life of a hold; it blocks from APPROVED until LIFTED."""

    REQUESTED = "requested", "东部审计请求", "Requested by eastern auditors"
    DECLINED = "declined", "未采纳", "Declined"
    DRAFTED = "drafted", "待负责人批准", "Awaiting the audit head"
    APPROVED = "approved", "已批准，待财政执行", "Approved, finance to execute"
    EXECUTED = "executed", "财政已执行", "Executed by finance"
    LIFTED = "lifted", "已解除", "Lifted"


@noun
class HoldTarget(Object, frozen=True, kw_only=True):
    """One thing that a hold stops; the totals of `active` by target answer every payment guard."""

    noun, prefix, text = "hold_target", "htg", Text("暂停拨付对象", "Target of a hold")
    sums = (Sum("active", by="target"),)
    hold: Annotated[str, ref(None, "暂停拨付通知", "Hold")]
    region: Annotated[str, region()]
    kind: Annotated[TargetKind, label("对象类型", "Kind")]
    target: Annotated[str, word("对象", "Target", max_length=120)]
    active: Annotated[int, count("生效", "In force", le=1)] = 0


@noun
class Hold(Object, frozen=True, kw_only=True):
    """A notice that suspends payments."""

    noun, prefix, text, title = "hold", "hld", Text("暂停拨付通知", "Hold"), "number"
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    number: Annotated[str, word("审计通知书文号", "Audit notice number", max_length=60)]
    document: Annotated[str, digest("审计通知书", "Audit notice")]
    reason: Annotated[str, commitment("事由", "Reason")]
    targets: Annotated[tuple[str, ...], refs(HoldTarget, "对象", "Targets")]
    approved_ms: Annotated[int, moment("批准时间", "Approved")] = 0
    executed_ms: Annotated[int, moment("执行时间", "Executed")] = 0
    lifted_ms: Annotated[int, moment("解除时间", "Lifted")] = 0
    state: Annotated[HoldState, label("状态", "State")] = HoldState.DRAFTED


def hold_keys(case: Case[Any], one: Object) -> list[str]:
    """Return what a hold may name to stop this object or what it directly belongs to."""
    found = [*getattr(one, "hold_keys", (one.id,))]
    for name, kind in _holdable(type(one)):
        value = getattr(one, name)
        if value:
            found += case.get(kind, value).hold_keys
    return found


@cache
def _holdable(kind: type[Object]) -> tuple[tuple[str, Any], ...]:
    """Return a noun's fields that refer to what a hold may name by more than its id."""
    return tuple(
        (field.name, field.ref)
        for field in fields_of(kind)
        if field.kind is Kind.REF and hasattr(field.ref, "hold_keys")
    )


@guard(
    "hold.active",
    "审计已通知暂停拨付（对象 {target}），须待解除后办理",
    "Payment is suspended by an audit notice (target {target}); wait until it is lifted",
    platform("R12") + "；《审计法》第三十八条，待核",
)
def no_hold(payload: Any, case: Case[Any]) -> Facts | None:
    """Nothing that a hold names is paid: the totals of a few keys answer, nothing is searched."""
    named = [case.get(kind, one) for kind, one in payload.refers()]
    if case.subject is not None:
        named.append(case.subject)
    for key in dict.fromkeys(key for one in named for key in hold_keys(case, one) if key):
        if case.view.total(HoldTarget, "active", key):
            return {"target": key}
    return None
