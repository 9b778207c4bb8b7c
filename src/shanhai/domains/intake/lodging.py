"""Lodging objections that a witness took: its receipt goes into the log, signed by this ledger's node.

The receipt is the authority, whoever brings it. Nothing of the text is here; whoever objected hands it to the notice's
organ, which sees on the ledger that it is owed a decision.
"""

import secrets

from shanhai.acts.witness_policy import signers
from shanhai.domains.book import witnesses
from shanhai.domains.book.handle import ledger_now_ms, node
from shanhai.domains.intake.roots import node_officer
from shanhai.kernel.canonical import decode
from shanhai.kernel.errors import InvalidInputError, ProofError, Refused
from shanhai.kernel.text import TEXTS, Text
from shanhai.ledger.witness_receipt import WitnessReceipt
from shanhai.node.witness import objections

MAX_BYTES = 4_096
TEXTS |= {
    "lodging.receipt": Text(
        "这不是本账本现行见证单位签发的异议回执；请原样交来镜像给出的回执",
        "This is no receipt for an objection that a witness of this ledger's policy signed; hand in what the mirror gave, "
        "unchanged",
    ),
    "lodging.key": Text(
        "本机没有节点密钥 keys/node，无法登记异议，见证单位将停止联署；请运行单位放入节点的密钥种子",
        "The node's key, keys/node, is missing here, so no objection is lodged and witnesses will stop cosigning; the "
        "operator must put the node's seed there",
    ),
}


def lodge(raw: bytes) -> str:
    """Enter a witness's receipt for an objection and return the entry's act id, "" where it was entered before.

    Raises:
        ProofError: `lodging.receipt`.
        InvalidInputError: `lodging.key`, or if the receipt is malformed.
        Refused: What the rules say against it.
    """
    receipt, book = decode(raw, WitnessReceipt), node()
    _check(receipt)
    officer = node_officer()
    if officer is None:
        raise InvalidInputError("lodging.key")
    chance = secrets.token_bytes(10), secrets.token_bytes(16)
    outcome = objections.lodge(book, receipt, officer, ledger_now_ms(), chance)
    if outcome.receipt is not None:
        return outcome.act_id
    code, facts = outcome.refusals[0]
    if code == "object.taken":
        return ""
    raise Refused(code, **facts)


def _check(receipt: WitnessReceipt) -> None:
    """Refuse what no witness signed before anything is asked of the rules."""
    found, ledger = witnesses.gathering(), node().constants.ledger
    given = [(receipt.witness, receipt.sig)]
    fits = (receipt.kind, receipt.ledger) == ("objection", ledger) and bool(receipt.notice)
    if not fits or found is None or not signers(found.policy, given, receipt.message):
        raise ProofError("lodging.receipt")
