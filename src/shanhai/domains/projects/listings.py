"""Lists of projects and what belongs to them."""

from shanhai.acts import (
    asset,
    change,
    lot,
    notice,
    opening,
    procurement,
    project,
    project_review,
    settlement,
)
from shanhai.domains.listings import listing

listing(
    project.Project,
    ("name", "region", "year", "sector", "owner", "planned_fen", "approved_fen", "state"),
    filters=(
        "region",
        "east_region",
        "year",
        "sector",
        "state",
        "owner",
        "department",
        "pairing",
        "opening",
    ),
    search=("name", "number", "place", "investment_code"),
)
listing(
    project_review.Appraisal,
    ("organisation", "project", "region", "given_ms", "state"),
    filters=("project", "organisation", "region", "state"),
)
listing(
    notice.Notice,
    ("project", "stage", "region", "channel", "started_ms", "ends_ms", "state"),
    filters=("project", "lot", "region", "stage", "channel", "state"),
)
listing(
    notice.Objection,
    ("receipt", "project", "organ", "received_ms", "due_ms", "state"),
    filters=("notice", "project", "organ", "region", "state"),
    search=("receipt",),
)
listing(
    lot.Lot,
    ("name", "project", "kind", "estimate_fen", "control_fen", "settled_fen", "state"),
    filters=("project", "region", "owner", "kind", "state"),
    search=("name",),
)
listing(
    procurement.Award,
    ("lot", "project", "method", "winner", "price_fen", "awarded_ms", "state"),
    filters=("project", "lot", "region", "winner", "method", "state"),
)
listing(
    settlement.Settlement,
    ("contract", "project", "reviewer", "claimed_fen", "settled_fen", "confirmed_ms", "state"),
    filters=("project", "lot", "contract", "region", "state"),
)
listing(
    asset.Asset,
    ("name", "project", "kind", "value_fen", "owner", "holder", "state"),
    filters=("project", "lot", "region", "kind", "owner", "holder", "state"),
    search=("name", "number"),
)
listing(
    change.Change,
    ("project", "region", "material", "number", "requested_ms", "applied_ms", "state"),
    filters=("project", "region", "material", "state"),
    search=("number",),
)
listing(
    opening.Opening,
    ("project", "region", "basis", "paid_fen", "state"),
    filters=("project", "region", "state"),
)
