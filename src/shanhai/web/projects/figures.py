"""The money of a project, from what was asked to what came back; each sum says what it is made of."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from shanhai.acts.budget import Budget
from shanhai.acts.claim import GONE, Claim
from shanhai.acts.contract import INERT, Contract
from shanhai.acts.line import FundingLine
from shanhai.acts.machine import Object
from shanhai.acts.payment import DONE, OFF, Payment
from shanhai.acts.project import Project
from shanhai.domains import names
from shanhai.domains.book.timeline import Event
from shanhai.domains.projects.selectors import Belongings, Money
from shanhai.kernel.text import Text
from shanhai.web.middleware import language

SHOWN = 6
T = Text
DEFINITIONS = {
    "asked": (T("申请", "Asked for"), T("申报书中申请的资金", "What the declaration asked for")),
    "approved": (
        T("批复", "Approved"),
        T(
            "批复文件确定的资金，是以下各项的上限",
            "What the approval set; it caps all that follows",
        ),
    ),
    "budgeted": (
        T("已安排预算", "Budgeted"),
        T(
            "从各条指标安排到本项目的预算之和，减去收回",
            "Budgets assigned from funding lines, less what was recalled",
        ),
    ),
    "contracted": (
        T("已签合同", "Contracted"),
        T(
            "合同价加减批准的变更；已结算的按结算金额",
            "Contract prices with approved variations; settled ones at what they came to",
        ),
    ),
    "certified": (
        T("已计量认证", "Certified"),
        T("监理认证的累计完成工程量", "Work done so far as the supervisor certified it"),
    ),
    "ordered": (
        T("已下支付令", "Ordered"),
        T(
            "提出、已下令和已付的支付之和，减去退款",
            "Payments proposed, ordered and paid, less refunds",
        ),
    ),
    "paid": (
        T("已付到收款人", "Paid"),
        T(
            "有银行回单证明付到最终收款人的金额",
            "What bank receipts prove to have reached the payee",
        ),
    ),
    "retained": (
        T("质保金待付", "Retained"),
        T(
            "结算金额按质保比例留存、尚未支付的部分",
            "The share of settled contracts kept until the defects period ends, not yet paid",
        ),
    ),
    "paid_before": (
        T("期初已付", "Paid before the ledger"),
        T(
            "账本启用前已付，由两名经办人凭资料录入和确认；没有逐笔签名和回单，不计入“已付到收款人”",
            "Paid before the ledger began, entered and confirmed by two officers; not signed step by step, so not part of “Paid”",
        ),
    ),
    "retained_before": (
        T("期初扣留质保金", "Retained before the ledger"),
        T(
            "账本启用前从应付款中扣下、录入时还没有付给承建单位的质保金",
            "Kept back from what was due before the ledger began, and not yet paid when it was entered",
        ),
    ),
    "refunded": (T("已退回", "Refunded"), T("退款冲正的金额", "What came back after payment")),
}


class Item(NamedTuple):
    """One thing that a sum is made of."""

    text: str
    amount_fen: int
    href: str


class Figure(NamedTuple):
    """One sum: what it means, how it compares, and what it is made of."""

    key: str
    label: Text
    definition: Text
    amount_fen: int | None
    of_fen: int
    items: list[Item]
    more: int
    href: str

    @property
    def permille(self) -> int:
        """Return its share of the approval (of what was asked before), at most 1000."""
        return min(1000, (self.amount_fen or 0) * 1000 // self.of_fen) if self.of_fen else 0


def figures(
    project: Project, found: Belongings, sums: Money, events: Iterable[Event]
) -> list[Figure]:
    """Return the sums in the order money moves."""
    of = project.approved_fen or project.planned_fen
    made = _makers(project, found, list(events))
    opening = project.opening
    amounts = {
        **({} if opening else {"asked": project.planned_fen}),
        "approved": project.approved_fen or None,
        "budgeted": sums.budgeted_fen,
        "contracted": sums.contracted_fen,
        "certified": sums.certified_fen,
        "ordered": sums.ordered_fen,
        "paid": sums.paid_fen,
        "retained": sums.retained_fen,
        **({"paid_before": project.paid_before_fen} if opening else {}),
        **({"retained_before": sums.retained_before_fen} if opening else {}),
        "refunded": sums.refunded_fen,
    }
    return [
        Figure(
            key,
            *DEFINITIONS[key],
            amount,
            of,
            made[key][:SHOWN],
            max(0, len(made[key]) - SHOWN),
            _list(key, project),
        )
        for key, amount in amounts.items()
    ]


def _makers(project: Project, found: Belongings, events: list[Event]) -> dict[str, list[Item]]:
    contracts = [c for c in found.of(Contract) if c.state not in INERT]
    payments = [p for p in found.of(Payment) if p.state not in OFF]
    claims = [c for c in found.of(Claim) if c.certified_fen and c.state not in GONE]
    return {
        "asked": _acts(events, ("project.declare", "project.resubmit"), project.planned_fen),
        "approved": _acts(events, ("project.approve",), project.approved_fen),
        "budgeted": [_item(b, b.net_fen) for b in found.of(Budget)],
        "contracted": [_item(c, c.live_fen) for c in contracts],
        "certified": [_item(c, c.certified_fen) for c in claims],
        "ordered": [_item(p, p.net_fen) for p in payments],
        "paid": [_item(p, p.paid_fen) for p in payments if p.state in DONE],
        "retained": [
            _item(c, c.settled_fen * c.retention_permille // 1000)
            for c in contracts
            if c.settled_fen and c.retention_permille
        ],
        "refunded": [_item(p, p.refunded_fen) for p in payments if p.refunded_fen],
        "paid_before": [_item(c, c.paid_before_fen) for c in contracts if c.paid_before_fen],
        "retained_before": [
            _item(c, c.retained_before_fen) for c in contracts if c.retained_before_fen
        ],
    }


def _item(one: Object, amount_fen: int) -> Item:
    text = f"{type(one).text.say(language())} {names.title(one)}"
    return Item(text, amount_fen, reverse("object", args=[type(one).noun, one.id]))


def _acts(events: list[Event], plain: tuple[str, ...], amount_fen: int) -> list[Item]:
    found = [event for event in events if event.act.partition("/")[0] in plain][:1]
    return [
        Item(event.text.say(language()), amount_fen, reverse("proof", args=[event.act_id]))
        for event in found
    ]


def _list(key: str, project: Project) -> str:
    nouns = {
        "budgeted": "budget",
        "contracted": "contract",
        "paid_before": "contract",
        "retained_before": "contract",
        "certified": "claim",
        "ordered": "payment",
        "paid": "payment",
        "refunded": "payment",
    }
    return f"{reverse('list', args=[nouns[key]])}?project={project.id}" if key in nouns else ""


class Source(NamedTuple):
    """A funding line that feeds the project."""

    number: str
    kind: Text
    amount_fen: int
    href: str


def sources(budgets: list[Budget], lines: dict[str, FundingLine]) -> list[Source]:
    """Return the lines that the project's budgets draw on, the largest first."""
    sums: dict[str, int] = {}
    for one in budgets:
        sums[one.line] = sums.get(one.line, 0) + one.net_fen
    made = [
        Source(
            lines[line].number,
            lines[line].kind.text,
            amount,
            reverse("object", args=["funding_line", line]),
        )
        for line, amount in sums.items()
        if line in lines and amount
    ]
    return sorted(made, key=lambda one: -one.amount_fen)
