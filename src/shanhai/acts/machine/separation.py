"""Authority: who acts, with which key, where, and never the person who did the other step.

Source: frozen decisions 12–14; 《行政事业单位内部控制规范（试行）》 (separation of incompatible duties; article 待核).
"""

from functools import cache
from typing import Any

import msgspec

from shanhai.acts.machine.authority import Custody, Key, KeyState, Person, Post, PostState
from shanhai.acts.machine.fields import Kind, fields_of
from shanhai.acts.machine.objects import Did, Object
from shanhai.acts.machine.registry import Act, Never, Row
from shanhai.acts.machine.values import KEY_DELAY, Setting, setting_ids
from shanhai.acts.machine.view import View
from shanhai.acts.roles import Role
from shanhai.kernel.clock import Moment
from shanhai.kernel.regions import contains
from shanhai.kernel.text import TEXTS, Facts, Text
from shanhai.ledger.body import Body

HOUR_MS = 3_600_000
NOBODY = Post(id="", person="", role=Role.NODE, organisation="", region="")
Check = tuple[str, Facts | None]
TEXTS |= {
    "authority.role": Text(
        "本事项由{roles}办理，您的岗位是{role}", "Only {roles_en} may do this; you act as {role_en}"
    ),
    "authority.post": Text(
        "岗位不存在、未到任或已结束，请换用有效岗位或先办理任职",
        "The post is unknown, not begun or ended; use a valid one",
    ),
    "authority.key": Text(
        "签名密钥未登记、已失效或不属于本人，请更换密钥或联系登记员",
        "The signing key is not registered, no longer valid or not yours; use another or ask the registrar",
    ),
    "authority.custody": Text(
        "服务器托管的密钥不能办理{grade}事项，请用本人保管的密钥",
        "A server-held key may not {grade_en}; use a key you hold yourself",
    ),
    "authority.delay": Text(
        "新密钥或新岗位要到 {hours} 小时后才能审批或支付",
        "A new key or post may approve or pay only after {hours} more hours",
    ),
    "authority.same": Text(
        "您或您的被代理人已办理“{act}”，本事项须由他人办理",
        "You or your principal did “{act_en}”; someone else must do this",
    ),
    "authority.scope": Text(
        "本事项属于{region}，不在您的岗位范围",
        "This belongs to {region}, outside your post's region",
    ),
    "authority.organisation": Text(
        "本事项须由本单位人员办理", "Only an officer of the organisation concerned may do this"
    ),
}


def acting(view: View, body: Body, row: Row, at: Moment) -> tuple[Post, list[Check]]:
    """Return the acting post and the checks of post, role and key."""
    if row.open_door:
        return NOBODY, []
    post = view.find(Post, body.post) or NOBODY
    key = view.find(Key, body.kid)
    checks: list[Check] = [
        ("authority.post", None if held(view, post, at.time_ms) else {}),
        ("authority.role", _role(post, row)),
        (
            "authority.key",
            None if key and key.state is KeyState.ACTIVE and key.person == post.person else {},
        ),
    ]
    if key is not None:
        server = key.custody is Custody.SERVER and row.grade.own_key
        checks.append(
            (
                "authority.custody",
                {"grade": row.grade.zh, "grade_en": row.grade.value} if server else None,
            )
        )
        if row.grade.heavy:
            checks.append(("authority.delay", too_new(view, key, post, at.time_ms)))
    return post, checks


def held(view: View, post: Post, now: int) -> bool:
    """Return whether the post may be acted in now."""
    if not post.id or post.state is PostState.ENDED:
        return False
    if post.from_ms > now or (post.to_ms and now >= post.to_ms):
        return False
    if not post.source:
        return True
    source = view.find(Post, post.source)  # a delegation ends with its source and never chains
    return source is not None and not source.source and held(view, source, now)


