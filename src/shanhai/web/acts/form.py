"""The form of an act, from its struct alone: one input for each field, nothing written twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from shanhai.acts.machine import Act, fields_of
from shanhai.acts.machine.fields import REGION, Field, Kind, row_type
from shanhai.web.acts import inputs
from shanhai.web.middleware import language

SEARCHED = (Kind.REF, Kind.REGION)
LONG = 240
MOST_TEXT = 2000
MOST_ROWS = 64
SHORT = 5


class Choosing(Protocol):
    """What the references of a form may name."""

    def few(self, field: Field) -> list[tuple[str, str]]:
        """Return (id, words) where there are few enough to show."""

    def named(self, field: Field, value: str) -> str:
        """Return what a chosen id is called."""

    def address(self, path: str) -> str:
        """Return where a field's choices are searched."""


class Offered:
    """Choices that a function lists; what it lists none for is typed."""

    def __init__(self, options: "Options | None" = None) -> None:
        self.options = options

    def few(self, field: Field) -> list[tuple[str, str]]:
        """Return what the function lists."""
        return self.options(field) if self.options else []

    def named(self, field: Field, value: str) -> str:  # noqa: ARG002 - nothing is searched
        """Know no name."""
        return ""

    def address(self, path: str) -> str:  # noqa: ARG002 - nothing is searched
        """Search nowhere."""
        return ""


Options = Callable[[Field], list[tuple[str, str]]]
Maker = Callable[[Field, dict[str, Any], Choosing], forms.Field]


def _limit(limit: float | None) -> int | None:
    return None if limit is None else int(limit)


def _text(field: Field, common: dict[str, Any], _refs: Choosing) -> forms.Field:
    least, most = field.meta.min_length, field.meta.max_length
    return forms.CharField(min_length=least, max_length=most, **common)


def _number(field: Field, common: dict[str, Any], _refs: Choosing) -> forms.Field:
    least, most = _limit(field.meta.ge), _limit(field.meta.le)
    return forms.IntegerField(min_value=least, max_value=most, **common)


def _choice(field: Field, common: dict[str, Any], _refs: Choosing) -> forms.Field:
    choices = [(c.value, c.text.say(language())) for c in field.type]
    return forms.ChoiceField(choices=choices, **common)


_MAKERS: dict[Kind, Maker] = {
    Kind.WORD: _text,
    Kind.AMOUNT: lambda _f, common, _o: inputs.MoneyField(**common),
    Kind.COUNT: _number,
    Kind.PERMILLE: _number,
    Kind.MOMENT: lambda _f, common, _o: inputs.DayField(**common),
    Kind.REGION: lambda _f, common, _o: inputs.RegionField(REGION, **common),
    Kind.DIGEST: lambda _f, common, _o: inputs.DigestField(**common),
    Kind.COMMITMENT: lambda _f, common, _o: forms.CharField(max_length=MOST_TEXT, **common),
    Kind.REF: lambda _f, common, _o: inputs.ChosenField(**common),
    Kind.REFS: lambda field, common, refs: inputs.IdsField(choices=refs.few(field), **common),
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
    words: str
    search: str

    @property
    def kind(self) -> str:
        """Return which control the template uses."""
        long = self.field.kind is Kind.WORD and (self.field.meta.max_length or 0) > LONG
        return "long" if long else self.field.kind.value


@dataclass(frozen=True)
class Group:
    """Inputs that belong together."""

    title: str
    icon: str
    items: Sequence[Shown]


def grouping() -> tuple[tuple[str, str, tuple[Kind, ...]], ...]:
    """Return title, icon and kinds of each group, in the order shown."""
    return (
        (
            _("内容"),
            "journal-text",
            (Kind.WORD, Kind.CHOICE, Kind.FLAG, Kind.REGION, Kind.COUNT, Kind.WORDS),
        ),
        (_("资金"), "cash-coin", (Kind.AMOUNT, Kind.PERMILLE)),
        (_("单位与关联事项"), "link-45deg", (Kind.REF, Kind.REFS)),
        (_("明细"), "list", (Kind.ROWS,)),
        (_("日期"), "calendar-event", (Kind.MOMENT,)),
        (_("材料"), "paperclip", (Kind.DIGEST,)),
        (_("说明（加密保存）"), "lock-fill", (Kind.COMMITMENT,)),
    )


class ActForm:
    """The inputs of a struct; cleans to the values of its fields."""

    def __init__(
        self,
        struct: type[msgspec.Struct],
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        refs: Choosing | None = None,
        prefix: str = "",
        only: Sequence[str] | None = None,
        path: str = "",
    ) -> None:
        self.struct, self.data, self.prefix, self.path = struct, data, prefix, path
        self.initial, self.refs = dict(initial or {}), refs or Offered()
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
        return _MAKERS[field.kind](field, common, self.refs)

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
                refs=self.refs,
                prefix=f"{self.prefix}{field.name}-{n}-",
                path=f"{field.name}.",
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
            options = self._offered(field)
            search = field.kind in SEARCHED and not options
            yield Shown(
                name=self.prefix + name,
                field=field,
                input=self.inputs[name],
                value=value,
                unit=unit,
                error=self.errors.get(name, ""),
                rows=self.rows.get(name, []),
                options=options,
                words=self.refs.named(field, str(value)) if search else "",
                search=self.refs.address(self.path + name) if search else "",
            )

    def _offered(self, field: Field) -> list[tuple[str, str]]:
        if field.kind is Kind.CHOICE:
            return [(c.value, c.text.say(language())) for c in field.type]
        return self.refs.few(field)

    def _shown(self, name: str) -> tuple[Any, str]:
        if self.data is not None:
            key = self.prefix + name
            many = self.fields[name].kind is Kind.REFS
            value = self.data.getlist(key) if many else self.data.get(key, "")
            return value, str(self.data.get(f"{key}_unit", inputs.YUAN))
        return self.initial.get(name, ""), inputs.YUAN

    def groups(self) -> list["Group"]:
        """Return the inputs by what they ask about; a short form is one group without a title."""
        shown = list(self)
        if len(shown) <= SHORT:
            return [Group("", "", shown)] if shown else []
        return [
            Group(title, icon, part)
            for title, icon, kinds in grouping()
            if (part := [one for one in shown if one.field.kind in kinds])
        ]

    def missing(self) -> list[str]:
        """Return the labels of required inputs that hold nothing yet."""
        return [
            self.fields[name].text.say(language())
            for name in self.errors
            if not str(self._shown(name)[0] or "").strip()
        ]

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
