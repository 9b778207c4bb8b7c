"""Lists of pairs and their yearly agreements."""

from shanhai.acts import agreement, pairing
from shanhai.domains.listings import listing

listing(
    pairing.Pairing,
    ("region", "east_region", "level", "scheme", "from_ms", "to_ms", "standing", "state"),
    filters=("region", "east_region", "level", "standing", "state"),
    search=("scheme",),
)
listing(
    agreement.Agreement,
    ("year", "region", "east_region", "pairing", "aid_fen", "state"),
    filters=("pairing", "region", "east_region", "year", "state"),
    order="-year",
)