def doers(view: View, post: Post) -> frozenset[str]:
    """Return the acting person, the principal, and whoever these turned out to be."""
    persons = post.persons
    for one in persons:
        found = view.find(Person, one)
        if found is not None and found.same_as:
            persons |= {found.same_as}
    return persons


def _role(post: Post, row: Row) -> Facts | None:
    if post.id and post.role in row.by:
        return None
    roles = "、".join(role.zh for role in row.by)
    mine = (post.role.zh, post.role.en) if post.id else ("—", "—")
    return {
        "roles": roles,
        "roles_en": ", ".join(r.en for r in row.by),
        "role": mine[0],
        "role_en": mine[1],
    }


def too_new(view: View, key: Key, post: Post, now: int) -> Facts | None:
    """Approver and payer keys wait from the later of key and post (frozen decision 13)."""
    start = max(key.confirmed_ms, post.granted_ms)
    if not start:
        return None  # a founder's
    for id in setting_ids(KEY_DELAY.id, post.region):  # noqa: A001 - the field's name
        setting = view.find(Setting, id)
        if setting is not None and (found := setting.at(now)) is not None:
            left = start + found.value * HOUR_MS - now
            return {"hours": -(-left // HOUR_MS)} if left > 0 else None
    return None


def same_person(
    view: View,
    subject: Object | None,
    payload: Act,
    never: Never,
    id: str,  # noqa: A002 - the field's name
    mine: frozenset[str],
) -> Facts | None:
    """Refuse whoever, in any post or for any principal, did the other act on what the path leads to."""
    for where in follow(view, subject, payload, never.via) if never.via else (id,):
        did = view.find(Did, f"{never.act}/{where}")
        if did is not None and not mine.isdisjoint(did.persons):
            return {"act": _words(never.act)[0], "act_en": _words(never.act)[1]}
    return None


def _words(plain: str) -> Text:
    from shanhai.acts.machine.registry import newest  # noqa: PLC0415 - the act may be declared later

    try:
        return newest(plain).row.text
    except KeyError:
        return Text(plain, plain)


def follow(view: View, subject: Object | None, payload: Act, via: str) -> tuple[str, ...]:
    """Return the ids that a path such as `claim.contract.project` leads to, from the payload or the subject."""
    first, *rest = _path(via)
    holder: Any = payload if getattr(payload, first, None) else subject
    ids, kind = _step(holder, first)
    for name in rest:
        found = [o for one in ids if kind is not None and (o := view.find(kind, one)) is not None]
        steps = [_step(o, name) for o in found]
        ids = tuple(dict.fromkeys(one for step, _ in steps for one in step))
        kind = steps[0][1] if steps else None
    return ids


def _step(holder: Any, name: str) -> tuple[tuple[str, ...], Any]:
    value = getattr(holder, name, None)
    if not value:
        return (), None
    kind: type[msgspec.Struct] = type(holder)
    return (value if isinstance(value, tuple) else (value,)), _noun_of(kind, name)


@cache
def _path(via: str) -> tuple[str, ...]:
    return tuple(via.split("."))


@cache
def _noun_of(holder: type[msgspec.Struct], name: str) -> Any:
    """Return the noun that a field of a struct refers to, None where it refers to none."""
    fields = fields_of(holder)
    return next((f.ref for f in fields if f.name == name and f.kind in (Kind.REF, Kind.REFS)), None)


def out_of_scope(target: Object | None, row: Row, post: Post) -> Facts | None:
    """Refuse a post whose region does not cover the subject as it will be."""
    if row.open_door or target is None or not post.id:
        return None
    east = post.role.eastern and hasattr(target, "east_region")
    region = getattr(target, "east_region" if east else "region", None)
    if region is None or contains(post.region, region):
        return None
    return {"region": region or "—"}


def other_organisation(target: Object | None, row: Row, post: Post) -> Facts | None:
    """Refuse an officer of another organisation where the act belongs to the subject's own."""
    if not row.own or target is None or getattr(target, row.own) == post.organisation:
        return None
    return {"organisation": str(getattr(target, row.own))}
