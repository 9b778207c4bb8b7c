"""Composite indicators and assessment: a scheme as data, scores with their uncertainty, and why they are what they are.

    scheme = read_scheme(Path("scheme.toml").read_text("utf-8"))
    table = read_table(Path("data.csv").read_text("utf-8"), scheme)
    found = run(scheme, table)

Conventions are COINr's (Becker et al. 2022) and the OECD/JRC Handbook's (2008) where they have one; every name,
parameter and formula is in `docs/guide/indicators-reference.md`.
"""

from shanhai.engines.indicators.output import write_run
from shanhai.engines.indicators.run import Run, digest, run
from shanhai.engines.indicators.scheme import Scheme, read_scheme, scheme_from
from shanhai.engines.indicators.table import Table, read_table

__all__ = [
    "Run",
    "Scheme",
    "Table",
    "digest",
    "read_scheme",
    "read_table",
    "run",
    "scheme_from",
    "write_run",
]
