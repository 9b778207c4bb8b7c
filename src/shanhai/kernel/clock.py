"""The ledger's time: what a rule may know of "now" (frozen decisions 15 and 25)."""

import msgspec


class Moment(msgspec.Struct, frozen=True):
    """When an act happens: its entry index, ledger time in epoch ms, and the rules version in force."""

    index: int
    time_ms: int
    rules: int = 1
