"""Matching: jobs, experts, pairs and partners with one certified core.

Typical use, on arrays::

    market = from_pairs(left, right, score, Sides(capacity))
    matching = assign(market, Ask("optimal"))
    matching.certificate.gap

or on files: `assign_files`, `check_files`. Names load when they are first used, for compiling costs time.
"""

import importlib
from typing import Any

_HOME = {
    "Market": "market",
    "Sides": "market",
    "from_pairs": "market",
    "from_rows": "market",
    "Ask": "assign",
    "assign": "assign",
    "Certificate": "result",
    "Matching": "result",
    "Files": "papers",
    "assign_files": "papers",
    "check_files": "papers",
    "Papers": "check",
    "check": "check",
}
__all__ = sorted(_HOME)  # noqa: PLE0605 - names of the table above


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
