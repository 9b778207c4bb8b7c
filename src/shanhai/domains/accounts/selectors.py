"""Which posts a person may act in now, and the actor of a session."""

from shanhai.acts.machine import Post, PostState
from shanhai.domains.accounts.actor import PUBLIC, Actor
from shanhai.domains.accounts.models import Account
from shanhai.domains.rows import row_of, structs


def posts_held(person: str, now_ms: int) -> list[Post]:
    """Return the posts a person holds now, the oldest first; one query."""
    rows = row_of(Post).objects.filter(person=person).exclude(state=PostState.ENDED).order_by("id")
    return [
        post
        for post in structs(Post, rows)
        if post.from_ms <= now_ms and (not post.to_ms or now_ms < post.to_ms)
    ]


def actor_in(account: Account, post_id: str, now_ms: int) -> tuple[Actor, list[Post]]:
    """Return the actor in the chosen post (else the first held), and the posts to choose from."""
    posts = posts_held(account.person, now_ms)
    if not posts:
        return PUBLIC._replace(person=account.person, name=account.name), []
    post = next((p for p in posts if p.id == post_id), posts[0])
    actor = Actor(
        person=account.person,
        post=post.id,
        role=post.role,
        organisation=post.organisation,
        region=post.region,
        name=account.name,
    )
    return actor, posts


def account_of(user_id: int) -> Account | None:
    """Return the account of a signed-in user, None for one tied to nobody."""
    return Account.objects.filter(user_id=user_id).first()


def account_of_person(person: str) -> Account | None:
    """Return a person's account with its user."""
    return Account.objects.filter(person=person).select_related("user").first()
