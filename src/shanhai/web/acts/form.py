"""The form of an act, from its struct alone: one input for each field, nothing written twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from shanhai.acts.machine import Act, fields_of
from shanhai.acts.machine.fields import REGION, Field, Kind, row_type
from shanhai.web.acts import inputs
from shanhai.web.middleware import language

Options = Callable[[Field], list[tuple[str, str]]]
LONG = 240
MOST_TEXT = 2000
MOST_ROWS = 64


def _limit(limit: float | None) -> int | None:
    return None if limit is None else int(limit)


def _text(field: Field, common: dict[str, Any], _options: Options) -> forms.Field:
    least, most = field.meta.min_length, field.meta.max_length
    return forms.CharField(min_length=least, max_length=most, **common)


def _number(field: Field, common: dict[str, Any], _options: Options) -> forms.Field:
    least, most = _limit(field.meta.ge), _limit(field.meta.le)
    return forms.IntegerField(min_value=least, max_value=most, **common)


def _choice(field: Field, common: dict[str, Any], _options: Options) -> forms.Field:
    choices = [(c.value, c.text.say(language())) for c in field.type]
    return forms.ChoiceField(choices=choices, **common)


_MAKERS: dict[Kind, Callable[[Field, dict[str, Any], Options], forms.Field]] = {
    Kind.WORD: _text,
    Kind.AMOUNT: lambda _f, common, _o: inputs.MoneyField(**common),
    Kind.COUNT: _number,
    Kind.PERMILLE: _number,
    Kind.MOMENT: lambda _f, common, _o: inputs.DayField(**common),
    Kind.REGION: lambda _f, common, _o: forms.RegexField(REGION, **common),
    Kind.DIGEST: lambda _f, common, _o: inputs.DigestField(**common),
    Kind.COMMITMENT: lambda _f, common, _o: forms.CharField(max_length=MOST_TEXT, **common),
    Kind.REF: lambda _f, common, _o: forms.CharField(**common),
    Kind.REFS: lambda field, common, options: inputs.IdsField(choices=options(field), **common),
    Kind.CHOICE: _choice,
    Kind.FLAG: lambda _f, common, _o: forms.BooleanField(**(common | {"required": False})),
    Kind.ROWS: lambda _f, common, _o: inputs.RowsField(**(common | {"required": False})),
    Kind.WORDS: lambda _f, common, _o: inputs.LinesField(**common),
}


@dataclass(frozen=True)
class Shown:
    """One input as the template shows it."""

    name: str
    field: Field
    input: forms.Field
    value: Any
    unit: str
    error: str
    rows: list["ActForm"]
    options: list[tuple[str, str]]

    @property
    def kind(self) -> str:
        """Return which control the template uses."""
        long = self.field.kind is Kind.WORD and (self.field.meta.max_length or 0) > LONG
        return "long" if long else self.field.kind.value


class ActForm:
    """The inputs of a struct; cleans to the values of its fields."""

    def __init__(
        self,
        struct: type[msgspec.Struct],
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        options: Options = lambda _field: [],
        prefix: str = "",
        only: Sequence[str] | None = None,
    ) -> None:
        self.struct, self.data, self.prefix = struct, data, prefix
        self.initial, self.options = dict(initial or {}), options
        every = {f.name: f for f in fields_of(struct)}
        self.fields = every if only is None else {name: every[name] for name in only}
        self.inputs = {name: self._input(field) for name, field in self.fields.items()}
        self.rows = {n: self._rows(f) for n, f in self.fields.items() if f.kind is Kind.ROWS}
        self.errors: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def _input(self, field: Field) -> forms.Field:
        hint = field.hint.say(language()) if field.hint else ""
        common = {
            "label": field.text.say(language()),
            "required": field.required,
            "help_text": hint,
        }
        return _MAKERS[field.kind](field, common, self.options)

    def _rows(self, field: Field) -> list["ActForm"]:
        least = max(1, field.meta.min_length or 0)
        if self.data is None:
            given = self.initial.get(field.name) or ()
            wanted = max(least, len(given))
        else:
            asked = str(self.data.get(f"{self.prefix}{field.name}-rows", least))
            given, wanted = (), min(int(asked) if asked.isdigit() else least, MOST_ROWS)
        return [
            ActForm(
                row_type(field),
                self.data,
                initial=given[n] if n < len(given) else None,
                options=self.options,
                prefix=f"{self.prefix}{field.name}-{n}-",
            )
            for n in range(wanted)
        ]

    def is_valid(self) -> bool:
        """Clean every input; True where all hold."""
        if self.data is None:
            return False
        for name, field in self.inputs.items():
            if name in self.rows:
                self._clean_rows(name)
                continue
            raw = field.widget.value_from_datadict(self.data, {}, self.prefix + name)
            try:
                value = field.clean(raw)
            except forms.ValidationError as error:
                self.errors[name] = " ".join(error.messages)
                continue
            if value not in (None, "", ()) or self.fields[name].required:
                self.values[name] = value
        return not self.errors and not any(
            row.errors for rows in self.rows.values() for row in rows
        )

    def _clean_rows(self, name: str) -> None:
        kept = [row for row in self.rows[name] if not row.blank()]
        for row in kept:
            row.is_valid()
        if len(kept) < (self.fields[name].meta.min_length or 0):
            self.errors[name] = _("请至少填写一行")
        if kept:
            self.values[name] = tuple(row.values for row in kept)

    def blank(self) -> bool:
        """Return whether nothing was entered: an empty row is left out."""
        data = self.data
        return data is None or not any(
            str(data.get(self.prefix + name, "")).strip() for name in self.fields
        )

    def __iter__(self) -> Iterator[Shown]:
        for name, field in self.fields.items():
            value, unit = self._shown(name)
            yield Shown(
                name=self.prefix + name,
                field=field,
                input=self.inputs[name],
                value=value,
                unit=unit,
                error=self.errors.get(name, ""),
                rows=self.rows.get(name, []),
                options=self._offered(field),
            )

    def _offered(self, field: Field) -> list[tuple[str, str]]:
        if field.kind is Kind.CHOICE:
            return [(c.value, c.text.say(language())) for c in field.type]
        return self.options(field)

    def _shown(self, name: str) -> tuple[Any, str]:
        if self.data is not None:
            key = self.prefix + name
            many = self.fields[name].kind is Kind.REFS
            value = self.data.getlist(key) if many else self.data.get(key, "")
            return value, str(self.data.get(f"{key}_unit", inputs.YUAN))
        return self.initial.get(name, ""), inputs.YUAN

    def error_list(self) -> list[tuple[str, str]]:
        """Return (input id, sentence) for the error summary, rows included."""
        own = [
            (self.prefix + name, f"{self.fields[name].text.say(language())}：{words}")
            for name, words in self.errors.items()
        ]
        return own + [
            pair for rows in self.rows.values() for row in rows for pair in row.error_list()
        ]


def payload_of(act: type[Act], values: Mapping[str, Any]) -> Act:
    """Build the payload from cleaned values; rows become structs.

    Raises:
        msgspec.ValidationError: If a value breaks a limit that the form could not see.
    """
    return msgspec.convert(_plain(values), act)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
