"""What somebody who wrote a name wrong probably meant, for the sentence that refuses it."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_LISTED: Final = 12
"""Names that a sentence still lists."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that a wrong one most resembles; the first few if none does.

    Args:
        name: What was written; case and hyphens do not count.
        known: Names that would be right, in the order to list them.

    Returns:
        One name, several joined by a comma, or "—" where nothing is known.
    """
    names = list(dict.fromkeys(known))
    return (
        closest(name, names)
        or (", ".join(names[:_LISTED]) + ("…" if len(names) > _LISTED else ""))
        or "—"
    )


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name that a wrong one most resembles, "" if none does."""
    folded = {_folded(one): one for one in known}
    close = get_close_matches(_folded(name), folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else ""


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")
