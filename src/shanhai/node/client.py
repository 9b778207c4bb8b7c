"""What a client does before it submits: draft a body, sign it. For commands, demonstrations and tests.

A browser does the same in `web/signing`; here the key is a software key. Time and nonce are arguments.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from shanhai.acts.genesis import LEDGER, Genesis
from shanhai.acts.machine.judge import on_digest
from shanhai.acts.machine.registry import Act
from shanhai.acts.machine.view import Store, View
from shanhai.kernel.canonical import encode, to_base64
from shanhai.kernel.suite import Suite
from shanhai.ledger.body import MAX_WINDOW_MS, Body, Seen, signed_bytes
from shanhai.ledger.entry import FounderSignature, SignatureBlock, make_founders
from shanhai.ledger.signing import Signer, kid_of
from shanhai.node.admission import Signed
from shanhai.node.founding import Constants


class Officer(NamedTuple):
    """A post acted in and the software key that signs; `post` "" for an open-door act."""

    post: str
    signer: Signer

    def kid(self, suite: Suite) -> str:
        """Return the key's id."""
        return kid_of(suite, self.signer.public_key)


def draft(  # noqa: PLR0913 - every field of a body
    constants: Constants,
    store: Store | View,
    officer: Officer,
    payload: Act,
    subject: str,
    *,
    made_ms: int,
    nonce: bytes,
    seen: Seen | None = None,
    window_ms: int = MAX_WINDOW_MS,
) -> Body:
    """Return the body of an act on the state in `store`.

    Args:
        constants: Of the ledger.
        store: The state that the officer sees.
        officer: Who acts.
        payload: The act.
        subject: The subject's id; a new one for an act that creates it.
        made_ms: When, epoch ms.
        nonce: 16 random bytes.
        seen: A checkpoint that this client verified.
        window_ms: How long the signature counts, at most 15 minutes.
    """
    return Body(
        act=payload.row.name,
        kid=officer.kid(constants.suite),
        ledger=constants.ledger,
        made_ms=made_ms,
        nonce=nonce.hex(),
        not_after_ms=made_ms + window_ms,
        on=on_digest(store, constants.suite, payload, subject),
        payload=msgspec.Raw(encode(payload)),
        post=officer.post,
        seen=seen,
        subject=subject,
    )


def sign(body: Body, signer: Signer) -> Signed:
    """Sign a body with a software key (`ed25519`, `p256` or `sm2-sm3`)."""
    raw = encode(body)
    signature = signer.sign(signed_bytes(body.ledger, signer.alg, body.kid, raw))
    return Signed(raw, encode(SignatureBlock(signer.alg, to_base64(signature))))


def sign_genesis(
    payload: Genesis, signers: Iterable[Signer], suite: Suite, made_ms: int, nonce: bytes
) -> Signed:
    """Return genesis signed by every founding key.

    Args:
        payload: The founding content.
        signers: One for each of its keys.
        suite: The ledger's hash.
        made_ms: When, epoch ms.
        nonce: 16 random bytes.
    """
    body = Body(
        act=payload.row.name,
        kid="",
        ledger="",
        made_ms=made_ms,
        nonce=nonce.hex(),
        not_after_ms=made_ms + MAX_WINDOW_MS,
        on="",
        payload=msgspec.Raw(encode(payload)),
        subject=LEDGER,
    )
    raw = encode(body)
    signatures = []
    for signer in signers:
        kid = kid_of(suite, signer.public_key)
        signature = signer.sign(signed_bytes("", signer.alg, kid, raw))
        signatures.append(FounderSignature(signer.alg, kid, to_base64(signature)))
    return Signed(raw, make_founders(signatures))
