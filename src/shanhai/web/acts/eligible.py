"""Whether an officer may do an act at all: post, state, key. Said before anything is filled in."""

from typing import NamedTuple

from shanhai.acts.key import Invitation, InvitationState
from shanhai.acts.machine import Act, Object, Post
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.book.desk import Line
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.rows import row_of, structs
from shanhai.kernel.text import TEXTS, Text

OK, NO = True, False
READY = {
    "role": Text("您的岗位可以办理本事项", "Your post may do this"),
    "state": Text("当前环节可以办理", "The state allows it"),
    "key": Text("您有已生效的密钥", "You hold an active key"),
    "no_key": Text(
        "您还没有生效的密钥，请先登记密钥",
        "You hold no active key yet; enrol one first",
    ),
}


class Eligible(NamedTuple):
    """What stands in the way of an act, and what would mend it."""

    role: bool
    others: list[Post]  # one's own posts that would fit
    state: Line | None
    keyed: bool
    invitation: str  # an open invitation to enrol a key, "" for none

    @property
    def lines(self) -> list[Line]:
        """Return what is known already, as the check page shows it."""
        key = READY["key" if self.keyed else "no_key"]
        found = [_line("authority.role", READY["role"])] if self.role else []
        return [*found, *([self.state] if self.state else []), _line("key", key, ok=self.keyed)]


def _line(code: str, text: Text, *, ok: bool = OK) -> Line:
    return Line(code, ok, text.zh, text.en, "")


def eligible(
    act: type[Act], subject: Object | None, actor: Actor, posts: list[Post], kids: list[str]
) -> Eligible:
    """Return whether the actor may do an act on a subject; one query, where there is no key."""
    row = act.row
    others = [p for p in posts if p.role in row.by and p.id != actor.post]
    return Eligible(
        role=actor.role in row.by,
        others=others,
        state=_state(act, subject),
        keyed=bool(kids),
        invitation="" if kids else open_invitation(actor.person),
    )


def _state(act: type[Act], subject: Object | None) -> Line | None:
    state, when = getattr(subject, "state", None), act.row.when
    if state is None or not when:
        return None
    if state in when:
        return _line("object.state", READY["state"])
    said = {"state": state.zh, "when": "、".join(w.zh for w in when)}
    english = {"state": state.en, "when": ", ".join(w.en for w in when)}
    text = TEXTS["object.state"]
    return Line("object.state", NO, text.say("zh", said), text.say("en", english), "")


def open_invitation(person: str) -> str:
    """Return the newest open invitation of a person to offer a key, "" for none."""
    rows = row_of(Invitation).objects.filter(person=person, state=InvitationState.OPEN)
    found = structs(Invitation, rows.order_by("-id")[:1])
    return found[0].id if found and found[0].due_ms > ledger_now_ms() else ""
