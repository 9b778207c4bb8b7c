"""A client that signs acts: forty lines over the public API, with nothing of the platform but its specification."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Call = Callable[..., Any]  # call("GET", "/api/head"), call("POST", address, value)


def canonical(value: Any) -> bytes:
    """RFC 8785 for what a ledger holds: sorted keys, no spaces, integers, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def base64url(raw: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Officer:
    """An officer's registered Ed25519 key, the post acted in, and a way to call the API."""

    def __init__(self, seed: bytes, post: str, call: Call) -> None:
        self.key, self.post, self.call = Ed25519PrivateKey.from_private_bytes(seed), post, call
        public = self.key.public_key().public_bytes_raw()
        self.kid = hashlib.sha256(b"intl\0" + public).hexdigest()

    def act(
        self,
        name: str,
        subject: str,
        payload: dict[str, Any],
        stands: Sequence[tuple[str, str]] = (),
    ) -> dict[str, Any]:
        """Sign an act; `stands` are (noun, id) of the subject and of every object the payload names."""
        head = self.call("GET", "/api/head")
        seen = [
            (noun, one, self.call("GET", f"/api/{noun}/{one}")["digest"]) for noun, one in stands
        ]
        body = canonical(
            {
                "act": name,
                "kid": self.kid,
                "ledger": head["ledger"],
                "made_ms": head["now_ms"],
                "nonce": secrets.token_hex(16),
                "not_after_ms": head["now_ms"] + 600_000,
                "on": hashlib.sha256(canonical(sorted(seen))).hexdigest(),
                "payload": payload,
                "post": self.post,
                "seen": {"root": head["root"], "size": head["size"]},
                "subject": subject,
            }
        )
        start = f"shanhai/act-sig/v1\n{head['ledger']}\ned25519\n{self.kid}\n".encode()
        signature = base64url(self.key.sign(start + body))
        return {"body": base64url(body), "signature": {"alg": "ed25519", "sig": signature}}

    def submit(self, name: str, subject: str, payload: dict[str, Any], **more: Any) -> Any:
        """Sign an act and submit it; return the receipt, or the problem with its reasons."""
        signed = self.act(name, subject, payload, **more)
        return self.call("POST", f"/api/acts/{name.partition('/')[0]}", signed)
