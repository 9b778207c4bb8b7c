"""Ids of objects that an act makes beside its subject (frozen decision 7: keys of derived objects are hashed)."""

from typing import Any

from shanhai.acts.machine import Case
from shanhai.kernel.canonical import encode
from shanhai.kernel.ids import ALPHABET


def derived_id(case: Case[Any], prefix: str, number: int = 0) -> str:
    """Return the id of the act's `number`-th further object, the same on every replay.

    Args:
        case: The case; its subject and entry index make the id unique in a ledger.
        prefix: The noun's three registered letters.
        number: 0 for the first object of that noun that the act makes, then 1, 2 …

    Returns:
        29 characters in the shape of every id; unlike a subject's id it does not sort by time.
    """
    made = case.view.suite.hash(encode([prefix, case.id, case.at.index, number]))
    value = int.from_bytes(made[:16], "big")
    return prefix + "".join(ALPHABET[value >> 5 * place & 31] for place in range(25, -1, -1))
