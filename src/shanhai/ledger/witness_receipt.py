"""A witness's receipt: which act or objection it took, of which ledger, and when.

An act's receipt stays with who handed the act in. An objection's is entered into the log, so the rules check it
alike on every node. Source: design §3 (mirrors take acts and objections), ledger reference §7.
"""

import msgspec

from shanhai.kernel.canonical import decode, encode, from_base64, to_base64
from shanhai.kernel.errors import ProofError
from shanhai.ledger.checkpoint import VKey
from shanhai.ledger.signing import Signer, verify_raw

_PREFIX = b"shanhai/witness-receipt/v1\n"


class WitnessReceipt(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a witness signs: what it took (`act` or `objection`), whose log, when, and until when it waits.

    `id` is the act's id, or the digest of what is objected; `notice` the objection's notice. `due_ms` is when the
    witness begins to refuse, 0 for a receipt that proves the time and forces nothing.
    """

    due_ms: int = 0
    id: str
    kind: str
    ledger: str
    notice: str = ""
    received_ms: int
    sig: str = ""
    witness: str

    @property
    def message(self) -> bytes:
        """Return the signed bytes."""
        return _PREFIX + encode(msgspec.structs.replace(self, sig=""))

    def signed(self, signer: Signer) -> "WitnessReceipt":
        """Return the receipt with the witness's signature, unpadded base64url."""
        return msgspec.structs.replace(self, sig=to_base64(signer.sign(self.message)))


def check_receipt(raw: bytes, vkey: VKey) -> WitnessReceipt:
    """Check a receipt against a witness's verifier key.

    Raises:
        InvalidInputError: If it is malformed.
        ProofError: `signature.invalid`, also where it names another witness.
    """
    receipt = decode(raw, WitnessReceipt)
    if receipt.witness != vkey.line:
        raise ProofError("signature.invalid")
    verify_raw(vkey.kind.alg, vkey.public_key, from_base64(receipt.sig), receipt.message)
    return receipt
