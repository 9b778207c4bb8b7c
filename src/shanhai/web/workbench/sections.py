"""The sections of a declaration, in the order of the task list, and how each one stands."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanhai.acts.machine import Act, fields_of
from shanhai.acts.machine.fields import Kind
from shanhai.domains.workbench.drafts import Kept, Typed
from shanhai.web.acts.form import ActForm, Offered, Options


class Section(NamedTuple):
    """One part of the declaration: one subject, one page."""

    name: str
    title: str | Promise
    hint: str | Promise
    fields: tuple[str, ...]


SECTIONS = (
    Section(
        "basics",
        _("基本信息"),
        _("名称、年度和投向"),
        ("name", "year", "category", "sector", "operating"),
    ),
    Section(
        "place",
        _("地点、结对与单位"),
        _("在哪里做，由哪对结对支持，谁是业主"),
        ("region", "place", "pairing", "owner", "department"),
    ),
    Section(
        "content",
        _("建设内容与受益群众"),
        _("做什么、多久做完、多少人受益"),
        (
            "content",
            "start_ms",
            "finish_ms",
            "households",
            "people",
            "poor_households",
            "poor_people",
        ),
    ),
    Section("money", _("申请资金"), _("向协作资金申请多少"), ("planned_fen",)),
    Section("documents", _("申报材料"), _("盖章的申报书"), ("application",)),
    Section("targets", _("绩效目标"), _("没有绩效目标的项目不得入库"), ("targets",)),
    Section("linkage", _("联农带农机制"), _("经营性项目必须有"), ("linkage",)),
)
OF_GUARD = {
    "project.amount": "money",
    "project.dates": "content",
    "project.people": "content",
    "project.owner_only": "place",
    "project.pairing": "place",
    "project.unknown_organisation": "place",
}
"""In which section a failed rule is mended."""
_BY_NAME = {section.name: section for section in SECTIONS}


def section_of(name: str) -> Section | None:
    """Return a section by name."""
    return _BY_NAME.get(name)


def fields_in(section: Section, act: type[Act]) -> tuple[str, ...]:
    """Return the section's fields that the act has: place and pair stand once declared."""
    known = set(act.__struct_fields__)
    return tuple(name for name in section.fields if name in known)


def typed_fields(act: type[Act], names: Iterable[str], data: QueryDict) -> Typed:
    """Return what was typed into these fields, units of amounts included."""
    kept: Typed = {}
    wanted = set(names)
    for field in fields_of(act):
        if field.name not in wanted:
            continue
        kept[field.name] = data.getlist(field.name)
        if field.kind is Kind.AMOUNT:
            kept[f"{field.name}_unit"] = data.getlist(f"{field.name}_unit")
        if field.kind is Kind.ROWS:
            inner = [name for name in data if name.startswith(f"{field.name}-")]
            kept |= {name: data.getlist(name) for name in inner}
    return kept


def query(typed: Mapping[str, list[str]]) -> QueryDict:
    """Return kept fields as form data."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def form_of(section: Section, act: type[Act], kept: Kept, options: Options) -> ActForm:
    """Return a section's form over what the draft holds."""
    only = fields_in(section, act)
    return ActForm(act, query(kept.typed), refs=Offered(options), only=only)


class Standing(NamedTuple):
    """How a section stands: shown as a word and a colour; `ready` when it may be submitted."""

    word: str | Promise
    kind: str
    ready: bool


def standing(section: Section, act: type[Act], kept: Kept, *, returned: bool) -> Standing:
    """Return a section's status from what the draft holds.

    Args:
        section: The section.
        act: The act that the draft prepares.
        kept: What the draft holds.
        returned: Whether a reason for the return is anchored here.
    """
    form = form_of(section, act, kept, lambda _field: [])
    valid, touched = form.is_valid(), section.name in kept.versions
    filled = any("".join(kept.typed.get(name, [])).strip() for name in section.fields)
    if not valid:
        return (
            Standing(_("已看未完成"), "warning", ready=False) if touched else _fresh(filled=filled)
        )
    if returned and not touched:
        return Standing(_("需修改"), "danger", ready=True)
    if not filled:
        return Standing(_("选填，未填"), "neutral", ready=True)
    return Standing(_("已完成"), "success", ready=True)


def _fresh(*, filled: bool) -> Standing:
    word = _("已预填，待核对") if filled else _("未开始")
    return Standing(word, "info" if filled else "neutral", ready=False)
