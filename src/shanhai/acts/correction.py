"""Corrections (更正, 作废): the original stays visible; the level that approved it and one above consent.

Source: funds reference §5.7; design §3 (corrections are acts).
"""

from typing import Annotated

from shanhai.acts.machine import (
    Choice,
    Object,
    commitment,
    count,
    digest,
    label,
    moment,
    noun,
    region,
    word,
)
from shanhai.kernel.text import Text


class CorrectionKind(Choice):
    """Whether the original is annotated or taken out of effect."""

    NOTE = "note", "更正", "Correction"
    VOID = "void", "作废", "Voiding"


class CorrectionState(Choice):
    """Life of a correction."""

    PROPOSED = "proposed", "待同级批准", "Awaiting the same level"
    APPROVED = "approved", "待上级同意", "Awaiting one level above"
    IN_FORCE = "in_force", "已生效", "In force"
    REFUSED = "refused", "未通过", "Refused"


@noun
class Correction(Object, frozen=True, kw_only=True):
    """What was wrong, in which entry and object, and what is right."""

    noun, prefix, text = "correction", "cor", Text("更正", "Correction")
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    kind: Annotated[CorrectionKind, label("种类", "Kind")]
    target_noun: Annotated[str, word("对象种类", "Kind of object", max_length=40)]
    target: Annotated[str, word("对象编号", "Object", max_length=80)]
    entry: Annotated[int, count("记账序号", "Entry")]
    wrong: Annotated[str, word("更正事项", "What is wrong", max_length=200)]
    right: Annotated[str, commitment("更正内容", "What is right")]
    document: Annotated[str, digest("依据", "Document")]
    in_force_ms: Annotated[int, moment("生效时间", "In force")] = 0
    state: Annotated[CorrectionState, label("状态", "State")] = CorrectionState.PROPOSED
