"""Form inputs by kind of field: what an officer types, and the value that stands in the payload."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanhai.kernel import money, periods
from shanhai.kernel.errors import InvalidInputError
from shanhai.web.middleware import language

YUAN, WAN = "yuan", "wan"
UNIT_FEN = {YUAN: money.FEN_PER_YUAN, WAN: money.FEN_PER_WAN}


class MoneyWidget(forms.TextInput):
    """An amount and its unit, 元 or 万元, read together."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """Return (text, unit)."""
        return data.get(name, ""), data.get(f"{name}_unit", YUAN)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - Django's signature
        """Return whether the amount was not sent."""
        return name not in data


class MoneyField(forms.Field):
    """Takes yuan or 万元 as text and gives fen exactly."""

    widget = MoneyWidget

    def clean(self, value: Any) -> int | None:
        """Return fen.

        Raises:
            ValidationError: With the kernel's sentence.
        """
        text, unit = value if isinstance(value, tuple) else (str(value or ""), YUAN)
        if not text.strip():
            if self.required:
                raise forms.ValidationError(_("请填写金额"), code="required")
            return 0
        try:
            return money.parse(text, UNIT_FEN.get(unit, money.FEN_PER_YUAN))
        except InvalidInputError as error:
            raise forms.ValidationError(error.say(language()), code=error.code) from error


class DayField(forms.DateField):
    """Takes a date, or a date and time, in UTC+8 and gives epoch ms."""

    def clean(self, value: Any) -> Any:
        """Return epoch ms, 0 where nothing is required or given."""
        text = str(value or "").strip()
        if "T" in text or " " in text:
            return self._moment(text)
        day: date | None = super().clean(value)
        return periods.ms_of(day) if day else 0

    def _moment(self, text: str) -> int:
        try:
            found = datetime.fromisoformat(text.replace(" ", "T")).replace(tzinfo=periods.ZONE)
        except ValueError as error:
            raise forms.ValidationError(
                _("请按 2026-11-25 或 2026-11-25 09:30 填写"), code="invalid"
            ) from error
        return int(found.timestamp() * 1000)


class LinesField(forms.CharField):
    """Takes one item a line and gives a tuple."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        """Return the non-empty lines, stripped."""
        text: str = super().clean(value)
        return tuple(line.strip() for line in text.splitlines() if line.strip())


class IdsField(forms.MultipleChoiceField):
    """Takes several ids and gives a tuple in the order offered."""

    def clean(self, value: Any) -> Any:
        """Return the chosen ids."""
        return tuple(super().clean(value))


class ChosenWidget(forms.TextInput):
    """An id chosen from a list; without script, what was typed beside it stands in."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """Return the id, else the words typed."""
        return data.get(name, "") or data.get(f"{name}_words", "")


class ChosenField(forms.CharField):
    """Takes a reference's id."""

    widget = ChosenWidget
    default_error_messages = {  # noqa: RUF012 - Django's own form
        "required": gettext_lazy("请选择一项：输入名称，再从列出的结果中选")
    }


class RegionField(forms.RegexField):
    """Takes a region's code."""

    widget = ChosenWidget
    default_error_messages = {  # noqa: RUF012 - Django's own form
        "required": gettext_lazy("请选择地区"),
        "invalid": gettext_lazy("请从列出的地区中选，或填写 6、9 或 12 位区划代码"),
    }


class DigestField(forms.CharField):
    """Takes the hash of a document already uploaded; the page's script uploads and fills it."""

    def clean(self, value: Any) -> Any:
        """Return 64 hex digits, or "" where nothing is required.

        Raises:
            ValidationError: If a document is required and missing.
        """
        text = str(value or "").strip().lower()
        if not text:
            if self.required:
                raise forms.ValidationError(_("请上传文件"), code="required")
            return ""
        if len(text) != 64 or not set(text) <= set("0123456789abcdef"):  # noqa: PLR2004 - hex digits of 32 bytes
            raise forms.ValidationError(_("文件哈希不正确，请重新上传"), code="invalid")
        return text


class RowsField(forms.Field):
    """A list of small forms; the form of the whole act reads and cleans them."""
