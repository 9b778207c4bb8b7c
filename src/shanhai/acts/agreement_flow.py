"""Annual agreements between the two sides: proposed by the east, signed by the west, or withdrawn.

Source: 东西部协作年度协议 as signed between provinces (form 待核).
"""

from typing import Annotated, Any

from shanhai.acts.agreement import Agreement, AgreementState, AidFen, Document, Targets
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    act,
    commitment,
    count,
    guard,
    word,
)
from shanhai.acts.pairing import Pairing, PairingId, PairingState, Year
from shanhai.acts.pairing_flow import AGREEING_WEST
from shanhai.acts.roles import Role

STANDING = (PairingState.ACTIVE, PairingState.RECORDED)


@act(
    "agreement.propose/1",
    "提出年度协议",
    "Propose an annual agreement",
    on=Agreement,
    by=(Role.EAST_OFFICE,),
    grade=Grade.APPROVE,
)
class ProposeAgreement(Act, frozen=True, kw_only=True):
    """What the east promises for a year, as figures and as the signed document's hash."""

    pairing: PairingId
    year: Year
    part: Annotated[int, count("补充协议序号", "Supplement", le=99)] = 0
    number: Annotated[str, word("协议编号", "Number", max_length=60)]
    aid_fen: AidFen
    targets: Targets = ()
    document: Document

    @guard(
        "agreement.no_pair",
        "结对关系现为“{state}”，须在结对期内签订协议",
        "The pair is “{state_en}”; agreements need one that stands",
    )
    def pair_stands(self, case: Case[None]) -> Facts | None:
        """Only a standing pair agrees."""
        state = case.get(Pairing, self.pairing).state
        return None if state in STANDING else {"state": state.zh, "state_en": state.en}

    @guard(
        "agreement.empty",
        "协议须约定财政援助资金或至少一项指标",
        "An agreement promises money or at least one target",
    )
    def promises_something(self, _case: Case[None]) -> Facts | None:
        """An empty promise is none."""
        return None if self.aid_fen or self.targets else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it; the west has to sign."""
        pair = case.get(Pairing, self.pairing)
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        sides: dict[str, Any] = {"region": pair.region, "east_region": pair.east_region}
        return [Agreement(id=case.id, **given, **sides)]


@act(
    "agreement.confirm/1",
    "签订年度协议",
    "Sign an annual agreement",
    on=Agreement,
    by=AGREEING_WEST,
    grade=Grade.APPROVE,
    when=(AgreementState.PROPOSED,),
    not_by=(Never("agreement.propose"),),
)
class ConfirmAgreement(Act, frozen=True, kw_only=True):
    """The west signs what it was shown."""

    def effects(self, case: Case[Agreement]) -> list[Object]:
        """It binds both."""
        return [case.subject.but(state=AgreementState.SIGNED)]


@act(
    "agreement.withdraw/1",
    "撤回年度协议",
    "Withdraw an annual agreement",
    on=Agreement,
    by=(Role.EAST_OFFICE,),
    grade=Grade.APPROVE,
    when=(AgreementState.PROPOSED,),
)
class WithdrawAgreement(Act, frozen=True, kw_only=True):
    """Take back what the west has not signed."""

    reason: Annotated[str, commitment("撤回理由", "Reason")]

    def effects(self, case: Case[Agreement]) -> list[Object]:
        """Its year is free again."""
        return [case.subject.but(state=AgreementState.WITHDRAWN)]
