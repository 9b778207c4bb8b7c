"""The list of intake roots: what arrived by the protected way, counted and proved, never shown."""

from shanhai.acts.intake import Intake
from shanhai.domains.listings import listing

listing(
    Intake,
    ("region", "size", "first_ms", "last_ms", "committed_ms", "root"),
    filters=("region",),
)
