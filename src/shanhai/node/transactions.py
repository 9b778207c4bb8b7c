"""How a consortium's network carries a ledger: acts as transactions, genesis as the application's state, results."""

from contextlib import suppress
from typing import NamedTuple

import msgspec

from shanhai.kernel.canonical import encode, from_base64
from shanhai.kernel.errors import InvalidInputError, ShanhaiError
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.ledger.entry import MAX_ENTRY_BYTES
from shanhai.node.abci_messages import ExecTxResult
from shanhai.node.admission import Signed
from shanhai.node.founding import check_genesis

OK, MALFORMED, REFUSED, KNOWN = range(4)
"""Codes of a transaction's result."""
Refusals = tuple[tuple[str, Facts], ...]
_LENGTH = 4
TEXTS |= {
    "consensus.tx": Text(
        "交易格式不正确，请用本平台的页面或接口重新生成",
        "The transaction is malformed; make it again with this platform's page or API",
    ),
    "consensus.known": Text("该事项已在账本中", "The act is in the log already"),
}


class Result(NamedTuple):
    """What became of one transaction in a block."""

    act_id: str
    code: int
    place: int = -1
    refusals: Refusals = ()

    def message(self) -> ExecTxResult:
        """Return it as the network hashes it: code and entry index; reasons stand in the log, which nobody hashes."""
        if self.code == OK:
            return ExecTxResult(OK, self.place.to_bytes(8, "big"))
        return ExecTxResult(self.code, b"", encode(self.refusals).decode())


def transaction(signed: Signed) -> bytes:
    """Return an act as the network carries it: the body's length as u32, body, signature block."""
    return len(signed.body).to_bytes(_LENGTH, "big") + signed.body + signed.signature


def signed_of(tx: bytes) -> Signed:
    """Read a transaction.

    Raises:
        InvalidInputError: `consensus.tx`.
    """
    end = _LENGTH + int.from_bytes(tx[:_LENGTH], "big")
    if not _LENGTH < end < len(tx) <= MAX_ENTRY_BYTES:
        raise InvalidInputError("consensus.tx")
    return Signed(tx[_LENGTH:end], tx[end:])


def genesis_of(raw: bytes) -> Signed:
    """Return the signed genesis that a network's genesis file carries.

    Raises:
        InvalidInputError: `genesis.invalid`.
    """
    with suppress(msgspec.MsgspecError, ShanhaiError, KeyError, TypeError):
        found = msgspec.json.decode(raw, type=dict[str, str])
        return Signed(from_base64(found["body"]), from_base64(found["signature"]))
    raise InvalidInputError("genesis.invalid", detail="app_state")


def network_id(signed: Signed) -> str:
    """Return the name of a ledger's network, at most 50 characters: it says the ledger's id, so chains never mix."""
    return f"shanhai-{check_genesis(*signed).constants.ledger[:32]}"
