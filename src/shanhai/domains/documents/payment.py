"""The payment approval form (拨款审批单): what is paid to whom from which line, and who agreed when.

Source: funds reference §5.2 (申请 → 认证 → 业主 → 主管部门 → 财政 → 支付令 → 会签) and §5.8 no. 9: no treasury
payment leaves this platform; the form carries a short check code for the payment's 用途.
"""

import re
from collections.abc import Iterator, Sequence

from shanhai.acts.claim import Claim
from shanhai.acts.contract import Contract
from shanhai.acts.line import FundingLine
from shanhai.acts.pairing import Countersigner
from shanhai.acts.payment import OFF, Payment, PaymentSplit
from shanhai.acts.project import Project
from shanhai.domains.documents import making, signed
from shanhai.domains.documents.paper import Cell, Form, Paper, Table, label
from shanhai.domains.documents.signed import Signature
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.domains.vault.services import value_of
from shanhai.kernel import money

NAME = "拨款审批单"
WIDTHS = (32.0, 46.0, 32.0, 46.0)
SPLIT_WIDTHS = (56.0, 30.0, 34.0, 36.0)
SEAL_WIDTHS = (39.0, 39.0, 39.0, 39.0)
STEPS = (
    ("请款", "claim.submit"),
    ("监理认证", "claim.certify"),
    ("业主审核", "claim.review"),
    ("主管部门审核", "claim.endorse"),
    ("财政审核", "claim.check"),
    ("提出支付", "payment.order"),
    ("东部会签", "payment.countersign"),
)
SAID = {"请款": "申请", "监理认证": "认证", "提出支付": "支付", "东部会签": "会签"}
_NUMBER = re.compile(r"\d(?:[ -]?\d){7,}")
SHOWN = 4


def fits(payment: Payment) -> bool:
    """Return whether a payment has a form: not once it was returned, withdrawn or failed."""
    return payment.state not in OFF


def build(payment: Payment) -> Paper:
    """Return the form of a payment."""
    claim = by_id(Claim, [payment.claim])[payment.claim]
    contract = by_id(Contract, [payment.contract])[payment.contract]
    project = by_id(Project, [payment.project])[payment.project]
    acts = signed.signatures(claim, payment)
    deciding = signed.last_of(acts, "payment.order", "payment.countersign") or acts[-1]
    code = payment.code.upper()
    rows = tuple(_rows(payment, claim, contract, project))
    form = Form(
        title="东西部协作资金拨款审批单",
        left=f"支付校验码：{code[:SHOWN]}-{code[SHOWN:]}（填入支付用途）",
        right=f"{payment.year} 年度  单位：元",
        tables=(
            Table(WIDTHS, rows),
            _splits(payment),
            signed.table(_steps(payment, acts)),
            _seals(),
        ),
        notes=(
            "本单是支付的审批依据，不代替国库支付凭证；付到收款人以银行回单记入账本为准。",
            "各环节均由办理人以本人密钥签名并记入账本，扫描二维码可在浏览器内验证。",
        ),
    )
    return Paper(name=NAME, number=code, forms=(form,), **making.shared("payment", deciding))


def masked(account: str | None) -> str:
    """Return an account with all but the last four digits of its number hidden."""
    if account is None:
        return "已依法删除"
    return _NUMBER.sub(lambda found: "*" * SHOWN + re.sub(r"\D", "", found[0])[-SHOWN:], account)


def _before_fen(payment: Payment) -> int:
    rows = row_of(Payment).objects.filter(contract=payment.contract, id__lt=payment.id)
    return sum(one.net_fen for one in structs(Payment, rows.order_by("id")))


def _rows(
    payment: Payment, claim: Claim, contract: Contract, project: Project
) -> Iterator[tuple[Cell, ...]]:
    ids = (project.owner, project.department, payment.payee)
    organs = making.organ_names(ids)
    owner, department, payee = (organs.get(one, "") for one in ids)
    account = f"{masked(value_of(payment.account))}（与备案账户一致）"
    wide = len(WIDTHS) - 1
    yield label("项目名称"), Cell(project.name, wide=wide)
    yield label("项目业主"), Cell(owner), label("主管部门"), Cell(department)
    limit = money.yuan(contract.limit_fen)
    yield label("合同编号"), Cell(contract.number), label("合同价（含变更）"), Cell(limit)
    yield label("款项"), Cell(payment.stage.zh), label("发票号码"), Cell(claim.invoice)
    certified, payable = money.yuan(claim.certified_fen), money.yuan(claim.payable_fen)
    yield label("累计核定工程量"), Cell(certified), label("审定应付"), Cell(payable)
    before = money.yuan(_before_fen(payment))
    yield (
        label("申请金额"),
        Cell(money.yuan(claim.claimed_fen)),
        label("合同此前已付"),
        Cell(before),
    )
    yield label("收款人"), Cell(payee, wide=wide)
    yield label("收款账户"), Cell(account, wide=wide)
    yield label("支付金额（大写）"), Cell(money.capital(payment.amount_fen), wide=wide)
    yield label("支付金额（小写）"), Cell(f"¥{money.yuan(payment.amount_fen)}", wide=wide)


def _splits(payment: Payment) -> Table:
    splits = by_id(PaymentSplit, payment.splits)
    lines = by_id(FundingLine, payment.lines)
    rows = [tuple(label(word) for word in ("指标文号", "预算科目", "资金性质", "金额"))]
    for one in payment.splits:
        split = splits[one]
        line = lines[split.line]
        amount = Cell(money.yuan(split.amount_fen), number=True)
        rows.append((Cell(line.number), Cell(line.subject), Cell(line.kind.zh), amount))
    total = Cell(money.yuan(payment.amount_fen), number=True)
    rows.append((label("合计", wide=3), total))
    return Table(SPLIT_WIDTHS, tuple(rows), head=True)


def _steps(payment: Payment, acts: Sequence[Signature]) -> list[tuple[str, Signature | None, str]]:
    alone = payment.countersigner is Countersigner.NONE
    made = []
    for step, act in STEPS:
        if act == "payment.countersign" and alone:
            continue
        one = signed.last_of(acts, act)
        made.append((step, one, SAID.get(step, "同意") if one else ""))
    return made


def _seals() -> Table:
    words = ("项目业主（章）", "主管部门（章）", "财政部门（章）", "东部会签方（章）")
    return Table(SEAL_WIDTHS, (tuple(Cell(word, seal=True) for word in words),))
