"""The mix's second half: each project's lot is contracted, claimed for, paid under two keys and reconciled."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shanhai.acts.budget import AssignBudget
from shanhai.acts.claim import PayStage
from shanhai.acts.claim_flow import (
    CertifyClaim,
    CheckClaim,
    EndorseClaim,
    ReviewClaim,
    SubmitClaim,
)
from shanhai.acts.contract_flow import FileContract, RegisterContract
from shanhai.acts.payment_end import EnterReceipt, ReconcilePayment
from shanhai.acts.payment_flow import CountersignPayment, OrderPayment, Part
from shanhai.cli._chain import LINE
from shanhai.cli._county import PAPER, WAN

if TYPE_CHECKING:
    from shanhai.acts.machine import Act
    from shanhai.cli.bench._mix import Ids, Making, Mix, Step

PAID = 150 * WAN


def contract(mix: "Mix") -> Iterator["Step"]:
    """File and register the contract, and give the project its budget."""
    yield (
        "owner",
        lambda ids: (
            FileContract(
                lot=ids["lot"],
                award=ids["awd"],
                number="模拟合同1号",
                price_fen=430 * WAN,
                account=PAPER,
                account_proof=PAPER,
                document=PAPER,
                signed_ms=mix.now,
            ),
            mix.id(ids, "con"),
        ),
    )
    yield "resources", lambda i: (RegisterContract(compared=True), i["con"])
    yield (
        "finance",
        lambda ids: (
            AssignBudget(
                project=ids["prj"],
                line=LINE,
                amount_fen=430 * WAN,
                number="模拟预算1号",
                document=PAPER,
            ),
            mix.id(ids, "bud"),
        ),
    )


def claim(mix: "Mix") -> Iterator["Step"]:
    """Claim, certify, review, endorse, check."""
    yield (
        "builder",
        lambda ids: (
            SubmitClaim(
                contract=ids["con"],
                stage=PayStage.PROGRESS,
                invoice=ids["con"],
                invoice_digest=mix.county.paper(f"invoice/{ids['con']}"),
                claimed_fen=PAID,
                document=PAPER,
            ),
            mix.id(ids, "clm"),
        ),
    )
    yield "supervisor", _on("clm", CertifyClaim(certified_fen=200 * WAN, report=PAPER))
    yield "owner2", _on("clm", ReviewClaim(opinion=PAPER))
    yield "agriculture", _on("clm", EndorseClaim(opinion=PAPER))
    yield "finance2", _on("clm", CheckClaim(payable_fen=PAID, opinion=PAPER))


def payment(mix: "Mix") -> Iterator["Step"]:
    """Order, countersign, enter the bank's receipt, reconcile; the account has been on file long enough."""
    yield "finance3", lambda ids: (_order(mix, ids), mix.id(ids, "pay")), 20
    yield "cadre", _on("pay", CountersignPayment())
    yield "treasury", lambda ids: (_receipt(mix, ids), ids["pay"])
    yield "reconciler", _on("pay", ReconcilePayment(statement=PAPER, found_fen=PAID))


def _order(mix: "Mix", ids: "Ids") -> OrderPayment:
    return OrderPayment(
        claim=ids["clm"],
        payee=mix.body("builder"),
        account=PAPER,
        parts=(Part(budget=ids["bud"], amount_fen=PAID),),
    )


def _receipt(mix: "Mix", ids: "Ids") -> EnterReceipt:
    return EnterReceipt(receipt=mix.county.paper(f"bank/{ids['pay']}"), paid_ms=mix.now)


def _on(prefix: str, act: "Act") -> "Making":
    return lambda ids: (act, ids[prefix])
