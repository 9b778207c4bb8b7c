"""Acts on contracts: file, register, void, change the account, vary on an approved change.

Source: funds reference §5.1 S8, §5.3; rules D02, D03, D10, D20, D35, D40.
"""

from typing import Annotated, Any

from shanhai.acts.change import Change, ChangeId, ChangeState, moved_by
from shanhai.acts.clocks import ADVANCE_CAP, RETENTION_CAP, optional
from shanhai.acts.contract import (
    AccountKind,
    Contract,
    ContractChange,
    ContractState,
    Way,
)
from shanhai.acts.derived import derived_id
from shanhai.acts.fund_flow import some_amount
from shanhai.acts.lot import Lot, LotId, LotState, project_executing
from shanhai.acts.machine import (
    Act,
    Case,
    Facts,
    Grade,
    Never,
    Object,
    Parameter,
    act,
    amount,
    commitment,
    digest,
    flag,
    guard,
    label,
    moment,
    permille,
    word,
)
from shanhai.acts.platform import platform
from shanhai.acts.procurement import Award, AwardId, AwardState
from shanhai.acts.project import Project
from shanhai.acts.roles import Role

REGISTRARS = (Role.COUNTY_DEPARTMENT, Role.COUNTY_OFFICE)
Account = Annotated[str, commitment("收款账户", "Payee account")]
Kind = Annotated[AccountKind, label("账户性质", "Kind of account")]
Proof = Annotated[str, digest("账户证明", "Proof of the account")]


@guard(
    "contract.personal_account",
    "不得向个人账户支付，请提供单位账户、工资专户或代理账户",
    "Personal accounts are never paid; name the unit's, wages or agent account",
    "D10；P12",
)
def no_personal_account(payload: Any, _case: Case[Any]) -> Facts | None:
    """Money goes to bodies; people are paid through rosters."""
    return {} if payload.account_kind is AccountKind.PERSONAL else None


def over(case: Case[Any], of: Parameter, region: str, on_ms: int, asked: int) -> Facts | None:
    """Return the facts of a share above its dated cap; no cap where it is unset."""
    cap = optional(case, of, region, on_ms)
    return {"cap": cap, "asked": asked} if cap is not None and asked > cap else None


