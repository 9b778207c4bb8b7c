"""Scenarios in memory: `given(...)`, `.when(act, by=post, on=id)`, `.ok()`, `.refused("code", …)`.

No signatures here: the node's tests cover them. Time moves only when the test says so.
"""

from typing import Self

import msgspec

from shanhai.acts.machine import (
    Key,
    KeyState,
    Object,
    Post,
    Setting,
    Verdict,
    View,
    judge,
    on_digest,
)
from shanhai.acts.machine.admit import admitted
from shanhai.acts.machine.objects import O
from shanhai.acts.machine.registry import Act
from shanhai.acts.machine.values import Dated
from shanhai.acts.roles import Role
from shanhai.kernel.canonical import encode
from shanhai.kernel.clock import Moment
from shanhai.kernel.ids import new_id
from shanhai.kernel.periods import DAY_MS
from shanhai.kernel.suite import INTL
from shanhai.kernel.text import TEXTS
from shanhai.ledger.body import Body, Seen
from shanhai.node.memory import Memory

START_MS = 1_780_243_200_000  # 2026-06-01 00:00 UTC+8
WEST, EAST = "510722", "330182"


class Scenario:
    """A little world: a store, a clock, posts by role, and the last verdict."""

    def __init__(self) -> None:
        self.store, self.now, self.index, self.made = Memory(), START_MS, 0, 0
        self.posts: dict[str, str] = {}
        self.last: Verdict | None = None

    def id(self, prefix: str) -> str:
        """Return a fresh id."""
        self.made += 1
        return new_id(prefix, self.now, self.made.to_bytes(10, "big"))

    def post(
        self,
        name: str,
        role: Role,
        *,
        person: str = "",
        region: str = "",
        organisation: str = "",
        principal: str = "",
        **fields: object,
    ) -> Self:
        """Give a person (by default the post's own name) a post and a key; refer to it by `name`."""
        where = region or (EAST if role.value.startswith("east_") else WEST)
        who = person or name
        made = Post(
            id=self.id("pst"),
            person=who,
            role=role,
            organisation=organisation or f"org-{name}",
            region=where,
            principal=principal,
            **fields,  # type: ignore[arg-type]
        )
        key = Key(
            id=f"kid-{who}",
            person=who,
            region=where,
            alg="ed25519",
            public="x",
            state=KeyState.ACTIVE,
        )
        self.put(made, key)
        self.posts[name] = made.id
        return self

    def put(self, *objects: Object) -> Self:
        """Write objects as they are, with totals and unique values."""
        view = View(self.store, INTL)
        for one in objects:
            view.put(one)
        self.store.write(view.changed.values())
        return self

    def value(
        self, parameter: str, value: int = 0, *, region: str = "", words: tuple[str, ...] = ()
    ) -> Self:
        """Set a parameter from the beginning of time; `region` is a prefix."""
        dated = Dated(value=value, words=words, basis="测试")
        code = (region + "000000")[:6]
        self.store.write(
            [Setting(id=f"{parameter}/{region}", parameter=parameter, region=code, dated=(dated,))]
        )
        return self

    def later(self, *, days: int = 0, ms: int = 0) -> Self:
        """Let time pass."""
        self.now += days * DAY_MS + ms
        return self

    def when(
        self,
        payload: Act,
        *,
        by: str,
        on: str,
        kid: str = "",
        stale: bool = False,
        seen: Seen | None = None,
    ) -> Self:
        """Judge an act by a named post and, if accepted, write it."""
        post = self.store.find(Post, self.posts.get(by, by))
        body = Body(
            ledger="0" * 64,
            act=payload.row.name,
            subject=on,
            on="0" * 64 if stale else on_digest(self.store, INTL, payload, on),
            post=post.id if post else by,
            kid=kid or (f"kid-{post.person}" if post else ""),
            nonce="0" * 32,
            made_ms=self.now,
            not_after_ms=self.now + 1,
            payload=msgspec.Raw(encode(payload)),
            seen=seen,
        )
        self.index += 1
        again = msgspec.json.decode(encode(payload), type=type(payload))
        assert again == payload, "the payload does not survive its own bytes"
        told = self.store, INTL, body, payload, Moment(self.index, self.now)
        quickly, self.last = admitted(*told), judge(*told)
        assert quickly == (self.last.changed if self.last.accepted else None), "two verdicts"
        if self.last.accepted:
            self.store.write(self.last.changed.values())
        return self

    @property
    def codes(self) -> list[str]:
        """Return the codes of the last refusal."""
        assert self.last is not None
        return [code for code, _ in self.last.refusals]

    def ok(self) -> Self:
        """Expect that the last act was accepted."""
        assert self.last is not None
        assert not self.last.refusals, [
            (c, f, TEXTS[c].say("zh", f)) for c, f in self.last.refusals
        ]
        return self

    def refused(self, *codes: str) -> Self:
        """Expect exactly these refusals; both sentences must render."""
        assert self.last is not None
        assert sorted(set(self.codes)) == sorted(codes), self.last.refusals
        for code, facts in self.last.refusals:
            assert TEXTS[code].say("zh", facts)
            assert TEXTS[code].say("en", facts)
        return self

    def get(self, kind: type[O], id: str) -> O:  # noqa: A002 - the field's name
        """Return an object that must exist."""
        found = self.store.find(kind, id)
        assert found is not None, f"no {kind.noun} {id}"
        return found
