"""The form with which an invited person opens their account."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from shanhai.domains.accounts.invitations import code_fits

LONGEST_NAME, LONGEST_PASSWORD = 40, 256
MISSING = {
    "code": gettext_lazy("请填写邀请码，它在管理员交给您的邀请函上"),
    "username": gettext_lazy("请填写用户名"),
    "password": gettext_lazy("请设置密码"),
    "again": gettext_lazy("请再输入一次密码"),
}


def _needed(name: str) -> dict[str, Any]:
    return {"error_messages": {"required": MISSING[name]}}


class JoinForm(forms.Form):
    """Code, user name and password of a newcomer."""

    code = forms.CharField(**_needed("code"))
    name = forms.CharField(required=False, max_length=LONGEST_NAME)
    username = forms.CharField(max_length=LONGEST_NAME, **_needed("username"))
    password = forms.CharField(strip=False, max_length=LONGEST_PASSWORD, **_needed("password"))
    again = forms.CharField(strip=False, **_needed("again"))

    def __init__(self, invitation: str, *args: Any) -> None:
        super().__init__(*args)
        self.invitation = invitation

    def clean_code(self) -> str:
        """Hold the code against the invitation."""
        typed = str(self.cleaned_data["code"])
        if not code_fits(self.invitation, typed):
            raise ValidationError(gettext_lazy("邀请码不对，请对照邀请函重新输入"))
        return typed

    def clean_username(self) -> str:
        """Take letters, digits and a few signs that nobody has taken."""
        typed = str(self.cleaned_data["username"])
        try:
            UnicodeUsernameValidator()(typed)
        except ValidationError as error:
            raise ValidationError(
                gettext_lazy("用户名只能用文字、字母、数字和 @ . + - _，不能有空格")
            ) from error
        if get_user_model().objects.filter(username__iexact=typed).exists():
            raise ValidationError(gettext_lazy("用户名已被使用，请换一个"))
        return typed

    def clean(self) -> dict[str, Any]:
        """Judge the password with everything known, and its repetition."""
        data = self.cleaned_data
        password = data.get("password")
        if password:
            try:
                validate_password(password, get_user_model()(username=data.get("username", "")))
            except ValidationError as error:
                self.add_error("password", error)
        if password and data.get("again") and data["again"] != password:
            self.add_error("again", gettext_lazy("两次输入的密码不一致"))
        return data

    def error_list(self) -> list[tuple[str, str]]:
        """Return what to mend: pairs of a field's id and a sentence."""
        return [(name, str(one)) for name, found in self.errors.items() for one in found]
