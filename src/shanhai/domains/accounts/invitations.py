"""Joining by invitation: who may, with which code, and what is still to be done.

An invitation stands on the ledger for everybody to read, so knowing its number lets nobody in: the code,
known to the inviting administrator and handed over in an official way, does.
"""

import hmac
from base64 import b32encode
from enum import Enum
from hashlib import sha256

from django.conf import settings

from shanhai.acts.key import Invitation, InvitationState
from shanhai.domains.accounts.models import Account

CODE_BYTES, GROUP = 10, 4
LOOKALIKES = str.maketrans("018", "OIB")
"""Base 32 has no 0, 1 or 8; whoever reads one from paper means the letter."""


class Joining(Enum):
    """What an invitation's page has to do for who asks."""

    USED = "used"
    EXPIRED = "expired"
    JOIN = "join"
    SIGN_IN = "sign_in"
    KEY = "key"


def code_of(invitation: str) -> str:
    """Return the code that belongs to an invitation: 80 bits as four groups of four characters.

    Args:
        invitation: The invitation's id.
    """
    mixed = f"shanhai/invitation\n{invitation}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), mixed, sha256).digest()
    text = b32encode(digest[:CODE_BYTES]).decode()
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def code_fits(invitation: str, typed: str) -> bool:
    """Return whether a code was typed rightly; case, spaces and dashes do not matter."""
    plain = "".join(one for one in typed.upper() if one.isalnum()).translate(LOOKALIKES)
    right = code_of(invitation).replace("-", "")
    return hmac.compare_digest(plain.encode(), right.encode())


def joining(invitation: Invitation, asker: str, now_ms: int) -> Joining:
    """Return what is to be done; one query at most.

    Args:
        invitation: The invitation.
        asker: The person who is signed in, "" for a visitor.
        now_ms: Ledger time, epoch ms.
    """
    if invitation.state is not InvitationState.OPEN:
        return Joining.USED
    if now_ms >= invitation.due_ms:
        return Joining.EXPIRED
    if asker and asker == invitation.person:
        return Joining.KEY
    known = Account.objects.filter(person=invitation.person).exists()
    return Joining.SIGN_IN if known else Joining.JOIN
