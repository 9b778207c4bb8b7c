"""Officers as one chooses them in a form: by post and office, the name masked."""

from django.db.models import Q

from shanhai.acts.machine import Person, Post, PostState
from shanhai.acts.officer import Organisation
from shanhai.acts.roles import Role
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import by_id, row_of, structs
from shanhai.domains.vault.services import value_of
from shanhai.kernel.regions import stem
from shanhai.web.middleware import language

COUNTY = 6


def masked(name: str) -> str:
    """Return a name with all but its first character covered (张*)."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""


def search(actor: Actor, q: str, after: str, size: int) -> list[tuple[str, str, str]]:
    """Return (person, post in words, masked name), one more than `size` where there are more.

    Args:
        actor: Who chooses: officers of their county, or of all below a higher place.
        q: Words of a role or an organisation, or a person's id.
        after: The last person of the page before.
        size: Officers a page.
    """
    rows = row_of(Post).objects.exclude(state=PostState.ENDED)
    rows = rows.filter(region__startswith=stem(actor.region)[:COUNTY])
    rows = rows.filter(_asked(q)) if q else rows
    rows = rows.filter(person__lt=after) if after else rows
    posts = {p.person: p for p in structs(Post, rows.order_by("-person", "id")[: 2 * size + 1])}
    chosen = list(posts.values())[: size + 1]
    bodies = by_id(Organisation, (post.organisation for post in chosen))
    persons = by_id(Person, (post.person for post in chosen))
    return [(post.person, _post(post, bodies), _name(persons.get(post.person))) for post in chosen]


def successors(actor: Actor, q: str, after: str, size: int) -> list[tuple[str, str, str]]:
    """Return (post, post in words, masked holder) of whom one's own post may be handed over to.

    Args:
        actor: Who leaves: the successor has another's post of the same organisation, role and region.
        q: Words of the role or the organisation, or a post's id.
        after: The last post of the page before.
        size: Posts a page; one more is returned where there are more.
    """
    rows = row_of(Post).objects.filter(
        state=PostState.OPEN.value,
        organisation=actor.organisation,
        role=actor.role.value if actor.role else "",
        region=actor.region,
    )
    rows = rows.exclude(person=actor.person)
    rows = rows.filter(_asked(q) | Q(pk=q)) if q else rows
    rows = rows.filter(id__lt=after) if after else rows
    posts = structs(Post, rows.order_by("-id")[: size + 1])
    bodies = by_id(Organisation, (post.organisation for post in posts))
    persons = by_id(Person, (post.person for post in posts))
    return [(post.id, _post(post, bodies), _name(persons.get(post.person))) for post in posts]


def _asked(q: str) -> Q:
    roles = [role.value for role in Role if q in role.zh or q.lower() in role.en.lower()]
    bodies = row_of(Organisation).objects.filter(name__icontains=q).values("id")
    return Q(person=q) | Q(role__in=roles) | Q(organisation__in=bodies)


def _post(post: Post, bodies: dict[str, Organisation]) -> str:
    body = bodies.get(post.organisation)
    role = post.role.text.say(language())
    return f"{role} · {body.name}" if body else role


def _name(person: Person | None) -> str:
    return masked(value_of(person.name) or "") if person else ""
