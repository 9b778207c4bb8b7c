"""What a declaration may be chosen from: the officer's own places, live pairs, and bodies of the county."""

from typing import Any

from shanhai.acts.machine.fields import Field, Kind
from shanhai.acts.officer import Organisation, OrganisationKind
from shanhai.acts.pairing import Pairing, PairingState
from shanhai.domains import names
from shanhai.domains.accounts.actor import Actor
from shanhai.domains.rows import row_of, structs
from shanhai.domains.workbench.todos import reach
from shanhai.kernel.regions import look_up
from shanhai.web.acts.form import Options
from shanhai.web.middleware import language

MOST = 200
COUNTY_DIGITS = 6
LIVE = (PairingState.ACTIVE, PairingState.RECORDED)
Choices = list[tuple[str, str]]


def options_for(actor: Actor) -> Options:
    """Return what each field of a declaration may be chosen from; each list is asked for once."""
    kept: dict[str, Choices] = {}
    makers = {"region": _regions, "pairing": _pairs, "owner": _owners, "department": _departments}

    def options(field: Field) -> Choices:
        if field.name not in makers or field.kind not in (Kind.REGION, Kind.REF):
            return []
        if field.name not in kept:
            kept[field.name] = makers[field.name](actor)
        return kept[field.name]

    return options


def _bodies(actor: Actor, **conditions: Any) -> list[Organisation]:
    county = actor._replace(region=actor.region[:COUNTY_DIGITS])
    rows = row_of(Organisation).objects.filter(reach(Organisation, county), **conditions)
    return structs(Organisation, rows.order_by("region", "name", "id")[:MOST])


def _regions(actor: Actor) -> Choices:
    """Return the officer's own region and those of the bodies registered within it."""
    rows = row_of(Organisation).objects.filter(reach(Organisation, actor))
    found = structs(Organisation, rows.order_by("-region", "id")[:MOST])
    offered = {actor.region: _place(actor.region, "")}
    for body in found:
        offered.setdefault(body.region, _place(body.region, body.name))
    return list(offered.items())


def _place(code: str, body: str) -> str:
    words = names.region(code).say(language())
    return words if not body or not words.endswith(code) else f"{body}（{code}）"


def _live_pairs(actor: Actor) -> list[Pairing]:
    """Return the live pairs that cover the officer's region, the nearest first."""
    above = [cut.ljust(COUNTY_DIGITS, "0") for cut in look_up(actor.region)]
    rows = row_of(Pairing).objects.filter(region__in=above, state__in=LIVE)
    return structs(Pairing, rows.order_by("-region", "-id")[:MOST])


def nearest_pair(actor: Actor) -> str:
    """Return the only pair of the officer's own county, else of what lies above; "" where several do."""
    pairs = _live_pairs(actor)
    nearest = [pair for pair in pairs if pair.region == pairs[0].region]
    return nearest[0].id if len(nearest) == 1 else ""


def _pairs(actor: Actor) -> Choices:
    return [(pair.id, _pair(pair)) for pair in _live_pairs(actor)]


def _pair(pair: Pairing) -> str:
    west, east = names.region(pair.region), names.region(pair.east_region)
    return f"{east.say(language())} → {west.say(language())}（{pair.scheme}）"


def _owners(actor: Actor) -> Choices:
    return [(body.id, body.name) for body in _bodies(actor)]


def _departments(actor: Actor) -> Choices:
    found = _bodies(actor, kind=OrganisationKind.GOVERNMENT)
    return [(body.id, body.name) for body in found]
