"""One search over what the portal shows: provinces and counties, projects, notices' places."""

from typing import NamedTuple

from django.db.models import Q

from shanhai.acts.project import Project
from shanhai.data.facts import CountyPair, KeyCounty
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.portal import notices, pairs
from shanhai.domains.portal.notices import Running
from shanhai.domains.portal.provinces import PROVINCES, Province
from shanhai.domains.rows import row_of, structs
from shanhai.domains.scope import visible

EACH = 12


class Found(NamedTuple):
    """What a search found, by kind, at most a dozen each."""

    provinces: list[Province]
    key: list[KeyCounty]
    counties: list[CountyPair]
    projects: list[Project]
    notices: list[Running]

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not any(self)


def search(actor: Actor, words: str, *, ledger: bool) -> Found:
    """Return what holds the words; three queries at most.

    Args:
        actor: Who asks.
        words: At least one character; case does not matter.
        ledger: Whether there is a ledger to look into.
    """
    low = words.lower()
    provinces = [
        p
        for p in PROVINCES.values()
        if low in f"{p.name.zh}\n{p.name.en.lower()}\n{p.short}\n{p.mark.en.lower()}".split("\n")
        or (len(low) > 1 and low in f"{p.name.zh} {p.name.en.lower()}")
    ]
    key = [c for c in pairs.key_counties() if words in f"{c.county} {c.prefecture}"]
    found = _projects(actor, words) if ledger else []
    up = notices.of_projects(actor, [p.id for p in found]) if found else []
    return Found(provinces[:EACH], key[:EACH], pairs.county_pairs(q=words)[:EACH], found, up)


def _projects(actor: Actor, words: str) -> list[Project]:
    condition = Q(name__icontains=words) | Q(place__icontains=words) | Q(pk=words)
    rows = row_of(Project).objects.filter(visible(Project, actor)).filter(condition)
    return structs(Project, rows.order_by("-id")[:EACH])
