"""Kinds of work, derived from the acts' decorators: what waits for whom in which state.

An act that moves a noun on is work in the states its decorator names. What follows stands here because
no decorator says it: which acts are ways out rather than work, on what an act that makes a new object
waits, and which column holds the deadline.
"""

from functools import cache
from typing import NamedTuple

from shanhai.acts.machine import ACTS, Object, fields_of
from shanhai.acts.machine.registry import Act, Row, newest
from shanhai.acts.roles import Role
from shanhai.domains.rows import MODELS
from shanhai.kernel.text import Choice, Text

SIDE_VERBS = frozenset(
    {
        "amend",
        "withdraw",
        "return",
        "reject",
        "refuse",
        "void",
        "terminate",
        "suspend",
        "resume",
        "drop",
        "dismiss",
        "send_back",
        "decline_plan",
        "refuse_opening",
        "rotate",
        "revoke",
        "end",
        "hand_over",
        "transfer",
        "recall",
        "fail",
        "note",
        "lift",
        "adjust",
        "vary",
        "change_account",
        "decline",
        "refund",
        "add",
        "surplus",
    }
)
"""Verbs of ways out and of acts at one's discretion: offered on the object, never counted as work."""
SIDE_ACTS = frozenset({"organisation.close", "person.same_as", "line.carry_over"})


class Follow(NamedTuple):
    """On what an act that makes a new object waits: a field of its payload, and that noun's states."""

    act: str
    field: str
    states: tuple[str, ...]


FOLLOWS = (
    Follow(
        "notice.open",
        "project",
        ("village_notice", "township_notice", "county_notice", "evaluated"),
    ),
    Follow("appraisal.give", "project", ("appraisal",)),
    Follow("lot.add", "project", ("executing",)),
    Follow("award.tender", "lot", ("evaluated",)),
    Follow("contract.file", "lot", ("awarded",)),
    Follow("settlement.draft", "contract", ("registered",)),
    Follow("asset.register", "lot", ("settled",)),
    Follow("claim.submit", "contract", ("registered", "settled")),
    Follow("payment.order", "claim", ("checked",)),
    Follow("allocation.issue", "transfer", ("received",)),
    Follow("line.issue", "allocation", ("issued",)),
)
DUE = {
    "project.announce": "announce_due_ms",
    "lot.start": "start_due_ms",
    "lot.accept_township": "accept_due_ms",
    "lot.accept_county": "accept_due_ms",
    "lot.self_check": "",
    "key.confirm": "",
}
"""The column with the deadline where it is not the noun's own `due_ms`; "" for none."""


class Duty(NamedTuple):
    """One kind of work: an act to be done on objects of a noun in some states."""

    code: str
    act: type[Act]
    on: type[Object]
    states: tuple[Choice, ...]
    field: str
    due: str

    @property
    def row(self) -> Row:
        """Return the act's row of the authority table."""
        return self.act.row

    @property
    def text(self) -> Text:
        """Return what is done, in words."""
        return self.act.row.text

    @property
    def noun(self) -> str:
        """Return the noun's name in bytes, also of the fields that name it."""
        return self.on.noun

    @property
    def noun_text(self) -> Text:
        """Return what it is done to, in words."""
        return self.on.text


def _column(kind: type[Object], code: str) -> str:
    columns = {field.name for field in fields_of(kind)}
    wanted = DUE.get(code, "due_ms")
    return wanted if wanted in columns else ""


def _own(row: Row) -> Duty | None:
    side = row.verb in SIDE_VERBS or row.plain in SIDE_ACTS
    if row.creates or row.open_door or side or not row.when or row.on not in MODELS:
        return None
    return Duty(row.plain, newest(row.plain), row.on, row.when, "", _column(row.on, row.plain))


def _following(follow: Follow) -> Duty | None:
    try:
        act = newest(follow.act)
    except KeyError:
        return None
    kind = next((f.ref for f in fields_of(act) if f.name == follow.field), None)
    if not act.row.creates or kind is None or not issubclass(kind, Object) or kind not in MODELS:
        return None
    choices = next(f.type for f in fields_of(kind) if f.name == "state")
    states = tuple(choice for choice in choices if choice.value in follow.states)
    return Duty(follow.act, act, kind, states, follow.field, _column(kind, follow.act))


@cache
def every() -> tuple[Duty, ...]:
    """Return every kind of work, in the order the acts are registered."""
    plain = dict.fromkeys(act.row.plain for act in ACTS.values())
    own = [_own(newest(name).row) for name in plain]
    return tuple(duty for duty in (*own, *map(_following, FOLLOWS)) if duty is not None)


@cache
def of_role(role: Role) -> tuple[Duty, ...]:
    """Return the kinds of work of a role."""
    return tuple(duty for duty in every() if role in duty.row.by)


@cache
def by_code() -> dict[str, Duty]:
    """Return the kinds of work by their act's name."""
    return {duty.code: duty for duty in every()}


@cache
def ways_out(code: str, role: Role) -> tuple[type[Act], ...]:
    """Return the other decisions that a role may take on the same objects, such as returning them."""
    duty = by_code()[code]
    rows = dict.fromkeys(act.row.plain for act in ACTS.values() if act.row.on is duty.on)
    found = (newest(name) for name in rows)
    return tuple(
        act
        for act in found
        if act.row.verb in SIDE_VERBS
        and role in act.row.by
        and not act.row.creates
        and not act.row.own
        and set(duty.states) <= set(act.row.when)
    )


def next_hands(found: Object) -> tuple[Role, ...]:
    """Return the roles whose work an object in its state is."""
    state = getattr(found, "state", None)
    roles = (
        role
        for duty in every()
        if duty.on is type(found) and state in duty.states
        for role in duty.row.by
    )
    return tuple(dict.fromkeys(roles))


@cache
def begins(role: Role) -> tuple[Row, ...]:
    """Return what a role may begin by itself, by acts that make something new."""
    rows = (newest(act.row.plain).row for act in ACTS.values())
    return tuple(
        dict.fromkeys(
            row
            for row in rows
            if row.creates
            and role in row.by
            and row.verb not in SIDE_VERBS
            and row.plain not in SIDE_ACTS
            and row.on.noun != "post"
        )
    )
