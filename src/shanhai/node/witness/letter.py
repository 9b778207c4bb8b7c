"""How a mirror signs in: each read carries its path and the time, signed by its cosigning key.

A ledger whose publication is `members` hands entry bundles to members only. Its witnesses are members: a site, and
every mirror that serves its copy, lets a key of the policy read. A letter counts for one path and five minutes.
"""

from typing import TYPE_CHECKING

from shanhai.kernel.canonical import from_base64, to_base64
from shanhai.kernel.errors import ShanhaiError
from shanhai.ledger.policy import Policy
from shanhai.ledger.signing import verify_raw

if TYPE_CHECKING:
    from shanhai.node.witness.mirror import Identity

HEADER = "X-Shanhai-Witness"
WINDOW_S = 300
_PREFIX = "shanhai/witness-read/v1"
_PARTS = 3


def letter(me: "Identity", path: str, now_s: int) -> str:
    """Return the header's value: verifier key, Unix time, signature (unpadded base64url).

    Args:
        me: The witness.
        path: What is read, `/ledger/tile/entries/…`.
        now_s: This machine's time, Unix seconds.
    """
    signature = me.signer.sign(_message(path, now_s))
    return f"{me.vkey.line} {now_s} {to_base64(signature)}"


def holds(text: str, path: str, now_s: int, policy: Policy) -> bool:
    """Return whether a witness of the policy wrote this letter for this path, now.

    Args:
        text: The header's value, "" for none.
        path: What is read.
        now_s: This machine's time, Unix seconds.
        policy: Whose keys may read.
    """
    parts = text.split(" ")
    known = {one.vkey.line: one.vkey for one in policy.witnesses}
    if len(parts) != _PARTS or parts[0] not in known or not parts[1].isdecimal():
        return False
    vkey, time_s = known[parts[0]], int(parts[1][:15])
    try:
        verify_raw(vkey.kind.alg, vkey.public_key, from_base64(parts[2]), _message(path, time_s))
    except ShanhaiError:
        return False
    return abs(now_s - time_s) <= WINDOW_S


def _message(path: str, time_s: int) -> bytes:
    return f"{_PREFIX}\n{path}\n{time_s}\n".encode()
