"""Tables of pairs and agreements."""

from shanhai.acts import agreement, pairing
from shanhai.domains.rows import Row


class Pairing(Row, of=pairing.Pairing, by=("region", "east_region")):
    """Pairs of regions."""


class Agreement(Row, of=agreement.Agreement, by=("region year",)):
    """Annual agreements."""
