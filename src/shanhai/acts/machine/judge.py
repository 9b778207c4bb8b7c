"""Judging an act: a dry run, an append and a replay are this same call.

Order: subject and freshness, authority (post, key, scope, separation), guards, effects with totals and
unique values. A dry run names every failing check; a refusal changes nothing.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from shanhai.acts.machine import authority, separation
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.registry import Act, Guard
from shanhai.acts.machine.values import Dated, Parameter, Setting, setting_ids
from shanhai.acts.machine.view import Changed, Store, View
from shanhai.kernel.canonical import encode
from shanhai.kernel.clock import Moment
from shanhai.kernel.errors import Refused
from shanhai.kernel.suite import Suite
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.ledger.body import Body

S = TypeVar("S")
O = TypeVar("O", bound=Object)  # noqa: E741 - an object of any noun
Check = tuple[str, Facts | None]
HALTING = (MemoryError, OSError)
TEXTS |= {
    "object.exists": Text(
        "{id} 已存在，请勿重复提交", "{id} exists already; do not submit it twice"
    ),
    "object.changed": Text(
        "您看到之后内容已变，请刷新并重新核对后再签名",
        "It changed after you saw it; reload, check again and sign anew",
    ),
    "object.state": Text(
        "当前状态为“{state}”，本事项须在“{when}”时办理",
        "It is in state “{state}”; this act needs “{when}”",
    ),
    "parameter.unset": Text(
        "{region} 未设定“{parameter}”，请先由规则提出人和确认人设定",
        "“{parameter}” is not set for {region}; have it proposed and confirmed first",
    ),
    "internal": Text(
        "系统规则出错（{error}），本次未记账，请联系维护人员",
        "A rule failed ({error}); nothing was written, call the maintainers",
    ),
}


class Case(msgspec.Struct, Generic[S], frozen=True):
    """All that a guard may know: state, subject, body, the acting post, the moment, the payload's act."""

    view: View
    subject: S
    body: Body
    post: authority.Post
    at: Moment

    @property
    def now(self) -> int:
        """Return ledger time in epoch ms."""
        return self.at.time_ms

    @property
    def id(self) -> str:
        """Return the subject's id."""
        return self.body.subject

    def get(self, kind: type[O], id: str) -> O:  # noqa: A002 - the field's name
        """Return an object by key, or refuse `object.unknown`."""
        return self.view.find(kind, id) or self.view.get(kind, id)

    def find(self, kind: type[O], id: str) -> O | None:  # noqa: A002 - the field's name
        """Return an object by key, or None."""
        return self.view.find(kind, id)

    def dated(self, parameter: Parameter, region: str, on_ms: int) -> Dated:
        """Return the parameter's value in the nearest region that sets it, as of a date.

        Raises:
            Refused: `parameter.unset` where no region on the way up sets it.
        """
        for id in setting_ids(parameter.id, region):  # noqa: A001 - the field's name
            setting = self.find(Setting, id)
            if setting is not None and (found := setting.at(on_ms)) is not None:
                return found
        raise Refused("parameter.unset", parameter=parameter.text.zh, region=region)

    def value(self, parameter: Parameter, region: str, on_ms: int) -> int:
        """Return the number of `dated`."""
        return self.dated(parameter, region, on_ms).value


class Verdict(NamedTuple):
    """What judging found: each check with its facts where it fails, and what would change."""

    checks: list[Check]
    changed: Changed

    @property
    def refusals(self) -> list[tuple[str, Facts]]:
        """Return the failed checks."""
        return [(code, facts) for code, facts in self.checks if facts is not None]

    @property
    def accepted(self) -> bool:
        """Return whether nothing failed."""
        for _, facts in self.checks:  # noqa: SIM110 - half the time of all()
            if facts is not None:
                return False
        return True


