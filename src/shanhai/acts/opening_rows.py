"""What a batch of opening balances holds, row by row: lots, lines, contracts, budgets, money paid before.

Rows name each other by their place in the same batch, counted from 1, because nothing has an id yet.
Source: frozen decision 23; design §7 (state, cumulative budget, contract, paid and retained, evidence hashes).
"""

from typing import Annotated

import msgspec

from shanhai.acts.contract import AccountKind
from shanhai.acts.line import LineId, LineKind
from shanhai.acts.lot import LotKind, LotState
from shanhai.acts.machine import (
    amount,
    commitment,
    count,
    digest,
    label,
    moment,
    permille,
    ref,
    word,
)
from shanhai.acts.officer import Organisation
from shanhai.acts.pairing import Year


class OpeningLot(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One lot as it stands."""

    name: Annotated[str, word("标段名称", "Name")]
    kind: Annotated[LotKind, label("标的", "Kind")]
    estimate_fen: Annotated[int, amount("概算", "Estimate")]
    control_fen: Annotated[int, amount("控制价", "Control price")] = 0
    settled_fen: Annotated[int, amount("结算金额", "Settled")] = 0
    state: Annotated[LotState, label("所处环节", "Stage")]


class OpeningLine(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One funding line as it stands."""

    number: Annotated[str, word("指标文号", "Line number", max_length=60)]
    subject: Annotated[str, word("预算科目", "Budget subject", max_length=20)]
    kind: Annotated[LineKind, label("资金性质", "Kind")]
    origin_year: Annotated[int, count("首次下达年度", "Year first issued", ge=1996, le=2100)]
    year: Year
    issued_fen: Annotated[int, amount("指标金额", "Issued")]
    department: Annotated[str, ref(Organisation, "预算单位", "Budget unit")]


class OpeningContract(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One contract as it stands; its price holds the changes approved so far."""

    lot: Annotated[int, count("本批标段序号", "Lot, by its place in the batch", ge=1, le=32)]
    number: Annotated[str, word("合同编号", "Contract number", max_length=60)]
    contractor: Annotated[str, ref(Organisation, "承建或供应单位", "Contractor")]
    price_fen: Annotated[int, amount("合同价（含已批准变更）", "Price with approved changes")]
    advance_permille: Annotated[int, permille("预付款比例", "Advance")] = 0
    retention_permille: Annotated[int, permille("质保金比例", "Retention")] = 0
    account: Annotated[str, commitment("收款账户", "Payee account")]
    account_kind: Annotated[AccountKind, label("账户性质", "Kind of account")] = AccountKind.UNIT
    account_proof: Annotated[str, digest("账户证明", "Proof of the account")]
    document: Annotated[str, digest("合同文本", "Contract")]
    signed_ms: Annotated[int, moment("签订时间", "Signed")]
    certified_fen: Annotated[int, amount("累计核定工程量", "Certified so far")] = 0
    paid_before_fen: Annotated[int, amount("期初累计已付", "Paid before opening")] = 0
    retained_before_fen: Annotated[int, amount("期初累计扣留质保金", "Retained before opening")] = 0
    defects_until_ms: Annotated[int, moment("缺陷责任期至", "Defects period until")] = 0


class OpeningBudget(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What one line has given the project so far: a line of the batch by its place, or one on the ledger."""

    place: Annotated[int, count("本批指标序号", "Line, by its place in the batch", le=16)] = 0
    line: LineId = ""
    amount_fen: Annotated[int, amount("累计安排", "Assigned so far")]
    number: Annotated[str, word("文号", "Document number", max_length=60)]


class OpeningPaid(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What was paid of one budget before the ledger began, under a contract of the batch or under none."""

    budget: Annotated[int, count("本批预算序号", "Budget, by its place in the batch", ge=1, le=16)]
    contract: Annotated[int, count("本批合同序号", "Contract, by its place", le=32)] = 0
    amount_fen: Annotated[int, amount("期初累计已付", "Paid before opening")]
    document: Annotated[str, digest("支付凭证", "Vouchers")]
