"""Corrections (更正, 作废): the original stays visible; the level that approved it and one above consent.

Source: funds reference §5.7; design §3 (corrections are acts).
"""

from typing import Annotated, Any, NamedTuple

from shanhai.acts.asset import AssetState
from shanhai.acts.machine import (
    NOUNS,
    Act,
    Case,
    Choice,
    Facts,
    Grade,
    Never,
    Object,
    act,
    commitment,
    count,
    digest,
    guard,
    label,
    moment,
    noun,
    region,
    word,
)
from shanhai.acts.notice import NoticeState
from shanhai.acts.project import ProjectState
from shanhai.acts.project_review import AppraisalState
from shanhai.acts.roles import Role
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


PROPOSERS = (
    Role.TOWNSHIP,
    Role.COUNTY_DEPARTMENT,
    Role.COUNTY_OFFICE,
    Role.COUNTY_FINANCE,
    Role.DATA_DESK,
)


class Voidable(NamedTuple):
    """In which states an object may be taken out of effect, and what it becomes."""

    states: tuple[Choice, ...]
    void: Choice


VOIDABLE: dict[str, Voidable] = {
    "notice": Voidable((NoticeState.RUNNING, NoticeState.PASSED), NoticeState.VOID),
    "appraisal": Voidable((AppraisalState.FAVOURABLE, AppraisalState.ADVERSE), AppraisalState.VOID),
    "asset": Voidable((AssetState.REGISTERED,), AssetState.VOID),
    "project": Voidable((ProjectState.RECORDED,), ProjectState.VOID),
}
"""Everything else is mended by its own acts: return, void, vary, terminate."""


def target_of(case: Case[Any], noun_name: str, target: str) -> Object | None:
    """Return the object that a correction is about, if it is one that belongs to a place."""
    kind = NOUNS.get(noun_name)
    if kind is None or "region" not in kind.__struct_fields__:
        return None
    return case.find(kind, target)


class Proposal(Act, frozen=True, kw_only=True):
    """What is wrong where, and what is right."""

    target_noun: Annotated[str, word("对象种类", "Kind of object", max_length=40)]
    target: Annotated[str, word("对象编号", "Object", max_length=80)]
    entry: Annotated[int, count("记账序号", "Entry")]
    wrong: Annotated[str, word("更正事项", "What is wrong", max_length=200)]
    right: Annotated[str, commitment("更正内容", "What is right")]
    document: Annotated[str, digest("依据", "Document")]

    def made(self, case: Case[None], kind: CorrectionKind) -> list[Object]:
        """Build the proposal in the target's place."""
        target = target_of(case, self.target_noun, self.target)
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [
            Correction(
                id=case.id,
                kind=kind,
                region=getattr(target, "region", ""),
                east_region=getattr(target, "east_region", ""),
                **given,
            )
        ]


@guard(
    "correction.unknown_target",
    "没有这一对象，请核对种类和编号",
    "There is no such object; check its kind and id",
)
def target_known(payload: Proposal, case: Case[None]) -> Facts | None:
    """A correction is about something that stands in the ledger."""
    return None if target_of(case, payload.target_noun, payload.target) is not None else {}


@guard(
    "correction.entry",
    "记账序号尚未产生，请核对",
    "That entry does not exist yet; check its number",
)
def entry_exists(payload: Proposal, case: Case[None]) -> Facts | None:
    """A correction names an earlier entry."""
    return None if payload.entry < case.at.index else {}


@act(
    "correction.note/1",
    "提出更正",
    "Propose a correction",
    on=Correction,
    by=PROPOSERS,
    grade=Grade.CERTIFY,
    also=(target_known, entry_exists),
)
class ProposeNote(Proposal, frozen=True, kw_only=True):
    """Annotate an entry; the original stays as it is."""

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it."""
        return self.made(case, CorrectionKind.NOTE)


def voided(case: Case[Any], noun_name: str, target: str) -> Object | None:
    """Return the object taken out of effect, None where it may not be."""
    found, how = target_of(case, noun_name, target), VOIDABLE.get(noun_name)
    if found is None or how is None or getattr(found, "state", None) not in how.states:
        return None
    return found.but(state=how.void)


@act(
    "correction.void/1",
    "提出作废",
    "Propose to void",
    on=Correction,
    by=PROPOSERS,
    grade=Grade.CERTIFY,
    also=(target_known, entry_exists),
)
class ProposeVoid(Proposal, frozen=True, kw_only=True):
    """Ask to take an object out of effect; it stays visible."""

    @guard(
        "correction.not_voidable",
        "该对象现状不能直接作废，请用退回、变更、终止等办法",
        "This cannot be voided as it stands; return, vary or terminate it instead",
    )
    def may_be_voided(self, case: Case[None]) -> Facts | None:
        """Only what nothing hangs on is voided."""
        return None if voided(case, self.target_noun, self.target) is not None else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it."""
        return self.made(case, CorrectionKind.VOID)


@act(
    "correction.approve/1",
    "同级批准更正",
    "Approve a correction",
    on=Correction,
    by=(Role.COUNTY_LEADERS,),
    grade=Grade.APPROVE,
    when=(CorrectionState.PROPOSED,),
    not_by=(Never("correction.note"), Never("correction.void")),
)
class ApproveCorrection(Act, frozen=True, kw_only=True):
    """The level that approved the original consents."""

    def effects(self, case: Case[Correction]) -> list[Object]:
        """Pass it up."""
        return [case.subject.but(state=CorrectionState.APPROVED)]


@act(
    "correction.consent/1",
    "上级同意更正",
    "Consent one level above",
    on=Correction,
    by=(Role.PREFECTURE_OFFICE, Role.PROVINCE_OFFICE),
    grade=Grade.APPROVE,
    when=(CorrectionState.APPROVED,),
    not_by=(
        Never("correction.note"),
        Never("correction.void"),
        Never("correction.approve"),
    ),
)
class ConsentCorrection(Act, frozen=True, kw_only=True):
    """One level above consents; a voiding takes effect."""

    @guard(
        "correction.moved_on",
        "对象已变化，不能再作废，请退回更正",
        "The object moved on and cannot be voided any more; refuse the correction",
    )
    def still_voidable(self, case: Case[Correction]) -> Facts | None:
        """What was proposed is still possible."""
        it = case.subject
        if it.kind is CorrectionKind.NOTE:
            return None
        return None if voided(case, it.target_noun, it.target) is not None else {}

    def effects(self, case: Case[Correction]) -> list[Object]:
        """Put it in force."""
        it = case.subject
        done = it.but(state=CorrectionState.IN_FORCE, in_force_ms=case.now)
        if it.kind is CorrectionKind.NOTE:
            return [done]
        gone = voided(case, it.target_noun, it.target)
        return [done, gone] if gone is not None else [done]


@act(
    "correction.refuse/1",
    "不同意更正",
    "Refuse a correction",
    on=Correction,
    by=(Role.COUNTY_LEADERS, Role.PREFECTURE_OFFICE, Role.PROVINCE_OFFICE),
    grade=Grade.APPROVE,
    when=(CorrectionState.PROPOSED, CorrectionState.APPROVED),
    not_by=(Never("correction.note"), Never("correction.void")),
)
class RefuseCorrection(Act, frozen=True, kw_only=True):
    """Close it without effect."""

    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Correction]) -> list[Object]:
        """Close it."""
        return [case.subject.but(state=CorrectionState.REFUSED)]
