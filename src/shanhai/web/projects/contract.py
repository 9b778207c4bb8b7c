"""The money of a contract, from its price to what was paid; each sum says what it is made of."""

from shanhai.acts.claim_flow import PAID_SUM
from shanhai.acts.contract import Contract
from shanhai.acts.machine.objects import Total
from shanhai.domains.book.handle import current
from shanhai.kernel.text import Text
from shanhai.web.projects.figures import DEFINITIONS, Figure

T = Text
OWN = {
    "price": (T("合同价", "Price"), T("合同文本载明的价款", "What the contract says")),
    "limit": (
        T("合同限额", "Limit"),
        T(
            "合同价加调增、减调减；计量、结算都不能超过它",
            "The price with approved changes; nothing above it is certified or settled",
        ),
    ),
    "certified": DEFINITIONS["certified"],
    "settled": (
        T("结算金额", "Settled"),
        T("结算审核确定的金额；结算前没有", "What the settlement came to; nothing before it"),
    ),
    "ordered": DEFINITIONS["ordered"],
    "paid_before": DEFINITIONS["paid_before"],
    "retained_before": DEFINITIONS["retained_before"],
}


def contract_figures(found: Contract) -> list[Figure]:
    """Return a contract's sums in the order money moves, against its limit; one read by key."""
    total = current().find(Total, f"{PAID_SUM}/{found.id}")
    amounts = {
        "price": found.price_fen,
        "limit": found.limit_fen,
        "certified": found.certified_fen,
        "settled": found.settled_fen or None,
        "ordered": total.value if total is not None else 0,
    }
    if found.opening:
        amounts |= {
            "paid_before": found.paid_before_fen,
            "retained_before": found.retained_before_fen,
        }
    of = found.limit_fen
    return [Figure(key, *OWN[key], amount, of, [], 0, "") for key, amount in amounts.items()]