@act(
    "contract.file/1",
    "报备合同",
    "File a contract",
    on=Contract,
    by=(Role.OWNER,),
    grade=Grade.CERTIFY,
    own="owner",
    also=(project_executing, no_personal_account),
)
class FileContract(Act, frozen=True, kw_only=True):
    """The owner files what it signed with the winner, and the account to be paid."""

    lot: LotId
    award: AwardId
    number: Annotated[str, word("合同编号", "Contract number", max_length=60)]
    price_fen: Annotated[int, amount("合同价", "Price")]
    advance_permille: Annotated[int, permille("预付款比例", "Advance")] = 0
    retention_permille: Annotated[int, permille("质保金比例", "Retention")] = 0
    account: Account
    account_kind: Kind = AccountKind.UNIT
    account_proof: Proof
    document: Annotated[str, digest("合同文本", "Contract")]
    guarantee: Annotated[str, digest("履约担保", "Performance guarantee")] = ""
    wages_clause: Annotated[bool, flag("农民工工资条款", "Wages clause")] = False
    signed_ms: Annotated[int, moment("签订时间", "Signed")]

    @guard(
        "contract.stage",
        "标段现处“{state}”，定标后按本标段的定标结果签订合同",
        "The lot is in “{state_en}”; it is contracted once awarded, on its own award",
        "D36",
    )
    def lot_awarded(self, case: Case[None]) -> Facts | None:
        """The winner is party, whoever that is (D35)."""
        lot, award = case.get(Lot, self.lot), case.get(Award, self.award)
        ours = lot.award == award.id and award.state is AwardState.AWARDED
        ready = lot.state is LotState.AWARDED and ours
        return None if ready else {"state": lot.state.zh, "state_en": lot.state.en}

    @guard(
        "contract.over_award",
        "合同价须大于零且不超过中标价 {award_fen} 元",
        "The price must be above nothing and within the award's {award_fen}",
        "D35",
    )
    def within_award(self, case: Case[None]) -> Facts | None:
        """A contract does not exceed its award."""
        price = case.get(Award, self.award).price_fen
        return None if 0 < self.price_fen <= price else {"award_fen": price}

    @guard(
        "contract.retention",
        "质保金 {asked}‰ 超过上限 {cap}‰，请降低",
        "A retention of {asked}‰ is above the cap of {cap}‰; lower it",
        "P15",
    )
    def retention_capped(self, case: Case[None]) -> Facts | None:
        """Retention stays small."""
        where = case.get(Lot, self.lot).region
        return over(case, RETENTION_CAP, where, self.signed_ms, self.retention_permille)

    @guard(
        "contract.advance",
        "预付款 {asked}‰ 超过上限 {cap}‰，请降低",
        "An advance of {asked}‰ is above the cap of {cap}‰; lower it",
        "P15b",
    )
    def advance_capped(self, case: Case[None]) -> Facts | None:
        """Start money stays start money."""
        where = case.get(Lot, self.lot).region
        return over(case, ADVANCE_CAP, where, self.signed_ms, self.advance_permille)

    @guard(
        "contract.signed_when",
        "签订时间须不早于定标、不晚于现在，请核对",
        "It is signed after its award and not in the future; check the date",
        "D09",
    )
    def signed_between(self, case: Case[None]) -> Facts | None:
        """No contract precedes its award."""
        awarded = case.get(Award, self.award).awarded_ms
        return None if awarded - 86_400_000 < self.signed_ms <= case.now else {}

    def effects(self, case: Case[None]) -> list[Object]:
        """Build it; the contractor is the award's winner."""
        award = case.get(Award, self.award)
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [
            Contract(
                id=case.id,
                project=award.project,
                region=award.region,
                east_region=award.east_region,
                year=case.get(Project, award.project).year,
                owner=award.owner,
                contractor=award.winner,
                account_ms=case.now,
                **given,
            )
        ]


@act(
    "contract.register/1",
    "合同备案",
    "Register a contract",
    on=Contract,
    by=REGISTRARS,
    grade=Grade.APPROVE,
    when=(ContractState.FILED,),
    not_by=(Never("contract.file"), Never("award.record", via="award")),
)
class RegisterContract(Act, frozen=True, kw_only=True):
    """Another body has compared award, price, terms and account."""

    compared: Annotated[bool, flag("已核对中标结果、价款、条款和账户", "Compared with the award")]

    @guard(
        "contract.not_compared",
        "请核对中标结果、价款、条款和账户后勾选确认",
        "Compare award, price, terms and account, then tick the box",
    )
    def really_compared(self, _case: Case[Contract]) -> Facts | None:
        """A tick is a statement under signature."""
        return None if self.compared else {}

    @guard(
        "contract.lot_moved",
        "标段现处“{state}”，不在待签合同环节",
        "The lot is in “{state_en}”, no longer awaiting its contract",
    )
    def lot_waits(self, case: Case[Contract]) -> Facts | None:
        """A lot that was voided meanwhile takes no contract."""
        state = case.get(Lot, case.subject.lot).state
        waits = state is LotState.AWARDED
        return None if waits else {"state": state.zh, "state_en": state.en}

    def effects(self, case: Case[Contract]) -> list[Object]:
        """Register it and move the lot."""
        lot = case.get(Lot, case.subject.lot)
        done = case.subject.but(registered_ms=case.now, state=ContractState.REGISTERED)
        return [done, lot.but(state=LotState.CONTRACTED)]


@act(
    "contract.void/1",
    "作废待备案合同",
    "Void a filed contract",
    on=Contract,
    by=(Role.OWNER, *REGISTRARS),
    grade=Grade.CERTIFY,
    when=(ContractState.FILED,),
)
class VoidContract(Act, frozen=True, kw_only=True):
    """Take back or send back what was not registered; the lot may be contracted anew."""

    reason: Annotated[str, commitment("理由", "Reason")]

    def effects(self, case: Case[Contract]) -> list[Object]:
        """It counts no more."""
        return [case.subject.but(state=ContractState.VOID)]


