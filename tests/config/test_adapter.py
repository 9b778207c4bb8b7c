"""What accounts do otherwise here: secrets of second steps are sealed, failures are counted by name."""

import pytest
from cryptography.exceptions import InvalidTag
from django.test import RequestFactory

from shanhai.config.adapter import SealedSecrets, user_name


def test_a_sealed_secret_opens_again_and_says_nothing() -> None:
    kept = SealedSecrets().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DP" not in kept
    assert kept != SealedSecrets().encrypt("JBSWY3DPEHPK3PXP")
    assert SealedSecrets().decrypt(kept) == "JBSWY3DPEHPK3PXP"


def test_a_secret_changed_by_one_character_is_refused() -> None:
    kept = SealedSecrets().encrypt("JBSWY3DPEHPK3PXP")
    changed = kept[:20] + ("A" if kept[20] != "A" else "B") + kept[21:]
    with pytest.raises(InvalidTag):
        SealedSecrets().decrypt(changed)


@pytest.mark.parametrize(
    ("typed", "credentials", "counted"),
    [
        (" Lin ", None, "lin"),
        ("lin", {"username": "LIN", "password": "x"}, "lin"),
        ("", {"credential": "passkey"}, ""),
    ],
)
def test_failures_are_counted_by_user_name(
    typed: str, credentials: dict[str, str] | None, counted: str
) -> None:
    request = RequestFactory().post("/accounts/login/", {"login": typed})
    assert user_name(request, credentials) == counted
