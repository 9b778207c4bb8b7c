"""What accounts do here otherwise than allauth does: by invitation, locked by name, secrets sealed."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shanhai.domains.vault import crypto

SECOND_STEP = "shanhai/accounts/second-step"
"""What the seal of a second step's secret is bound to."""


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Close sign-up; administrators invite."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return False always."""
        return False


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc] # as above
    """Keep one-time-code keys and recovery seeds under the vault's key: a stolen table signs nobody in."""

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("代码不对；请输入现在的 6 位数字，或一个没有用过的恢复码")
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret for the table of authenticators."""
        return urlsafe_b64encode(crypto.seal(_master(), text.encode(), SECOND_STEP)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed.

        Raises:
            cryptography.exceptions.InvalidTag: If it was sealed under another data folder's key.
        """
        return crypto.unseal(_master(), urlsafe_b64decode(encrypted_text), SECOND_STEP).decode()


def _master() -> bytes:
    return crypto.master_key(Path(settings.DATA_DIR))


def user_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Return whose sign-in is counted: an office behind one address is not locked by one of its officers.

    Args:
        request: The sign-in.
        credentials: What the back ends were asked with, None where only the form is known.
    """
    given = credentials or {}
    return (given.get("username") or request.POST.get("login", "")).strip().lower()
