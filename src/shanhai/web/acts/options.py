"""What a reference may be chosen from: objects the actor may see, those of the same project first."""

from collections.abc import Mapping

from shanhai.acts.machine import Object, fields_of
from shanhai.acts.machine.fields import Field
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import MODELS, row_of, structs
from shanhai.domains.scope import visible
from shanhai.web.middleware import language

MOST = 200
NARROWING = ("project", "contract", "claim", "lot", "line")


def choices(actor: Actor, field: Field, near: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (id, words) for a reference field; [] where there are too many to choose from.

    Args:
        actor: Who chooses; only what they may see is offered.
        field: The reference.
        near: Ids known already (`project`, `contract`, …) that narrow the choice.
    """
    kind = field.ref
    if kind is None or not issubclass(kind, Object) or kind not in MODELS:
        return []
    rows = row_of(kind).objects.filter(visible(kind, actor))
    own = {f.name for f in fields_of(kind)}
    for name in NARROWING:
        if near.get(name) and name in own:
            rows = rows.filter(**{name: near[name]})
    found = structs(kind, rows.order_by("-id")[: MOST + 1])
    if len(found) > MOST:
        return []
    return [(one.id, _words(one)) for one in found]


def _words(found: Object) -> str:
    state = getattr(found, "state", None)
    label = names.title(found)
    return f"{label}（{state.text.say(language())}）" if state is not None else label
