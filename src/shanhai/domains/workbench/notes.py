"""What an officer should know about their own posts and keys: delays, delegations, ends of terms."""

from typing import NamedTuple

from django.db.models import Q

from shanhai.acts.machine import Key, KeyState, Post, PostState, Setting
from shanhai.acts.machine.values import KEY_DELAY
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.domains.workbench import duties
from shanhai.kernel.periods import DAY_MS, date_of
from shanhai.kernel.regions import look_up
from shanhai.kernel.text import Text

HOUR_MS = 3_600_000
ENDING_DAYS = 30


class Note(NamedTuple):
    """One thing to know: its weight (info or warning), in words, and where it leads ("" for nowhere)."""

    kind: str
    text: Text
    noun: str = ""
    object_id: str = ""


def notes(actor: Actor, now_ms: int) -> list[Note]:
    """Return what concerns the officer's own posts and keys; five queries."""
    if actor.public:
        return []
    concerned = Q(person=actor.person) | Q(principal=actor.person)
    posts = structs(Post, row_of(Post).objects.filter(concerned).exclude(state=PostState.ENDED))
    mine = next((post for post in posts if post.id == actor.post), None)
    found = _keys(actor, mine, now_ms)
    for post in sorted(posts, key=lambda post: post.id):
        found += _post(post, actor, now_ms)
    return found


def _keys(actor: Actor, mine: Post | None, now_ms: int) -> list[Note]:
    rows = row_of(Key).objects.filter(person=actor.person, state=KeyState.ACTIVE)
    keys = structs(Key, rows)
    if not keys:
        zh = "您名下没有有效密钥，不能签名办理；请联系本单位管理员邀请登记。"
        en = "You have no active key and cannot sign; ask your administrator to invite you."
        return [Note("warning", Text(zh, en))]
    heavy = actor.role and any(duty.row.grade.heavy for duty in duties.of_role(actor.role))
    if mine is None or not heavy:
        return []
    start = max(mine.granted_ms, *(key.confirmed_ms for key in keys))
    left = start + _delay_hours(actor.region, now_ms) * HOUR_MS - now_ms
    if left <= 0:
        return []
    hours = -(-left // HOUR_MS)
    zh = f"您的密钥或岗位是新登记的：审批、支付类事项 {hours} 小时后才能办理，其他事项不受影响。"
    en = f"Your key or post is new: approvals and payments open in {hours} hours, the rest now."
    return [Note("warning", Text(zh, en))]


def _delay_hours(region: str, now_ms: int) -> int:
    ids = [f"{KEY_DELAY.id}/{cut}" for cut in look_up(region)]
    known = by_id(Setting, ids)
    values = (known[one].at(now_ms) for one in ids if one in known)
    return next((value.value for value in values if value is not None), 0)


def _post(post: Post, actor: Actor, now_ms: int) -> list[Note]:
    role = names.post_text(post)
    place = ("post", post.id)
    if post.to_ms and post.to_ms <= now_ms:
        return []
    until = date_of(post.to_ms - 1).isoformat() if post.to_ms else ""
    if post.principal == actor.person:
        zh = f"您已委托他人代理“{role.zh}”，至 {until}；代理人与您在回避规则中视为同一人。"
        en = f"Somebody acts for you as {role.en} until {until}; separations treat you as one person."
        return [Note("info", Text(zh, en), *place)]
    if post.source:
        zh = f"您正在代理“{role.zh}”，至 {until}；代理岗位不能再委托他人。"
        en = f"You act for the holder of {role.en} until {until}; it cannot be delegated on."
        return [Note("info", Text(zh, en), *place)]
    if post.state is PostState.LEAVING:
        zh = f"“{role.zh}”正在交接，接任人签收后本岗位结束。"
        en = f"{role.en} is being handed over; it ends when the successor signs."
        return [Note("warning", Text(zh, en), *place)]
    if post.to_ms and post.to_ms - now_ms <= ENDING_DAYS * DAY_MS:
        zh = f"“{role.zh}”任期至 {until}，请提前办理离任交接。"
        en = f"{role.en} ends on {until}; hand it over in time."
        return [Note("warning", Text(zh, en), *place)]
    return []
