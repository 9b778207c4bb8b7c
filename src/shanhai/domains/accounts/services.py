"""Making accounts: a sign-in tied to a person on the ledger."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from shanhai.acts.machine import Person
from shanhai.domains.accounts.models import Account
from shanhai.domains.rows import row_of
from shanhai.kernel.errors import InvalidInputError
from shanhai.kernel.text import TEXTS, Text

TEXTS["account.taken"] = Text("用户名已被使用，请换一个", "This user name is taken; choose another")
TEXTS["account.exists"] = Text(
    "该人员已有账号，请直接登录", "This person has an account already; sign in"
)
TEXTS["account.nobody"] = Text(
    "账本上没有这名人员，请先由登记员登记",
    "No such person on the ledger; a registrar registers them first",
)
TEXTS["account.unknown"] = Text("没有这个用户名，请核对", "There is no such user name; check it")


def account_invite(*, person: str, name: str, username: str, password: str) -> AbstractBaseUser:
    """Open an account for a person whom the ledger knows.

    Args:
        person: The person's id on the ledger.
        name: The name shown to themselves.
        username: The user name.
        password: The first password.

    Raises:
        InvalidInputError: If the ledger has no such person, or as `account_open` does.
    """
    if not row_of(Person).objects.filter(pk=person).exists():
        raise InvalidInputError("account.nobody")
    return account_open(person=person, name=name, username=username, password=password)


def password_reset(*, username: str, password: str) -> None:
    """Give an account a new password; its sessions end with the old one.

    Raises:
        InvalidInputError: If there is no such account.
    """
    account = Account.objects.filter(user__username=username).select_related("user").first()
    if account is None:
        raise InvalidInputError("account.unknown")
    validate_password(password)
    account.user.set_password(password)
    account.user.save(update_fields=["password"])


@transaction.atomic
def account_open(*, person: str, name: str, username: str, password: str) -> AbstractBaseUser:
    """Open an account for an invited person.

    Args:
        person: The person's id on the ledger.
        name: The name shown to themselves.
        username: Chosen user name.
        password: Chosen password, at least 12 characters; "" makes one that never signs in by password.

    Raises:
        InvalidInputError: If the person has an account or the user name is taken.
        django.core.exceptions.ValidationError: If the password is too weak.
    """
    users = get_user_model().objects
    if Account.objects.filter(person=person).exists():
        raise InvalidInputError("account.exists")
    if users.filter(username=username).exists():
        raise InvalidInputError("account.taken")
    if password:
        validate_password(password)
    user = users.create_user(username=username, password=password or None)
    Account.objects.create(user=user, person=person, name=name)
    made: AbstractBaseUser = user
    return made
