"""My account: posts, keys with their delays, how one signs in, and preferences."""

from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.http import HttpResponse

from shanhai.acts.machine import KeyState, Post
from shanhai.acts.officer import Organisation
from shanhai.domains import names
from shanhai.domains.accounts.keys import HeldKey, keys_of
from shanhai.domains.book.handle import ledger_now_ms
from shanhai.domains.rows import by_id
from shanhai.kernel.text import Text
from shanhai.web.actor import resolve
from shanhai.web.acts.eligible import open_invitation
from shanhai.web.http import WebRequest, page

ALGORITHMS = {
    "webauthn-p256": Text("通行密钥", "Passkey"),
    "ed25519": Text("本浏览器密钥（Ed25519）", "Browser key (Ed25519)"),
    "p256": Text("本浏览器密钥（P-256）", "Browser key (P-256)"),
    "sm2-sm3": Text("国密 SM2", "SM2"),
}
TONES = {
    KeyState.ACTIVE: "success",
    KeyState.OFFERED: "progress",
    KeyState.ROTATED: "neutral",
    KeyState.REVOKED: "danger",
}


class MyPost(NamedTuple):
    """A post as the account page shows it."""

    post: Post
    organisation: str
    region: Text
    here: bool


class MyKey(NamedTuple):
    """A key as the account page shows it."""

    held: HeldKey
    kind: Text
    tone: str
    waiting: bool
    founding: bool


class Safety(NamedTuple):
    """How the account signs in."""

    totp: bool
    passkeys: int
    recovery: bool

    @property
    def strong(self) -> bool:
        """Return whether a stolen password alone is not enough."""
        return self.totp or self.passkeys > 0


def account_page(request: WebRequest) -> HttpResponse:
    """Show the signed-in officer their own account."""
    actor, posts = resolve(request)
    now = ledger_now_ms()
    here = next((post for post in posts if post.id == actor.post), None)
    context = {
        "posts": _posts(posts, actor.post),
        "keys": [_key(held, now) for held in keys_of(actor.person, here, now)],
        "invitation": open_invitation(actor.person) if actor.person else "",
        "safety": _safety(request),
        "now_ms": now,
    }
    return page(request, "account/account.html", context)


def _posts(posts: list[Post], chosen: str) -> list[MyPost]:
    bodies = by_id(Organisation, (post.organisation for post in posts))
    return [
        MyPost(
            post,
            names.title(bodies[post.organisation]) if post.organisation in bodies else "",
            names.region(post.region),
            post.id == chosen,
        )
        for post in posts
    ]


def _key(held: HeldKey, now_ms: int) -> MyKey:
    kind = ALGORITHMS.get(held.key.alg) or Text(held.key.alg, held.key.alg)
    key = held.key
    founding = key.state is KeyState.ACTIVE and key.alg == "ed25519" and not key.confirmed_ms
    return MyKey(held, kind, TONES[key.state], held.waiting(now_ms), founding)


def _safety(request: WebRequest) -> Safety:
    kinds = list(
        Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True)
    )
    types = Authenticator.Type
    return Safety(
        totp=types.TOTP in kinds,
        passkeys=kinds.count(types.WEBAUTHN),
        recovery=types.RECOVERY_CODES in kinds,
    )