@act(
    "contract.change_account/1",
    "变更收款账户",
    "Change the payee account",
    on=Contract,
    by=(Role.OWNER,),
    grade=Grade.APPROVE,
    when=(ContractState.REGISTERED, ContractState.SETTLED),
    own="owner",
    also=(no_personal_account,),
)
class ChangeAccount(Act, frozen=True, kw_only=True):
    """File another account; it is paid only after it has been on file for the days of D03."""

    account: Account
    account_kind: Kind = AccountKind.UNIT
    account_proof: Proof

    def effects(self, case: Case[Contract]) -> list[Object]:
        """File it from now."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return [case.subject.but(account_ms=case.now, **given)]


@act(
    "contract.vary/1",
    "合同变更备案",
    "Vary a contract",
    on=Contract,
    by=REGISTRARS,
    grade=Grade.APPROVE,
    when=(ContractState.REGISTERED,),
    not_by=(Never("change.request", via="change"),),
    also=(some_amount,),
)
class VaryContract(Act, frozen=True, kw_only=True):
    """Raise or lower the price, on a change that its approver has put in force."""

    change: ChangeId
    way: Annotated[Way, label("方向", "Direction")]
    amount_fen: Annotated[int, amount("变更金额", "Amount")]
    document: Annotated[str, digest("补充合同", "Supplementary contract")]

    @guard(
        "contract.change_missing",
        "须依据本项目已生效的调整办理，现为“{state}”",
        "It needs a change of this project that is in force; that one is “{state_en}”",
        "D40",
    )
    def change_applied(self, case: Case[Contract]) -> Facts | None:
        """No variation without a change."""
        change = case.get(Change, self.change)
        ours = change.project == case.subject.project and change.state is ChangeState.APPLIED
        return None if ours else {"state": change.state.zh, "state_en": change.state.en}

    @guard(
        "contract.below_certified",
        "调减后低于累计核定工程量 {certified_fen} 元，请核对",
        "It would fall below the {certified_fen} certified; check the amount",
        "D14",
    )
    def above_certified(self, case: Case[Contract]) -> Facts | None:
        """What is built is owed."""
        contract = case.subject
        left = contract.limit_fen - (self.amount_fen if self.way is Way.DECREASE else 0)
        low = left < contract.certified_fen
        return {"certified_fen": contract.certified_fen} if low else None

    @guard(
        "contract.over_change",
        "该项目调整把批复资金由 {before_fen} 元改为 {after_fen} 元，已据此变更合同 {used_fen} 元；"
        "变更方向须一致，累计不超过差额，请核对金额和所选调整",
        "That change moves the approval from {before_fen} to {after_fen}, and {used_fen} of it is used; "
        "vary in its direction, within the difference: check amount and change",
        "D40；" + platform("R20"),
    )
    def within_change(self, case: Case[Contract]) -> Facts | None:
        """A change of the approved amount bounds what is varied on it; one of other fields names no amount."""
        moved = moved_by(case.get(Change, self.change))
        if moved is None:
            return None
        used = case.view.total(ContractChange, "amount_fen", self.change)
        raised = moved.after_fen > moved.before_fen
        fits = raised == (self.way is Way.INCREASE)
        if fits and used + self.amount_fen <= abs(moved.after_fen - moved.before_fen):
            return None
        return {**moved._asdict(), "used_fen": used}

    def effects(self, case: Case[Contract]) -> list[Object]:
        """Vary it; the project's approval bounds it."""
        contract, raised = case.subject, self.way is Way.INCREASE
        name = "increase_fen" if raised else "decrease_fen"
        varied = contract.but(**{name: getattr(contract, name) + self.amount_fen})
        record = ContractChange(
            id=derived_id(case, ContractChange.prefix),
            contract=contract.id,
            change=self.change,
            project=contract.project,
            region=contract.region,
            east_region=contract.east_region,
            way=self.way,
            amount_fen=self.amount_fen,
            document=self.document,
            varied_ms=case.now,
        )
        return [varied, record]
