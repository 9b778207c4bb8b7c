"""What an actor may see: one place, deny by default.

An officer sees what lies in their region (an eastern officer: what is paired with it), what lies above
it, and what the log shows to everyone; the public sees the open nouns. A missing or invisible object is
404 alike. Personal values are not here: the vault reveals them one by one.
"""

from django.db.models import Q

from shanhai.acts.machine import Object
from shanhai.acts.roles import ADMINISTRATIVE, Role
from shanhai.domains.accounts.actor import Actor
from shanhai.kernel.regions import stem

OPEN_NOUNS = frozenset(
    {
        "pairing",
        "agreement",
        "transfer",
        "allocation",
        "funding_line",
        "project",
        "notice",
        "objection",
        "lot",
        "award",
        "contract",
        "asset",
        "ledger",
        "epoch",
        "state_root",
        "release",
        "setting",
        "parameter_change",
        "ruleset",
        "validator_change",
        "validators",
        "witness_policy",
        "witness_steps",
        "organisation",
    }
)
"""Nouns that 公告公示 rules make public, and the ledger's own constants."""
STAFF_NOUNS = frozenset({"person", "post", "key", "invitation"})
"""Who holds which post and key: administrators, registrars and auditors in their region, and oneself."""
STAFF_ROLES = ADMINISTRATIVE | {Role.AUDITOR, Role.AUDIT_HEAD, Role.DISCIPLINE}
AUDIT_NOUNS = frozenset({"finding", "hold", "hold_target"})
"""Findings and holds are seen by both audits, discipline, finance, the offices and the owner concerned."""
AUDIT_ROLES = frozenset(
    {
        Role.AUDITOR,
        Role.AUDIT_HEAD,
        Role.EAST_AUDITOR,
        Role.DISCIPLINE,
        Role.COUNTY_FINANCE,
        Role.COUNTY_OFFICE,
        Role.COUNTY_LEADERS,
        Role.PROVINCE_OFFICE,
        Role.EAST_OFFICE,
        Role.OWNER,
        Role.COUNTY_TREASURY,
    }
)
NOTHING = Q(pk__in=())


def _has(kind: type[Object], field: str) -> bool:
    return field in kind.__struct_fields__


def within(kind: type[Object], actor: Actor) -> Q:
    """Return the rows in the actor's region, on the side the actor is measured by, or above it."""
    field = "east_region" if actor.east and _has(kind, "east_region") else "region"
    if not _has(kind, field):
        return NOTHING
    mine = stem(actor.region)
    if not mine:
        return Q()
    above = [mine[:cut].ljust(6, "0") for cut in (0, 2, 4, 6, 9) if cut < len(mine)]
    return Q(**{f"{field}__startswith": mine}) | Q(**{f"{field}__in": above})


def visible(kind: type[Object], actor: Actor) -> Q:
    """Return the condition that cuts a noun's rows to what the actor may see."""
    name = kind.noun
    if name in OPEN_NOUNS:
        return Q()
    if actor.public:
        return NOTHING
    if name in STAFF_NOUNS:
        own = Q(person=actor.person) if _has(kind, "person") else Q(pk=actor.person)
        if actor.role not in STAFF_ROLES:
            return own
        theirs = within(kind, actor)
        return own | theirs if theirs else theirs  # Django reads `own | everything` as own
    if name in AUDIT_NOUNS and actor.role not in AUDIT_ROLES:
        return NOTHING
    return within(kind, actor)
