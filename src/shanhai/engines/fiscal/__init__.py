"""Fiscal equalisation as data: schemes of law in TOML, run to the fen, traced to the article, solved backwards.

    scheme = parse_scheme(text)
    ready = prepare(scheme)
    result = run(ready, read_table(raw, scheme.data, scheme.head.currency))
    result.at("net")        # fen by unit, adding up to 0 among units

Amounts are whole fen, the hundredth part of the scheme's currency; everything before rounding is an exact fraction.
"""

from shanhai.engines.fiscal.prepare import Ready, prepare
from shanhai.engines.fiscal.reading import parse_scheme
from shanhai.engines.fiscal.run import Result, run
from shanhai.engines.fiscal.scheme import Scheme
from shanhai.engines.fiscal.stages import METHODS, Answer, Limits, Net, method
from shanhai.engines.fiscal.table import Table, read_table

__all__ = [
    "METHODS",
    "Answer",
    "Limits",
    "Net",
    "Ready",
    "Result",
    "Scheme",
    "Table",
    "method",
    "parse_scheme",
    "prepare",
    "read_table",
    "run",
]
