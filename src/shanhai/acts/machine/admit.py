"""Admitting an act: `judge` without words, for the many acts against which nothing speaks.

Append and replay ask here first and ask `judge` only where the answer is None: so every refusal, its code and
its order come from one place, and what is admitted here `judge` accepts with the same changes (tested on
every scenario of `tests/acts`).
"""

from typing import Any

from shanhai.acts.machine.authority import Custody, Key, KeyState, Post
from shanhai.acts.machine.judge import HALTING, Case, on_digest, record_doer
from shanhai.acts.machine.objects import Object
from shanhai.acts.machine.registry import Act, Guard, Row
from shanhai.acts.machine.separation import (
    NOBODY,
    doers,
    held,
    other_organisation,
    out_of_scope,
    same_person,
    too_new,
)
from shanhai.acts.machine.view import Changed, Store, View
from shanhai.kernel.clock import Moment
from shanhai.kernel.errors import Refused
from shanhai.kernel.suite import Suite
from shanhai.ledger.body import Body

_ACTIVE, _SERVER = KeyState.ACTIVE, Custody.SERVER


def admitted(
    store: Store | View, suite: Suite, body: Body, payload: Act, at: Moment
) -> Changed | None:
    """Return what an act changes, or None where `judge` has to say why not.

    Args:
        store: State before the act.
        suite: The ledger's hash.
        body: What was signed.
        payload: The decoded act.
        at: Index, ledger time and rules version of the entry to be.
    """
    view = View(store, suite, at.rules)
    try:
        return view.changed if _admits(view, body, payload, at) else None
    except HALTING:
        raise
    except Exception:  # noqa: BLE001 - frozen decision 27: `judge` meets it again and says so
        return None


def _admits(view: View, body: Body, payload: Act, at: Moment) -> bool:
    row, id = payload.row, body.subject  # noqa: A001 - the field's name
    subject = view.find(row.on, id)
    post = NOBODY if row.open_door else _acting(view, body, row, at.time_ms)
    if post is None or not _as_seen(view, subject, payload, body):
        return False
    mine = doers(view, post)
    for never in row.not_by:
        if same_person(view, subject, payload, never, id, mine) is not None:
            return False
    case: Case[Any] = Case(view, subject, body, post, at)
    if not _allowed(row.guards, payload, case):
        return False
    for new in tuple(payload.effects(case)):
        view.put(new)
    target = view.find(row.on, id)
    record_doer(view, f"{row.plain}/{id}", mine)
    return not (out_of_scope(target, row, post) or other_organisation(target, row, post))


def _as_seen(view: View, subject: Object | None, payload: Act, body: Body) -> bool:
    """Return whether the subject is there or not as it must be, in its state, as the officer saw it."""
    row = payload.row
    if (subject is None) is not row.creates or not _in_state(subject, row):
        return False
    return body.on == on_digest(view, view.suite, payload, body.subject)


def _in_state(subject: Object | None, row: Row) -> bool:
    if not row.when:
        return True
    state = getattr(subject, "state", None)
    return state is None or state in row.when


def _acting(view: View, body: Body, row: Row, now: int) -> Post | None:
    """Return the acting post if post, role and key hold."""
    post, key = view.find(Post, body.post), view.find(Key, body.kid)
    if post is None or key is None or post.role not in row.by or not held(view, post, now):
        return None
    if key.state is not _ACTIVE or key.person != post.person:
        return None
    if key.custody is _SERVER and row.grade.own_key:
        return None
    return None if row.grade.heavy and too_new(view, key, post, now) else post


def _allowed(guards: tuple[Guard, ...], payload: Act, case: Case[Any]) -> bool:
    rules = case.at.rules
    for _, _, _, check, skip_unset, since, until in guards:
        if rules < since or (until and rules >= until):
            continue
        try:
            if check(payload, case) is not None:
                return False
        except Refused as error:
            if not (skip_unset and error.code == "parameter.unset"):
                return False
    return True
