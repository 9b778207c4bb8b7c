"""Batch decisions: one decision on many objects, each an act of its own, judged alone, signed together.

What belongs to all rows is asked once. What differs by row is looked up: the notice that passed, the
opinions given, the amount that the object carries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shanhai.acts.machine import Act, Object, fields_of
from shanhai.acts.machine.fields import Field, Kind
from shanhai.acts.machine.registry import newest
from shanhai.acts.notice import Notice, NoticeState, Stage
from shanhai.acts.project_review import Appraisal, AppraisalState
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book import desk
from shanhai.domains.rows import row_of, structs
from shanhai.domains.workbench.duties import Duty

MOST = 100
TOGETHER: dict[str, dict[str, str]] = {
    "appraisal.give": {},
    "change.check": {},
    "change.confirm_east": {},
    "change.refuse": {},
    "change.review": {},
    "claim.check": {"payable_fen": "claimed_fen"},
    "claim.endorse": {},
    "claim.return": {},
    "claim.review": {},
    "correction.approve": {},
    "correction.consent": {},
    "correction.refuse": {},
    "finding.close": {},
    "finding.verify": {},
    "notice.close": {"page": "page"},
    "payment.countersign": {},
    "payment.reconcile": {"found_fen": "amount_fen"},
    "payment.return": {},
    "project.admit": {},
    "project.announce": {},
    "project.appraise": {},
    "project.approve": {"approved_fen": "planned_fen"},
    "project.confirm_plan": {},
    "project.decline_plan": {},
    "project.drop": {},
    "project.refresh": {},
    "project.reject": {},
    "project.return": {},
    "project.township_pass": {},
    "project.township_review": {},
    "project.village_pass": {},
}
"""Decisions that may be taken on many objects at once, with the fields that each object itself answers."""
PICKED: dict[type[Object], str] = {
    Notice: NoticeState.PASSED.value,
    Appraisal: AppraisalState.FAVOURABLE.value,
}
"""Nouns found for each row, and the state in which they count."""


@dataclass(frozen=True)
class Row:
    """One object of a batch: what it is, the id the act will name, and the fields of its own."""

    object_id: str
    subject: str
    own: dict[str, Any]


def may_batch(act: type[Act]) -> bool:
    """Return whether a decision may be taken on many objects at once."""
    return act.row.plain in TOGETHER


def shared_fields(duty: Duty, act: type[Act]) -> tuple[str, ...]:
    """Return the fields asked once for all rows."""
    own = TOGETHER[act.row.plain].keys() | {duty.field}
    return tuple(f.name for f in fields_of(act) if f.name not in own and not _picked(f))


def _picked(field: Field) -> bool:
    return field.kind in (Kind.REF, Kind.REFS) and field.ref in PICKED


def rows_of(duty: Duty, act: type[Act], found: Sequence[Object]) -> list[Row]:
    """Return the rows of a batch; one query for each field that is looked up.

    Args:
        duty: The kind of work.
        act: The decision: the work's own act, or a way out of the same state.
        found: The objects chosen.
    """
    looked_up = {f: _candidates(duty, act, f, found) for f in fields_of(act) if _picked(f)}
    made = []
    for one in found:
        columns = TOGETHER[act.row.plain]
        own: dict[str, Any] = {name: getattr(one, column) for name, column in columns.items()}
        if act.row.creates:
            own[duty.field] = one.id
        for field, by_object in looked_up.items():
            ids = by_object.get(one.id, [])
            own[field.name] = tuple(ids) if field.kind is Kind.REFS else (ids[0] if ids else "")
        subject = desk.fresh_id(act) if act.row.creates else one.id
        made.append(Row(one.id, subject, {n: v for n, v in own.items() if v not in ("", ())}))
    return made


def _candidates(
    duty: Duty, act: type[Act], field: Field, found: Sequence[Object]
) -> Mapping[str, list[str]]:
    """Return, by object, what a field may name: of its present content, in the state that counts."""
    kind: type[Object] = field.ref  # type: ignore[assignment]  # `_picked` saw a noun
    conditions: dict[str, Any] = {f"{duty.noun}__in": [one.id for one in found]}
    stage = getattr(act, "stage", None)
    if isinstance(stage, Stage) and "stage" in kind.__struct_fields__:
        conditions["stage"] = stage.value
    rows = row_of(kind).objects.filter(state=PICKED[kind], **conditions).order_by("-id")
    versions = {one.id: getattr(one, "version", None) for one in found}
    made: dict[str, list[str]] = {}
    for candidate in structs(kind, rows):
        owner = getattr(candidate, duty.noun)
        if versions[owner] == getattr(candidate, "version", None):
            made.setdefault(owner, []).append(candidate.id)
    return made


def sealed_rows(
    act: type[Act], actor: Actor, rows: Sequence[Row], shared: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return each row's payload values with free text sealed under its own subject."""
    return [
        {
            "object": row.object_id,
            "subject": row.subject,
            "values": desk.sealed(act, row.subject, actor.person, {**shared, **row.own}),
        }
        for row in rows
    ]


def decision(plain: str) -> type[Act] | None:
    """Return the act of a decision that may be batched, None for any other name."""
    if plain not in TOGETHER:
        return None
    try:
        return newest(plain)
    except KeyError:
        return None