def attempt(code: str, check: Callable[..., Facts | None], *args: Any) -> Check:
    """Run a check; a bug in a rule refuses everywhere alike, it never forks or stops the nodes."""
    try:
        return code, check(*args)
    except Refused as error:
        return error.check
    except HALTING:
        raise
    except Exception as error:  # noqa: BLE001 - frozen decision 27
        return "internal", {"error": type(error).__name__}


def on_digest(store: Store | View, suite: Suite, payload: Act, subject: str) -> str:
    """Return the digest of the subject and of every object the payload refers to, as they stand."""
    view = store if isinstance(store, View) else View(store, suite)
    found = []
    for kind, id in dict.fromkeys(((payload.row.on, subject), *payload.refers())):  # noqa: A001 - the field's name
        seen = view.find(kind, id)
        if seen is not None:
            found.append((kind.noun, id, view.digest_of(seen)))
    found.sort()
    return suite.digest(encode(found))


def judge(store: Store | View, suite: Suite, body: Body, payload: Act, at: Moment) -> Verdict:
    """Run every check and the effects.

    Args:
        store: State before the act.
        suite: The ledger's hash.
        body: What was signed; its window, ledger and `seen` are checked by the ledger layer.
        payload: The decoded act.
        at: Index, ledger time and rules version of the entry to be.

    Returns:
        The checks and, if all passed, the objects to write.
    """
    row, view = payload.row, View(store, suite, at.rules)
    subject = view.find(row.on, body.subject)
    if (subject is None) is not row.creates:
        code = "object.exists" if row.creates else "object.unknown"
        return Verdict([(code, {"noun": row.on.text.zh, "id": body.subject})], {})
    post, checks = separation.acting(view, body, row, at)
    fresh: Facts | None = None if body.on == on_digest(view, suite, payload, body.subject) else {}
    checks.append(("object.changed", fresh))
    checks.append(("object.state", _state(subject, row.when)))
    mine = separation.doers(view, post)
    for never in row.not_by:
        told = view, subject, payload, never, body.subject, mine
        checks.append(attempt("authority.same", separation.same_person, *told))
    case: Case[Any] = Case(view, subject, body, post, at)
    _guard(checks, row.guards, payload, case)
    _apply(checks, payload, case)
    target = view.find(row.on, body.subject)
    checks.append(("authority.scope", separation.out_of_scope(target, row, post)))
    checks.append(("authority.organisation", separation.other_organisation(target, row, post)))
    record_doer(view, f"{row.plain}/{body.subject}", mine)
    return Verdict(checks, view.changed)


def _state(subject: Object | None, when: tuple[Any, ...]) -> Facts | None:
    state = getattr(subject, "state", None)
    if state is None or state in when or not when:
        return None
    return {"state": state.zh, "when": "、".join(w.zh for w in when)}


def _guard(checks: list[Check], guards: tuple[Guard, ...], payload: Act, case: Case[Any]) -> None:
    """Ask every guard in force; one whose parameter is 未设 is skipped where it says so."""
    rules = case.at.rules
    for code, _, _, check, skip_unset, since, until in guards:
        if rules < since or (until and rules >= until):
            continue
        found: Check
        try:
            found = code, check(payload, case)
        except Refused as error:
            skip = skip_unset and error.code == "parameter.unset"
            found = (code, None) if skip else error.check
        except HALTING:
            raise
        except Exception as error:  # noqa: BLE001 - frozen decision 27
            found = "internal", {"error": type(error).__name__}
        checks.append(found)


def _apply(checks: list[Check], payload: Act, case: Case[Any]) -> None:
    """Put the effects, also after a failed guard, so that a dry run names every total that would overflow."""

    def apply() -> None:
        put = case.view.put
        for new in tuple(payload.effects(case)):
            checks.append(attempt("effects", put, new))  # noqa: PERF401 - in their order

    checks.append(attempt("effects", apply))


def record_doer(view: View, key: str, mine: frozenset[str]) -> None:
    """Add the acting persons to all who ever did this act on this subject."""
    before = view.find(Did, key)
    persons = mine if before is None else mine.union(before.persons)
    view.note(Did(id=key, persons=tuple(sorted(persons))))
