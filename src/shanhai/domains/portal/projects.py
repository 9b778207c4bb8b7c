"""Projects as the public sees them: those recorded from announcements, and those that live on this ledger."""

from typing import Any

from shanhai.acts.project import Project, ProjectState
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.listings import Listing
from shanhai.domains.rows import row_of, structs
from shanhai.domains.scope import visible

LATEST = 6
MOST_CATEGORIES = 60
PUBLIC_LIST = Listing(
    Project,
    ("name", "region", "year", "category", "planned_fen", "state"),
    filters=("region", "year", "category", "state"),
    search=("name", "place"),
)
"""The public view of the list of projects; not the generic list of the noun."""


def recorded(actor: Actor, size: int = LATEST) -> list[Project]:
    """Return the projects recorded last from announcements, the newest record first; one query."""
    rows = row_of(Project).objects.filter(
        visible(Project, actor), state=ProjectState.RECORDED.value
    )
    return structs(Project, rows.order_by("-id")[:size])


def of_region(actor: Actor, prefix: str, size: int = LATEST) -> list[Project]:
    """Return the newest projects of a region on either side of the pair; one query.

    Args:
        actor: Who asks.
        prefix: The first digits of an adcode.
        size: How many.
    """
    rows = row_of(Project).objects.filter(visible(Project, actor))
    rows = rows.filter(region__startswith=prefix) | rows.filter(east_region__startswith=prefix)
    return structs(Project, rows.order_by("-id")[:size])


def choices(actor: Actor) -> dict[str, list[Any]]:
    """Return the years, categories and counties that projects have, for the filters; three queries."""
    rows = row_of(Project).objects.filter(visible(Project, actor)).order_by()
    found = {
        name: list(rows.exclude(**{name: ""}).values_list(name, flat=True).distinct())
        for name in ("category", "region")
    }
    years = rows.values_list("year", flat=True).distinct()
    return {
        "year": sorted(years, reverse=True),
        "category": sorted(found["category"])[:MOST_CATEGORIES],
        "county": sorted({region[:6] for region in found["region"]}),
    }
