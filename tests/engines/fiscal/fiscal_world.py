"""Small schemes and tables for the fiscal engine's tests."""

from collections.abc import Mapping, Sequence
from functools import cache

from shanhai.engines.fiscal import Ready, Result, parse_scheme, prepare, read_table, run
from shanhai.engines.fiscal.solve import overridden

HEAD = """
[scheme]
id = "t"
title_zh = "测试"
valid_from = 2024-01-01
source = "test"
[data]
unit = "u"
"""
LINEAR = """
[data.columns]
cap = { kind = "money", unit = "fen" }
pop = {}
prev = { kind = "money", unit = "fen", missing = "optional" }
[parameters]
rate = { value = "60%", article = "a1" }
[[need]]
name = "standard"
article = "a2"
formula = "pop * (sum(cap) / sum(pop))"
[[transfer]]
name = "t"
article = "a3"
balance = "exact"
donor = { method = "linear", capacity = "cap", target = "standard", rate = "rate" }
recipient = { method = "gap", capacity = "cap", target = "standard", rate = "rate" }
[report]
capacity = "cap"
need = "pop"
"""


def table(heading: str, rows: Sequence[Sequence[object]]) -> str:
    """Return CSV."""
    return "\n".join([heading, *(",".join(map(str, row)) for row in rows)]) + "\n"


def go(
    body: str, data: str, sets: Mapping[str, str] | None = None, *, trace: bool = True
) -> Result:
    """Run a scheme's body on data."""
    ready = overridden(_ready(body if "[scheme]" in body else HEAD + body), sets or {})
    scheme = ready.scheme
    return run(ready, read_table(data, scheme.data, scheme.head.currency), trace=trace)


@cache
def _ready(text: str) -> Ready:
    return prepare(parse_scheme(text))


def by_unit(result: Result, name: str) -> dict[str, object]:
    """Return a figure by unit."""
    return dict(zip(result.units, result.values[name], strict=True))
