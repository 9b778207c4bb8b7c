"""Contracts: filed by the owner, registered by another body, with the one account that may be paid (S8).

Source: funds reference §5.1 S8 and rules D02, D03, D10, D20, D35; 《招标投标法》 art. 46 (待核). Their acts
stand in `contract_flow`.
"""

from typing import Annotated

from shanhai.acts.change import ChangeId
from shanhai.acts.lot import LotId
from shanhai.acts.machine import (
    Choice,
    Object,
    Sum,
    amount,
    commitment,
    digest,
    flag,
    label,
    moment,
    noun,
    permille,
    ref,
    region,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Year
from shanhai.acts.procurement import AwardId
from shanhai.acts.project import Project, ProjectId
from shanhai.kernel.text import Text


class ContractState(Choice):
    """Life of a contract; an opening one is inert until the second officer confirms."""

    OPENING = "opening", "期初待确认", "Opening, to be confirmed"
    FILED = "filed", "待备案", "Awaiting registration"
    REGISTERED = "registered", "履约中", "Being performed"
    SETTLED = "settled", "已结算", "Settled"
    VOID = "void", "已作废", "Void"


class AccountKind(Choice):
    """Whose account is paid; a personal one never (D10)."""

    UNIT = "unit", "单位对公账户", "The unit's own account"
    WAGES = "wages", "农民工工资专户", "Dedicated wages account"
    AGENT = "agent", "村财乡管代理账户", "Township agent account of a village"
    PERSONAL = "personal", "个人账户", "Personal account"


INERT = frozenset({ContractState.OPENING, ContractState.VOID})


@noun
class Contract(Object, frozen=True, kw_only=True):
    """What a lot's winner builds or supplies, at which price, paid to which account."""

    noun, prefix, text, title = "contract", "con", Text("合同", "Contract"), "number"
    late = frozenset({"settled_fen"})
    sums = (
        Sum("live_fen", by="project", of=Project, within="approved_fen"),
        Sum("listed", by="project"),
    )
    project: ProjectId
    lot: LotId
    award: AwardId = ""
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    year: Year
    owner: Annotated[str, ref(Organisation, "项目业主", "Owner")]
    contractor: Annotated[str, ref(Organisation, "承建或供应单位", "Contractor")]
    number: Annotated[str, word("合同编号", "Contract number", max_length=60)]
    price_fen: Annotated[int, amount("合同价", "Price")]
    increase_fen: Annotated[int, amount("批准的变更调增", "Raised by approved changes")] = 0
    decrease_fen: Annotated[int, amount("批准的变更调减", "Lowered by approved changes")] = 0
    advance_permille: Annotated[int, permille("预付款比例", "Advance")] = 0
    retention_permille: Annotated[int, permille("质保金比例", "Retention")] = 0
    account: Annotated[str, commitment("收款账户", "Payee account")]
    account_kind: Annotated[AccountKind, label("账户性质", "Kind of account")] = AccountKind.UNIT
    account_ms: Annotated[int, moment("账户备案时间", "Account filed")] = 0
    account_proof: Annotated[str, digest("账户证明", "Proof of the account")]
    document: Annotated[str, digest("合同文本", "Contract")]
    guarantee: Annotated[str, digest("履约担保", "Performance guarantee")] = ""
    wages_clause: Annotated[bool, flag("农民工工资条款", "Wages clause")] = False
    signed_ms: Annotated[int, moment("签订时间", "Signed")]
    registered_ms: Annotated[int, moment("备案时间", "Registered")] = 0
    certified_fen: Annotated[int, amount("累计核定工程量", "Certified so far")] = 0
    settled_fen: Annotated[int, amount("结算金额", "Settled")] = 0
    defects_until_ms: Annotated[int, moment("缺陷责任期至", "Defects period until")] = 0
    opening: Annotated[bool, flag("期初", "Opening balance")] = False
    paid_before_fen: Annotated[int, amount("期初累计已付", "Paid before opening")] = 0
    retained_before_fen: Annotated[int, amount("期初累计扣留质保金", "Retained before opening")] = 0
    resumes: Annotated[ContractState, label("期初所处环节", "Stage at the opening")] = (
        ContractState.REGISTERED
    )
    state: Annotated[ContractState, label("状态", "State")] = ContractState.FILED

    @property
    def limit_fen(self) -> int:
        """Return the price with approved changes: nothing above it is certified or settled."""
        return self.price_fen + self.increase_fen - self.decrease_fen

    @property
    def live_fen(self) -> int:
        """Return what it takes of the project's approval: its limit, once settled what it came to."""
        if self.state in INERT:
            return 0
        return self.settled_fen if self.state is ContractState.SETTLED else self.limit_fen

    @property
    def listed(self) -> int:
        """Return 1 unless void or not confirmed yet."""
        return int(self.state not in INERT)

    @property
    def unique(self) -> tuple[str, ...]:
        """A lot has one contract (D20)."""
        return () if self.state is ContractState.VOID else (f"contract:{self.lot}",)

    @property
    def hold_keys(self) -> tuple[str, ...]:
        """Return what a hold may name to stop this contract."""
        parties = (self.contractor, f"{self.contractor}/{self.year}", self.owner)
        return (self.id, self.lot, self.project, *parties)


ContractId = Annotated[str, ref(Contract, "合同", "Contract")]


class Way(Choice):
    """Whether a variation raises or lowers the price."""

    INCREASE = "increase", "调增", "Increase"
    DECREASE = "decrease", "调减", "Decrease"


@noun
class ContractChange(Object, frozen=True, kw_only=True):
    """One variation of a contract, on an approved change of its project (D40)."""

    noun, prefix, text = "contract_change", "cch", Text("合同变更", "Variation of a contract")
    sums = (Sum("amount_fen", by="change"),)
    contract: ContractId
    change: ChangeId
    project: ProjectId
    region: Annotated[str, region()]
    east_region: Annotated[str, region("支援地区", "Donor")] = ""
    way: Annotated[Way, label("方向", "Direction")]
    amount_fen: Annotated[int, amount("变更金额", "Amount")]
    document: Annotated[str, digest("补充合同", "Supplementary contract")]
    varied_ms: Annotated[int, moment("变更时间", "Varied")] = 0

    @property
    def unique(self) -> tuple[str, ...]:
        """One approved change varies a contract once."""
        return (f"contract_change:{self.contract}/{self.change}",)
